// The server's database: three pools by role, the leader's connection, notifications, transactions.
import { CompiledQuery, type IsolationLevel, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { connectWhenReady, type DatabaseTls, readTarget, type Target } from './connect.ts';
import { classify } from './errors.ts';
import { type LeaderConnection, openLeaderConnection } from './leader.ts';
import { type NotificationHandler, openListener } from './listen.ts';
import type { Log } from './log.ts';
import { openPool } from './pool.ts';
import { type LoginRole, prepareRoles, type RoleMode, roleTarget } from './roles.ts';
import type { DB } from './types.gen.ts';

export type DatabaseOptions = {
  url: string;
  /** Connections of app and of reader each at the most; auth gets a third, two at the least. */
  pool_size: number;
  tls?: DatabaseTls;
  log: Log;
  /** How long to wait for a database that is away, 60 by default. */
  wait_seconds?: number;
};

export type Database = {
  /** Requests that change things. No password hashes, no sessions. */
  app: Kysely<DB>;
  /** Requests of viewers and plugins: SELECT only, no credentials, no administrators' events. */
  reader: Kysely<DB>;
  /** Accounts, sessions and the audit log. */
  auth: Kysely<DB>;
  /** one_role where the three login roles are not to be had: all three handles are then the owner's. */
  role_mode: RoleMode;
  leaderConnection(): Promise<LeaderConnection>;
  /** See Listener.listen. */
  listen(channel: string, handler: NotificationHandler): Promise<() => Promise<void>>;
  /** One round trip as app; rejects where the database is away. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

const STATEMENT_TIMEOUT = 30_000;

/**
 * Opens the database that migrate() has prepared.
 * @throws {DatabaseUnreachable}
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const owner = readTarget(options.url, options.tls);
  const client = await connectWhenReady(owner, options);
  let mode: RoleMode;
  try {
    mode = await prepareRoles(client, owner, options.log);
  } finally {
    await client.end();
  }
  const targetOf = (role: LoginRole): Target => (mode === 'three_roles' ? roleTarget(owner, role) : owner);
  const open = (role: LoginRole, size: number) =>
    new Kysely<DB>({
      dialect: new PostgresDialect({
        pool: openPool({
          target: targetOf(role),
          application_name: `taylordash ${role.slice(3)}`,
          size,
          statement_timeout: STATEMENT_TIMEOUT,
        }),
      }),
    });
  const app = open('td_app', options.pool_size);
  const reader = open('td_reader', options.pool_size);
  const auth = open('td_auth', Math.max(2, Math.ceil(options.pool_size / 3)));
  const listener = openListener(targetOf('td_app'), options.log);
  return {
    app,
    reader,
    auth,
    role_mode: mode,
    leaderConnection: () => openLeaderConnection(targetOf('td_app')),
    listen: (channel, handler) => listener.listen(channel, handler),
    async ping() {
      await sql`SELECT 1`.execute(app);
    },
    async close() {
      await listener.close();
      await Promise.all([app.destroy(), reader.destroy(), auth.destroy()]);
    },
  };
}

/** A database or a transaction: what a query function takes first. */
export type Handle = Kysely<DB>;

const MOST_ATTEMPTS = 5;

/**
 * Commits what `fn` did, or nothing. On a serialization failure or a deadlock `fn` runs again, at most five times in all:
 * it must have no effect outside the transaction.
 */
export async function transaction<T>(
  db: Kysely<DB>,
  fn: (trx: Transaction<DB>) => Promise<T>,
  options: { isolation?: IsolationLevel } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const builder = db.transaction();
      return await (options.isolation === undefined ? builder : builder.setIsolationLevel(options.isolation)).execute(
        fn,
      );
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || classify(error).kind !== 'retry') throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
    }
  }
}

/**
 * First column of the first row as text, or null where there is no row or it is null. For bodies that SQL builds as JSON:
 * cast to ::text there, so that nothing is parsed to be serialised again.
 */
export async function queryText(handle: Handle, text: string, values: readonly unknown[] = []): Promise<string | null> {
  const result = await handle.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, [...values]));
  const row = result.rows[0];
  if (row === undefined) return null;
  for (const column in row) {
    const value = row[column];
    if (value === null) return null;
    if (typeof value === 'string') return value;
    throw new TypeError(`the column ${column} is not text: cast it`);
  }
  return null;
}
