// Migrations: repeatable, safe together, all or nothing, and honest about what they refuse.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/harness/postgres.ts';
import { MigrationRefused, migrate } from './migrate.ts';

const log = { info: () => undefined, warn: () => undefined };
let database: TestDatabase;
const folders: string[] = [];

beforeEach(async () => {
  database = await testDatabase({ empty: true });
});
afterEach(async () => {
  await database.drop();
  for (const directory of folders.splice(0)) rmSync(directory, { recursive: true });
});

async function rows(statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

function folder(files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), 'taylordash-migrations-'));
  folders.push(directory);
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(directory, name), sql);
  return directory;
}

const header = '-- oldest server: 0.1.0\n';

describe('the release’s own migrations', () => {
  test('apply once and leave nothing to do the second time', async () => {
    const first = await migrate(database.url, { log });
    expect(first.applied.length).toBeGreaterThan(10);
    expect((await migrate(database.url, { log })).applied).toEqual([]);
    const kept = await rows('SELECT name, checksum, oldest_server FROM taylordash.schema_migrations ORDER BY version');
    expect(kept.map((row) => row.name)).toEqual(first.applied);
    for (const row of kept) expect(row.checksum).toMatch(/^[0-9a-f]{64}$/);
  });

  test('two servers at once apply each file once', async () => {
    const told: string[] = [];
    const both = await Promise.all(
      [1, 2].map(() =>
        migrate(database.url, { log: { info: (message) => told.push(message), warn: () => undefined } }),
      ),
    );
    expect(both.map((result) => result.applied.length).sort((a, b) => a - b)[0]).toBe(0);
    expect(Math.max(...both.map((result) => result.applied.length))).toBeGreaterThan(10);
    expect(told).toEqual(['another server is migrating this database: waiting for it']);
  });

  test('two databases of one cluster can be migrated at once', async () => {
    const others = await Promise.all([testDatabase({ empty: true }), testDatabase({ empty: true })]);
    const results = await Promise.all(others.map((other) => migrate(other.url, { log })));
    expect(results[0]?.applied).toEqual(results[1]?.applied);
    await Promise.all(others.map((other) => other.drop()));
  });
});

describe('a folder of migrations', () => {
  const one = { '0001_one.sql': `${header}CREATE TABLE one (a int);` };

  test('an edited file is refused by name, and nothing else is applied', async () => {
    await migrate(database.url, { log, directory: folder(one) });
    const edited = folder({
      '0001_one.sql': `${header}CREATE TABLE one (a bigint);`,
      '0002_two.sql': `${header}CREATE TABLE two (a int);`,
    });
    await expect(migrate(database.url, { log, directory: edited })).rejects.toThrow(/Migration 0001_one was edited/);
    expect(await rows("SELECT to_regclass('two') AS two")).toEqual([{ two: null }]);
  });

  test('other line ends are no edit', async () => {
    await migrate(database.url, { log, directory: folder(one) });
    const windows = folder({ '0001_one.sql': one['0001_one.sql'].replaceAll('\n', '\r\n') });
    expect(await migrate(database.url, { log, directory: windows })).toEqual({ applied: [] });
  });

  test('a file that fails leaves nothing of itself, and those before it stay', async () => {
    const directory = folder({
      ...one,
      '0002_two.sql': `${header}CREATE TABLE two (a int); INSERT INTO two VALUES (1); SELECT 1/0;`,
    });
    await expect(migrate(database.url, { log, directory })).rejects.toThrow(
      'migration 0002_two failed and was taken back: division by zero',
    );
    expect(await rows("SELECT to_regclass('one')::text AS one, to_regclass('two') AS two")).toEqual([
      { one: 'one', two: null },
    ]);
    expect(await rows('SELECT version FROM taylordash.schema_migrations')).toEqual([{ version: 1 }]);
  });

  test('a file that gets into a deadlock with a server in service is run again', async () => {
    const told: string[] = [];
    const directory = folder({
      '0001_one.sql': `${header}CREATE SEQUENCE tries;`,
      '0002_two.sql': `${header}CREATE TABLE two (a int);
        DO $$ BEGIN IF nextval('tries') < 3 THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END IF; END $$;`,
    });
    const telling = { info: (message: string) => told.push(message), warn: () => undefined };
    expect((await migrate(database.url, { log: telling, directory })).applied).toEqual(['0001_one', '0002_two']);
    expect(told).toEqual(Array(2).fill('migration 0002_two is tried again: deadlock detected'));
    expect(await rows("SELECT to_regclass('two')::text AS two")).toEqual([{ two: 'two' }]);
  });

  test('a connection killed in the middle leaves all or nothing, and the next run finishes', async () => {
    const slow = folder({
      ...one,
      '0002_two.sql': `${header}CREATE TABLE two (a int); SELECT pg_sleep(0.5); CREATE TABLE three (a int);`,
    });
    const running = migrate(database.url, { log, directory: slow });
    const failed = expect(running).rejects.toThrow(/0002_two/);
    const kill =
      "SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity WHERE application_name = 'taylordash owner' AND query LIKE '%pg_sleep%' AND datname = current_database() AND pid <> pg_backend_pid()";
    while ((await rows(kill)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await failed;
    expect(await rows("SELECT to_regclass('two') AS two, to_regclass('three') AS three")).toEqual([
      { two: null, three: null },
    ]);
    expect((await migrate(database.url, { log, directory: slow })).applied).toEqual(['0002_two']);
    expect(await rows("SELECT to_regclass('two')::text AS two, to_regclass('three')::text AS three")).toEqual([
      { two: 'two', three: 'three' },
    ]);
  });

  test('a newer database that needs a newer server is refused; one that does not is used', async () => {
    const newer = folder({ ...one, '0002_two.sql': '-- oldest server: 0.3.0\nCREATE TABLE two (a int);' });
    await migrate(database.url, { log, directory: newer, server_version: '0.3.0' });
    const older = migrate(database.url, { log, directory: folder(one), server_version: '0.2.9' });
    await expect(older).rejects.toThrow(MigrationRefused);
    await expect(older).rejects.toThrow(
      /newer TaylorDash \(0002_two\) that needs release 0\.3\.0 or later; this is 0\.2\.9/,
    );
    expect(await migrate(database.url, { log, directory: folder(one), server_version: '0.10.0' })).toEqual({
      applied: [],
    });
  });

  test('a file without a header, with a bad name or with a number used twice is refused', async () => {
    const tryFolder = (files: Record<string, string>) => migrate(database.url, { log, directory: folder(files) });
    await expect(tryFolder({ '0001_one.sql': 'SELECT 1' })).rejects.toThrow(/oldest server/);
    await expect(tryFolder({ '1_one.sql': header })).rejects.toThrow(/NNNN_name\.sql/);
    await expect(tryFolder({ '0001_a.sql': header, '0001_b.sql': header })).rejects.toThrow(/same number/);
  });
});
