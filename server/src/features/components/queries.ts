// SQL of components and the dependencies between them: one function a statement.
import type { listComponents as listComponentsEndpoint } from '@taylordash/core/endpoints/components';
import type { QueryOf } from '@taylordash/core/endpoints/endpoint';
import type { Component, Position } from '@taylordash/core/entities';
import { trayType } from '@taylordash/core/statuses';
import { type RawBuilder, sql } from 'kysely';
import { waits } from '../../db/component-state.ts';
import { containing, pageAsJson, type SortColumn, sortOf } from '../../db/keyset.ts';
import { assignments, columnsAndValues, onlyJson } from '../../db/row.ts';
import { type Handle, queryText } from '../../db/transaction.ts';

export type ComponentFilter = Omit<QueryOf<typeof listComponentsEndpoint>, 'state'> & {
  /** Each a name of core's shownStateNames. */
  states?: readonly string[];
};

const sorts = {
  updated_at: { column: 'c.updated_at', type: 'timestamptz' },
  created_at: { column: 'c.created_at', type: 'timestamptz' },
  name: { column: 'c.name', type: 'text' },
} as const satisfies Record<string, SortColumn>;

/**
 * One page; `today` counts for what is held up. Indexes: idx_components_project_created/_updated within a project, else by the
 * sort; states are looked up component by component until the page is full.
 */
export function listComponents(handle: Handle, filter: ComponentFilter, today: string): Promise<string> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.project_id !== undefined) where.push(sql`c.project_id = ${filter.project_id}::uuid`);
  if (filter.status !== undefined) where.push(sql`c.status = ${filter.status}`);
  if (filter.states !== undefined || filter.held_up !== undefined) where.push(sql`c.type is distinct from ${trayType}`);
  // Found once a statement, from idx_components_status on.
  const dead = sql`c.id in (select component_id from taylordash.dead_blocked(${filter.project_id ?? null}::uuid))`;
  const asked = filter.states !== undefined || filter.held_up !== undefined;
  if (asked) where.push(sql`c.type is distinct from ${trayType}`);
  if (filter.states !== undefined)
    where.push(sql`taylordash.shown_state(c.status, ${dead}, ${sql.raw(waits)}) = any(${filter.states})`);
  if (filter.held_up !== undefined)
    where.push(
      sql`taylordash.held_up(c.status, c.start_on < ${today}::date, ${dead}, ${sql.raw(waits)}) = ${filter.held_up}`,
    );
  if (filter.type !== undefined) where.push(sql`c.type = ${filter.type}`);
  if (filter.assignee_id !== undefined) where.push(sql`c.assignee_id = ${filter.assignee_id}::uuid`);
  if (filter.q !== undefined) where.push(sql`c.name ilike ${containing(filter.q)}`);
  return pageAsJson({
    handle,
    from: 'public.components c',
    json: 'taylordash.component_json(c)',
    id: 'c.id',
    id_type: 'uuid',
    where,
    sort: sortOf(filter.sort ?? '-updated_at', sorts),
    limit: filter.limit ?? 50,
    cursor: filter.cursor,
  });
}

/** JSON text of one component with both ends of its dependencies, or null. Primary keys and idx_component_dependencies_depends_on_id. */
export function findComponent(handle: Handle, id: string): Promise<string | null> {
  return queryText(
    handle,
    `select left(taylordash.component_json(c)::text, -1)
       || ',"depends_on":' || coalesce((select json_agg(depends_on_id) from public.component_dependencies where component_id = c.id)::text, '[]')
       || ',"dependents":' || coalesce((select json_agg(component_id) from public.component_dependencies where depends_on_id = c.id)::text, '[]')
       || '}'
     from public.components c where c.id = $1::uuid`,
    [id],
  );
}

/** Project of a component, or null. Primary key. */
export function projectOf(handle: Handle, id: string): Promise<string | null> {
  return queryText(handle, 'select project_id::text from public.components where id = $1::uuid', [id]);
}

/** JSON text of one component under a lock on its row (FOR NO KEY UPDATE), or null. */
export function lockComponent(tx: Handle, id: string): Promise<string | null> {
  return queryText(
    tx,
    'select taylordash.component_json(c)::text from public.components c where c.id = $1::uuid for no key update',
    [id],
  );
}

/**
 * The same FOR UPDATE, before its deletion: whoever puts a task into it at this moment is waited for, so that no task goes by
 * the cascade alone, without its event.
 */
export function lockComponentToDelete(tx: Handle, id: string): Promise<string | null> {
  return queryText(
    tx,
    'select taylordash.component_json(c)::text from public.components c where c.id = $1::uuid for update',
    [id],
  );
}

/**
 * Those of these components that exist, each under a lock on its row, in the order of their ids, so that two callers never wait
 * for each other. `to_delete` takes the lock of lockComponentToDelete. Primary key.
 */
export async function lockComponents(
  tx: Handle,
  ids: readonly string[],
  { to_delete = false } = {},
): Promise<{ id: string; project_id: string; json: string }[]> {
  const result = await sql<{ id: string; project_id: string; json: string }>`
    select c.id, c.project_id, taylordash.component_json(c)::text as json from public.components c
    where c.id = any(${ids}::uuid[]) order by c.id ${to_delete ? sql`for update` : sql`for no key update`}`.execute(tx);
  return result.rows;
}

/** Projects of those of these components that exist, by component. No lock; primary key. */
export async function projectsOf(handle: Handle, ids: readonly string[]): Promise<Map<string, string>> {
  const result = await sql<{ id: string; project_id: string }>`
    select id, project_id from public.components where id = any(${ids}::uuid[])`.execute(handle);
  return new Map(result.rows.map((row) => [row.id, row.project_id]));
}

/**
 * Holds off every other change to the shape of this project's graph until the transaction ends. Without it two dependencies,
 * each fine alone, could close a cycle together. False where there is no such project.
 */
export async function lockGraph(tx: Handle, project_id: string): Promise<boolean> {
  const id = await queryText(tx, 'select id::text from public.projects where id = $1::uuid for no key update', [
    project_id,
  ]);
  return id !== null;
}

/** Inserts and returns the JSON text. */
export async function insertComponent(tx: Handle, fields: Partial<Component>): Promise<string> {
  const { columns, values } = columnsAndValues(fields);
  const result = await sql<{ json: string }>`
    insert into public.components as c (${columns}) values (${values})
    returning taylordash.component_json(c)::text as json`.execute(tx);
  return onlyJson(result.rows);
}

/** Sets the given fields and returns the JSON text. The row is locked already. */
export async function updateComponent(tx: Handle, id: string, fields: Partial<Component>): Promise<string> {
  const result = await sql<{ json: string }>`
    update public.components as c set ${assignments(fields)} where c.id = ${id}::uuid
    returning taylordash.component_json(c)::text as json`.execute(tx);
  return onlyJson(result.rows);
}

/** Sets the places of several components, all of which are locked by lockComponents; primary key; returns them as JSON text. */
export async function placeComponents(
  tx: Handle,
  places: readonly { id: string; position: Position | null }[],
): Promise<{ id: string; json: string }[]> {
  const positions = places.map(({ position }) => (position === null ? null : JSON.stringify(position)));
  const result = await sql<{ id: string; json: string }>`
    update public.components c set position = p.position::jsonb
    from unnest(${places.map(({ id }) => id)}::uuid[], ${positions}::text[]) as p (id, position)
    where c.id = p.id returning c.id, taylordash.component_json(c)::text as json`.execute(tx);
  return result.rows;
}

/** Deletes the component, locked by lockComponentToDelete; its tasks and dependencies go by cascade. */
export async function deleteComponent(tx: Handle, id: string): Promise<void> {
  await sql`delete from public.components where id = ${id}::uuid`.execute(tx);
}

/** Each task of a component as JSON text. Index idx_tasks_component_id. */
export async function tasksOf(tx: Handle, id: string): Promise<{ id: string; json: string }[]> {
  const result = await sql<{ id: string; json: string }>`
    select t.id, taylordash.task_json(t)::text as json from public.tasks t where t.component_id = ${id}::uuid`.execute(
    tx,
  );
  return result.rows;
}

export interface DependencyRow {
  component_id: string;
  depends_on_id: string;
  project_id: string;
  component_name: string;
  depends_on_name: string;
}

/** Every dependency at either end of a component. Primary key and idx_component_dependencies_depends_on_id. */
export async function dependenciesAt(tx: Handle, id: string): Promise<DependencyRow[]> {
  const result = await sql<DependencyRow>`
    select d.component_id, d.depends_on_id, d.project_id, a.name as component_name, b.name as depends_on_name
    from public.component_dependencies d
      join public.components a on a.id = d.component_id join public.components b on b.id = d.depends_on_id
    where d.component_id = ${id}::uuid or d.depends_on_id = ${id}::uuid`.execute(tx);
  return result.rows;
}

/** The edges of a project, `[dependent, depends_on]`. Index idx_component_dependencies_project_id. */
export async function edgesOf(handle: Handle, project_id: string): Promise<(readonly [string, string])[]> {
  const result = await sql<{ component_id: string; depends_on_id: string }>`
    select component_id, depends_on_id from public.component_dependencies where project_id = ${project_id}::uuid`.execute(
    handle,
  );
  return result.rows.map((row) => [row.component_id, row.depends_on_id] as const);
}

/** Does a path of dependencies lead from one component to another (or are they one)? Each component is visited once. No lock of its own (see lockGraph); primary key of the dependencies. */
export async function dependsOn(handle: Handle, from: string, to: string): Promise<boolean> {
  const result = await sql<{ reached: boolean }>`
    with recursive reached (id) as (
      select ${from}::uuid
      union
      select d.depends_on_id from reached r join public.component_dependencies d on d.component_id = r.id
    )
    select exists (select from reached where id = ${to}::uuid) as reached`.execute(handle);
  return result.rows[0]?.reached ?? false;
}

/** Names of components by id. Primary key. */
export async function namesOf(handle: Handle, ids: readonly string[]): Promise<Map<string, string>> {
  const result = await sql<{ id: string; name: string }>`
    select id, name from public.components where id = any(${ids}::uuid[])`.execute(handle);
  return new Map(result.rows.map((row) => [row.id, row.name]));
}

/** Inserts a dependency, under lockGraph; false where it was there already. Primary key. */
export async function insertDependency(
  tx: Handle,
  component_id: string,
  depends_on_id: string,
  project_id: string,
): Promise<boolean> {
  const result = await sql`
    insert into public.component_dependencies (component_id, depends_on_id, project_id)
    values (${component_id}::uuid, ${depends_on_id}::uuid, ${project_id}::uuid)
    on conflict do nothing returning component_id`.execute(tx);
  return result.rows.length > 0;
}

/** Inserts dependencies of one project, under lockGraph; returns those that were not there already. Primary key. */
export async function insertDependencies(
  tx: Handle,
  project_id: string,
  edges: readonly DependencyRow[],
): Promise<{ component_id: string; depends_on_id: string }[]> {
  const result = await sql<{ component_id: string; depends_on_id: string }>`
    insert into public.component_dependencies (component_id, depends_on_id, project_id)
    select component_id, depends_on_id, ${project_id}::uuid
    from unnest(${edges.map((edge) => edge.component_id)}::uuid[], ${edges.map((edge) => edge.depends_on_id)}::uuid[])
      as e (component_id, depends_on_id)
    on conflict do nothing returning component_id, depends_on_id`.execute(tx);
  return result.rows;
}

/** Deletes a dependency, under lockGraph; false where there was none. Primary key. */
export async function deleteDependency(tx: Handle, component_id: string, depends_on_id: string): Promise<boolean> {
  const result = await sql`
    delete from public.component_dependencies
    where component_id = ${component_id}::uuid and depends_on_id = ${depends_on_id}::uuid returning component_id`.execute(
    tx,
  );
  return result.rows.length > 0;
}

/** Id of a project's tray, or null. No lock; index idx_components_project_id. */
export function findTray(tx: Handle, project_id: string): Promise<string | null> {
  return queryText(
    tx,
    `select id::text from public.components where project_id = $1::uuid and type = 'unsorted' limit 1`,
    [project_id],
  );
}

/** Is there a tray in this project, other than the named component? Index idx_components_project_id. */
export async function hasTray(tx: Handle, project_id: string, other_than: string | null): Promise<boolean> {
  const found = await queryText(
    tx,
    `select id::text from public.components where project_id = $1::uuid and type = 'unsorted' and id is distinct from $2::uuid limit 1`,
    [project_id, other_than],
  );
  return found !== null;
}

/** What a deletion takes with it, as JSON text, or null. No lock; indexes by component and of dependencies at either end. */
export function deletionOf(handle: Handle, id: string): Promise<string | null> {
  return queryText(
    handle,
    `select json_build_object(
       'tasks', (select count(*) from public.tasks where component_id = c.id),
       'dependencies', (select count(*) from public.component_dependencies where component_id = c.id or depends_on_id = c.id),
       'dependents', coalesce((select json_agg(json_build_object('id', w.id, 'name', w.name) order by w.name)
         from public.component_dependencies d join public.components w on w.id = d.component_id
         where d.depends_on_id = c.id), '[]'::json))::text
     from public.components c where c.id = $1::uuid`,
    [id],
  );
}

/** Progress of a component whose tasks drive it: done weight over all weight, 0 to 100; null where it has no task of weight. Index idx_tasks_component_id. */
export async function progressByTasks(tx: Handle, id: string): Promise<number | null> {
  const result = await sql<{ progress: number | null }>`
    select taylordash.percent(100 * coalesce(sum(weight) filter (where status = 'done'), 0), sum(weight)) as progress
    from public.tasks where component_id = ${id}::uuid`.execute(tx);
  return result.rows[0]?.progress ?? null;
}

/** What other systems are told of components, by id; those that are gone are missing. Primary key. */
export async function componentStatuses(handle: Handle, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; json: string }>`
    select c.id::text as id, json_build_object('id', c.id, 'project_id', c.project_id, 'name', c.name, 'type', c.type,
      'status', c.status, 'progress', c.progress, 'due_on', c.due_on, 'updated_at', taylordash.iso(c.updated_at),
      'version', c.version)::text as json
    from public.components c where c.id = any (${[...ids]}::uuid[])`.execute(handle);
  return new Map(rows.map(({ id, json }) => [id, json]));
}
