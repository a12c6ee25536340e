// The outbox into events_mirror, by the leader's connection: in order, each event with its key, in one statement.
import type { LeaderConnection } from '../db/leader.ts';
import type { Log } from '../db/log.ts';
import { type DeadLetter, type WrittenDeadLetter, writeDeadLetters } from './dead-letters.ts';
import { messageOf } from './leader.ts';
import { contentHash } from './mirror.ts';
import { isDataError, sqlstateOf } from './sqlstate.ts';

/** Moves up to `limit` rows and returns how many. A row that the mirror refuses becomes a dead letter, and does not stop the others. */
export async function emptyOutbox(
  connection: LeaderConnection,
  limit: number,
  log: Log,
  onDeadLetter: (written: readonly WrittenDeadLetter[]) => void,
): Promise<number> {
  try {
    return await drainOutbox(connection, limit);
  } catch (error) {
    if (!isDataError(error)) throw error;
  }
  let moved = 0;
  for (let left = limit; left > 0; left--) {
    try {
      if ((await drainOutbox(connection, 1)) === 0) return moved;
      moved++;
    } catch (error) {
      if (!isDataError(error)) throw error;
      log.warn(`an event of our own cannot be stored and is now a dead letter: ${messageOf(error)}`);
      await buryOldest(connection, error, onDeadLetter);
    }
  }
  return limit;
}

async function buryOldest(
  connection: LeaderConnection,
  error: unknown,
  onDeadLetter: (written: readonly WrittenDeadLetter[]) => void,
): Promise<void> {
  // No lock; index outbox_pkey.
  const [row] = await connection.query<{ id: string; topic: string; payload: string }>(
    'select o.id::text as id, o.topic, o.payload::text as payload from taylordash.outbox o order by o.id limit 1',
  );
  if (row === undefined) return;
  const letter: DeadLetter = {
    topic: row.topic,
    bytes: Buffer.from(row.payload),
    reason_code: 'refused_by_database',
    failure_reason: `The database cannot hold it: ${messageOf(error)}.`,
    stage: 'outbox',
    text: row.payload,
    client_id: null,
    identity: '',
    qos: 1,
    retain: false,
    sqlstate: sqlstateOf(error),
    event_key: null,
    settle: () => undefined,
  };
  // Written before it is taken out: a crash between leaves it in both, and the next attempt raises the letter's count.
  onDeadLetter(await writeDeadLetters(connection, [letter]));
  await connection.query('delete from taylordash.outbox where id = $1', [row.id]);
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
async function drainOutbox(connection: LeaderConnection, limit: number): Promise<number> {
  const [row] = await connection.query<{ moved: number }>(drainStatement, [limit], 'td_drain');
  return row?.moved ?? 0;
}
