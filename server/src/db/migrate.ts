// Brings a database to this release's schema: one transaction a file, in order, under a lock.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { connectWhenReady, type DatabaseTls, readTarget } from './connect.ts';
import { classify } from './errors.ts';
import type { Log } from './log.ts';

/** A database that this release must not touch; the message says why and what to do. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

export type MigrateOptions = {
  log: Log;
  tls?: DatabaseTls;
  /** Folder of NNNN_name.sql files; the repository's db/migrations by default. */
  directory?: string;
  /** This release, `1.2.3`; from server/package.json by default. */
  server_version?: string;
  /** How long to wait for a database that is away, 60 by default. */
  wait_seconds?: number;
};

type Migration = { version: number; name: string; sql: string; checksum: string; oldest_server: string };
type AppliedRow = { version: number; name: string; checksum: string; oldest_server: string };

// Any constant will do: the lock is this database's alone.
const LOCK = "hashtextextended('taylordash.migrate', 0)";

const BOOKKEEPING = `
  CREATE SCHEMA IF NOT EXISTS taylordash;
  CREATE TABLE IF NOT EXISTS taylordash.schema_migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    oldest_server TEXT NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    duration_ms INTEGER NOT NULL
  )`;

/**
 * Applies what is missing and returns the names of what it applied. Safe to run twice and by two servers at once.
 * @throws {MigrationRefused} an applied file was edited, or a newer release has made this one too old.
 * @throws {DatabaseUnreachable}
 */
export async function migrate(connectionString: string, options: MigrateOptions): Promise<{ applied: string[] }> {
  const directory = options.directory ?? join(import.meta.dirname, '../../../db/migrations');
  const [migrations, serverVersion] = await Promise.all([
    readMigrations(directory),
    options.server_version ?? readServerVersion(),
  ]);
  const client = await connectWhenReady(readTarget(connectionString, options.tls), options);
  try {
    await lock(client, options.log);
    const known = await readApplied(client);
    refuseMismatch(migrations, known, serverVersion);
    const done = new Set(known.map((row) => row.version));
    const pending = migrations.filter((migration) => !done.has(migration.version));
    for (const migration of pending) {
      await applyWithRetries(client, migration, migration === pending.at(-1), options.log);
    }
    return { applied: pending.map((migration) => migration.name) };
  } finally {
    await client.end(); // the lock goes with the connection
  }
}

/** Reads and orders the files of a folder. */
async function readMigrations(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  const migrations = await Promise.all(
    files.map(async (file): Promise<Migration> => {
      const name = file.slice(0, -'.sql'.length);
      const number = /^(\d{4})_[a-z0-9_]+$/.exec(name)?.[1];
      if (number === undefined) throw new Error(`${file}: a migration is named NNNN_name.sql`);
      // A checkout with Windows line ends must not look like an edit.
      const sql = (await readFile(join(directory, file), 'utf8')).replaceAll('\r\n', '\n');
      const oldest = /^-- oldest server: (\d+\.\d+\.\d+)$/m.exec(sql)?.[1];
      if (oldest === undefined) throw new Error(`${file}: says no "-- oldest server: 1.2.3"`);
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { version: Number(number), name, sql, checksum, oldest_server: oldest };
    }),
  );
  for (const [index, migration] of migrations.entries()) {
    const before = migrations[index - 1];
    if (before !== undefined && before.version === migration.version) {
      throw new Error(`${before.name} and ${migration.name} have the same number`);
    }
  }
  return migrations;
}

async function readServerVersion(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../../package.json'), 'utf8');
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string') {
    return parsed.version;
  }
  throw new Error('server/package.json names no version');
}

/** Lock: session advisory lock of this database, held until the connection ends. */
async function lock(client: pg.Client, log: Log): Promise<void> {
  const tried = await client.query<{ held: boolean }>(`SELECT pg_try_advisory_lock(${LOCK}) AS held`);
  if (tried.rows[0]?.held === true) return;
  log.info('another server is migrating this database: waiting for it');
  await client.query(`SELECT pg_advisory_lock(${LOCK})`);
}

/** Index: none, a row a migration. Order: version. */
async function readApplied(client: pg.Client): Promise<AppliedRow[]> {
  const found = await client.query<{ there: boolean }>(
    `SELECT to_regclass('taylordash.schema_migrations') IS NOT NULL AS there`,
  );
  if (found.rows[0]?.there !== true) {
    await client.query(BOOKKEEPING);
    return [];
  }
  const result = await client.query<AppliedRow>(
    'SELECT version, name, checksum, oldest_server FROM taylordash.schema_migrations ORDER BY version',
  );
  return result.rows;
}

function refuseMismatch(migrations: readonly Migration[], applied: readonly AppliedRow[], serverVersion: string): void {
  const ours = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const row of applied) {
    const migration = ours.get(row.version);
    if (migration === undefined) {
      if (isOlder(serverVersion, row.oldest_server)) {
        throw new MigrationRefused(
          `This database was migrated by a newer TaylorDash (${row.name}) that needs release ${row.oldest_server} or later; ` +
            `this is ${serverVersion}. Start that release, or restore the backup from before the upgrade.`,
        );
      }
      continue; // newer, and it says that we may work on it
    }
    if (migration.name !== row.name || migration.checksum !== row.checksum) {
      throw new MigrationRefused(
        `Migration ${row.name} was edited after this database applied it. Migrations only go forward: ` +
          'put the file back as it was and write a new one.',
      );
    }
  }
}

/** How often a file is run again that met what a server in service does; each deadlock takes a second to be seen. */
const mostTries = 20;

/** Runs one file, again where it got into a deadlock with a server in service. */
async function applyWithRetries(client: pg.Client, migration: Migration, last: boolean, log: Log): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await apply(client, migration, last);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (classify(error).kind === 'retry' && tries < mostTries) {
        log.info(`migration ${migration.name} is tried again: ${reason}`);
        await pause(100 + Math.random() * 400);
        continue;
      }
      throw new Error(`migration ${migration.name} failed and was taken back: ${reason}`, { cause: error });
    }
  }
}

/**
 * Runs one file and its row in one transaction and one round trip. Access is applied with the last one, so that it cannot
 * be missed by a kill in between.
 */
async function apply(client: pg.Client, migration: Migration, last: boolean): Promise<void> {
  const literal = pg.escapeLiteral;
  const access = last
    ? `DO $$ BEGIN IF to_regprocedure('taylordash.apply_access()') IS NOT NULL THEN PERFORM taylordash.apply_access(); END IF; END $$;`
    : '';
  const text = `BEGIN;
${migration.sql}
;${access}
INSERT INTO taylordash.schema_migrations (version, name, checksum, oldest_server, duration_ms)
VALUES (${migration.version}, ${literal(migration.name)}, ${literal(migration.checksum)}, ${literal(migration.oldest_server)},
  round(extract(epoch FROM clock_timestamp() - now()) * 1000));
COMMIT;`;
  try {
    await client.query(text);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Compares `1.2.3` by number; anything after a dash is left out. */
function isOlder(version: string, than: string): boolean {
  const parts = (text: string) => (text.split('-')[0] ?? '').split('.').map(Number);
  const [left, right] = [parts(version), parts(than)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
