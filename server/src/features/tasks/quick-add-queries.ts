// SQL of quick add: who is there, and what the names in a line may mean.
import { sql } from 'kysely';
import { containing } from '../../db/keyset.ts';
import type { Handle } from '../../db/transaction.ts';

export interface Named {
  id: string;
  name: string;
}

/** Holds off every other quick add that may make a project until the transaction ends, so that two do not make the same. */
export async function lockNaming(tx: Handle): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('quick add makes projects', 0))`.execute(tx);
}

/** Everybody who can be given something to do. Reads the whole table: users are few. */
export async function activePeople(handle: Handle): Promise<Named[]> {
  const result = await sql<Named>`
    select id, username as name from taylordash.people where is_active order by lower(username)`.execute(handle);
  return result.rows;
}

/** Most projects that one typed name is compared with. */
const mostCandidates = 2000;

/**
 * Projects that a typed name may mean or come near to: those that begin like it and those that have it in their name. What is
 * called exactly so comes first, then the shorter names. Index idx_projects_name_trgm.
 */
export async function projectsLike(handle: Handle, text: string): Promise<(Named & { archived: boolean })[]> {
  const start = /^[\s_-]*([^\s_-]{1,3})/.exec(text)?.[1] ?? text;
  const beginning = containing(start).slice(1);
  const result = await sql<Named & { archived: boolean }>`
    select id, name, status = 'archived' as archived from public.projects
    where name ilike ${beginning} or name ilike ${containing(text)}
    order by lower(name) = lower(${text}) desc, length(name), name, id limit ${mostCandidates}`.execute(handle);
  return result.rows;
}

/** The components of a project by name, without its tray. Index idx_components_project_id. */
export async function componentsOf(handle: Handle, project_id: string): Promise<Named[]> {
  const result = await sql<Named>`
    select id, name from public.components where project_id = ${project_id}::uuid and type is distinct from 'unsorted'
    order by name, id`.execute(handle);
  return result.rows;
}

/** Names of components and of their projects, by the component's id. Primary keys. */
export async function placesOf(
  handle: Handle,
  component_ids: readonly string[],
): Promise<Map<string, { project_id: string; project_name: string; component_name: string }>> {
  const result = await sql<{ id: string; project_id: string; project_name: string; component_name: string }>`
    select c.id, p.id as project_id, p.name as project_name, c.name as component_name
    from public.components c join public.projects p on p.id = c.project_id
    where c.id = any(${component_ids}::uuid[])`.execute(handle);
  return new Map(result.rows.map(({ id, ...place }) => [id, place]));
}

/** Is there such a project? Primary key. */
export async function projectExists(handle: Handle, id: string): Promise<boolean> {
  return (await sql`select from public.projects where id = ${id}::uuid`.execute(handle)).rows.length > 0;
}
