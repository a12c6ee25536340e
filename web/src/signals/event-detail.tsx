// One event: where it is from, its fields with their types, its JSON, and the ways on from it.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { quoteValue } from '@taylordash/core/filters';
import type { ReactNode } from 'react';
import type { StoredEvent } from '../api.ts';
import { useApp, usePeople } from '../app-context.tsx';
import { Detail } from '../pages/signals-frame.tsx';
import { signalStrings as words } from '../strings/signals.ts';
import { useDates } from '../ui/dates.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { JsonFields } from './json-fields.tsx';

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
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const event = known ?? read.data;
  return (
    <Detail title={words.detail(id)} onClose={onClose}>
      {read.isError && <ErrorNotice error={read.error} retry={() => void read.refetch()} />}
      {!event && !read.isError && <SkeletonRows rows={6} height="h-6" />}
      {event && <Body event={event} />}
    </Detail>
  );
}

const way = 'break-all text-accent underline-offset-2 hover:underline pointer-coarse:inline-block pointer-coarse:py-3';
const code = 'font-mono text-12/[20px]';

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-text-3">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

function Body({ event }: { event: StoredEvent }) {
  const { labels } = words;
  const { exact } = useDates();
  const nameOf = usePeople();
  const { client_id, actor_id, change_id } = event;
  return (
    <>
      {event.source !== 'server' && (
        <p className="tint-warning rounded-control px-3 py-2 text-13">{words.outside_long}</p>
      )}
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-1 text-13">
        <Row label={labels.kind}>{event.kind}</Row>
        <Row label={labels.topic}>
          <span className={`${code} wrap-anywhere select-all`}>{event.topic}</span>
        </Row>
        <About event={event} />
        {actor_id !== null && nameOf(actor_id) !== null && (
          <Row label={labels.actor}>
            <Link
              to="/signals/events"
              search={{ filter: `actor:${actor_id}` }}
              title={words.open_sender}
              className={way}
            >
              {nameOf(actor_id)}
            </Link>
          </Row>
        )}
        <Row label={labels.ts}>{exact(event.ts)}</Row>
        <Row label={labels.created_at}>{exact(event.created_at)}</Row>
        <Row label={labels.source}>{words.sources[event.source]}</Row>
        {client_id !== null && (
          <Row label={labels.client_id}>
            <Link
              to="/signals/events"
              search={{ filter: `client:${quoteValue(client_id)}` }}
              title={words.open_sender}
              className={`${way} ${code}`}
            >
              {client_id}
            </Link>
          </Row>
        )}
        <Row label={labels.trace_id}>
          <Link
            to="/signals/traces/$trace_id"
            params={{ trace_id: event.trace_id }}
            title={words.open_trace}
            className={`${way} ${code}`}
          >
            {event.trace_id}
          </Link>
        </Row>
        {change_id !== null && (
          <Row label={labels.change_id}>
            <Link
              to="/signals/events"
              search={{ filter: `change:${change_id}`, time: 'all' }}
              title={words.open_change}
              className={`${way} ${code}`}
            >
              {change_id}
            </Link>
          </Row>
        )}
        <Row label={labels.idempotency_key}>
          <span className={`${code} select-all break-all`}>{event.idempotency_key}</span>
        </Row>
      </dl>
      <section className="flex flex-col gap-2">
        <h3 className="text-13 font-medium text-text-3">{words.fields}</h3>
        <JsonFields value={event.payload} />
      </section>
      <section className="flex flex-col gap-2">
        <h3 className="text-13 font-medium text-text-3">{words.json}</h3>
        <pre className="overflow-x-auto whitespace-pre-wrap break-all rounded-control bg-surface-2 p-3 font-mono text-12">
          {JSON.stringify(event.payload, null, 2)}
        </pre>
      </section>
    </>
  );
}

/** What it is about, with the way there. Only an event of our own says where that is. */
function About({ event: { source, topic, project_id, entity_id, payload } }: { event: StoredEvent }) {
  const { entity }: Record<string, unknown> = payload;
  const name = typeof entity === 'object' && entity !== null && 'name' in entity ? entity.name : null;
  if (source !== 'server' || project_id === null || entity_id === null || typeof name !== 'string') return null;
  const search = topic.startsWith('tracker/events/tasks/')
    ? { task: entity_id }
    : topic.startsWith('tracker/events/components/')
      ? { component: entity_id }
      : {};
  return (
    <Row label={words.labels.about}>
      <Link to="/projects/$id" params={{ id: project_id }} search={search} title={words.open_about} className={way}>
        {name}
      </Link>
    </Row>
  );
}
