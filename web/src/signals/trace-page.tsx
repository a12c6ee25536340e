// One trace: everything that one request or message caused, on one time axis; each entry opens what it is.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { reasonWords } from '@taylordash/core/dead-letter-causes';
import { Activity, Inbox, KeyRound, type LucideIcon } from 'lucide-react';
import { useApp } from '../app-context.tsx';
import { CopyButton } from '../devices/copy-line.tsx';
import { Page, PageHeader } from '../pages/page-header.tsx';
import { SignalTabs } from '../pages/signals-frame.tsx';
import { signalStrings as words } from '../strings/signals.ts';
import { list as listOf } from '../strings/words.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { useDates } from '../ui/dates.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { EventDetail } from './event-detail.tsx';
import { Happening } from './happening.tsx';
import { type Trace, type TraceEntry, traceQuery } from './queries.ts';

const icons: Record<TraceEntry['type'], LucideIcon> = { event: Activity, dead_letter: Inbox, sign_in: KeyRound };
const tones: Record<TraceEntry['type'], string> = {
  event: 'text-accent',
  dead_letter: 'text-warning',
  sign_in: 'text-text-2',
};

export function TracePage() {
  const { api } = useApp();
  const { trace_id } = useParams({ from: '/signed-in/signals/traces/$trace_id' });
  const { open } = useSearch({ from: '/signed-in/signals/traces/$trace_id' });
  const navigate = useNavigate();
  const trace = useQuery({ ...traceQuery(api, trace_id), retry: false });
  const go = (id?: string) =>
    void navigate({
      ...{ to: '/signals/traces/$trace_id', params: { trace_id }, replace: true },
      search: id === undefined ? {} : { open: id },
    });
  return (
    <Page>
      <PageHeader title={words.trace} text={words.trace_text}>
        {trace.data && <Actions trace_id={trace_id} />}
      </PageHeader>
      <SignalTabs />
      {trace.isPending && <SkeletonRows rows={8} height="h-12" />}
      {trace.isError && !trace.data && <ErrorNotice error={trace.error} retry={() => void trace.refetch()} />}
      {trace.data && (
        <div className="flex items-start gap-4">
          <Axis trace={trace.data} open={open} onOpen={go} />
          {open !== undefined && <EventDetail key={open} id={open} known={undefined} onClose={() => go()} />}
        </div>
      )}
    </Page>
  );
}

function Actions({ trace_id }: { trace_id: string }) {
  const navigate = useNavigate();
  return (
    <>
      <Button
        onClick={() => void navigate({ to: '/signals/events', search: { filter: `trace:${trace_id}`, time: 'all' } })}
      >
        <Activity size={16} aria-hidden />
        {words.trace_as_events}
      </Button>
      <CopyButton label={words.trace_copy} value={trace_id} />
    </>
  );
}

interface AxisProps {
  trace: Trace;
  open: string | undefined;
  onOpen: (id: string) => void;
}

function Axis({ trace: { trace_id, entries, more }, open, onOpen }: AxisProps) {
  const { exact } = useDates();
  const times = entries.map(({ at }) => Date.parse(at));
  const start = times[0] ?? 0;
  const took = (times.at(-1) ?? start) - start;
  const number = (type: TraceEntry['type']) => entries.filter((entry) => entry.type === type).length;
  const parts = [
    [number('event'), words.trace_events] as const,
    [number('dead_letter'), words.trace_letters] as const,
    [number('sign_in'), words.sign_ins] as const,
  ].flatMap(([count, say]) => (count > 0 ? [say(count)] : []));
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-2">
      <p className="flex flex-wrap gap-x-3 text-13 text-text-2">
        <span>{words.trace_sum(listOf(parts), took === 0 ? null : words.took(took))}</span>
        <time dateTime={entries[0]?.at} className="text-text-3">
          {exact(entries[0]?.at ?? '')}
        </time>
        <code className="select-all break-all font-mono text-12/[20px] text-text-3">{trace_id}</code>
      </p>
      <ol
        aria-label={words.trace_entries}
        className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
      >
        {entries.map((entry, index) => (
          <li key={`${entry.type} ${entry.id}`} className="border-line border-b last:border-b-0">
            <Entry
              entry={entry}
              after={(times[index] ?? start) - start}
              share={took === 0 ? 0 : ((times[index] ?? start) - start) / took}
              open={entry.type === 'event' && entry.id === open}
              beside={open !== undefined}
              onOpen={() => onOpen(entry.id)}
            />
          </li>
        ))}
      </ol>
      {more && <p className="text-13 text-text-3">{words.trace_more}</p>}
    </div>
  );
}

interface EntryProps {
  entry: TraceEntry;
  /** Milliseconds after the first. */
  after: number;
  /** Where it stands between the first and the last, 0 to 1. */
  share: number;
  open: boolean;
  beside: boolean;
  onOpen: () => void;
}

const line = 'row flex w-full items-center gap-3 px-4 py-1 text-left -outline-offset-2';

function Entry({ entry, after, share, open, beside, onOpen }: EntryProps) {
  const { type, id, kind, topic, name, actor } = entry;
  const Icon = icons[type];
  const inside = (
    <>
      <Icon size={16} aria-hidden className={cx('shrink-0', tones[type])} />
      <span className="sr-only">{words.entry_types[type]}</span>
      <span className="w-24 shrink-0 whitespace-nowrap text-right text-13 text-text-3 tabular-nums">
        {words.after_start(words.took(after))}
      </span>
      <span aria-hidden className={cx('relative hidden h-4 w-40 shrink-0 lg:w-64', !beside && 'sm:block')}>
        <span className="absolute inset-x-0 top-1/2 h-px bg-line" />
        <span
          className={cx('absolute top-1/2 h-2 w-2 -translate-y-1/2 rounded-full bg-current', tones[type])}
          style={{ left: `calc(${share * 100}% - ${share * 8}px)` }}
        />
      </span>
      <Happening kind={type === 'dead_letter' ? reasonWords(kind) : kind} name={name} who={actor} />
      {topic !== null && (
        <span className={cx('hidden max-w-72 truncate font-mono text-12 text-text-3', !beside && 'lg:inline')}>
          {topic}
        </span>
      )}
    </>
  );
  if (type === 'sign_in') return <div className={line}>{inside}</div>;
  if (type === 'dead_letter')
    return (
      <Link to="/signals/dead-letters" search={{ open: id }} className={cx(line, 'hover:bg-surface-2')}>
        {inside}
      </Link>
    );
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-current={open ? 'true' : undefined}
      className={cx(line, 'hover:bg-surface-2', open && 'bg-accent-quiet')}
    >
      {inside}
    </button>
  );
}
