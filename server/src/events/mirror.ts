// The two statements that append to events_mirror. Only the leader's connection runs them, one at a time: ids are commit ordered.
import type { LeaderConnection } from '../db/leader.ts';
import type { Waiting } from './ingest-queue.ts';
import { isMetric } from './message.ts';

/** SQL over a column `payload`: SHA-256 of kind and payload as jsonb writes them, so that spacing makes no difference. */
export const contentHash = "sha256(convert_to(jsonb_build_array(payload->'kind', payload->'payload')::text, 'UTF8'))";

/**
 * Order: position in the batch gives the order of ids. Locks: row locks of what it inserts alone. Index: event_keys_pkey, once
 * a message (a subquery, because a join might be planned over the whole table). Keys are new to the table unless `known`: one
 * writer, and no key twice in a batch.
 */
function ingestStatement(metrics: boolean, echoes: boolean): string {
  const echo = echoes
    ? `(select k.content_hash from taylordash.event_keys k
        where k.source = 'server' and k.client_identity = '' and k.key = h.key) as ours`
    : 'null::bytea as ours';
  return `
with parsed as materialized (
  select t.n, t.topic, t.client_id, t.identity, t.body::jsonb as payload
  from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as t (topic, body, client_id, identity, n)
), hashed as materialized (
  select n, topic, client_id, identity, payload, payload->>'idempotency_key' as key, ${contentHash} as hash from parsed
), looked_up as materialized (
  select h.*, ${echo},
    (select k.content_hash from taylordash.event_keys k
      where k.source = 'mqtt' and k.client_identity = h.identity and k.key = h.key) as known
  from hashed h
), incoming as materialized (
  select l.*, case when known is null and ours is distinct from hash
    then nextval('public.events_mirror_id_seq') end as id
  from looked_up l
), keyed as (
  insert into taylordash.event_keys (source, client_identity, key, content_hash, event_id)
  select 'mqtt', identity, key, hash, id from incoming where id is not null
)${
    metrics
      ? `, measured as (
  insert into logging.system_metrics (timestamp, service, metric_name, metric_value, metric_unit, tags)
  select (payload->>'ts')::timestamptz, split_part(topic, '/', 3), split_part(topic, '/', 4),
    (payload->'payload'->>'value')::float8, payload->'payload'->>'unit', payload->'payload'->'tags'
  from incoming where id is not null and topic like 'tracker/metrics/%'
)`
      : ''
  }, stored as (
  insert into public.events_mirror (id, topic, payload, source, client_id)
  select id, topic, payload, 'mqtt', client_id from incoming where id is not null order by n
)
select n::int as n, case when ours = hash then 'echo' when known = hash then 'duplicate' else 'reused' end as found
from incoming where id is null`;
}

const statements = [false, true].map((metrics) => [false, true].map((echoes) => ingestStatement(metrics, echoes)));

export type Found = 'echo' | 'duplicate' | 'reused';

/**
 * Stores a batch in one statement, which is one transaction: events, their keys and their metrics. Returns what was there
 * already, by position in the batch. With `echoes`, what the server itself published is recognised.
 */
export async function storeBatch(
  connection: LeaderConnection,
  batch: readonly Waiting[],
  echoes: boolean,
): Promise<Map<number, Found>> {
  const metrics = batch.some((message) => isMetric(message.topic));
  const statement = statements[Number(metrics)]?.[Number(echoes)];
  if (statement === undefined) throw new Error('unreachable');
  const rows = await connection.query<{ n: number; found: Found }>(
    statement,
    [
      batch.map((message) => message.topic),
      batch.map((message) => message.text),
      batch.map((message) => message.client_id),
      batch.map((message) => message.identity),
    ],
    `td_ingest_${Number(metrics)}${Number(echoes)}`,
  );
  return new Map(rows.map((row) => [row.n - 1, row.found]));
}

/**
 * Moves up to $1 rows of the outbox, in order of their ids. Locks the rows it deletes; index outbox_pkey. A server's key, and
 * under the server's name those of http, are known from here on, so that an external broker's echo is recognised.
 */
const drainStatement = `
with taken as materialized (
  delete from taylordash.outbox where id in (select id from taylordash.outbox order by id limit $1)
  returning id, topic, payload, source, client_id, change_id, project_id, entity_id, actor_id, created_at
), numbered as materialized (
  select t.*, nextval('public.events_mirror_id_seq') as event_id, payload->>'idempotency_key' as key, ${contentHash} as hash
  from (select * from taken order by id) t
), keyed as (
  insert into taylordash.event_keys (source, client_identity, key, content_hash, event_id)
  select 'server', '', key, hash, event_id from numbered where key is not null order by event_id on conflict do nothing
), stored as (
  insert into public.events_mirror
    (id, topic, payload, created_at, source, client_id, change_id, project_id, entity_id, actor_id)
  select event_id, topic, payload, created_at, source, client_id, change_id, project_id, entity_id, actor_id
  from numbered order by event_id
)
select count(*)::int as moved from numbered`;

/** Returns how many rows it moved. */
export async function drainOutbox(connection: LeaderConnection, limit: number): Promise<number> {
  const [row] = await connection.query<{ moved: number }>(drainStatement, [limit], 'td_drain');
  return row?.moved ?? 0;
}

/** Takes the oldest row of the outbox out, for the dead letters. Null where there is none. */
export async function takeOutboxRow(
  connection: LeaderConnection,
): Promise<{ id: string; topic: string; payload: string } | null> {
  const [row] = await connection.query<{ id: string; topic: string; payload: string }>(
    'select id::text as id, topic, payload::text as payload from taylordash.outbox order by id limit 1',
  );
  return row ?? null;
}

export async function deleteOutboxRow(connection: LeaderConnection, id: string): Promise<void> {
  await connection.query('delete from taylordash.outbox where id = $1', [id]);
}
