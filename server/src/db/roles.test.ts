// The three login roles: what each may touch, and how the server comes to use them.
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/harness/postgres.ts';
import { readTarget } from './connect.ts';
import { type Database, openDatabase } from './database.ts';
import { LOGIN_ROLES, prepareRoles, roleTarget } from './roles.ts';
import { type Handle, queryText } from './transaction.ts';

const warnings: string[] = [];
const log = { info: () => undefined, warn: (message: string) => warnings.push(message) };
let database: TestDatabase;
let db: Database;
let owner: pg.Client;
let userId: string;

beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  db = await openDatabase({ url: database.url, pool_size: 2, log });
  const user = await db.auth
    .insertInto('users')
    .values({ username: 'Sam', password_hash: 'secret', role: 'admin' })
    .returning('id')
    .executeTakeFirstOrThrow();
  userId = user.id;
  await sql`INSERT INTO auth_audit_log (user_id, event_type) VALUES (${userId}::uuid, 'login_success')`.execute(
    db.auth,
  );
  for (const topic of [
    'projects/created',
    'tasks/created',
    'auth/login_success',
    'plugins/installed',
    'projectsx/created',
  ]) {
    await sql`INSERT INTO events_mirror (topic, payload) VALUES (${`tracker/events/${topic}`}, '{}')`.execute(db.app);
  }
});
afterAll(async () => {
  await db.close();
  await owner.end();
  await database.drop();
});

const denied = /permission denied/;
const run = (handle: Handle, statement: string) => queryText(handle, statement);

test('three roles are used, each as itself', async () => {
  expect(db.role_mode).toBe('three_roles');
  expect(warnings).toEqual([]);
  for (const [handle, role] of [
    [db.app, 'td_app'],
    [db.reader, 'td_reader'],
    [db.auth, 'td_auth'],
  ] as const) {
    expect(await run(handle, 'SELECT current_user::text')).toBe(role);
  }
});

describe('td_reader', () => {
  test('writes nothing', async () => {
    const tables = await owner.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'logging', 'taylordash')`,
    );
    expect(tables.rows.length).toBeGreaterThan(25);
    for (const { name } of tables.rows) {
      await expect(run(db.reader, `DELETE FROM ${name}`), name).rejects.toThrow(denied);
      await expect(run(db.reader, `INSERT INTO ${name} DEFAULT VALUES`), name).rejects.toThrow(denied);
    }
  });

  test.each([
    'SELECT password_hash FROM users',
    'SELECT * FROM users',
    'SELECT config::text FROM plugins',
    'SELECT id::text FROM user_sessions',
    'SELECT id::text FROM auth_audit_log',
    'SELECT id::text FROM dlq_events',
    'SELECT id::text FROM taylordash.setup_codes',
    'SELECT subject FROM taylordash.login_limits',
    'SELECT key FROM taylordash.settings',
    'SELECT body FROM taylordash.idempotency_keys',
    'SELECT topic FROM taylordash.outbox',
    'SELECT topic FROM taylordash.events_mirror_p000000',
    'SELECT public.cleanup_expired_sessions()::text',
    'SELECT taylordash.apply_access()::text',
    'SELECT taylordash.ensure_partitions()::text',
  ])('may not: %s', async (statement) => {
    await expect(run(db.reader, statement)).rejects.toThrow(denied);
  });

  test('sees of events those of projects, components and tasks', async () => {
    const all = "SELECT string_agg(topic, ' ' ORDER BY id) FROM events_mirror";
    expect(await run(db.reader, all)).toBe('tracker/events/projects/created tracker/events/tasks/created');
    expect((await run(db.app, all))?.split(' ').length).toBe(5);
    expect(await run(db.reader, 'SELECT taylordash.newest_event_id()::text')).toBe('5');
  });

  test('sees people without their hashes', async () => {
    const text = await run(db.reader, 'SELECT taylordash.user_json(u)::text FROM taylordash.people u');
    expect(JSON.parse(text ?? '')).toMatchObject({ id: userId, username: 'Sam', role: 'admin' });
    expect(text).not.toContain('secret');
  });
});

describe('td_app and td_auth', () => {
  test.each([
    'SELECT password_hash FROM users',
    'SELECT id::text FROM user_sessions',
    "UPDATE users SET role = 'admin'",
    'SELECT code_hash::text FROM taylordash.setup_codes',
    'SELECT taylordash.apply_access()::text',
  ])('td_app may not: %s', async (statement) => {
    await expect(run(db.app, statement)).rejects.toThrow(denied);
  });

  test.each(['SELECT id::text FROM events_mirror', 'SELECT id::text FROM dlq_events', 'DELETE FROM projects'])(
    'td_auth may not: %s',
    async (statement) => {
      await expect(run(db.auth, statement)).rejects.toThrow(denied);
    },
  );

  test.each(['app', 'auth'] as const)('%s adds to the audit log and never changes it', async (name) => {
    const handle = db[name];
    await run(handle, "INSERT INTO auth_audit_log (event_type) VALUES ('logout')");
    expect(Number(await run(handle, 'SELECT count(*)::text FROM auth_audit_log'))).toBeGreaterThan(0);
    await expect(run(handle, "UPDATE auth_audit_log SET details = '{}'")).rejects.toThrow(denied);
    await expect(run(handle, 'DELETE FROM auth_audit_log')).rejects.toThrow(denied);
    await expect(run(handle, 'TRUNCATE auth_audit_log')).rejects.toThrow(denied);
  });

  test('an account that goes leaves its audit rows', async () => {
    const gone = await db.auth
      .insertInto('users')
      .values({ username: 'Gone', password_hash: 'x', role: 'viewer' })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db.auth
      .insertInto('auth_audit_log')
      .values({ user_id: gone.id, subject_id: gone.id, actor_name: 'Gone', event_type: 'logout' })
      .execute();
    await db.auth.deleteFrom('users').where('id', '=', gone.id).execute();
    const row = await db.auth
      .selectFrom('auth_audit_log')
      .selectAll()
      .where('subject_id', '=', gone.id)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ user_id: null, actor_name: 'Gone' });
  });
});

test('every table is somebody’s, or named here as the owner’s alone', async () => {
  const forgotten = await owner.query<{ name: string }>(
    `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'logging', 'taylordash') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND (NOT c.relrowsecurity OR NOT EXISTS (SELECT FROM taylordash.role_access a WHERE a.object_name::regclass = c.oid AND a.object_type = 'table'))`,
  );
  expect(forgotten.rows.map((row) => row.name)).toEqual(['taylordash.role_access']);
});

describe('access that is applied anew', () => {
  const policies = async () =>
    (await owner.query('SELECT * FROM pg_policies ORDER BY schemaname, tablename, policyname')).rows;
  const secured = async () =>
    (await owner.query('SELECT oid::regclass::text AS name, relrowsecurity FROM pg_class ORDER BY 1')).rows;
  /** What others may not read beside. */
  const locked = async () =>
    (
      await owner.query<{ name: string }>(
        `SELECT DISTINCT relation::regclass::text AS name FROM pg_locks JOIN pg_class c ON c.oid = relation
         WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'`,
      )
    ).rows.map(({ name }) => name);
  const apply = () => owner.query('SELECT taylordash.apply_access()');

  test('locks no table that is as it should be', async () => {
    await owner.query('BEGIN');
    await apply();
    expect(await locked()).toEqual([]);
    await owner.query('ROLLBACK');
  });

  test('mends what differs, and locks that alone', async () => {
    const before = [await policies(), await secured()];
    await owner.query('ALTER TABLE projects DISABLE ROW LEVEL SECURITY');
    await owner.query('ALTER POLICY td_reader_rows ON events_mirror USING (true)');
    await owner.query('ALTER POLICY td_app_rows ON tasks WITH CHECK (true)');
    await owner.query('ALTER POLICY td_app_rows ON components TO PUBLIC');
    await owner.query('DROP POLICY td_app_rows ON dlq_events');
    expect([await policies(), await secured()]).not.toEqual(before);
    await owner.query('BEGIN');
    await apply();
    expect(await locked()).toEqual(['components', 'dlq_events', 'events_mirror', 'projects', 'tasks']);
    await owner.query('COMMIT');
    expect([await policies(), await secured()]).toEqual(before);
  });
});

describe('finding the roles', () => {
  test('another owner’s passwords are left alone: one role is used, and the log says why', async () => {
    await owner.query(
      `DO $$ BEGIN CREATE ROLE td_second LOGIN SUPERUSER PASSWORD 'two'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    );
    const target = { ...readTarget(database.url), user: 'td_second', password: 'two' };
    const said: string[] = [];
    const client = new pg.Client({ ...target, ssl: false });
    await client.connect();
    const mode = await prepareRoles(client, target, { info: () => undefined, warn: (message) => said.push(message) });
    await client.end();
    await owner.query('DROP ROLE td_second');
    expect(mode).toBe('one_role');
    expect(said.join()).toMatch(/has a password that somebody else set/);
    expect(said.join()).not.toContain('two,');
  });

  test('each role has its own password, and none is the owner’s', () => {
    const target = readTarget(database.url);
    const passwords = LOGIN_ROLES.map((role) => roleTarget(target, role).password);
    expect(new Set([...passwords, target.password]).size).toBe(4);
  });
});
