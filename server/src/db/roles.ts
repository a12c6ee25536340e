// The three login roles: their passwords and whether this database can be served with them.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { clientConfig, type Target } from './connect.ts';
import type { Log } from './log.ts';

export const LOGIN_ROLES = ['td_app', 'td_auth', 'td_reader'] as const;
export type LoginRole = (typeof LOGIN_ROLES)[number];
export type RoleMode = 'three_roles' | 'one_role';

type RoleRow = { name: string; comment: string | null; password: boolean | null };

/** The same cluster for a login role. Its password follows from the owner's, so that nothing more has to be kept. */
export function roleTarget(owner: Target, role: LoginRole): Target {
  if (owner.password === undefined) return { ...owner, user: role };
  return {
    ...owner,
    user: role,
    password: createHmac('sha256', owner.password).update(`taylordash role ${role}`).digest('hex'),
  };
}

/**
 * Finds out whether the three roles can be used, setting their passwords and grants where that is ours to do.
 * `client` is the owner's. Says in the log why where only one role can be used.
 */
export async function prepareRoles(client: pg.Client, owner: Target, log: Log): Promise<RoleMode> {
  const one = (why: string): RoleMode => {
    log.warn(`the database is used with one role, ${owner.user}: ${why}`);
    return 'one_role';
  };
  if ((await rolesWithAccess(client)) < LOGIN_ROLES.length) {
    const existing = await client.query<{ count: string }>('SELECT count(*) FROM pg_roles WHERE rolname = ANY($1)', [
      LOGIN_ROLES,
    ]);
    if (existing.rows[0]?.count !== String(LOGIN_ROLES.length)) {
      return one(`it may not create ${LOGIN_ROLES.join(', ')}; an administrator of PostgreSQL may, with LOGIN`);
    }
    // The roles came after the migrations.
    await client.query('SELECT taylordash.apply_access()');
  }
  let refused = await loginsRefused(owner);
  if (refused.length > 0) {
    const why = await setPasswords(client, owner, refused);
    if (why !== undefined) return one(why);
    refused = await loginsRefused(owner);
  }
  return refused.length === 0
    ? 'three_roles'
    : one(`${refused.join(', ')} may not log in (password, or no line in pg_hba.conf)`);
}

/** Lock: none. Counts the roles that hold the grants of this database. */
async function rolesWithAccess(client: pg.Client): Promise<number> {
  const result = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_roles r
     WHERE r.rolname = ANY($1) AND has_schema_privilege(r.oid, 'taylordash', 'USAGE')
       AND has_table_privilege(r.oid, 'taylordash.schema_migrations', 'SELECT')`,
    [LOGIN_ROLES],
  );
  return result.rows[0]?.count ?? 0;
}

async function loginsRefused(owner: Target): Promise<LoginRole[]> {
  const tried = await Promise.all(
    LOGIN_ROLES.map(async (role): Promise<LoginRole | undefined> => {
      const client = new pg.Client(clientConfig(roleTarget(owner, role), 'taylordash login check', 0));
      client.on('error', () => undefined);
      try {
        await client.connect();
        return undefined;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        const message = error instanceof Error ? error.message : '';
        if (code === '28P01' || code === '28000' || message.includes('password')) return role;
        throw error;
      } finally {
        await client.end().catch(() => undefined);
      }
    }),
  );
  return tried.filter((role) => role !== undefined);
}

/**
 * Sets the derived passwords where nobody else has set one; returns why not otherwise. The comment of a role remembers
 * for which owner we set it, since only a superuser can see whether there is a password.
 */
async function setPasswords(
  client: pg.Client,
  owner: Target,
  roles: readonly LoginRole[],
): Promise<string | undefined> {
  if (owner.password === undefined) return 'DATABASE_URL names no password to derive those of the other roles from';
  const self = await client.query<{ superuser: boolean; createrole: boolean }>(
    'SELECT rolsuper AS superuser, rolcreaterole AS createrole FROM pg_roles WHERE rolname = current_user',
  );
  const superuser = self.rows[0]?.superuser === true;
  if (!superuser && self.rows[0]?.createrole !== true) {
    return `it may not set the passwords of ${roles.join(', ')} (neither superuser nor CREATEROLE)`;
  }
  const found = await client.query<RoleRow>(
    `SELECT r.rolname AS name, shobj_description(r.oid, 'pg_authid') AS comment,
            ${superuser ? '(SELECT a.rolpassword IS NOT NULL FROM pg_authid a WHERE a.oid = r.oid)' : 'NULL::boolean'} AS password
     FROM pg_roles r WHERE r.rolname = ANY($1)`,
    [roles],
  );
  const mine = `TaylorDash login role, password from owner ${owner.user}`;
  for (const role of roles) {
    const row = found.rows.find((each) => each.name === role);
    const unset =
      row?.password === false || (row?.password === null && row.comment?.endsWith('no password yet') === true);
    if (!unset && row?.comment !== mine) {
      return `${role} has a password that somebody else set; to let us set it, run: ALTER ROLE ${role} PASSWORD NULL; COMMENT ON ROLE ${role} IS 'no password yet'`;
    }
  }
  for (const role of roles) {
    const password = roleTarget(owner, role).password ?? '';
    const why = await alterPassword(client, role, scramVerifier(password), mine);
    if (why !== undefined) return why;
  }
  return undefined;
}

async function alterPassword(
  client: pg.Client,
  role: LoginRole,
  verifier: string,
  comment: string,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // The verifier, not the password: statements end up in logs.
      await client.query(
        `ALTER ROLE ${role} PASSWORD ${pg.escapeLiteral(verifier)}; COMMENT ON ROLE ${role} IS ${pg.escapeLiteral(comment)}`,
      );
      return undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // Roles are shared by the cluster's databases: another server may be doing the same.
      if (!message.includes('concurrently updated') || attempt === 5)
        return `the password of ${role} cannot be set: ${message}`;
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt));
    }
  }
}

/** What PostgreSQL keeps of a password (RFC 5803). */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}
