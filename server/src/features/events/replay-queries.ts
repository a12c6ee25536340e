// SQL of replays of events: one function a statement.
import type { EventCondition } from '@taylordash/core/event-filter';
import { sql } from 'kysely';
import type { Handle } from '../../db/transaction.ts';
import type { JobTable } from '../../kernel/job-table.ts';
import { conditionsOf } from './filter-sql.ts';

export const replays: JobTable = {
  table: 'taylordash.event_replays',
  json: 'taylordash.event_replay_json',
  missing: 'event.no_replay',
  noun: 'replay',
};

export interface ReplayInput {
  client_id: string;
  device_id: string | null;
  /** As it was asked for, JSON text. */
  asked: string;
  conditions: readonly EventCondition[];
  from_id: string;
  to_id: string;
  rate: number;
  created_by: string;
}

/** First and last event between two ids that the conditions let through, or null. Index events_mirror_pkey. No lock. */
export async function boundsOf(
  db: Handle,
  conditions: readonly EventCondition[],
  from_id: string,
  to_id: string,
): Promise<{ first: string; last: string } | null> {
  const where = sql.join(
    [sql`e.id >= ${from_id}::bigint`, sql`e.id <= ${to_id}::bigint`, ...conditionsOf(conditions)],
    sql` and `,
  );
  const { rows } = await sql<{ first: string | null; last: string | null }>`
    select (select e.id::text from public.events_mirror e where ${where} order by e.id limit 1) as first,
      (select e.id::text from public.events_mirror e where ${where} order by e.id desc limit 1) as last`.execute(db);
  const [{ first, last } = { first: null, last: null }] = rows;
  return first === null || last === null ? null : { first, last };
}

/** Its id. */
export async function makeReplay(tx: Handle, replay: ReplayInput): Promise<string> {
  const { client_id, device_id, asked, conditions, from_id, to_id, rate, created_by } = replay;
  const { rows } = await sql<{ id: string }>`
    insert into taylordash.event_replays (client_id, device_id, asked, conditions, from_id, to_id, position, rate, created_by)
    values (${client_id}, ${device_id}::uuid, ${asked}::jsonb, ${JSON.stringify(conditions)}::jsonb, ${from_id}::bigint,
      ${to_id}::bigint, ${from_id}::bigint - 1, ${rate}, ${created_by}::uuid)
    returning id::text as id`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error('an insert returned no row');
  return row.id;
}

/** Ends one that runs; false where it does not. Locks its row; primary key. */
export async function endReplay(tx: Handle, id: string, status: 'cancelled' | 'finished'): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update taylordash.event_replays set status = ${status}, ended_at = now(),
      position = case when ${status} = 'finished' then to_id else position end
    where id = ${id}::uuid and status = 'running'`.execute(tx);
  return Number(numAffectedRows ?? 0) > 0;
}

export interface RunningReplay {
  id: string;
  client_id: string;
  conditions: EventCondition[];
  to_id: string;
  position: string;
  rate: number;
}

/** Those that run, oldest first. Index idx_event_replays_running. No lock. */
export async function runningReplays(db: Handle): Promise<RunningReplay[]> {
  const { rows } = await sql<RunningReplay>`
    select id::text as id, client_id, conditions, to_id::text as to_id, position::text as position, rate
    from taylordash.event_replays where status = 'running' order by created_at, id`.execute(db);
  return rows;
}

export interface ReplayedEvent {
  id: string;
  topic: string;
  envelope: string;
}

/** The next events of a replay that still runs, ascending. Index events_mirror_pkey. No lock. */
export async function nextEvents(db: Handle, replay: RunningReplay, after: string, limit: number) {
  const where = [
    sql`e.id > ${after}::bigint`,
    sql`e.id <= ${replay.to_id}::bigint`,
    ...conditionsOf(replay.conditions),
    sql`exists (select from taylordash.event_replays r where r.id = ${replay.id}::uuid and r.status = 'running')`,
  ];
  const { rows } = await sql<ReplayedEvent>`
    select e.id::text as id, e.topic, e.payload::text as envelope from public.events_mirror e
    where ${sql.join(where, sql` and `)} order by e.id limit ${limit}`.execute(db);
  return rows;
}

/** So many more were sent, up to this event. Locks its row; primary key. */
export async function advance(db: Handle, id: string, position: string, sent: number): Promise<void> {
  await sql`
    update taylordash.event_replays set position = greatest(position, ${position}::bigint), sent = sent + ${sent}
    where id = ${id}::uuid`.execute(db);
}
