// The dead letters workbench: causes, their letters, one letter in detail; fixed, replayed, discarded, muted.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { LetterGroup, LetterSelection } from '@taylordash/core/dead-letter-entities';
import { ChevronLeft, Inbox } from 'lucide-react';
import { useRef, useState } from 'react';
import { deadLettersQuery, keys } from '../api.ts';
import { useApp, useMe } from '../app-context.tsx';
import { DeadLetterDetail } from '../pages/dead-letter-detail.tsx';
import { PageHeader } from '../pages/page-header.tsx';
import { SignalTabs } from '../pages/signals-frame.tsx';
import type { TimeSearch, Times } from '../signals/signals-search.ts';
import { TimePicker } from '../signals/time-picker.tsx';
import { useTimes } from '../signals/use-time.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice, sayError } from '../ui/error-notice.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Segments } from '../ui/segments.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useToast } from '../ui/toast.tsx';
import { useReachEnd } from '../ui/use-reach-end.ts';
import { Causes } from './causes.tsx';
import { Fix } from './fix.tsx';
import { LetterList } from './letter-list.tsx';
import { PutAway } from './put-away.tsx';
import { groupsQuery, shownStatuses } from './queries.ts';
import { useLetterKeys } from './use-letter-keys.ts';

export function DeadLettersPage() {
  const me = useMe();
  return (
    <div className="mx-auto flex w-full max-w-[1440px] flex-col gap-4 p-4 md:p-6">
      <PageHeader title={strings.signals.dead_letters} text={strings.dead_letters.text} />
      <SignalTabs />
      {me?.role === 'admin' ? <Workbench /> : <EmptyState text={strings.dead_letters.only_admins} />}
    </div>
  );
}

function Workbench() {
  const { api } = useApp();
  const cache = useQueryClient();
  const { status = 'open', group, open, ...time } = useSearch({ from: '/signed-in/signals/dead-letters' });
  const times = useTimes(time);
  const navigate = useNavigate();
  const groups = useQuery(groupsQuery(api, status));
  const go = (search: { group?: string; open?: string }) =>
    void navigate({ to: '/signals/dead-letters', search: { ...time, status, ...search }, replace: true });
  const at = (next: TimeSearch) =>
    void navigate({ to: '/signals/dead-letters', search: { ...next, status }, replace: true });
  const statuses = (
    <Segments
      label={strings.dead_letters.statuses}
      value={status}
      options={shownStatuses.map((value) => ({ value, label: strings.dead_letters.status[value] }))}
      onValue={(next) =>
        void navigate({ to: '/signals/dead-letters', search: { ...time, status: next }, replace: true })
      }
    />
  );
  const refresh = () => cache.invalidateQueries({ queryKey: keys.dead_letters });
  if (groups.isPending) return <SkeletonRows rows={6} height="h-16" />;
  if (groups.isError && !groups.data) return <ErrorNotice error={groups.error} retry={() => void groups.refetch()} />;
  const { items, stored_last_day } = groups.data;
  const chosen = items.find((one) => one.id === group);
  if (items.length === 0 && group === undefined && open === undefined) {
    return (
      <>
        <div className="flex flex-wrap">{statuses}</div>
        {status === 'open' ? (
          <EmptyState icon={<Inbox size={32} aria-hidden />} text={strings.dead_letters.none(stored_last_day ?? 0)}>
            <Button
              onClick={async () => {
                await api.call('sendBadExample', {});
                await refresh();
              }}
            >
              {strings.dead_letters.send_example}
            </Button>
          </EmptyState>
        ) : (
          <EmptyState icon={<Inbox size={32} aria-hidden />} text={strings.dead_letters.none_of[status]} />
        )}
      </>
    );
  }
  const shown = items.filter((one) => isWithin(one, times));
  const others = items.length - shown.length;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          {statuses}
          <TimePicker time={time} onTime={at} />
        </div>
        {others > 0 && (
          <p className="flex items-center gap-1 text-13 text-text-2">
            {strings.dead_letters.other_times(others)}
            <Button kind="plain" onClick={() => at({ time: 'all' })}>
              {strings.dead_letters.show_all}
            </Button>
          </p>
        )}
      </div>
      <div className="flex flex-col items-start gap-4 lg:flex-row">
        <div
          className={cx(
            'w-full lg:sticky lg:top-6 lg:w-[240px] lg:shrink-0 xl:w-[320px]',
            group !== undefined && 'hidden lg:block',
          )}
        >
          {shown.length === 0 && <p className="py-4 text-text-2">{strings.dead_letters.none_in_time}</p>}
          {shown.length > 0 && <Causes groups={shown} chosen={group} onChoose={(id) => go({ group: id })} />}
        </div>
        <div className={cx('w-full min-w-0 flex-1 flex-col gap-4', group === undefined ? 'hidden lg:flex' : 'flex')}>
          {group === undefined ? (
            <EmptyState text={strings.dead_letters.choose_cause} />
          ) : status === 'open' ? (
            <Group key={group} id={group} known={chosen} open={open} go={go} refresh={refresh} />
          ) : (
            <PutAway key={`${status} ${group}`} {...{ status, group, open, go, refresh }} cause={chosen?.cause} />
          )}
        </div>
        {open !== undefined && (
          <DeadLetterDetail
            key={open}
            id={open}
            known={undefined}
            onClose={() => go(group === undefined ? {} : { group })}
          />
        )}
      </div>
    </>
  );
}

/** Did it fail in this time? Between its first and its last failure there may be more. */
function isWithin({ first_failed_at, last_failed_at }: LetterGroup, { from, to }: Times): boolean {
  return (
    (from === undefined || Date.parse(last_failed_at) >= Date.parse(from)) &&
    (to === undefined || Date.parse(first_failed_at) < Date.parse(to))
  );
}

interface GroupProps {
  id: string;
  known: LetterGroup | undefined;
  open: string | undefined;
  go: (search: { group?: string; open?: string }) => void;
  refresh: () => Promise<void>;
}

function Group({ id, known, open, go, refresh }: GroupProps) {
  const { api } = useApp();
  const toast = useToast();
  const texts = strings.dead_letters;
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [fixing, setFixing] = useState(false);
  const dryRun = useRef<(() => void) | null>(null);
  const list = useInfiniteQuery({ ...deadLettersQuery(api, { status: 'open', group: id }), refetchInterval: 10_000 });
  const end = useReachEnd(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  });
  const letters = list.data?.pages.flatMap((page) => page.items) ?? [];
  const picked = letters.filter((letter) => ticked.has(letter.id));
  const selection: LetterSelection = picked.length > 0 ? { ids: picked.map((letter) => letter.id) } : { group: id };

  async function discard(which: LetterSelection): Promise<void> {
    try {
      const { discarded, ids } = (await api.call('discardDeadLetters', { body: { selection: which } })).data;
      const restore = async () => {
        const { data } = await api.call('restoreDeadLetters', { body: { selection: { ids } } });
        toast({ text: texts.restored(data.restored + data.merged) });
        await refresh();
      };
      const undo = { label: texts.undo, run: () => void restore() };
      toast({
        text: texts.discarded(discarded),
        ...(ids.length === discarded && discarded > 0 ? { action: undo } : {}),
      });
      setTicked(new Set());
      if (open !== undefined) go({ group: id });
      await refresh();
    } catch (error) {
      toast({ text: sayError(error), tone: 'problem' });
    }
  }
  const discardChosen = () => {
    if (picked.length > 0) void discard(selection);
    else if (open !== undefined) void discard({ ids: [open] });
  };
  const walk = (by: 1 | -1) => {
    const at = letters.findIndex((letter) => letter.id === open);
    const next = letters[at < 0 ? 0 : Math.min(letters.length - 1, Math.max(0, at + by))];
    if (next) go({ group: id, open: next.id });
  };
  useLetterKeys({
    next: () => walk(1),
    previous: () => walk(-1),
    dryRun: () => (fixing ? dryRun.current?.() : setFixing(true)),
    discard: discardChosen,
  });
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Button kind="plain" className="lg:hidden" onClick={() => go({})}>
          <ChevronLeft size={16} aria-hidden />
          {texts.back}
        </Button>
        <h2 className="min-w-0 flex-1 basis-full break-words font-semibold">{known?.cause ?? texts.letters}</h2>
        <Button kind={fixing ? 'quiet' : 'primary'} aria-expanded={fixing} onClick={() => setFixing(!fixing)}>
          {picked.length > 0 ? texts.fix_some : texts.fix}
        </Button>
        {picked.length > 0 || open !== undefined ? (
          <Button onClick={discardChosen}>
            {texts.discard}
            <Kbd keys="X" />
          </Button>
        ) : (
          <Button onClick={() => void discard({ group: id })}>{texts.discard_group}</Button>
        )}
        {known && (
          <Button
            title={texts.mute_hint}
            onClick={async () => {
              await api.call('muteDeadLetters', { params: { id }, body: { muted: !known.muted } });
              await refresh();
            }}
          >
            {known.muted ? texts.unmute : texts.mute}
          </Button>
        )}
      </div>
      {picked.length > 0 && (
        <p className="flex items-center gap-2 text-13 text-text-2">
          {texts.selected(picked.length)}
          <Button kind="plain" onClick={() => setTicked(new Set())}>
            {texts.unselect}
          </Button>
        </p>
      )}
      {fixing && list.isSuccess && (
        <Fix
          selection={selection}
          letters={picked.length > 0 ? picked : letters}
          onDryRun={(run) => {
            dryRun.current = run;
          }}
        />
      )}
      {list.isPending && <SkeletonRows rows={6} height="h-16" />}
      {list.isError && letters.length === 0 && <ErrorNotice error={list.error} retry={() => void list.refetch()} />}
      {letters.length > 0 && (
        <LetterList
          letters={letters}
          open={open}
          ticked={ticked}
          onOpen={(letter) => go({ group: id, open: letter })}
          onTick={(letter, on) => {
            const next = new Set(ticked);
            if (on) next.add(letter);
            else next.delete(letter);
            setTicked(next);
          }}
        />
      )}
      {list.hasNextPage && <div ref={end} className="h-px" />}
    </>
  );
}
