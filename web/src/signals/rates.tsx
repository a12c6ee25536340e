// How many events there were when: bars over the time that is shown, a rate, and what is most frequent.
import { useQuery } from '@tanstack/react-query';
import { useApp } from '../app-context.tsx';
import { signalStrings as words } from '../strings/signals.ts';
import { Bars } from '../ui/bars.tsx';
import { useDates } from '../ui/dates.ts';
import { type EventStats, rateQuery } from './queries.ts';

interface Props {
  stats: EventStats | undefined;
  filter: string;
  /** The time goes on up to now. */
  open: boolean;
  onKind: (kind: string) => void;
}

/** Over so long a time the hours of a moment are of no interest. */
const longMs = 48 * 3_600_000;
/** Over so short a time minutes would all be the same. */
const shortMs = 10 * 60_000;
const mostKinds = 4;

export function Rates({ stats, filter, open, onKind }: Props) {
  const { api } = useApp();
  const rate = useQuery({ ...rateQuery(api, filter), enabled: open });
  if (!stats) return <div className="h-14" />;
  const seconds = (Date.parse(stats.to) - Date.parse(stats.from)) / 1000;
  const average = seconds > 0 ? stats.total / seconds : 0;
  return (
    <section
      aria-label={words.total(stats.total, stats.estimated)}
      className="flex flex-col gap-2 rounded-node border border-line bg-surface-1 px-4 py-3 shadow-1"
    >
      <div className="flex items-end gap-6">
        <p className="shrink-0 sm:min-w-24">
          <span className="block text-20 font-semibold tabular-nums">
            {words.rate(open ? (rate.data ?? 0) : average)}
          </span>
          <span className="block text-12 text-text-3">{open ? words.rate_now : words.rate_average}</span>
          <span className="block text-12 text-text-3">{words.total(stats.total, stats.estimated)}</span>
        </p>
        <Spark stats={stats} />
      </div>
      {stats.kinds.length > 1 && (
        <ul aria-label={words.top} className="flex flex-wrap gap-1">
          {stats.kinds.slice(0, mostKinds).map(({ name, count }) => (
            <li key={name}>
              <button
                type="button"
                title={words.only_kind(name)}
                onClick={() => onKind(name)}
                className="press inline-flex min-h-6 items-center gap-1.5 rounded-chip border border-line bg-surface-2 px-1.5 text-12 text-text-2 hover:text-text pointer-coarse:min-h-(--target)"
              >
                {name}
                <span className="text-text-3 tabular-nums">{count.toLocaleString('en')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Spark({ stats: { buckets, bucket_seconds, from, to, total, estimated } }: { stats: EventStats }) {
  const { exact, dayOf, date, clock } = useDates();
  const start = Date.parse(from);
  const momentOf = (index: number) => new Date(start + index * bucket_seconds * 1000).toISOString();
  const short = (moment: string) => {
    if (Date.parse(to) - start < shortMs) return exact(moment);
    if (dayOf(from) === dayOf(to)) return clock(moment);
    return Date.parse(to) - start > longMs ? date(moment) : `${date(moment)}, ${clock(moment)}`;
  };
  const most = Math.max(0, ...buckets);
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1">
      <Bars
        counts={buckets}
        label={words.spark(words.total(total, estimated), exact(from), exact(to), most)}
        titleOf={(index) => `${words.total(buckets[index] ?? 0, estimated)}, ${exact(momentOf(index))}`}
        className="h-10 w-full text-accent"
      />
      <p className="flex flex-wrap justify-between gap-x-3 text-12 text-text-3 tabular-nums">
        <span>{short(from)}</span>
        {most > 0 && <span>{words.busiest(words.total(most, estimated), short(momentOf(buckets.indexOf(most))))}</span>}
        <span className="hidden sm:inline">{short(to)}</span>
      </p>
    </div>
  );
}
