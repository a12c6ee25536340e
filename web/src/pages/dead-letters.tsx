// Messages that could not be understood: why, from where, how often, and their bytes.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Inbox } from 'lucide-react';
import { type DeadLetterQuery, deadLettersQuery } from '../api.ts';
import { useApp, useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useReachEnd } from '../ui/use-reach-end.ts';
import { DeadLetterDetail } from './dead-letter-detail.tsx';
import { Page, PageHeader } from './page-header.tsx';
import { SignalTabs } from './signals-frame.tsx';

const open_ones: DeadLetterQuery = { status: 'open' };

export function DeadLettersPage() {
  const me = useMe();
  return (
    <Page>
      <PageHeader title={strings.signals.dead_letters} text={strings.dead_letters.text} />
      <SignalTabs />
      {me?.role === 'admin' ? <Letters /> : <EmptyState text={strings.dead_letters.only_admins} />}
    </Page>
  );
}

function Letters() {
  const { api } = useApp();
  const { open } = useSearch({ from: '/signed-in/signals/dead-letters' });
  const navigate = useNavigate();
  const list = useInfiniteQuery({
    ...deadLettersQuery(api, open_ones),
    refetchInterval: 10_000,
    refetchOnWindowFocus: 'always',
  });
  const end = useReachEnd(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  });
  const go = (id?: string) =>
    void navigate({ to: '/signals/dead-letters', search: id === undefined ? {} : { open: id }, replace: true });
  const letters = list.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = letters.find((letter) => letter.id === open);
  return (
    <div className="flex items-start gap-4">
      <div className="min-w-0 flex-1">
        {list.isPending && <SkeletonRows rows={6} height="h-16" />}
        {list.isError && letters.length === 0 && <ErrorNotice error={list.error} retry={() => void list.refetch()} />}
        {list.isSuccess && letters.length === 0 && (
          <EmptyState
            icon={<Inbox size={32} aria-hidden />}
            text={strings.dead_letters.none(strings.dead_letters.none_text)}
          />
        )}
        {letters.length > 0 && (
          <ul
            aria-label={strings.signals.dead_letters}
            className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
          >
            {letters.map((letter) => (
              <li key={letter.id} className="border-line border-b last:border-b-0">
                <button
                  type="button"
                  onClick={() => go(letter.id)}
                  aria-current={letter.id === open ? 'true' : undefined}
                  className={cx(
                    'flex min-h-16 w-full items-center gap-4 px-4 py-2 text-left -outline-offset-2 hover:bg-surface-2',
                    letter.id === open && 'bg-accent-quiet',
                  )}
                >
                  <span className="min-w-0 flex-1">
                    <span className="line-clamp-2 font-medium">{letter.failure_reason}</span>
                    <span className="block truncate font-mono text-12 text-text-3">{letter.original_topic}</span>
                  </span>
                  <span className="shrink-0 text-right text-13 text-text-3">
                    <span className="block text-text-2">{strings.dead_letters.attempts(letter.attempts)}</span>
                    <RelativeTime at={letter.last_failed_at} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
        {list.hasNextPage && <div ref={end} className="h-px" />}
      </div>
      {open !== undefined && <DeadLetterDetail key={open} id={open} known={chosen} onClose={() => go()} />}
    </div>
  );
}
