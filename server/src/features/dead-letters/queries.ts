// SQL of looking at dead letters, discarding, restoring and muting them: one function a statement.
import type { LetterSelection } from '@taylordash/core/dead-letter-entities';
import { sql } from 'kysely';
import { pageAsJson, sortOf } from '../../db/keyset.ts';
import { type Handle, queryText } from '../../db/transaction.ts';
import { letterConditions } from './selection.ts';

export interface LetterFilter extends Omit<LetterSelection, 'ids'> {
  limit?: number;
  cursor?: string;
  status?: string;
}

/** One page by id. Indexes: dlq_events_pkey, or idx_dlq_events_status, _group_id, _reason_code, _original_topic or _client_id by the filter. */
export function listDeadLetters(
  handle: Handle,
  { limit, cursor, status, ...selection }: LetterFilter,
): Promise<string> {
  return pageAsJson({
    handle,
    from: 'public.dlq_events d',
    json: 'taylordash.dead_letter_json(d)',
    id: 'd.id',
    id_type: 'bigint',
    where: [...(status === undefined ? [] : [sql`d.status = ${status}`]), ...letterConditions(selection)],
    sort: sortOf('-id', { id: { column: 'd.id', type: 'bigint' } }),
    limit: limit ?? 50,
    cursor,
  });
}

/** JSON text of one dead letter, or null. Primary key. */
export function findDeadLetter(handle: Handle, id: string): Promise<string | null> {
  return queryText(
    handle,
    'select taylordash.dead_letter_json(d)::text from public.dlq_events d where d.id = $1::bigint',
    [id],
  );
}

export interface GroupRow {
  id: string;
  reason_code: string;
  topic_pattern: string;
  sender: string;
  sender_name: string | null;
  letters: number;
  attempts: number;
  first_failed_at: string;
  last_failed_at: string;
  /** Letters by how many hours ago they last failed. */
  hours: Record<string, number>;
  muted: boolean;
}

/** Groups of the letters in a status, the latest first. Index idx_dlq_events_status. No lock. */
export async function letterGroups(db: Handle, status: string, limit: number): Promise<GroupRow[]> {
  const { rows } = await sql<GroupRow>`
    with by_hour as (
      select d.group_id, floor(extract(epoch from now() - d.last_failed_at) / 3600)::int as hour, min(d.reason_code) as reason_code,
        min(d.topic_pattern) as topic_pattern, min(d.sender) as sender, count(*) as letters, sum(d.attempts) as attempts,
        min(d.first_failed_at) as first_failed_at, max(d.last_failed_at) as last_failed_at
      from public.dlq_events d where d.status = ${status} group by 1, 2
    ), groups as (
      select group_id as id, min(reason_code) as reason_code, min(topic_pattern) as topic_pattern, min(sender) as sender,
        sum(letters)::int as letters, sum(attempts)::int as attempts, min(first_failed_at) as first_failed_at,
        max(last_failed_at) as last_failed_at,
        coalesce(jsonb_object_agg(hour, letters) filter (where hour between 0 and 23), '{}'::jsonb) as hours
      from by_hour group by group_id order by max(last_failed_at) desc, group_id limit ${limit}
    )
    select g.id, g.reason_code, g.topic_pattern, g.sender, coalesce((select v.name from taylordash.devices v
        where v.id::text = g.sender), nullif(g.sender, '')) as sender_name, g.letters, g.attempts,
      taylordash.iso(g.first_failed_at) as first_failed_at, taylordash.iso(g.last_failed_at) as last_failed_at, g.hours,
      exists (select from taylordash.dead_letter_mutes m where m.group_id = g.id) as muted
    from groups g order by g.last_failed_at desc, g.id`.execute(db);
  return rows;
}

/** Events of the last 24 hours, counted up to a hundred thousand. Index idx_events_mirror_created_at. */
export async function storedLastDay(db: Handle): Promise<number> {
  const { rows } = await sql<{ stored: number }>`
    select count(*)::int as stored from (
      select from public.events_mirror e where e.created_at > now() - interval '24 hours'
      order by e.created_at desc limit 100000) recent`.execute(db);
  return rows[0]?.stored ?? 0;
}

/** Index idx_dlq_events_group_id. */
export async function groupExists(db: Handle, group_id: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from public.dlq_events d where d.group_id = ${group_id}) as found`.execute(db);
  return rows[0]?.found ?? false;
}

/** Whether that changed anything. Primary key; locks the row. */
export async function setMuted(tx: Handle, group_id: string, muted: boolean, by: string): Promise<boolean> {
  const result = muted
    ? await sql`insert into taylordash.dead_letter_mutes (group_id, muted_by) values (${group_id}, ${by}::uuid)
        on conflict do nothing`.execute(tx)
    : await sql`delete from taylordash.dead_letter_mutes where group_id = ${group_id}`.execute(tx);
  return (result.numAffectedRows ?? 0n) > 0n;
}

/** Discards what is open or quarantined; their ids. Locks those letters; indexes as listDeadLetters. */
export async function discard(
  tx: Handle,
  selection: LetterSelection,
  { by, note }: { by: string; note: string | null },
): Promise<string[]> {
  const where = [sql`d.status in ('open', 'quarantined')`, ...letterConditions(selection)];
  const { rows } = await sql<{ id: string }>`
    update public.dlq_events d set status = 'discarded', resolved_by = ${by}::uuid, resolved_at = now(),
      note = coalesce(${note}::text, d.note) where ${sql.join(where, sql` and `)} returning d.id::text as id`.execute(
    tx,
  );
  return rows.map((row) => row.id);
}

/**
 * Opens discarded and quarantined letters again. A letter that came again since it was discarded is open already: what is
 * restored is counted into that one, as are several that say the same. Locks all of them; indexes as listDeadLetters and
 * dlq_events_fingerprint_key.
 */
export async function restore(tx: Handle, selection: LetterSelection): Promise<{ restored: number; merged: number }> {
  const where = [
    sql`(d.status = 'quarantined' or d.status = 'discarded' and d.resolved_at > now() - interval '30 days')`,
    ...letterConditions(selection),
  ];
  const { rows } = await sql<{ id: string; into: string }>`
    with chosen as materialized (
      select d.id, d.fingerprint, d.status from public.dlq_events d where ${sql.join(where, sql` and `)} order by d.id for update
    )
    select c.id::text as id, coalesce(
      (select o.id from public.dlq_events o where o.fingerprint = c.fingerprint and o.status in ('open', 'replaying', 'quarantined')),
      max(c.id) over (partition by coalesce(c.fingerprint, int8send(c.id))))::text as into
    from chosen c`.execute(tx);
  const merged = rows.filter((row) => row.id !== row.into);
  const targets = rows.filter((row) => row.id === row.into).map((row) => row.id);
  if (merged.length > 0) {
    await sql`
      with gone as (delete from public.dlq_events where id = any (${merged.map((row) => row.id)}::bigint[])
        returning id, attempts, first_failed_at
      ), sums as (
        select m.target, sum(g.attempts)::int as attempts, min(g.first_failed_at) as first_failed_at
        from gone g join unnest(${merged.map((row) => row.id)}::bigint[], ${merged.map((row) => row.into)}::bigint[]) as m (id, target)
          on m.id = g.id group by m.target
      )
      update public.dlq_events d set attempts = d.attempts + s.attempts, first_failed_at = least(d.first_failed_at, s.first_failed_at)
      from sums s where d.id = s.target`.execute(tx);
  }
  await sql`
    update public.dlq_events set status = 'open', hops = 0, resolved_by = null, resolved_at = null
    where id = any (${targets}::bigint[])`.execute(tx);
  return { restored: targets.length, merged: merged.length };
}

/** Deletes a batch of letters discarded more than 30 days ago; how many. Index idx_dlq_events_discarded; locks them. */
export async function forgetDiscarded(db: Handle, limit: number): Promise<number> {
  const result = await sql`
    delete from public.dlq_events where id = any (array(
      select d.id from public.dlq_events d where d.status = 'discarded' and d.resolved_at < now() - interval '30 days'
      order by d.resolved_at limit ${limit}))`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

/** Index idx_dead_letter_dry_runs_created_at. */
export async function forgetDryRuns(db: Handle): Promise<void> {
  await sql`delete from taylordash.dead_letter_dry_runs where created_at < now() - interval '1 hour'`.execute(db);
}
