// Whether events were lost before they got here, by the numbers that producers give them; which ones, on a press.
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useApp, useMe } from '../app-context.tsx';
import { signalStrings as words } from '../strings/signals.ts';
import { Button } from '../ui/button.tsx';
import { useDates } from '../ui/dates.ts';
import { Popover } from '../ui/popover.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { type Gaps, gapsQuery } from './queries.ts';

type Producer = Gaps['items'][number];
const mostRanges = 12;

const nameOf = ({ producer_id, client_id }: Producer) =>
  client_id === null || client_id === producer_id ? producer_id : `${producer_id} (${client_id})`;

export function GapMeter() {
  const { api } = useApp();
  const me = useMe();
  const { clock, date, dayOf, today } = useDates();
  const gaps = useQuery({ ...gapsQuery(api), enabled: me?.role === 'admin' }).data;
  if (!gaps) return null;
  const losing = gaps.items.filter(({ missing }) => missing > 0);
  const [first] = losing;
  const when = (at: string) => (dayOf(at) === today() ? clock(at) : date(at));
  const said =
    first === undefined
      ? gaps.producers === 0
        ? words.no_producers
        : words.no_gaps
      : words.lost(first.producer_id, first.missing, when(first.last_lost_at ?? first.last_seen_at));
  return (
    <Popover
      label={words.gaps_title}
      align="end"
      width="w-[420px]"
      trigger={
        <Button kind="plain" className="min-w-0 max-w-full">
          {first !== undefined && <TriangleAlert size={16} aria-hidden className="shrink-0 text-warning" />}
          {first === undefined && gaps.producers > 0 && (
            <CircleCheck size={16} aria-hidden className="shrink-0 text-completed" />
          )}
          <span className="truncate">{said}</span>
          {losing.length > 1 && <span className="text-text-3">{words.lost_more(losing.length - 1)}</span>}
        </Button>
      }
    >
      <div className="flex max-h-[60dvh] flex-col gap-2 overflow-y-auto p-2">
        <p className="text-13 text-text-2">{gaps.producers === 0 ? words.gaps_how : words.gaps_text}</p>
        <ul className="flex flex-col">
          {gaps.items.map((producer) => (
            <Entry key={`${producer.source} ${producer.publisher} ${producer.producer_id}`} producer={producer} />
          ))}
        </ul>
      </div>
    </Popover>
  );
}

function Entry({ producer }: { producer: Producer }) {
  const { received, missing, restarts, last_seen_at, ranges } = producer;
  const shown = ranges
    .slice(0, mostRanges)
    .map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`))
    .join(', ');
  return (
    <li className="flex flex-col border-line border-t py-2 text-13">
      <span className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{nameOf(producer)}</span>
        <span className="shrink-0 text-12 text-text-3">
          {words.last_seen} <RelativeTime at={last_seen_at} />
        </span>
      </span>
      <span className={missing > 0 ? 'text-warning' : 'text-text-2'}>{words.gaps_counts(received, missing)}</span>
      {restarts > 0 && <span className="text-text-3">{words.restarts(restarts)}</span>}
      {shown !== '' && (
        <span className="break-words text-text-2">
          {words.missing} <span className="font-mono text-12">{shown}</span>
          {ranges.length > mostRanges && ' …'}
        </span>
      )}
    </li>
  );
}
