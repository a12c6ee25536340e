// The partitions of events_mirror: how large and how old they are, what is in them, dropping one and bringing it back.
import { sql } from 'kysely';
import { type Handle, queryText } from '../db/transaction.ts';
import { sqlstateOf } from './sqlstate.ts';

export interface Partition {
  name: string;
  from_id: string;
  /** First id beyond its range. */
  to_id: string;
  bytes: number;
  /** Ids are still given out from it, or will be. */
  in_use: boolean;
  pinned: boolean;
}

const partitionIds = 1_000_000n;

/** Ascending. The catalogue and the few rows of dropped_partitions; no lock. */
export async function listPartitions(handle: Handle): Promise<Partition[]> {
  const { rows } = await sql<{ name: string; bytes: string; last: string; pinned: boolean | null }>`
    select c.relname as name, pg_total_relation_size(c.oid)::text as bytes, d.pinned,
      (select coalesce(max(e.id), 0)::text from public.events_mirror e) as last
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
      left join taylordash.dropped_partitions d on d.name = c.relname
    where i.inhparent = 'public.events_mirror'::regclass order by c.relname`.execute(handle);
  return rows.map(({ name, bytes, last, pinned }) => {
    const number = BigInt(name.slice('events_mirror_p'.length));
    return {
      name,
      from_id: String(number * partitionIds),
      to_id: String((number + 1n) * partitionIds),
      bytes: Number(bytes),
      in_use: number >= BigInt(last) / partitionIds,
      pinned: pinned === true,
    };
  });
}

export interface PartitionContent {
  events: number;
  newest_id: string | null;
  oldest_at: string | null;
  newest_at: string | null;
}

/** Counts by events_mirror_pkey; the two times by idx_events_mirror_created_at of the one partition. No lock. */
export async function partitionContent(
  handle: Handle,
  { from_id, to_id }: Pick<Partition, 'from_id' | 'to_id'>,
): Promise<PartitionContent> {
  const { rows } = await sql<{
    events: string;
    newest_id: string | null;
    oldest_at: string | null;
    newest_at: string | null;
  }>`
    select count(*)::text as events, max(e.id)::text as newest_id, taylordash.iso(min(e.created_at)) as oldest_at,
      taylordash.iso(max(e.created_at)) as newest_at
    from public.events_mirror e where e.id >= ${from_id}::bigint and e.id < ${to_id}::bigint`.execute(handle);
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate has no row');
  return { ...row, events: Number(row.events) };
}

/** Every column of each event as one line of JSON, in pages, ascending. Index events_mirror_pkey; no lock. */
export async function* partitionLines(
  handle: Handle,
  { from_id, to_id }: Pick<Partition, 'from_id' | 'to_id'>,
): AsyncGenerator<string[]> {
  const atOnce = 250;
  for (let from = from_id; ; ) {
    const { rows } = await sql<{ id: string; line: string }>`
      select e.id::text as id, to_json(e)::text as line from public.events_mirror e
      where e.id >= ${from}::bigint and e.id < ${to_id}::bigint order by e.id limit ${atOnce}`.execute(handle);
    if (rows.length > 0) yield rows.map(({ line }) => line);
    const last = rows.at(-1);
    if (last === undefined || rows.length < atOnce) return;
    from = String(BigInt(last.id) + 1n);
  }
}

export interface ReaderPosition {
  name: string;
  position: string;
}

/** Every reader, the one furthest behind first. A handful of rows. */
export async function readerPositions(handle: Handle): Promise<ReaderPosition[]> {
  const { rows } = await sql<ReaderPosition>`
    select name, position::text as position from taylordash.cursors order by cursors.position, name`.execute(handle);
  return rows;
}

/** The number of the newest event, and how many came in a day of the last week. Indexes events_mirror_pkey and idx_events_mirror_created_at. */
export async function pace(handle: Handle): Promise<{ newest: string; a_day: number }> {
  const { rows } = await sql<{ newest: string; a_day: string }>`
    select n.newest::text as newest,
      coalesce(round((n.newest - f.id + 1) / greatest(extract(epoch from now() - f.created_at) / 86400, 1)), 0)::text as a_day
    from (select coalesce(max(id), 0) as newest from public.events_mirror) n
    left join lateral (
      select e.id, e.created_at from public.events_mirror e
      where e.created_at >= now() - interval '7 days' order by e.created_at limit 1
    ) f on true`.execute(handle);
  return { newest: rows[0]?.newest ?? '0', a_day: Math.max(Number(rows[0]?.a_day ?? 0), 0) };
}

export interface Dropped {
  name: string;
  events: number;
  archived: boolean;
}

/**
 * Returns why not, or null where it is gone; then `tell` has written of it in the same transaction. Takes SHARE on the partition,
 * then ACCESS EXCLUSIVE on events_mirror for a moment; where others hold that off for longer than 300 ms, it lets them and tries
 * again.
 */
export async function dropPartition(
  handle: Handle,
  { name, events, archived }: Dropped,
  tell: (tx: Handle) => Promise<void>,
): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      // Not `transaction`, which would itself try again, and sooner than those who wait for the table are through.
      return await handle.transaction().execute(async (tx) => {
        const values = [name, events, archived];
        const refused = await queryText(tx, 'select taylordash.drop_event_partition($1, $2::bigint, $3)', values);
        if (refused === null) await tell(tx);
        return refused;
      });
    } catch (error) {
      if (sqlstateOf(error) !== '55P03') throw error;
      if (attempt === 10) return 'it is used by a long query; the next run tries again';
      await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 300));
    }
  }
}

const columns = 'id, topic, payload, created_at, source, client_id, change_id, project_id, entity_id, actor_id';

/**
 * Brings lines back into a table of their own, which then becomes a partition; returns why not, or null. What is left of a try
 * that was cut off is in nobody's way, and the next one begins anew.
 */
export async function restorePartition(
  handle: Handle,
  name: string,
  events: number,
  pages: AsyncIterable<readonly string[]>,
): Promise<string | null> {
  const refused = await queryText(handle, 'select taylordash.prepare_event_restore($1)', [name]);
  if (refused !== null) return refused;
  for await (const lines of pages) {
    await sql`
      insert into ${sql.table(`taylordash.${name}`)} (${sql.raw(columns)})
      select ${sql.raw(columns)} from unnest(${[...lines]}::text[]) as t (line)
      cross join lateral jsonb_to_record(t.line::jsonb) as r (id bigint, topic text, payload jsonb, created_at timestamptz,
        source text, client_id text, change_id uuid, project_id uuid, entity_id uuid, actor_id uuid)`.execute(handle);
  }
  return queryText(handle, 'select taylordash.finish_event_restore($1, $2::bigint)', [name, events]);
}

export interface DroppedPartition {
  name: string;
  restored: boolean;
  pinned: boolean;
}

/** A handful of rows. */
export async function droppedPartitions(handle: Handle): Promise<DroppedPartition[]> {
  const { rows } = await sql<DroppedPartition>`
    select name, restored_at is not null as restored, pinned from taylordash.dropped_partitions order by name`.execute(
    handle,
  );
  return rows;
}

/** Lets the policy drop it again; false where it was never dropped. Primary key; locks its row. */
export async function unpin(handle: Handle, name: string): Promise<boolean> {
  const result = await sql`
    update taylordash.dropped_partitions set pinned = false where name = ${name}`.execute(handle);
  return Number(result.numAffectedRows ?? 0) > 0;
}
