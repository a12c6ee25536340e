// SQL of events: one function a statement.
import type { EventCondition } from '@taylordash/core/event-filter';
import { type RawBuilder, sql } from 'kysely';
import { pageAsJson, type SortColumn, sortOf } from '../../db/keyset.ts';
import { topicCondition } from '../../db/topic-condition.ts';
import type { Handle } from '../../db/transaction.ts';
import { contentHash } from '../../events/mirror.ts';
import { visibleTo } from '../../events/stream-queries.ts';
import { conditionsOf } from './filter-sql.ts';

export interface EventFilter {
  conditions?: readonly EventCondition[];
  limit?: number;
  cursor?: string;
  topic?: string;
  kind?: string;
  source?: string;
  trace_id?: string;
  change_id?: string;
  project_id?: string;
  entity_id?: string;
  actor_id?: string;
  from?: string;
  to?: string;
  sort?: string;
}

const eventSorts = { id: { column: 'e.id', type: 'bigint' } } as const satisfies Record<string, SortColumn>;

/** One page by id. Indexes: events_mirror_pkey, or that of the filter (trace, project, change, entity, topic). */
export function listEvents(handle: Handle, filter: EventFilter, viewer_id: string | null): Promise<string> {
  const where: RawBuilder<unknown>[] = [];
  if (viewer_id !== null) where.push(visibleTo(viewer_id));
  where.push(...conditionsOf(filter.conditions ?? []));
  if (filter.from !== undefined) where.push(sql`e.created_at >= ${filter.from}::timestamptz`);
  if (filter.to !== undefined) where.push(sql`e.created_at < ${filter.to}::timestamptz`);
  if (filter.topic !== undefined) where.push(topicCondition(sql`e.topic`, filter.topic));
  if (filter.kind !== undefined) where.push(sql`e.payload->>'kind' = any (${filter.kind.split(',')}::text[])`);
  if (filter.source !== undefined) where.push(sql`e.source = ${filter.source}`);
  for (const column of ['trace_id', 'change_id', 'project_id', 'entity_id', 'actor_id'] as const) {
    const value = filter[column];
    if (value !== undefined) where.push(sql`${sql.ref(`e.${column}`)} = ${value}::uuid`);
  }
  return pageAsJson({
    handle,
    from: 'public.events_mirror e',
    json: 'taylordash.event_json(e)',
    id: 'e.id',
    id_type: 'bigint',
    where,
    sort: sortOf(filter.sort ?? '-id', eventSorts),
    limit: filter.limit ?? 50,
    cursor: filter.cursor,
  });
}

/** JSON text of one event, or null. Primary key. */
export async function findEvent(handle: Handle, id: string, viewer_id: string | null): Promise<string | null> {
  const { rows } = await sql<{ json: string }>`
    select taylordash.event_json(e)::text as json from public.events_mirror e
    where e.id = ${id}::bigint and ${viewer_id === null ? sql`true` : visibleTo(viewer_id)}`.execute(handle);
  return rows[0]?.json ?? null;
}

export interface Publication {
  topic: string;
  /** The envelope as JSON text. */
  envelope: string;
  key: string;
  actor_id: string;
  username: string;
}

/**
 * Puts the event into the outbox and takes its key, in one statement; false where the key was taken. Waits for whoever takes
 * the same key at this moment; index event_keys_pkey.
 */
export async function queueEvent(tx: Handle, publication: Publication): Promise<boolean> {
  const { topic, envelope, key, actor_id, username } = publication;
  const { rows } = await sql<{ fresh: boolean }>`
    with given as materialized (
      select payload, ${sql.raw(contentHash)} as hash from (select ${envelope}::jsonb as payload) g
    ), keyed as (
      insert into taylordash.event_keys (source, client_identity, key, content_hash)
      select 'http', ${actor_id}::text, ${key}, hash from given on conflict do nothing returning key
    ), queued as (
      insert into taylordash.outbox (topic, payload, source, client_id, actor_id)
      select ${topic}, payload, 'http', ${username}, ${actor_id}::uuid from given where exists (select from keyed)
    )
    select exists (select from keyed) as fresh`.execute(tx);
  return rows[0]?.fresh ?? false;
}

/** Whether the key was taken for this same content. Index event_keys_pkey. */
export async function sameContent(tx: Handle, publication: Publication): Promise<boolean> {
  const { rows } = await sql<{ same: boolean }>`
    select k.content_hash = g.hash as same
    from (select ${sql.raw(contentHash)} as hash from (select ${publication.envelope}::jsonb as payload) p) g,
      taylordash.event_keys k
    where k.source = 'http' and k.client_identity = ${publication.actor_id}::text and k.key = ${publication.key}`.execute(
    tx,
  );
  return rows[0]?.same ?? false;
}

/** A measured value, from an event on tracker/metrics/{service}/{metric}; for what MQTT brings, events/mirror.ts says the same. */
export async function insertMetric(tx: Handle, topic: string, envelope: string): Promise<void> {
  await sql`
    insert into logging.system_metrics (timestamp, service, metric_name, metric_value, metric_unit, tags)
    select (payload->>'ts')::timestamptz, split_part(${topic}, '/', 3), split_part(${topic}, '/', 4),
      (payload->'payload'->>'value')::float8, payload->'payload'->>'unit', payload->'payload'->'tags'
    from (select ${envelope}::jsonb as payload) g`.execute(tx);
}
