// SQL of users, grants and the audit log. All as td_auth, but for the names of people.
import type { Grant, User } from '@taylordash/core/entities';
import { type RawBuilder, sql } from 'kysely';
import { containing, pageAsJson } from '../../db/keyset.ts';
import { assignments, columnsAndValues, onlyJson } from '../../db/row.ts';
import { type Handle, queryText } from '../../db/transaction.ts';

/** What is written of a user: the hash never leaves with the JSON. */
export type UserRow = Partial<User> & { password_hash?: string };

/** The grants of user `u` as JSON. */
export const grants = `coalesce((
  select json_agg(json_build_object('permission', g.permission, 'project_id', g.project_id) order by g.permission, g.project_id)
  from taylordash.user_grants g where g.user_id = u.id), '[]'::json)`;
const userWithGrantsText = `left(taylordash.user_json(u)::text, -1) || ',"grants":' || ${grants}::text || '}'`;
const userWithGrants = sql.raw(userWithGrantsText);

/** JSON text of a user with grants, or null. Primary key. */
export async function findUser(handle: Handle, id: string): Promise<string | null> {
  const result = await sql<{ json: string }>`
    select ${userWithGrants} as json from public.users u where u.id = ${id}::uuid`.execute(handle);
  return result.rows[0]?.json ?? null;
}

/** The same under a lock on the row (FOR UPDATE: names and hashes change). */
export async function lockUser(tx: Handle, id: string): Promise<string | null> {
  const result = await sql<{ json: string }>`
    select ${userWithGrants} as json from public.users u where u.id = ${id}::uuid for update of u`.execute(tx);
  return result.rows[0]?.json ?? null;
}

export interface Credentials {
  id: string;
  username: string;
  password_hash: string;
  is_active: boolean;
}

/** Who signs in under a name, whatever its case. Index users_username_lower_key. */
export async function findCredentials(handle: Handle, username: string): Promise<Credentials | null> {
  const result = await sql<Credentials>`
    select id, username, password_hash, is_active from public.users where lower(username) = lower(${username})`.execute(
    handle,
  );
  return result.rows[0] ?? null;
}

/** Primary key. */
export async function credentialsOf(handle: Handle, id: string): Promise<Credentials | null> {
  const result = await sql<Credentials>`
    select id, username, password_hash, is_active from public.users where id = ${id}::uuid`.execute(handle);
  return result.rows[0] ?? null;
}

export interface UserFilter {
  limit?: number;
  cursor?: string;
  q?: string;
  role?: string;
  is_active?: boolean;
}

/** One page of users by name. Index users_username_lower_key orders it nearly; the table is small. */
export function listUsers(handle: Handle, filter: UserFilter): Promise<string> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.role !== undefined) where.push(sql`u.role = ${filter.role}`);
  if (filter.is_active !== undefined) where.push(sql`u.is_active = ${filter.is_active}`);
  if (filter.q !== undefined) where.push(sql`u.username ilike ${containing(filter.q)}`);
  return pageAsJson({
    handle,
    from: 'public.users u',
    json: userWithGrantsText,
    id: 'u.id',
    id_type: 'uuid',
    where,
    sort: { name: 'username', by: { column: 'lower(u.username)', type: 'text' }, descending: false },
    limit: filter.limit ?? 50,
    cursor: filter.cursor,
  });
}

/** Names of everyone as JSON text, by name. Reads the whole table: users are few. */
export async function listPeople(handle: Handle): Promise<string> {
  const items = await queryText(
    handle,
    `select coalesce(json_agg(json_build_object('id', id, 'username', username, 'is_active', is_active) order by lower(username)), '[]')::text
     from taylordash.people`,
  );
  return `{"items":${items}}`;
}

/** Inserts and returns the JSON text. Throws on users_username_lower_key where the name is taken. */
export async function insertUser(tx: Handle, fields: UserRow): Promise<string> {
  const { columns, values } = columnsAndValues(fields);
  const result = await sql<{ json: string }>`
    insert into public.users as u (${columns}) values (${values}) returning ${userWithGrants} as json`.execute(tx);
  return onlyJson(result.rows);
}

/** Sets the given fields. Primary key; takes the row's lock where lockUser has not. */
export async function updateUser(tx: Handle, id: string, fields: UserRow): Promise<void> {
  await sql`update public.users set ${assignments(fields)} where id = ${id}::uuid`.execute(tx);
}

/** Primary key; the row is locked by lockUser. Sessions and grants go by cascade. */
export async function deleteUser(tx: Handle, id: string): Promise<void> {
  await sql`delete from public.users where id = ${id}::uuid`.execute(tx);
}

/** Puts these grants in the place of all that the user has. The user's row is locked; index user_grants_user_permission_project_key. */
export async function replaceGrants(
  tx: Handle,
  user_id: string,
  list: readonly Grant[],
  granted_by: string,
): Promise<void> {
  await sql`delete from taylordash.user_grants where user_id = ${user_id}::uuid`.execute(tx);
  if (list.length === 0) return;
  await sql`
    insert into taylordash.user_grants (user_id, permission, project_id, granted_by)
    select ${user_id}::uuid, g.permission, g.project_id, ${granted_by}::uuid
    from unnest(${list.map((grant) => grant.permission)}::text[], ${list.map((grant) => grant.project_id)}::uuid[]) as g (permission, project_id)
    on conflict do nothing`.execute(tx);
}

/** Active administrators beside one, locked FOR UPDATE in the order of their ids, so that two cannot both be the last to go. */
export async function otherAdmins(tx: Handle, id: string): Promise<number> {
  const result = await sql<{ id: string }>`
    select id from public.users where role = 'admin' and is_active order by id for update`.execute(tx);
  return result.rows.filter((row) => row.id !== id).length;
}

/** Reads the whole table: users are few. No lock. */
export async function countUsers(handle: Handle): Promise<number> {
  return Number(await queryText(handle, 'select count(*)::text from public.users'));
}

export interface Owned {
  projects: number;
  components: number;
  tasks: number;
  users: number;
}

/** What refers to a user so that it keeps the user from being deleted, the inbox too. Indexes by owner, assignee and creator. */
export async function ownedBy(tx: Handle, id: string): Promise<Owned> {
  const result = await sql<Owned>`
    select (select count(*)::int from public.projects where owner_id = ${id}::uuid) as projects,
      (select count(*)::int from public.components where assignee_id = ${id}::uuid) as components,
      (select count(*)::int from public.tasks
        where assignee_id = ${id}::uuid or (component_id is null and created_by = ${id}::uuid)) as tasks,
      (select count(*)::int from public.users where created_by = ${id}::uuid) as users`.execute(tx);
  return result.rows[0] ?? { projects: 0, components: 0, tasks: 0, users: 0 };
}

export interface HandedOver {
  kind: 'project' | 'component' | 'task';
  id: string;
  project_id: string | null;
  json: string;
  /** Which fields named the one and name the other now. */
  fields: ('owner_id' | 'assignee_id' | 'created_by')[];
}

/** Gives everything that one user owns to another, the tasks of the inbox too, and returns each changed row. */
export async function handOver(tx: Handle, from: string, to: string): Promise<HandedOver[]> {
  const result = await sql<HandedOver>`
    with p as (update public.projects set owner_id = ${to}::uuid where owner_id = ${from}::uuid returning *),
      c as (update public.components set assignee_id = ${to}::uuid where assignee_id = ${from}::uuid returning *),
      mine as (select id, assignee_id is not distinct from ${from}::uuid as assigned, component_id is null as inbox from public.tasks
        where assignee_id = ${from}::uuid or (component_id is null and created_by = ${from}::uuid) for update),
      t as (update public.tasks as k set assignee_id = case when m.assigned then ${to}::uuid else k.assignee_id end,
          created_by = case when m.inbox and k.created_by = ${from}::uuid then ${to}::uuid else k.created_by end
        from mine m where m.id = k.id
        returning k.id, k.component_id, taylordash.task_json(k)::text as json,
          array_remove(array[case when m.inbox and k.created_by = ${to}::uuid then 'created_by' end,
            case when m.assigned then 'assignee_id' end], null) as fields),
      u as (update public.users set created_by = ${to}::uuid where created_by = ${from}::uuid returning id)
    select 'project' as kind, p.id, p.id as project_id, taylordash.project_json(p::public.projects)::text as json, array['owner_id'] as fields
      from p
    union all select 'component', c.id, c.project_id, taylordash.component_json(c::public.components)::text, array['assignee_id'] from c
    union all select 'task', t.id, (select project_id from public.components where id = t.component_id), t.json, t.fields from t`.execute(
    tx,
  );
  return result.rows;
}

export interface AuditEntry {
  event_type: string;
  user_id: string | null;
  actor_name: string | null;
  subject_id: string | null;
  address: string | null;
  user_agent: string | null;
  details: Readonly<Record<string, unknown>>;
}

/** Adds a row, which nobody may change afterwards. */
export async function insertAudit(tx: Handle, entry: AuditEntry): Promise<void> {
  await sql`
    insert into public.auth_audit_log (user_id, event_type, ip_address, user_agent, details, actor_name, subject_id)
    values (${entry.user_id}::uuid, ${entry.event_type}, ${entry.address}::inet, ${entry.user_agent},
      ${JSON.stringify(entry.details)}::jsonb, ${entry.actor_name}, ${entry.subject_id}::uuid)`.execute(tx);
}
