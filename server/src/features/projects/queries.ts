// SQL of projects: one function a statement.
import type { QueryOf } from '@taylordash/core/endpoints/endpoint';
import type { listProjects as listProjectsEndpoint } from '@taylordash/core/endpoints/projects';
import type { Project } from '@taylordash/core/entities';
import { type RawBuilder, sql } from 'kysely';
import { containing, pageAsJson, type SortColumn, sortOf } from '../../db/keyset.ts';
import { assignments, columnsAndValues, onlyJson } from '../../db/row.ts';
import { type Handle, queryText } from '../../db/transaction.ts';

export type ProjectFilter = QueryOf<typeof listProjectsEndpoint>;

const sorts = {
  updated_at: { column: 'p.updated_at', type: 'timestamptz' },
  created_at: { column: 'p.created_at', type: 'timestamptz' },
  name: { column: 'p.name', type: 'text' },
} as const satisfies Record<string, SortColumn>;

/** Components and tasks of a project in numbers; cancelled components do not count in progress. */
const counts = `json_build_object(
  'components', c.components, 'components_completed', c.completed, 'components_blocked', s.blocked,
  'components_ready', s.ready, 'components_held_up', s.held_up, 'components_dead_blocked', s.dead_blocked,
  'attention', s.blocked + s.held_up + s.dead_blocked, 'tasks', t.tasks, 'tasks_done', t.done, 'progress', c.progress)`;

/** The components of project `p`, rolled up as `c`. */
const componentsRolledUp = `cross join lateral (
    select count(*) filter (where type is distinct from 'unsorted') as components,
      count(*) filter (where status = 'completed') as completed,
      coalesce(taylordash.percent(sum(weight * progress) filter (where status <> 'cancelled'),
        sum(weight) filter (where status <> 'cancelled')), 0) as progress
    from public.components where project_id = p.id
  ) c`;

/** The tasks of project `p`, counted as `t`. */
const tasksCounted = `cross join lateral (
    select count(*) as tasks, count(*) filter (where t.status = 'done') as done
    from public.tasks t join public.components tc on tc.id = t.component_id where tc.project_id = p.id
  ) t`;

/** `today` is core's dayIn, no caller's text. */
const countedFrom = (today: string) => `public.projects p
  ${componentsRolledUp}
  cross join lateral (
    select count(*) filter (where state = 'ready') as ready, count(*) filter (where held_up) as held_up,
      count(*) filter (where state = 'blocked') as blocked, count(*) filter (where state = 'dead_blocked') as dead_blocked
    from taylordash.component_states(p.id, date '${today}')
  ) s
  ${tasksCounted}`;

/** One page; `today` counts for what is held up. Indexes: idx_projects_updated_at, _created_at or _name by the sort; counts by project. */
export function listProjects(handle: Handle, filter: ProjectFilter, today: string): Promise<string> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.status !== undefined) where.push(sql`p.status = ${filter.status}`);
  if (filter.owner_id !== undefined) where.push(sql`p.owner_id = ${filter.owner_id}::uuid`);
  if (filter.q !== undefined) where.push(sql`p.name ilike ${containing(filter.q)}`);
  const counted = filter.include === 'counts';
  return pageAsJson({
    handle,
    from: counted ? countedFrom(today) : 'public.projects p',
    json: counted
      ? `left(taylordash.project_json(p)::text, -1) || ',"counts":' || ${counts}::text || '}'`
      : 'taylordash.project_json(p)',
    id: 'p.id',
    id_type: 'uuid',
    where,
    sort: sortOf(filter.sort ?? '-updated_at', sorts),
    limit: filter.limit ?? 50,
    cursor: filter.cursor,
  });
}

/** What other systems are told of projects, by id; those that are gone are missing. Primary keys, and counts by project. */
export async function projectStatuses(handle: Handle, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; json: string }>`
    select p.id::text as id, json_build_object('id', p.id, 'name', p.name, 'status', p.status, 'progress', c.progress,
      'components', c.components, 'components_completed', c.completed, 'tasks', t.tasks, 'tasks_done', t.done,
      'due_on', p.due_on, 'updated_at', taylordash.iso(p.updated_at), 'version', p.version)::text as json
    from public.projects p ${sql.raw(componentsRolledUp)} ${sql.raw(tasksCounted)}
    where p.id = any (${[...ids]}::uuid[])`.execute(handle);
  return new Map(rows.map(({ id, json }) => [id, json]));
}

/** JSON text of one project, or null. Primary key. */
export function findProject(handle: Handle, id: string): Promise<string | null> {
  return queryText(handle, 'select taylordash.project_json(p)::text from public.projects p where p.id = $1::uuid', [
    id,
  ]);
}

/**
 * The same under a lock that holds other writers of this project off, and whoever adds a dependency or deletes; it lets rows
 * that refer to the project be inserted. FOR NO KEY UPDATE.
 */
export function lockProject(tx: Handle, id: string): Promise<string | null> {
  return queryText(
    tx,
    'select taylordash.project_json(p)::text from public.projects p where p.id = $1::uuid for no key update',
    [id],
  );
}

/** Inserts and returns the JSON text. */
export async function insertProject(tx: Handle, fields: Partial<Project>): Promise<string> {
  const { columns, values } = columnsAndValues(fields);
  const result = await sql<{ json: string }>`
    insert into public.projects as p (${columns}) values (${values}) returning taylordash.project_json(p)::text as json`.execute(
    tx,
  );
  return onlyJson(result.rows);
}

/** The same together with the insert of its event, in one statement. */
export async function insertProjectTold(
  handle: Handle,
  fields: Partial<Project>,
  told: RawBuilder<unknown>,
): Promise<string> {
  const { columns, values } = columnsAndValues(fields);
  const result = await sql<{ json: string }>`
    with inserted as (insert into public.projects (${columns}) values (${values}) returning *),
      made as (select p.id, p.id as project_id, taylordash.project_json(p::public.projects)::text as json from inserted p),
      told as (${told})
    select json from made`.execute(handle);
  return onlyJson(result.rows);
}

/** Sets the given fields and returns the JSON text. The row is locked by lockProject already. */
export async function updateProject(tx: Handle, id: string, fields: Partial<Project>): Promise<string> {
  const result = await sql<{ json: string }>`
    update public.projects as p set ${assignments(fields)} where p.id = ${id}::uuid
    returning taylordash.project_json(p)::text as json`.execute(tx);
  return onlyJson(result.rows);
}

/**
 * Locks the components of a project FOR UPDATE, before its deletion: whoever puts a task into one at this moment is waited
 * for, so that no task goes by the cascade alone, without its event. Index idx_components_project_id.
 */
export async function lockComponentsToDelete(tx: Handle, id: string): Promise<void> {
  await sql`select from public.components where project_id = ${id}::uuid order by id for update`.execute(tx);
}

/** What a deletion takes with it, each row as JSON text, children first. Indexes by project and component. */
export async function contentsOf(
  handle: Handle,
  id: string,
): Promise<{ kind: 'task' | 'dependency' | 'component'; id: string; json: string }[]> {
  const result = await sql<{ kind: 'task' | 'dependency' | 'component'; id: string; json: string }>`
    select 'task' as kind, t.id, taylordash.task_json(t)::text as json
    from public.tasks t join public.components c on c.id = t.component_id where c.project_id = ${id}::uuid
    union all
    select 'dependency', d.component_id, json_build_object('component_id', d.component_id, 'depends_on_id', d.depends_on_id,
      'project_id', d.project_id, 'component_name', a.name, 'depends_on_name', b.name)::text
    from public.component_dependencies d join public.components a on a.id = d.component_id
      join public.components b on b.id = d.depends_on_id where d.project_id = ${id}::uuid
    union all
    select 'component', c.id, taylordash.component_json(c)::text from public.components c where c.project_id = ${id}::uuid`.execute(
    handle,
  );
  return result.rows;
}

/** Numbers of what a deletion takes with it, as JSON text; null where there is no such project. No lock; indexes by project and component. */
export function deletionOf(handle: Handle, id: string): Promise<string | null> {
  return queryText(
    handle,
    `select json_build_object(
       'components', (select count(*) from public.components where project_id = p.id),
       'tasks', (select count(*) from public.tasks t join public.components c on c.id = t.component_id where c.project_id = p.id),
       'dependencies', (select count(*) from public.component_dependencies where project_id = p.id))::text
     from public.projects p where p.id = $1::uuid`,
    [id],
  );
}

/** Deletes the project, locked by lockProject; components, tasks and dependencies go by cascade. */
export async function deleteProject(tx: Handle, id: string): Promise<void> {
  await sql`delete from public.projects where id = ${id}::uuid`.execute(tx);
}

/** The graph without what follows from it, as JSON text, null where there is no such project. One snapshot, with the newest event that it includes and what it includes beyond. No lock; indexes by project. Nodes in order of creation. */
export function projectGraph(handle: Handle, id: string): Promise<string | null> {
  return queryText(
    handle,
    `select '{"project":' || taylordash.project_json(p)::text
       || ',"nodes":[' || coalesce((select string_agg(left(taylordash.component_json(c)::text, -1) || ',"tasks":{"total":' || coalesce(t.total, 0)
            || ',"done":' || coalesce(t.done, 0) || '}}', ',' order by c.created_at, c.id)
          from public.components c
          left join (select t.component_id, count(*) as total, count(*) filter (where t.status = 'done') as done
            from public.tasks t join public.components tc on tc.id = t.component_id where tc.project_id = p.id
            group by t.component_id) t on t.component_id = c.id
          where c.project_id = p.id), '')
       || '],"edges":' || coalesce((select json_agg(taylordash.dependency_json(d)) from public.component_dependencies d
          where d.project_id = p.id)::text, '[]')
       || ',"as_of":"' || taylordash.newest_event_id()
       || '","untold":' || to_json(taylordash.untold_changes()) || '}'
     from public.projects p where p.id = $1::uuid`,
    [id],
  );
}

/** Is there an example project, and has its device written dead letters? Indexes: idx_projects_example, of dlq_events by client. */
export async function exampleState(handle: Handle, client_id: string): Promise<{ exists: boolean; mistaken: boolean }> {
  const result = await sql<{ exists: boolean; mistaken: boolean }>`
    select exists (select from public.projects where metadata ? 'example' and metadata ->> 'example' = 'greenhouse') as exists,
      exists (select from public.dlq_events where client_id = ${client_id}) as mistaken`.execute(handle);
  return result.rows[0] ?? { exists: false, mistaken: false };
}

/** Discards what the example's device left among the dead letters. Locks those rows; index idx_dlq_events_client_id. */
export async function discardExampleLetters(tx: Handle, client_id: string, user_id: string): Promise<void> {
  await sql`
    update public.dlq_events set status = 'discarded', resolved_by = ${user_id}::uuid, resolved_at = now(),
      note = 'The example project was deleted'
    where client_id = ${client_id} and status = 'open'`.execute(tx);
}
