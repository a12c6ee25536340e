// One event: where it is from, its fields with their types, and its JSON.
import { useQuery } from '@tanstack/react-query';
import type { StoredEvent } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { useDates } from '../ui/dates.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Detail, type Fact, Facts } from './signals-frame.tsx';

interface Props {
  id: string;
  known: StoredEvent | undefined;
  onClose: () => void;
}

export function EventDetail({ id, known, onClose }: Props) {
  const { api } = useApp();
  const read = useQuery({
    queryKey: ['event', id],
    queryFn: async () => (await api.call('getEvent', { params: { id } })).data,
    enabled: known === undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const event = known ?? read.data;
  return (
    <Detail title={strings.events.detail(id)} onClose={onClose}>
      {read.isError && <ErrorNotice error={read.error} retry={() => void read.refetch()} />}
      {!event && !read.isError && <SkeletonRows rows={6} height="h-6" />}
      {event && <Body event={event} />}
    </Detail>
  );
}

function Body({ event }: { event: StoredEvent }) {
  const { labels } = strings.events;
  const { exact } = useDates();
  return (
    <>
      {event.source !== 'server' && (
        <p className="tint-warning rounded-control px-3 py-2 text-13">{strings.events.outside_long}</p>
      )}
      <Facts
        facts={[
          [labels.kind, event.kind],
          [labels.topic, event.topic, 'code'],
          [labels.ts, exact(event.ts)],
          [labels.created_at, exact(event.created_at)],
          [labels.source, strings.events.sources[event.source]],
          ...(event.client_id === null ? [] : [[labels.client_id, event.client_id, 'code'] satisfies Fact]),
          [labels.trace_id, event.trace_id, 'code'],
          ...(event.change_id === null ? [] : [[labels.change_id, event.change_id, 'code'] satisfies Fact]),
          [labels.idempotency_key, event.idempotency_key, 'code'],
        ]}
      />
      <section className="flex flex-col gap-2">
        <h3 className="text-13 font-medium text-text-3">{strings.events.fields}</h3>
        <Fields value={event.payload} />
      </section>
      <section className="flex flex-col gap-2">
        <h3 className="text-13 font-medium text-text-3">{strings.events.json}</h3>
        <pre className="overflow-x-auto whitespace-pre-wrap break-all rounded-control bg-surface-2 p-3 font-mono text-12">
          {JSON.stringify(event.payload, null, 2)}
        </pre>
      </section>
    </>
  );
}

function typeOf(value: unknown): keyof typeof strings.events.types {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}

/** Every field with its type; what is inside an object stands indented below it. */
function Fields({ value, depth = 0 }: { value: object; depth?: number }) {
  return (
    <ul className={depth === 0 ? 'text-13' : 'border-line border-l pl-3'}>
      {Object.entries(value).map(([key, inner]: [string, unknown]) => {
        const type = typeOf(inner);
        const nested = typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0 && depth < 4;
        return (
          <li key={key} className="py-0.5">
            <span className="font-medium">{key}</span>
            <span className="text-12 text-text-3"> {strings.events.types[type]} </span>
            {nested ? <Fields value={inner} depth={depth + 1} /> : <Value value={inner} />}
          </li>
        );
      })}
    </ul>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === null) return null;
  return <span className="break-words text-text-2">{typeof value === 'string' ? value : JSON.stringify(value)}</span>;
}
