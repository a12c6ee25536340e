// What live streams read: the mirror upwards from an id, and its two ends.
import { sql } from 'kysely';
import type { Handle } from '../db/transaction.ts';

/** Whose inbox a task event is about, else null: of events `e`. Such a task is nobody else's business. */
const inboxOwner = `case when e.project_id is null and e.source = 'server' and starts_with(e.topic, 'tracker/events/tasks/')
  then e.payload #>> '{payload,entity,created_by}' end`;

/** What a viewer sees: the rows of td_reader's policy, said again for a database with one role, but for inboxes of others. */
export const visibleTo = (viewer_id: string) => sql`(starts_with(e.topic, 'tracker/events/projects/')
  or starts_with(e.topic, 'tracker/events/components/') or starts_with(e.topic, 'tracker/events/tasks/'))
  and coalesce(${sql.raw(inboxOwner)}, ${viewer_id}) = ${viewer_id}`;

export interface StreamRow {
  id: bigint;
  topic: string;
  kind: string;
  project_id: string | null;
  /** Id of the user whose inbox it is about; null for everyone's. */
  inbox_owner: string | null;
  /** The event as JSON text. */
  json: string;
}

/** What the events of one read may have in bytes, but for the last of them: many streams may be catching up at once. */
const mostBytes = 512 * 1024;

/** Of events `e`: what the text takes, nearly. What is compressed may hide a hundred times its size. */
const size =
  'case when pg_column_compression(e.payload) is null then pg_column_size(e.payload) else octet_length(e.payload::text) end';

export interface StreamPage {
  rows: StreamRow[];
  /** There was more than fits. */
  more: boolean;
}

/** No lock; index events_mirror_pkey, twice; ascending. At most `limit` rows, fewer where they are large. */
export async function readAfter(db: Handle, after: bigint, limit: number): Promise<StreamPage> {
  const { rows } = await sql<Omit<StreamRow, 'id'> & { id: string; more: boolean }>`
    select e.id::text as id, e.topic, e.payload->>'kind' as kind, e.project_id::text as project_id,
      ${sql.raw(inboxOwner)} as inbox_owner,
      taylordash.event_json(e)::text as json, page.more
    from (
      select max(n.id) filter (where n.before < ${mostBytes}) as last, bool_or(n.before >= ${mostBytes}) as more
      from (
        select e.id,
          coalesce(sum(${sql.raw(size)}) over (order by e.id rows between unbounded preceding and 1 preceding), 0) as before
        from public.events_mirror e where e.id > ${String(after)}::bigint order by e.id limit ${limit}
      ) n
    ) page
    join public.events_mirror e on e.id > ${String(after)}::bigint and e.id <= page.last
    order by e.id`.execute(db);
  const more = rows.length === limit || rows[0]?.more === true;
  return { rows: rows.map(({ more: _more, ...row }) => ({ ...row, id: BigInt(row.id) })), more };
}

/** No lock; index events_mirror_pkey from its end. 0 where there is no event. */
export async function newestId(db: Handle): Promise<bigint> {
  const { rows } = await sql<{ id: string | null }>`select max(id)::text as id from public.events_mirror`.execute(db);
  return BigInt(rows[0]?.id ?? '0');
}

/**
 * From where on no event is missing: behind what was dropped, whether or not the very next number was given out, and whatever of
 * it was brought back. Index events_mirror_pkey from its start, where nothing was. No lock. Null where there is no event.
 */
export async function oldestId(db: Handle): Promise<bigint | null> {
  const { rows } = await sql<{ id: string | null }>`
    select coalesce((select max(to_id) from taylordash.dropped_partitions where restored_at is null),
      (select min(id) from public.events_mirror))::text as id`.execute(db);
  const id = rows[0]?.id ?? null;
  return id === null ? null : BigInt(id);
}
