// SQL of what others on the bus ask for and are told: one function a statement.
import type { HeldGrant } from '@taylordash/core/permissions';
import { sql } from 'kysely';
import { type Handle, queryText } from '../../db/transaction.ts';

/** A device whose commands are carried out. */
export interface CommandingDevice {
  name: string;
  enabled: boolean;
  acts_as: string | null;
}

/** Primary key. */
export async function findDevice(handle: Handle, id: string): Promise<CommandingDevice | null> {
  const { rows } = await sql<CommandingDevice>`
    select name, enabled, acts_as::text as acts_as from taylordash.devices where id = ${id}::uuid`.execute(handle);
  return rows[0] ?? null;
}

export interface CommandingUser {
  id: string;
  username: string;
  role: 'admin' | 'viewer';
  time_zone: string;
  grants: HeldGrant[];
}

/** An active user with what grants allow, or null. Primary key; index user_grants_user_permission_project_key. */
export async function findUser(handle: Handle, id: string): Promise<CommandingUser | null> {
  const { rows } = await sql<CommandingUser>`
    select u.id::text as id, u.username, u.role, u.time_zone, coalesce((
      select json_agg(json_build_object('permission', g.permission, 'project_id', g.project_id))
      from taylordash.user_grants g where g.user_id = u.id), '[]'::json) as grants
    from taylordash.people u where u.id = ${id}::uuid and u.is_active`.execute(handle);
  return rows[0] ?? null;
}

/** The value of a setting as JSON text, or null. Primary key. */
export function readSetting(handle: Handle, key: string): Promise<string | null> {
  return queryText(handle, 'select value::text from taylordash.settings where key = $1', [key]);
}

/** Keeps a setting, its value as JSON text. Locks its row; primary key. */
export async function keepSetting(handle: Handle, key: string, value: string, by: string): Promise<void> {
  await sql`
    insert into taylordash.settings (key, value, updated_by) values (${key}, ${value}::jsonb, ${by}::uuid)
    on conflict (key) do update set value = excluded.value, updated_by = excluded.updated_by`.execute(handle);
}

/** The user that commands from an external broker act as, or null. Primary key. */
export async function commandUser(handle: Handle): Promise<string | null> {
  const value: unknown = JSON.parse((await readSetting(handle, 'command_user')) ?? 'null');
  return typeof value === 'string' ? value : null;
}

export interface ResponseTopic {
  response_topic: string;
  correlation: Buffer | null;
}

/** Where the answer to a command is wanted; the same again replaces it. Primary key. */
export async function noteResponseTopic(
  handle: Handle,
  key: string,
  { response_topic, correlation }: ResponseTopic,
): Promise<void> {
  await sql`
    insert into taylordash.command_responses (key, response_topic, correlation)
    values (${key}, ${response_topic}, ${correlation})
    on conflict (key) do update set response_topic = excluded.response_topic, correlation = excluded.correlation,
      created_at = now()`.execute(handle);
}

/** Primary key. */
export async function responseTopic(handle: Handle, key: string): Promise<ResponseTopic | null> {
  const { rows } = await sql<ResponseTopic>`
    select response_topic, correlation from taylordash.command_responses where key = ${key}`.execute(handle);
  return rows[0] ?? null;
}

/** Index idx_command_responses_created_at. */
export async function forgetResponseTopics(handle: Handle): Promise<void> {
  await sql`delete from taylordash.command_responses where created_at < now() - interval '1 day'`.execute(handle);
}

export interface Status {
  id: string;
  json: string;
}

/** What other systems are told of projects; those that are gone are missing. Primary keys, and counts by project. */
export async function projectStatuses(handle: Handle, ids: readonly string[]): Promise<Status[]> {
  const { rows } = await sql<Status>`
    select p.id::text as id, json_build_object('id', p.id, 'name', p.name, 'status', p.status, 'progress', c.progress,
      'components', c.components, 'components_completed', c.completed, 'tasks', t.tasks, 'tasks_done', t.done,
      'due_on', p.due_on, 'updated_at', taylordash.iso(p.updated_at), 'version', p.version)::text as json
    from public.projects p
    cross join lateral (
      select count(*) filter (where type is distinct from 'unsorted') as components,
        count(*) filter (where status = 'completed') as completed,
        coalesce(taylordash.percent(sum(weight * progress) filter (where status <> 'cancelled'),
          sum(weight) filter (where status <> 'cancelled')), 0) as progress
      from public.components where project_id = p.id
    ) c
    cross join lateral (
      select count(*) as tasks, count(*) filter (where t.status = 'done') as done
      from public.tasks t join public.components tc on tc.id = t.component_id where tc.project_id = p.id
    ) t
    where p.id = any (${[...ids]}::uuid[])`.execute(handle);
  return rows;
}

/** The same of components. Primary key. */
export async function componentStatuses(handle: Handle, ids: readonly string[]): Promise<Status[]> {
  const { rows } = await sql<Status>`
    select c.id::text as id, json_build_object('id', c.id, 'project_id', c.project_id, 'name', c.name, 'type', c.type,
      'status', c.status, 'progress', c.progress, 'due_on', c.due_on, 'updated_at', taylordash.iso(c.updated_at),
      'version', c.version)::text as json
    from public.components c where c.id = any (${[...ids]}::uuid[])`.execute(handle);
  return rows;
}

/** Ids of all projects, or components, beyond one; ascending. Primary key. */
export async function idsAfter(
  handle: Handle,
  table: 'projects' | 'components',
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select x.id::text as id from ${sql.table(`public.${table}`)} x where x.id > ${after}::uuid
    order by x.id limit ${limit}`.execute(handle);
  return rows.map((row) => row.id);
}
