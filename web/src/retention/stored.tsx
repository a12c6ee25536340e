// What is stored: its size and growth, its parts from the oldest on, and who reads how far.
import { sayBytes } from '@taylordash/core/bytes';
import type { PartState } from '@taylordash/core/retention';
import { Archive, CircleCheck, Clock, type LucideIcon, PencilLine, Pin } from 'lucide-react';
import { retentionStrings as words } from '../strings/retention.ts';
import { cx } from '../ui/cx.ts';
import { useDates } from '../ui/dates.ts';
import type { Part, Retention } from './queries.ts';
import { rangeOf } from './sums.ts';

const card = 'rounded-node border border-line bg-surface-1 shadow-1';

export function Figures({ retention }: { retention: Retention }) {
  const dates = useDates();
  const { total_bytes, events_a_day, forecast, partitions } = retention;
  const oldest = partitions.find(({ oldest_at }) => oldest_at !== null)?.oldest_at ?? null;
  const bars = [
    { label: words.now, bytes: total_bytes },
    ...forecast.map(({ days, bytes }) => ({ label: words.in_days(days), bytes })),
  ];
  const most = Math.max(1, ...bars.map(({ bytes }) => bytes));
  return (
    <section aria-label={words.figures} className={`${card} grid gap-x-8 gap-y-4 p-4 md:grid-cols-2`}>
      <dl className="grid grid-cols-3 content-start gap-4">
        <Figure name={words.size} value={sayBytes(total_bytes)} />
        <Figure name={words.pace} value={events_a_day.toLocaleString('en')} />
        <Figure name={words.oldest} value={oldest === null ? words.none : dates.date(oldest)} />
      </dl>
      <div>
        <h2 className="pb-1 text-13 text-text-3">{words.growth}</h2>
        <dl className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-1 text-13">
          {bars.map(({ label, bytes }) => (
            <div key={label} className="contents">
              <dt className="text-text-2">{label}</dt>
              <dd aria-hidden className="h-2 rounded-full bg-surface-2">
                <div className="h-2 rounded-full bg-accent" style={{ width: `${(bytes / most) * 100}%` }} />
              </dd>
              <dd className="text-right tabular-nums">{sayBytes(bytes)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex flex-col-reverse justify-end">
      <dt className="text-12 text-text-3">{name}</dt>
      <dd className="text-20 font-semibold tabular-nums">{value}</dd>
    </div>
  );
}

const looks: Record<PartState, { icon: LucideIcon; className: string }> = {
  in_use: { icon: PencilLine, className: 'text-accent' },
  kept: { icon: CircleCheck, className: 'text-completed' },
  due: { icon: Archive, className: 'text-text-2' },
  held_back: { icon: Clock, className: 'text-warning' },
  pinned: { icon: Pin, className: 'text-text-2' },
};

export function Parts({ parts }: { parts: readonly Part[] }) {
  return (
    <section aria-labelledby="parts" className="flex flex-col gap-2">
      <h2 id="parts" className="font-semibold">
        {words.parts}
      </h2>
      <ul aria-labelledby="parts" className={`${card} overflow-hidden`}>
        {parts.map((part) => (
          <PartRow key={part.name} part={part} />
        ))}
      </ul>
    </section>
  );
}

function PartRow({ part }: { part: Part }) {
  const { state, held_by, oldest_at, newest_at } = part;
  const { icon: Icon, className } = looks[state];
  const dates = useDates();
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 border-line border-b px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-48">
        <p className="tabular-nums">{rangeOf(part)}</p>
        {oldest_at !== null && newest_at !== null && (
          <p className="text-13 text-text-3">{words.from_to(dates.date(oldest_at), dates.date(newest_at))}</p>
        )}
      </div>
      <span className="w-32 text-right text-13 text-text-2 tabular-nums">{words.events(part.events)}</span>
      <span className="w-20 text-right text-13 text-text-2 tabular-nums">{sayBytes(part.bytes)}</span>
      <span
        title={state === 'held_back' ? words.not_read(held_by.join(', ')) : undefined}
        className={cx('flex w-36 items-center gap-1.5 text-13 font-medium', className)}
      >
        <Icon size={16} aria-hidden className="shrink-0" />
        {words.states[state]}
      </span>
    </li>
  );
}

export function Readers({ readers }: { readers: Retention['readers'] }) {
  if (readers.length === 0) return null;
  return (
    <details className={`${card} px-4`}>
      <summary className="target flex cursor-pointer items-center text-13 text-text-2 hover:text-text">
        {words.readers}
      </summary>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 pb-3 text-13">
        {readers.map(({ name, behind }) => (
          <div key={name} className="contents">
            <dt className="text-text-2">{name}</dt>
            <dd className="text-text-3 tabular-nums">{behind === 0 ? words.up_to_date : words.behind(behind)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
