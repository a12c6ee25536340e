// Starts the PostgreSQL that tests and generators run on, and makes sure that it goes when they do.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  type Account,
  type Binaries,
  findBinaries,
  runnableBinaries,
  unprivilegedAccount,
} from '../../server/src/db/binaries.ts';
import { freePort, initCluster, launch, SUPERUSER, stopPostmaster } from '../../server/src/db/cluster.ts';
import { openDatabase } from '../../server/src/db/database.ts';
import { migrate } from '../../server/src/db/migrate.ts';

/** What the run's set-up hands to the test files. */
export type TestPostgres = {
  /** URL of the superuser, to database postgres. */
  admin_url: string;
  /** Name of the migrated database that others are cloned from. */
  template: string;
};

const SILENT = { info: () => undefined, warn: () => undefined };

/** Nothing in a test cluster has to survive a crash of the machine. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  max_wal_size: '1GB',
};
/** As users have it: what is committed is on the disk. */
const DURABLE = { max_connections: SETTINGS.max_connections };

/**
 * Starts the run's PostgreSQL and migrates its template; `durable` for one that syncs what it commits, where it is our own. TEST_DATABASE_URL (a superuser's) takes one that runs already;
 * TEST_POSTGRES=15 the binaries of /usr/lib/postgresql/15; else those of the embedded database.
 */
export async function startTestPostgres(
  environment: NodeJS.ProcessEnv,
  options: { durable?: boolean } = {},
): Promise<{ provided: TestPostgres; name: string; stop(): Promise<void> }> {
  const external = environment.TEST_DATABASE_URL;
  const cluster =
    external === undefined || external === ''
      ? await ownCluster(environment.TEST_POSTGRES, options.durable === true ? DURABLE : SETTINGS)
      : { admin_url: external, stop: async () => undefined };
  const template = `td_template_${randomBytes(6).toString('hex')}`;
  const { admin_url } = cluster;
  try {
    await asAdmin(admin_url, `CREATE DATABASE ${template}`);
    const url = withDatabase(admin_url, template);
    await migrate(url, { log: SILENT, wait_seconds: 5 });
    // Once here, so that no two test files set the passwords of the cluster's roles at the same time.
    const database = await openDatabase({ url, pool_size: 1, log: SILENT, wait_seconds: 5 });
    const mode = database.role_mode;
    await database.close();
    return {
      provided: { admin_url, template },
      name: `${await versionOf(admin_url)}, ${mode === 'three_roles' ? 'three roles' : 'one role'}`,
      async stop() {
        await asAdmin(admin_url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
        await cluster.stop();
      },
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function ownCluster(
  wanted: string | undefined,
  settings: Record<string, string>,
): Promise<{ admin_url: string; stop(): Promise<void> }> {
  const account = unprivilegedAccount();
  const binaries = chooseBinaries(wanted, account);
  const home = mkdtempSync(join(tmpdir(), 'taylordash-test-'));
  if (account !== undefined) chownSync(home, account.uid, account.gid);
  const paths = { data: join(home, 'data'), log: join(home, 'postgres.log') };
  const password = randomBytes(12).toString('hex');
  await initCluster(binaries, account, paths, password, true);
  const postmaster = await launch(binaries, account, paths, await freePort(), settings);
  // When this process ends in whatever way, the pipe closes and the cluster goes.
  const watch = spawn(
    '/bin/sh',
    [
      '-c',
      'cat >/dev/null; if [ -d "$1" ]; then kill -QUIT "$2"; sleep 1; rm -rf "$1"; fi',
      'watch',
      home,
      String(postmaster.pid),
    ],
    { detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  watch.unref();
  return {
    admin_url: `postgres://${SUPERUSER}:${password}@127.0.0.1:${postmaster.port}/postgres`,
    async stop() {
      await stopPostmaster(postmaster, paths.data);
      rmSync(home, { recursive: true, force: true });
      watch.stdin?.end();
    },
  };
}

function chooseBinaries(wanted: string | undefined, account: Account | undefined): Binaries {
  if (wanted === undefined || wanted === '') return runnableBinaries(findBinaries(), account, SILENT);
  const bin = `/usr/lib/postgresql/${wanted}/bin`;
  if (!existsSync(join(bin, 'initdb'))) throw new Error(`TEST_POSTGRES=${wanted}: there is no ${bin}/initdb`);
  return { bin, version: wanted, major: Number.parseInt(wanted, 10) };
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** Runs one statement on a connection of its own. */
export async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function versionOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<{ server_version: string }>('SHOW server_version');
    return `PostgreSQL ${result.rows[0]?.server_version}`;
  } finally {
    await client.end();
  }
}
