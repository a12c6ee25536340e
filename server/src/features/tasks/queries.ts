// SQL of tasks: one function a statement.
import type { QueryOf } from '@taylordash/core/endpoints/endpoint';
import type { listTasks as listTasksEndpoint } from '@taylordash/core/endpoints/tasks';
import type { Task } from '@taylordash/core/entities';
import { type RawBuilder, sql } from 'kysely';
import { containing, pageAsJson, type SortColumn, sortOf } from '../../db/keyset.ts';
import { assignments, columnsAndValues, onlyJson } from '../../db/row.ts';
import { type Handle, queryText } from '../../db/transaction.ts';

export type TaskFilter = QueryOf<typeof listTasksEndpoint>;

const sorts = {
  updated_at: { column: 't.updated_at', type: 'timestamptz' },
  created_at: { column: 't.created_at', type: 'timestamptz' },
  name: { column: 't.name', type: 'text' },
  // Index idx_tasks_due: what has no due date comes after everything that has one.
  due_date: { column: "coalesce(t.due_date, 'infinity'::timestamptz)", type: 'timestamptz' },
} as const satisfies Record<string, SortColumn>;

/** One page of what `user_id` may see: tasks of components, and those of the own inbox. Indexes by component, assignee, status, labels or the sort. */
export function listTasks(handle: Handle, filter: TaskFilter, user_id: string): Promise<string> {
  const where: RawBuilder<unknown>[] = [
    filter.inbox
      ? sql`t.component_id is null and t.created_by = ${user_id}::uuid`
      : sql`(t.component_id is not null or t.created_by = ${user_id}::uuid)`,
  ];
  if (filter.project_id !== undefined) {
    where.push(sql`t.component_id in (select id from public.components where project_id = ${filter.project_id}::uuid)`);
  }
  if (filter.component_id !== undefined) where.push(sql`t.component_id = ${filter.component_id}::uuid`);
  if (filter.assignee_id !== undefined) where.push(sql`t.assignee_id = ${filter.assignee_id}::uuid`);
  if (filter.status !== undefined) where.push(sql`t.status = ${filter.status}`);
  if (filter.due_before !== undefined)
    where.push(sql`coalesce(t.due_date, 'infinity'::timestamptz) < ${filter.due_before}::timestamptz`);
  // The second condition is that of the partial index idx_tasks_labels.
  if (filter.label !== undefined) where.push(sql`t.labels @> ${[filter.label]}::text[] and t.labels <> '{}'`);
  if (filter.q !== undefined) where.push(sql`t.name ilike ${containing(filter.q)}`);
  return pageAsJson({
    handle,
    from: 'public.tasks t',
    json: 'taylordash.task_json(t)',
    id: 't.id',
    id_type: 'uuid',
    where,
    sort: sortOf(filter.sort ?? 'due_date', sorts),
    limit: filter.limit ?? 50,
    cursor: filter.cursor,
  });
}

/** One page of a component's tasks in their order by hand; those without a place last. Index idx_tasks_component_rank. */
export function listComponentTasks(
  handle: Handle,
  component_id: string,
  paging: { limit?: number; cursor?: string },
): Promise<string> {
  return pageAsJson({
    handle,
    from: 'public.tasks t',
    json: 'taylordash.task_json(t)',
    id: 't.id',
    id_type: 'uuid',
    where: [sql`t.component_id = ${component_id}::uuid`],
    // DEL sorts after every character that a rank may have.
    sort: {
      name: 'rank',
      by: { column: 'coalesce(t.rank, chr(127)) collate "C"', type: 'text' },
      descending: false,
    },
    limit: paging.limit ?? 50,
    cursor: paging.cursor,
  });
}

/** All tasks of a project as JSON text, null where there is no such project. One snapshot, with the newest event that it includes and what it includes beyond. No lock, no order; indexes by project and component. */
export function projectTasks(handle: Handle, project_id: string): Promise<string | null> {
  return queryText(
    handle,
    `select '{"tasks":[' || coalesce((
         select string_agg(taylordash.project_task_json(t)::text, ',')
         from public.components c join public.tasks t on t.component_id = c.id where c.project_id = p.id), '')
       || '],"as_of":"' || taylordash.newest_event_id()
       || '","untold":' || to_json(taylordash.untold_changes()) || '}'
     from public.projects p where p.id = $1::uuid`,
    [project_id],
  );
}

export interface FoundTask {
  json: string;
  project_id: string | null;
}

const selected = sql`taylordash.task_json(t)::text as json,
  (select c.project_id from public.components c where c.id = t.component_id) as project_id`;

/** A task with the project it is in, or null. Primary key. */
export async function findTask(handle: Handle, id: string): Promise<FoundTask | null> {
  const result = await sql<FoundTask>`select ${selected} from public.tasks t where t.id = ${id}::uuid`.execute(handle);
  return result.rows[0] ?? null;
}

/** The same under a lock on its row (FOR NO KEY UPDATE). */
export async function lockTask(tx: Handle, id: string): Promise<FoundTask | null> {
  const result = await sql<FoundTask>`
    select ${selected} from public.tasks t where t.id = ${id}::uuid for no key update of t`.execute(tx);
  return result.rows[0] ?? null;
}

/** Those of these tasks that exist, and all of these components, each under the same lock, in the order of their ids. Primary key and idx_tasks_component_id. */
export async function lockTasks(
  tx: Handle,
  ids: readonly string[],
  component_ids: readonly string[],
): Promise<(FoundTask & { id: string })[]> {
  const result = await sql<FoundTask & { id: string }>`
    select t.id, ${selected} from public.tasks t
    where t.id = any(${ids}::uuid[]) or t.component_id = any(${component_ids}::uuid[])
    order by t.id for no key update of t`.execute(tx);
  return result.rows;
}

/** The components of those of these tasks that exist, and whose they are. No lock; primary key. */
export async function placesOfTasks(
  handle: Handle,
  ids: readonly string[],
): Promise<{ id: string; component_id: string | null; created_by: string | null }[]> {
  const result = await sql<{ id: string; component_id: string | null; created_by: string | null }>`
    select id, component_id, created_by from public.tasks where id = any(${ids}::uuid[])`.execute(handle);
  return result.rows;
}

/** What can be set of a task; completed_at only where it is not to follow the status. */
export type TaskFields = Partial<Omit<Task, 'id' | 'version' | 'created_at' | 'updated_at'>>;

/** Inserts and returns the JSON text. A task made as done is completed now. */
export async function insertTask(tx: Handle, fields: Partial<Task>): Promise<string> {
  const { columns, values } = columnsAndValues(fields);
  const result = await sql<{ json: string }>`
    insert into public.tasks as t (${columns}, completed_at)
    values (${values}, ${fields.status === 'done' ? sql`now()` : sql`null`})
    returning taylordash.task_json(t)::text as json`.execute(tx);
  return onlyJson(result.rows);
}

/** Sets the given fields and returns the JSON text; completed_at follows the status unless it is given. The row is locked already. */
export async function updateTask(tx: Handle, id: string, fields: TaskFields): Promise<string> {
  const completed =
    fields.status === undefined || fields.completed_at !== undefined
      ? sql``
      : fields.status === 'done'
        ? sql`, completed_at = now()`
        : sql`, completed_at = null`;
  const result = await sql<{ json: string }>`
    update public.tasks as t set ${assignments(fields)}${completed} where t.id = ${id}::uuid
    returning taylordash.task_json(t)::text as json`.execute(tx);
  return onlyJson(result.rows);
}

/** Primary key; the row is locked by lockTask. */
export async function deleteTask(tx: Handle, id: string): Promise<void> {
  await sql`delete from public.tasks where id = ${id}::uuid`.execute(tx);
}

/** Where somebody is and when their week starts, after their profile; where there is no such person, what a new one has. Primary key. */
export async function profileOf(handle: Handle, user_id: string): Promise<{ time_zone: string; week_start: number }> {
  const result = await sql<{ time_zone: string; week_start: number }>`
    select time_zone, week_start from taylordash.people where id = ${user_id}::uuid`.execute(handle);
  return result.rows[0] ?? { time_zone: 'UTC', week_start: 1 };
}
