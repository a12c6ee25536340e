// SQL of users, grants, sessions, set-up codes, limits and the audit log. All as td_auth, but for the names of people.
import type { Grant, User } from '@taylordash/core/entities';
import { type RawBuilder, sql } from 'kysely';
import { containing, pageAsJson } from '../../db/keyset.ts';
import { assignments, columnsAndValues, onlyJson } from '../../db/row.ts';
import { type Handle, queryText } from '../../db/transaction.ts';

/** Columns that never leave with a user's JSON. */
export type UserRow = Partial<User> & { password_hash?: string };

const grants = `coalesce((
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

/** Names of everyone as JSON text. */
export async function listPeople(handle: Handle): Promise<string> {
  const items = await queryText(
    handle,
    `select coalesce(json_agg(json_build_object('id', id, 'username', username, 'is_active', is_active) order by lower(username)), '[]')::text
     from taylordash.people`,
  );
  return `{"items":${items}}`;
}

export async function insertUser(tx: Handle, fields: UserRow): Promise<string> {
  const { columns, values } = columnsAndValues(fields);
  const result = await sql<{ json: string }>`
    insert into public.users as u (${columns}) values (${values}) returning ${userWithGrants} as json`.execute(tx);
  return onlyJson(result.rows);
}

export async function updateUser(tx: Handle, id: string, fields: UserRow): Promise<void> {
  await sql`update public.users set ${assignments(fields)} where id = ${id}::uuid`.execute(tx);
}

export async function deleteUser(tx: Handle, id: string): Promise<void> {
  await sql`delete from public.users where id = ${id}::uuid`.execute(tx);
}

/** Puts these grants in the place of all that the user has. */
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

/** Active administrators beside one, locked, so that two cannot both be the last to go. */
export async function otherAdmins(tx: Handle, id: string): Promise<number> {
  const result = await sql<{ id: string }>`
    select id from public.users where role = 'admin' and is_active order by id for update`.execute(tx);
  return result.rows.filter((row) => row.id !== id).length;
}

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

export interface NewSession {
  user_id: string;
  token_hash: string;
  /** Absolute limit in seconds from now. */
  seconds: number;
  idle_seconds: number;
  keep_signed_in: boolean;
  address: string;
  user_agent: string | null;
}

/** Opens a session; all times are the database's. Returns its id and end. */
export async function insertSession(tx: Handle, session: NewSession): Promise<{ id: string; expires_at: string }> {
  const result = await sql<{ id: string; expires_at: string }>`
    insert into public.user_sessions (user_id, session_token, expires_at, idle_seconds, keep_signed_in, ip_address, user_agent)
    values (${session.user_id}::uuid, ${session.token_hash}, now() + make_interval(secs => ${session.seconds}),
      ${session.idle_seconds}, ${session.keep_signed_in}, ${session.address}::inet, ${session.user_agent})
    returning id, taylordash.iso(expires_at) as expires_at`.execute(tx);
  const row = result.rows[0];
  if (!row) throw new Error('the session was not inserted');
  return row;
}

/** Ends the oldest sessions of a user beyond so many. */
export async function capSessions(tx: Handle, user_id: string, most: number): Promise<number> {
  const result = await sql`
    update public.user_sessions set is_active = false, ended_at = now(), end_reason = 'too many sessions'
    where id in (select id from public.user_sessions where user_id = ${user_id}::uuid and is_active
      order by created_at desc, id offset ${most}) returning id`.execute(tx);
  return result.rows.length;
}

export interface ResolvedSession {
  session_id: string;
  user_id: string;
  username: string;
  role: 'admin' | 'viewer';
  /** JSON text of the grants. */
  grants: string;
}

/** The live session with this token hash and its user, or null; notes activity once a minute. Index idx_sessions_token. */
export async function resolveSession(handle: Handle, token_hash: string): Promise<ResolvedSession | null> {
  const result = await sql<ResolvedSession & { touch: boolean }>`
    select s.id as session_id, u.id as user_id, u.username, u.role, ${sql.raw(grants)}::text as grants,
      s.last_activity < now() - interval '1 minute' as touch
    from public.user_sessions s join public.users u on u.id = s.user_id
    where s.session_token = ${token_hash} and s.is_active and u.is_active and s.expires_at > now()
      and (s.idle_seconds is null or s.last_activity > now() - make_interval(secs => s.idle_seconds))`.execute(handle);
  const row = result.rows[0];
  if (row?.touch) {
    await sql`update public.user_sessions set last_activity = now() where id = ${row.session_id}::uuid`.execute(handle);
  }
  return row ?? null;
}

/** Which of these sessions hold, of users who are active. Primary key. A stream counts as activity. */
export async function liveSessions(handle: Handle, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const result = await sql<{ id: string }>`
    select s.id from public.user_sessions s join public.users u on u.id = s.user_id
    where s.id = any(${ids}::uuid[]) and s.is_active and u.is_active and s.expires_at > now()`.execute(handle);
  return new Set(result.rows.map((row) => row.id));
}

/** Ends sessions of a user: all, all but one, or just one. Returns how many. */
export async function endSessions(
  tx: Handle,
  user_id: string,
  which: { only?: string; all_but?: string },
  reason: string,
): Promise<number> {
  const result = await sql`
    update public.user_sessions set is_active = false, ended_at = now(), end_reason = ${reason}
    where user_id = ${user_id}::uuid and is_active
      and (${which.only ?? null}::uuid is null or id = ${which.only ?? null}::uuid)
      and id is distinct from ${which.all_but ?? null}::uuid
    returning id`.execute(tx);
  return result.rows.length;
}

/** The open sessions of a user as JSON text. Index idx_sessions_user_id. */
export async function listSessions(handle: Handle, user_id: string, current: string): Promise<string> {
  const items = await queryText(
    handle,
    `select coalesce(json_agg(json_build_object('id', id, 'created_at', taylordash.iso(created_at),
       'last_activity', taylordash.iso(last_activity), 'expires_at', taylordash.iso(expires_at),
       'ip_address', host(ip_address), 'user_agent', user_agent, 'current', id = $2::uuid) order by last_activity desc), '[]')::text
     from public.user_sessions where user_id = $1::uuid and is_active and expires_at > now()
       and (idle_seconds is null or last_activity > now() - make_interval(secs => idle_seconds))`,
    [user_id, current],
  );
  return `{"items":${items}}`;
}

/** Has this user signed in from this address within the last 30 days? Index idx_sessions_user_id. */
export async function isKnownAddress(handle: Handle, user_id: string, address: string): Promise<boolean> {
  const found = await queryText(
    handle,
    `select id::text from public.user_sessions
     where user_id = $1::uuid and ip_address = $2::inet and created_at > now() - interval '30 days' limit 1`,
    [user_id, address],
  );
  return found !== null;
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

export async function insertAudit(tx: Handle, entry: AuditEntry): Promise<void> {
  await sql`
    insert into public.auth_audit_log (user_id, event_type, ip_address, user_agent, details, actor_name, subject_id)
    values (${entry.user_id}::uuid, ${entry.event_type}, ${entry.address}::inet, ${entry.user_agent},
      ${JSON.stringify(entry.details)}::jsonb, ${entry.actor_name}, ${entry.subject_id}::uuid)`.execute(tx);
}

export interface SetupCodeRow {
  id: string;
  code_hash: Buffer;
  tries: number;
  expires_at: string;
  /** Neither used nor expired. */
  live: boolean;
}

/** The newest set-up code under a lock, or null. Index idx_setup_codes_created_at. */
export async function lockSetupCode(tx: Handle): Promise<SetupCodeRow | null> {
  const result = await sql<SetupCodeRow>`
    select id, code_hash, tries, taylordash.iso(expires_at) as expires_at, used_at is null and expires_at > now() as live
    from taylordash.setup_codes order by created_at desc limit 1 for update`.execute(tx);
  return result.rows[0] ?? null;
}

export async function countSetupTry(tx: Handle, id: string): Promise<void> {
  await sql`update taylordash.setup_codes set tries = tries + 1 where id = ${id}::uuid`.execute(tx);
}

/** Uses a code up; false where it was used or has expired meanwhile. */
export async function useSetupCode(tx: Handle, id: string): Promise<boolean> {
  const result = await sql`
    update taylordash.setup_codes set used_at = now()
    where id = ${id}::uuid and used_at is null and expires_at > now() returning id`.execute(tx);
  return result.rows.length > 0;
}

/** Puts a new code in the place of all others; returns when it ends. */
export async function replaceSetupCode(handle: Handle, code_hash: Buffer, minutes: number): Promise<string> {
  const result = await sql<{ expires_at: string }>`
    with gone as (delete from taylordash.setup_codes)
    insert into taylordash.setup_codes (code_hash, expires_at) values (${code_hash}, now() + make_interval(mins => ${minutes}))
    returning taylordash.iso(expires_at) as expires_at`.execute(handle);
  return result.rows[0]?.expires_at ?? '';
}

/** Sessions past their limits, locked; those that a request holds are left for the next time. Index idx_sessions_active. */
export async function overdueSessions(
  tx: Handle,
): Promise<{ user_id: string; username: string; address: string | null }[]> {
  const result = await sql<{ user_id: string; username: string; address: string | null }>`
    select s.user_id, u.username, host(s.ip_address) as address
    from public.user_sessions s join public.users u on u.id = s.user_id
    where s.is_active and (s.expires_at <= localtimestamp
      or s.last_activity <= localtimestamp - s.idle_seconds * interval '1 second')
    for update of s skip locked`.execute(tx);
  return result.rows;
}

/** Forgets failures that count no more. Index idx_login_limits_updated_at. */
export async function forgetOldLimits(handle: Handle): Promise<void> {
  await sql`delete from taylordash.login_limits where updated_at < now() - interval '2 days'`.execute(handle);
}
