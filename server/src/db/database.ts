// The server's database: three pools by role, the leader's connection, notifications.
import { Kysely, PostgresDialect, sql } from 'kysely';
import { connectWhenReady, type DatabaseTls, readTarget, type Target } from './connect.ts';
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
