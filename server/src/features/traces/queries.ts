// SQL of traces.
import { type RawBuilder, sql } from 'kysely';
import type { Handle } from '../../db/transaction.ts';
import { visibleTo } from '../../events/stream-queries.ts';

export interface TraceEntry {
  type: 'event' | 'dead_letter' | 'sign_in';
  id: string;
  at: string;
  kind: string;
  topic: string | null;
  name: string | null;
  source: 'server' | 'mqtt' | 'http' | null;
  actor: string | null;
  actor_id: string | null;
  change_id: string | null;
  project_id: string | null;
}

/** Of events `e`: what they are about, and who did it. */
const about =
  sql.raw(`case when jsonb_typeof(e.payload #> '{payload,entity,name}') = 'string' then e.payload #>> '{payload,entity,name}'
    when jsonb_typeof(e.payload #> '{payload,name}') = 'string' then e.payload #>> '{payload,name}' end`);
const byWhom = sql.raw(`case when e.source = 'server' and jsonb_typeof(e.payload #> '{payload,actor,name}') = 'string'
    then e.payload #>> '{payload,actor,name}' else e.client_id end`);
const seen = (viewer_id: string | null) => (viewer_id === null ? sql`true` : visibleTo(viewer_id));

/** No lock; index idx_events_mirror_trace_id; in the order of ids. */
export async function eventsOf(
  handle: Handle,
  trace_id: string,
  viewer_id: string | null,
  limit: number,
): Promise<TraceEntry[]> {
  const { rows } = await sql<TraceEntry>`
    select 'event' as type, e.id::text as id, taylordash.iso(e.created_at) as at, e.payload->>'kind' as kind, e.topic,
      ${about} as name, e.source, ${byWhom} as actor, e.actor_id, e.change_id, e.project_id
    from public.events_mirror e where e.trace_id = ${trace_id}::uuid and ${seen(viewer_id)}
    order by e.id limit ${limit}`.execute(handle);
  return rows;
}

/** No lock; index idx_dlq_events_trace_id. */
export async function lettersOf(handle: Handle, trace_id: string, limit: number): Promise<TraceEntry[]> {
  const { rows } = await sql<TraceEntry>`
    select 'dead_letter' as type, d.id::text as id, taylordash.iso(d.first_failed_at) as at, d.reason_code as kind,
      d.original_topic as topic, d.failure_reason as name, null as source, d.client_id as actor, null as actor_id,
      null as change_id, null as project_id
    from public.dlq_events d
    where char_length(d.payload->>'trace_id') = 36 and lower(d.payload->>'trace_id') = ${trace_id}
    order by d.id limit ${limit}`.execute(handle);
  return rows;
}

/** No lock; index idx_auth_audit_log_trace_id. */
export async function signInsOf(handle: Handle, trace_id: string, limit: number): Promise<TraceEntry[]> {
  const { rows } = await sql<TraceEntry>`
    select 'sign_in' as type, a.id::text as id, taylordash.iso(a.event_timestamp at time zone 'UTC') as at,
      a.event_type as kind, null as topic, host(a.ip_address) as name, null as source, a.actor_name as actor,
      a.user_id as actor_id, null as change_id, null as project_id
    from public.auth_audit_log a
    where a.details->>'trace_id' is not null and a.details->>'trace_id' = ${trace_id} order by a.seq limit ${limit}`.execute(
    handle,
  );
  return rows;
}

export interface TraceSummary {
  trace_id: string;
  events: number;
  dead_letters: number;
  first_at: string;
  last_at: string;
  kind: string;
  name: string | null;
  actor: string | null;
  first_event_id: string | null;
}

export interface Looked {
  from: string;
  to: string;
  viewer_id: string | null;
  /** Newest events, and newest dead letters, that are looked through. */
  events: number;
  letters: number;
}

/** Dead letters are the administrators'. */
const letters = ({ from, to, letters: most }: Looked): RawBuilder<unknown> => sql`
  select lower(d.payload->>'trace_id')::uuid as trace_id, d.reason_code as kind, d.failure_reason as name,
    d.client_id as actor, d.first_failed_at as at
  from (select * from public.dlq_events d
    where d.last_failed_at >= ${from}::timestamptz and d.last_failed_at < ${to}::timestamptz
    order by d.last_failed_at desc, d.id desc limit ${most}) d
  where d.payload->>'trace_id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`;
const noLetters = sql`select null::uuid as trace_id, '' as kind, '' as name, '' as actor, now() as at where false`;

/**
 * Traces with a dead letter or more than one event among the newest events of a time: those with dead letters first, then those
 * with most events. No lock; indexes idx_events_mirror_created_at and idx_dlq_events_last_failed_at, both from their ends.
 */
export async function tracesOf(
  handle: Handle,
  looked: Looked,
  limit: number,
): Promise<{ looked_at: number; items: TraceSummary[] }> {
  const { from, to, viewer_id, events } = looked;
  const { rows } = await sql<{ looked_at: number; items: TraceSummary[] | null }>`
    with recent as materialized (
      select e.id, e.trace_id, e.created_at as at, e.payload->>'kind' as kind, ${about} as name, ${byWhom} as actor
      from public.events_mirror e
      where e.created_at >= ${from}::timestamptz and e.created_at < ${to}::timestamptz and ${seen(viewer_id)}
      order by e.created_at desc limit ${events}
    ), dead as materialized (${viewer_id === null ? letters(looked) : noLetters}
    ), found as (
      select trace_id, id, at, kind, name, actor, 0 as dead from recent
      union all select trace_id, null, at, kind, name, actor, 1 from dead
    ), traces as (
      select trace_id, count(*) - sum(dead) as events, sum(dead) as dead_letters, min(at) as first_at, max(at) as last_at,
        min(id) as first_id,
        (array_agg(kind order by id nulls last, at))[1] as kind, (array_agg(name order by id nulls last, at))[1] as name,
        (array_agg(actor order by id nulls last, at))[1] as actor
      from found group by trace_id
      having count(*) > 1 or sum(dead) > 0 order by sum(dead) > 0 desc, count(*) desc, max(at) desc limit ${limit}
    )
    select (select count(*)::int from recent) as looked_at, (select json_agg(json_build_object(
      'trace_id', trace_id, 'events', events, 'dead_letters', dead_letters, 'first_at', taylordash.iso(first_at),
      'last_at', taylordash.iso(last_at), 'kind', kind, 'name', name, 'actor', actor, 'first_event_id', first_id::text)
      order by dead_letters > 0 desc, events desc, last_at desc) from traces) as items`.execute(handle);
  return { looked_at: rows[0]?.looked_at ?? 0, items: rows[0]?.items ?? [] };
}
