// SQL of sessions, all as td_auth.
import { sql } from 'kysely';
import { type Handle, queryText } from '../../db/transaction.ts';
import { grants } from './queries.ts';

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

/** Ends the oldest sessions of a user beyond so many and returns how many. Locks their rows; index idx_sessions_user_id. */
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
  time_zone: string;
  /** JSON text of the grants. */
  grants: string;
}

/** The live session with this token hash and its user, or null; notes activity once a minute. Index idx_sessions_token. */
export async function resolveSession(handle: Handle, token_hash: string): Promise<ResolvedSession | null> {
  const result = await sql<ResolvedSession & { touch: boolean }>`
    select s.id as session_id, u.id as user_id, u.username, u.role, u.time_zone, ${sql.raw(grants)}::text as grants,
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

/** An active user with the grants as JSON text, or null. Primary key. */
export async function resolveUser(handle: Handle, id: string): Promise<Omit<ResolvedSession, 'session_id'> | null> {
  const { rows } = await sql<Omit<ResolvedSession, 'session_id'>>`
    select u.id as user_id, u.username, u.role, u.time_zone, ${sql.raw(grants)}::text as grants
    from public.users u where u.id = ${id}::uuid and u.is_active`.execute(handle);
  return rows[0] ?? null;
}

/** Which of these sessions hold, of users who are active. Primary key. An open stream is no activity. */
export async function liveSessions(handle: Handle, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const result = await sql<{ id: string }>`
    select s.id from public.user_sessions s join public.users u on u.id = s.user_id
    where s.id = any(${ids}::uuid[]) and s.is_active and u.is_active and s.expires_at > now()
      and (s.idle_seconds is null or s.last_activity > now() - make_interval(secs => s.idle_seconds))`.execute(handle);
  return new Set(result.rows.map((row) => row.id));
}

/** Ends sessions of a user: all, all but one, or just one. Returns how many. Locks their rows; index idx_sessions_user_id. */
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

/** Ends what overdueSessions found and locked, with an audit row each. */
export async function endOverdueSessions(tx: Handle): Promise<void> {
  await sql`select public.cleanup_expired_sessions()`.execute(tx);
}
