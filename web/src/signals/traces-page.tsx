// Traces worth a look: requests and messages that caused much, or something that failed.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { reasonWords } from '@taylordash/core/dead-letter-causes';
import { GitCommitHorizontal } from 'lucide-react';
import { useApp } from '../app-context.tsx';
import { Page, PageHeader } from '../pages/page-header.tsx';
import { SignalTabs } from '../pages/signals-frame.tsx';
import { signalStrings as words } from '../strings/signals.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { tracesQuery } from './queries.ts';
import { TimePicker } from './time-picker.tsx';
import { useTimes } from './use-time.ts';

export function TracesPage() {
  const { api } = useApp();
  const time = useSearch({ from: '/signed-in/signals/traces' });
  const navigate = useNavigate();
  const times = useTimes(time);
  const list = useQuery(tracesQuery(api, times));
  const items = list.data?.items;
  const to = (search: typeof time) => void navigate({ to: '/signals/traces', search, replace: true });
  return (
    <Page>
      <PageHeader title={words.traces} text={words.traces_text} />
      <SignalTabs />
      <TimePicker time={time} onTime={to} />
      {list.isPending && <SkeletonRows rows={8} height="h-12" />}
      {list.isError && !items && <ErrorNotice error={list.error} retry={() => void list.refetch()} />}
      {items?.length === 0 && (
        <EmptyState icon={<GitCommitHorizontal size={32} aria-hidden />} text={words.no_traces}>
          {(times.from ?? times.to) !== undefined && (
            <Button onClick={() => to({ time: 'all' })}>{words.show_all_times}</Button>
          )}
        </EmptyState>
      )}
      {items && items.length > 0 && (
        <ul
          aria-label={words.traces_list}
          className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
        >
          {items.map((trace) => (
            <li key={trace.trace_id} className="border-line border-b last:border-b-0">
              <Link
                to="/signals/traces/$trace_id"
                params={{ trace_id: trace.trace_id }}
                className="row flex w-full items-center gap-3 px-4 py-1 -outline-offset-2 hover:bg-surface-2"
              >
                <span className="w-20 shrink-0 text-13 text-text-3">
                  <RelativeTime at={trace.last_at} />
                </span>
                <span className="min-w-0 flex-1 truncate">
                  <span className="font-medium">{trace.events === 0 ? reasonWords(trace.kind) : trace.kind}</span>
                  {trace.name !== null && <span className="text-text-2"> · {trace.name}</span>}
                  {trace.actor !== null && (
                    <span className="text-text-3">
                      {' '}
                      {words.by} {trace.actor}
                    </span>
                  )}
                </span>
                {trace.dead_letters > 0 && (
                  <span className="tint-warning shrink-0 rounded-chip px-1.5 py-0.5 text-12 font-medium">
                    {words.trace_letters(trace.dead_letters)}
                  </span>
                )}
                <span className="w-24 shrink-0 text-right text-13 text-text-2 tabular-nums">
                  {words.trace_events(trace.events)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
