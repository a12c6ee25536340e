// SQL of a project's history: the tables as one state, the events in their order, and the snapshots that history begins with.
import type { HistoryEvent, ProjectState } from '@taylordash/core/rebuild';
import { sql } from 'kysely';
import { type Handle, queryText } from '../../db/transaction.ts';

/** No lock; primary key, idx_component_dependencies_project_id and the project's components, whose tasks by idx_tasks_component_id. */
export async function tableState(handle: Handle, project_id: string): Promise<ProjectState> {
  const json = await queryText(
    handle,
    `select json_build_object(
      'project', (select taylordash.project_json(p) from public.projects p where p.id = $1::uuid),
      'components', coalesce((select json_object_agg(c.id, taylordash.component_json(c))
        from public.components c where c.project_id = $1::uuid), '{}'),
      'tasks', coalesce((select json_object_agg(t.id, taylordash.task_json(t))
        from public.components c join public.tasks t on t.component_id = c.id where c.project_id = $1::uuid), '{}'),
      'dependencies', coalesce((select json_object_agg(d.component_id || ' ' || d.depends_on_id, taylordash.dependency_json(d))
        from public.component_dependencies d where d.project_id = $1::uuid), '{}'))::text`,
    [project_id],
  );
  // The shape that the statement builds.
  return JSON.parse(json ?? '{}') as ProjectState;
}

/**
 * Tasks that the project's events beyond one tell of: what happens to them elsewhere afterwards concerns it too. No lock; index
 * idx_events_mirror_project, and the outbox as a whole.
 */
export async function tasksToldOf(handle: Handle, project_id: string, after: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select e.entity_id::text as id from public.events_mirror e
    where e.project_id = ${project_id}::uuid and e.id > ${after}::bigint and starts_with(e.topic, 'tracker/events/tasks/')
      and e.source = 'server' and e.entity_id is not null
    union
    select o.entity_id::text from taylordash.outbox o
    where o.project_id = ${project_id}::uuid and starts_with(o.topic, 'tracker/events/tasks/') and o.entity_id is not null
    `.execute(handle);
  return rows.map(({ id }) => id);
}

type Told = HistoryEvent & { id: string };

/** No lock; ascending; indexes idx_events_mirror_project and, of what tasks did elsewhere, idx_events_mirror_entity. */
export async function mirrorEvents(
  handle: Handle,
  project_id: string,
  tasks: readonly string[],
  after: string,
  limit: number,
): Promise<Told[]> {
  const columns = sql`e.id, e.payload->>'kind' as kind, e.project_id, e.entity_id, e.payload->'payload' as payload`;
  const { rows } = await sql<Told>`
    select x.id::text as id, x.kind, x.project_id::text as project_id, x.entity_id::text as entity_id, x.payload
    from (
      (select ${columns} from public.events_mirror e
       where e.project_id = ${project_id}::uuid and e.id > ${after}::bigint and e.source = 'server'
       order by e.id limit ${limit})
      union all
      (select ${columns} from public.events_mirror e
       where e.entity_id = any (${[...tasks]}::uuid[]) and e.id > ${after}::bigint and e.source = 'server'
         and e.project_id is distinct from ${project_id}::uuid
       order by e.id limit ${limit})
    ) x order by x.id limit ${limit}`.execute(handle);
  return rows;
}

/** What is not appended yet. No lock; the outbox as a whole, in the order of writing: what concerns one row was written in turn. */
export async function outboxEvents(
  handle: Handle,
  project_id: string,
  tasks: readonly string[],
): Promise<HistoryEvent[]> {
  const { rows } = await sql<HistoryEvent>`
    select o.payload->>'kind' as kind, o.project_id::text as project_id, o.entity_id::text as entity_id,
      o.payload->'payload' as payload
    from taylordash.outbox o
    where o.source = 'server' and (o.project_id = ${project_id}::uuid or o.entity_id = any (${[...tasks]}::uuid[]))
    order by o.id`.execute(handle);
  return rows;
}

export interface Snapshot {
  event_id: string;
  state: ProjectState;
}

/** The oldest snapshot at or beyond an event, or the newest of all. Primary key. */
export async function findSnapshot(
  handle: Handle,
  project_id: string,
  which: { from: string } | 'newest',
): Promise<Snapshot | null> {
  const choice =
    which === 'newest' ? sql`order by event_id desc` : sql`and event_id >= ${which.from}::bigint order by event_id`;
  const { rows } = await sql<Snapshot>`
    select event_id::text as event_id, state from taylordash.project_snapshots
    where project_id = ${project_id}::uuid ${choice} limit 1`.execute(handle);
  return rows[0] ?? null;
}

/** Up to which id events were dropped at one time or another, brought back or not; 0: none was. A handful of rows. */
export async function droppedThrough(handle: Handle): Promise<string> {
  return (
    (await queryText(handle, 'select (coalesce(max(to_id), 1) - 1)::text from taylordash.dropped_partitions')) ?? '0'
  );
}

/** No lock; index events_mirror_pkey from its end. */
export async function newestEvent(handle: Handle): Promise<string> {
  return (await queryText(handle, 'select coalesce(max(id), 0)::text from public.events_mirror')) ?? '0';
}

/** Keeps the newest snapshots of the project, and the first that history can begin with. Primary key. */
export async function writeSnapshot(handle: Handle, project_id: string, { event_id, state }: Snapshot): Promise<void> {
  await sql`
    insert into taylordash.project_snapshots (project_id, event_id, state)
    values (${project_id}::uuid, ${event_id}::bigint, ${JSON.stringify(state)}::jsonb)
    on conflict (project_id, event_id) do nothing`.execute(handle);
}

/** Of each project the newest 30, and the first from which all later events are kept. Primary key. */
export async function pruneSnapshots(handle: Handle, dropped_through: string): Promise<void> {
  await sql`
    delete from taylordash.project_snapshots s using (
      select project_id, event_id, row_number() over (partition by project_id order by event_id desc) as place,
        min(event_id) filter (where event_id >= ${dropped_through}::bigint) over (partition by project_id) as first
      from taylordash.project_snapshots
    ) x
    where s.project_id = x.project_id and s.event_id = x.event_id and x.place > 30 and x.event_id is distinct from x.first`.execute(
    handle,
  );
}

/**
 * Projects with events of the server beyond their newest snapshot and up to an id: those that are to be written before the
 * id is dropped. Index idx_events_mirror_project.
 */
export async function projectsToKeep(handle: Handle, through: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct e.project_id::text as id from public.events_mirror e
    where e.project_id is not null and e.source = 'server' and e.id <= ${through}::bigint and e.id > coalesce((
      select max(s.event_id) from taylordash.project_snapshots s where s.project_id = e.project_id), 0)`.execute(
    handle,
  );
  return rows.map(({ id }) => id);
}
