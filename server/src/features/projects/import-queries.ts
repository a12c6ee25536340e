// SQL that writes whole projects and reads them out again.
import { sql } from 'kysely';
import { type Handle, queryText } from '../../db/transaction.ts';

export interface ComponentRow {
  id: string;
  name: string;
  [column: string]: unknown;
}

export interface TaskRow {
  component_id: string;
  name: string;
  [column: string]: unknown;
}

export interface Inserted {
  id: string;
  json: string;
}

/** Inserts components in their order (a microsecond apart, where they carry no time of their own). */
export async function insertComponents(
  tx: Handle,
  project_id: string,
  rows: readonly ComponentRow[],
): Promise<Inserted[]> {
  const result = await sql<Inserted>`
    insert into public.components as c (id, project_id, name, description, type, status, progress, position, metadata, start_on, due_on,
      duration_days, weight, progress_mode, assignee_id, blocked_reason, pinned, created_at, updated_at, version)
    select r.id, ${project_id}::uuid, r.name, r.description, r.type, coalesce(r.status, 'pending'), coalesce(r.progress, 0), r.position,
      coalesce(r.metadata, '{}'), r.start_on, r.due_on, r.duration_days, coalesce(r.weight, 1), coalesce(r.progress_mode, 'manual'),
      r.assignee_id, r.blocked_reason, coalesce(r.pinned, false),
      coalesce(r.created_at, now() + r.n * interval '1 microsecond'), coalesce(r.updated_at, now()), coalesce(r.version, 1)
    from (select (x.r).*, x.n from (select jsonb_populate_record(null::public.components, value) as r, n
      from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) with ordinality as e (value, n)) x) r
    order by r.n
    returning id, taylordash.component_json(c)::text as json`.execute(tx);
  return result.rows;
}

/** Inserts tasks in their order, likewise; their components are this transaction's own. */
export async function insertTasks(
  tx: Handle,
  rows: readonly TaskRow[],
): Promise<(Inserted & { component_id: string })[]> {
  const result = await sql<Inserted & { component_id: string }>`
    insert into public.tasks as t (id, component_id, name, description, status, assignee_id, due_date, completed_at, created_at, updated_at,
      priority, weight, rank, due_is_date, created_by, labels, checklist, estimate_minutes, repeats, version)
    select coalesce(r.id, gen_random_uuid()), r.component_id, r.name, r.description, coalesce(r.status, 'todo'), r.assignee_id, r.due_date,
      r.completed_at, coalesce(r.created_at, now() + r.n * interval '1 microsecond'), coalesce(r.updated_at, now()),
      coalesce(r.priority, 0), coalesce(r.weight, 1), r.rank, coalesce(r.due_is_date, false), r.created_by,
      coalesce(r.labels, '{}'), coalesce(r.checklist, '[]'), r.estimate_minutes, r.repeats, coalesce(r.version, 1)
    from (select (x.r).*, x.n from (select jsonb_populate_record(null::public.tasks, value) as r, n
      from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) with ordinality as e (value, n)) x) r
    order by r.n
    returning id, component_id, taylordash.task_json(t)::text as json`.execute(tx);
  return result.rows;
}

/** Inserts edges, `[component, depends_on]`, of a project that this transaction made. */
export async function insertDependencies(
  tx: Handle,
  project_id: string,
  edges: readonly (readonly [string, string])[],
): Promise<void> {
  await sql`
    insert into public.component_dependencies (component_id, depends_on_id, project_id)
    select e.component_id, e.depends_on_id, ${project_id}::uuid
    from unnest(${edges.map(([from]) => from)}::uuid[], ${edges.map(([, to]) => to)}::uuid[]) as e (component_id, depends_on_id)
    on conflict do nothing`.execute(tx);
}

/** Is any of these ids a component already? Primary key. */
export async function anyComponentExists(tx: Handle, ids: readonly string[]): Promise<boolean> {
  const found = await queryText(tx, 'select id::text from public.components where id = any($1::uuid[]) limit 1', [ids]);
  return found !== null;
}

/** Ids of users by their names in lower case. Index users_username_lower_key. */
export async function idsOfPeople(tx: Handle, names: readonly string[]): Promise<Map<string, string>> {
  const result = await sql<{ name: string; id: string }>`
    select lower(username) as name, id from taylordash.people where lower(username) = any(${names.map((name) => name.toLowerCase())}::text[])`.execute(
    tx,
  );
  return new Map(result.rows.map((row) => [row.name, row.id]));
}

/** JSON text of the whole project as a taylordash-project/1 file, or null. One snapshot. Parsing a large one would hold everybody up. */
export function readProjectFile(handle: Handle, id: string): Promise<string | null> {
  return queryText(
    handle,
    `select json_build_object(
       'format', 'taylordash-project/1',
       'project', json_build_object('name', p.name, 'description', p.description, 'status', p.status, 'metadata', p.metadata,
         'start_on', p.start_on, 'due_on', p.due_on, 'working_days', p.working_days,
         'owner', (select username from taylordash.people where id = p.owner_id),
         'created_at', taylordash.iso(p.created_at), 'updated_at', taylordash.iso(p.updated_at)),
       'components', coalesce((select json_agg(json_build_object('key', c.id, 'name', c.name, 'type', c.type, 'status', c.status,
           'progress', c.progress, 'position', c.position, 'metadata', c.metadata, 'description', c.description, 'start_on', c.start_on,
           'due_on', c.due_on, 'duration_days', c.duration_days, 'weight', c.weight, 'progress_mode', c.progress_mode,
           'blocked_reason', c.blocked_reason, 'pinned', c.pinned,
           'assignee', (select username from taylordash.people where id = c.assignee_id),
           'created_at', taylordash.iso(c.created_at), 'updated_at', taylordash.iso(c.updated_at),
           'tasks', coalesce((select json_agg(json_build_object('name', t.name, 'description', t.description, 'status', t.status,
               'due_date', taylordash.iso(t.due_date), 'due_is_date', t.due_is_date, 'priority', t.priority, 'weight', t.weight,
               'rank', t.rank, 'labels', t.labels, 'checklist', t.checklist, 'estimate_minutes', t.estimate_minutes,
               'repeats', t.repeats, 'assignee', (select username from taylordash.people where id = t.assignee_id),
               'created_by', (select username from taylordash.people where id = t.created_by),
               'completed_at', taylordash.iso(t.completed_at), 'created_at', taylordash.iso(t.created_at),
               'updated_at', taylordash.iso(t.updated_at)) order by t.rank nulls last, t.created_at, t.name)
             from public.tasks t where t.component_id = c.id), '[]'::json)) order by c.created_at, c.id)
         from public.components c where c.project_id = p.id), '[]'::json),
       'dependencies', coalesce((select json_agg(json_build_object('component', d.component_id, 'depends_on', d.depends_on_id)
           order by d.component_id, d.depends_on_id)
         from public.component_dependencies d where d.project_id = p.id), '[]'::json))::text
     from public.projects p where p.id = $1::uuid`,
    [id],
  );
}
