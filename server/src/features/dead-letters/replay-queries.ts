// SQL of dry runs and replays: one function a statement.
import type { DryRunCounts, Edit, LetterSelection } from '@taylordash/core/dead-letter-entities';
import { sql } from 'kysely';
import type { Handle } from '../../db/transaction.ts';
import type { JobTable } from '../../kernel/job-table.ts';
import type { ReplayState } from './replay-state.ts';
import { letterConditions } from './selection.ts';

/** As JSON with how many of its letters are where: index idx_dlq_events_replay_id. */
export const replays: JobTable = {
  table: 'taylordash.dead_letter_replays',
  json: 'taylordash.dead_letter_replay_json',
  missing: 'dead_letter.no_replay',
  noun: 'replay',
};

/** What is needed of a letter to send it again. */
export interface LetterRow {
  id: string;
  original_topic: string;
  raw: Buffer | null;
  reason_code: string;
  stage: string;
  client_id: string | null;
  client_identity: string;
  qos: number | null;
  retain: boolean | null;
  event_id: string | null;
  first_failed_at: string;
  hops: number;
}

const letterColumns = sql`d.id::text as id, d.original_topic, d.raw, d.reason_code, d.stage, d.client_id, d.client_identity, d.qos,
  d.retain, d.event_id::text as event_id, taylordash.iso(d.first_failed_at) as first_failed_at, d.hops`;

/** Open letters of a selection, oldest first, after an id. Index: dlq_events_pkey, idx_dlq_events_status or _group_id. No lock. */
export async function openLetters(
  db: Handle,
  selection: LetterSelection,
  after: string,
  limit: number,
): Promise<LetterRow[]> {
  const where = [sql`d.status = 'open'`, sql`d.id > ${after}::bigint`, ...letterConditions(selection)];
  const { rows } = await sql<LetterRow>`
    select ${letterColumns} from public.dlq_events d where ${sql.join(where, sql` and `)}
    order by d.id limit ${limit}`.execute(db);
  return rows;
}

export interface DryRunInput {
  selection: LetterSelection;
  edit: Edit;
  asked_hash: Buffer;
  last_letter_id: string;
  counts: DryRunCounts;
  created_by: string;
}

/** Keeps a dry run; JSON text of it. Locks the row it makes. */
export async function keepDryRun(db: Handle, run: DryRunInput): Promise<string> {
  const { selection, edit, counts } = run;
  const { rows } = await sql<{ json: string }>`
    insert into taylordash.dead_letter_dry_runs (selection, edit, asked_hash, last_letter_id, counts, created_by)
    values (${JSON.stringify(selection)}::jsonb, ${JSON.stringify(edit)}::jsonb, ${run.asked_hash}, ${run.last_letter_id}::bigint,
      ${JSON.stringify(counts)}::jsonb, ${run.created_by}::uuid)
    returning json_build_object('id', id, 'counts', counts,
      'good_until', taylordash.iso(created_at + interval '5 minutes'))::text as json`.execute(db);
  return rows[0]?.json ?? '';
}

/** The latest dry run of the same that is still good; index idx_dead_letter_dry_runs_asked. No lock. */
export async function goodDryRun(
  db: Handle,
  asked_hash: Buffer,
): Promise<{ id: string; last_letter_id: string } | null> {
  const { rows } = await sql<{ id: string; last_letter_id: string }>`
    select r.id::text as id, r.last_letter_id::text as last_letter_id from taylordash.dead_letter_dry_runs r
    where r.asked_hash = ${asked_hash} and r.created_at > now() - interval '5 minutes'
    order by r.created_at desc limit 1`.execute(db);
  return rows[0] ?? null;
}

export interface ReplayInput {
  seed: string;
  selection: LetterSelection;
  edit: Edit;
  rate: number;
  created_by: string;
  last_letter_id: string;
}

/** Makes a replay and takes its letters; its id and how many they are. Locks those letters. */
export async function makeReplay(tx: Handle, replay: ReplayInput): Promise<{ id: string; total: number }> {
  const where = [
    sql`d.status = 'open'`,
    sql`d.id <= ${replay.last_letter_id}::bigint`,
    ...letterConditions(replay.selection),
  ];
  const { rows } = await sql<{ id: string; total: number }>`
    with made as (
      insert into taylordash.dead_letter_replays (seed, selection, edit, rate, total, created_by)
      values (${replay.seed}::uuid, ${JSON.stringify(replay.selection)}::jsonb, ${JSON.stringify(replay.edit)}::jsonb,
        ${replay.rate}, 0, ${replay.created_by}::uuid) returning id
    ), taken as (
      update public.dlq_events d set status = 'replaying', replay_id = made.id, replay_outcome = null, replay_reason_code = null,
        replay_failure = null, resolved_by = ${replay.created_by}::uuid, resolved_at = null
      from made where ${sql.join(where, sql` and `)} returning d.id
    )
    select made.id::text as id, (select count(*) from taken)::int as total from made`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error('an insert returned no row');
  await sql`update taylordash.dead_letter_replays set total = ${row.total} where id = ${row.id}::uuid`.execute(tx);
  return row;
}

/** Locks a replay; its status, or null. Primary key. */
export async function lockReplay(tx: Handle, id: string): Promise<ReplayState['status'] | null> {
  const { rows } = await sql<Pick<ReplayState, 'status'>>`
    select status from taylordash.dead_letter_replays where id = ${id}::uuid for update`.execute(tx);
  return rows[0]?.status ?? null;
}

/**
 * Ends a replay that runs, with what became of its letters; false where it does not run, or is to be finished and has letters
 * left: it was stopped and resumed meanwhile. Locks its row; primary key, idx_dlq_events_replay_id.
 */
export async function endReplay(
  tx: Handle,
  id: string,
  status: 'stopped' | 'finished',
  stop_reason: string | null,
): Promise<boolean> {
  const result = await sql`
    update taylordash.dead_letter_replays set status = ${status}, stop_reason = ${stop_reason}, ended_at = now(),
      counts = case when ${status} = 'finished' then taylordash.dead_letter_replay_counts(id) end
    where id = ${id}::uuid and status = 'running' and (${status} <> 'finished' or not exists (
      select from public.dlq_events d where d.replay_id = ${id}::uuid and d.status = 'replaying'))`.execute(tx);
  return (result.numAffectedRows ?? 0n) > 0n;
}

/** Lets a stopped replay run on with those of its letters that nobody took since. Locks them; index idx_dlq_events_replay_id. */
export async function resumeReplay(tx: Handle, id: string): Promise<void> {
  await sql`
    update public.dlq_events set status = 'replaying'
    where replay_id = ${id}::uuid and status = 'open' and replay_outcome is null`.execute(tx);
  await sql`
    update taylordash.dead_letter_replays set status = 'running', stop_reason = null, ended_at = null, counts = null,
      watched_from = coalesce((select max(d.id) from public.dlq_events d
        where d.replay_id = ${id}::uuid and d.replay_outcome is not null), 0)
    where id = ${id}::uuid`.execute(tx);
}

export interface RunningReplay {
  id: string;
  seed: string;
  edit: Edit;
  rate: number;
  watched_from: string;
}

/** Replays that run, oldest first. Index idx_dead_letter_replays_running. No lock. */
export async function runningReplays(db: Handle): Promise<RunningReplay[]> {
  const { rows } = await sql<RunningReplay>`
    select id::text as id, seed::text as seed, edit, rate, watched_from::text as watched_from
    from taylordash.dead_letter_replays where status = 'running' order by created_at, id`.execute(db);
  return rows;
}

/** Whether each of the last letters failed, the newest last. Index idx_dlq_events_replay_id. No lock. */
export async function recentFailures(db: Handle, replay: RunningReplay, most: number): Promise<boolean[]> {
  const { rows } = await sql<{ failed: boolean }>`
    select d.replay_outcome = 'failed' as failed from public.dlq_events d
    where d.replay_id = ${replay.id}::uuid and d.replay_outcome is not null and d.id > ${replay.watched_from}::bigint
    order by d.id desc limit ${most}`.execute(db);
  return rows.map((row) => row.failed).reverse();
}

/**
 * The next letters of a replay that still runs, after this id, oldest first. Index idx_dlq_events_replaying, from the id on: of
 * those before it that are done it may still have the entries. No lock.
 */
export async function nextLetters(db: Handle, replay_id: string, after: string, limit: number): Promise<LetterRow[]> {
  const { rows } = await sql<LetterRow>`
    select ${letterColumns} from public.dlq_events d
    where d.replay_id = ${replay_id}::uuid and d.id > ${after}::bigint and d.status = 'replaying'
      and exists (select from taylordash.dead_letter_replays r where r.id = ${replay_id}::uuid and r.status = 'running')
    order by d.id limit ${limit}`.execute(db);
  return rows;
}

export interface FailedLetter {
  id: string;
  reason_code: string;
  failure: string;
  hops: number;
  status: 'open' | 'quarantined';
}

/** Locks the letters; primary key. */
export async function recordFailures(db: Handle, letters: readonly FailedLetter[]): Promise<void> {
  const column = <K extends keyof FailedLetter>(name: K) => letters.map((letter) => letter[name]);
  await sql`
    update public.dlq_events d set status = f.status, hops = f.hops, attempts = d.attempts + 1, last_failed_at = now(),
      resolved_by = null, replay_outcome = 'failed', replay_reason_code = f.code, replay_failure = f.failure
    from unnest(${column('id')}::bigint[], ${column('reason_code')}::text[], ${column('failure')}::text[],
      ${column('hops')}::smallint[], ${column('status')}::text[]) as f (id, code, failure, hops, status)
    where d.id = f.id and d.status = 'replaying'`.execute(db);
}

/** A letter whose subscriber did it now. Locks it; primary key. */
export async function recordRedone(db: Handle, id: string): Promise<void> {
  await sql`
    update public.dlq_events set status = 'replayed', replay_outcome = 'redone', resolved_at = now()
    where id = ${id}::bigint and status = 'replaying'`.execute(db);
}

/**
 * Opens again what replays that ended had not come to, but for those still at work. Locks those replays, so that none is resumed
 * meanwhile, and then the letters; indexes idx_dlq_events_status and idx_dlq_events_replay_id.
 */
export async function releaseStopped(db: Handle, at_work: readonly string[]): Promise<void> {
  await sql`
    with ended as (
      select r.id from taylordash.dead_letter_replays r
      where r.id in (select d.replay_id from public.dlq_events d where d.status = 'replaying')
        and r.id <> all (${[...at_work]}::uuid[]) and r.status <> 'running'
      for update
    )
    update public.dlq_events d set status = 'open', resolved_by = null
    from ended where d.replay_id = ended.id and d.status = 'replaying'`.execute(db);
}
