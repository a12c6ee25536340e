// The pools, transactions, notifications and the leader's connection, against a real PostgreSQL.
import { connect, createServer } from 'node:net';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/harness/postgres.ts';
import { connectWhenReady, DatabaseUnreachable, readTarget } from './connect.ts';
import { type Database, openDatabase } from './database.ts';
import { classify } from './errors.ts';
import { StatementNames } from './pool.ts';
import { queryText, transaction } from './transaction.ts';

const warnings: string[] = [];
const log = { info: () => undefined, warn: (message: string) => warnings.push(message) };
let database: TestDatabase;
let db: Database;
let owner: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  db = await openDatabase({ url: database.url, pool_size: 3, log });
});
afterAll(async () => {
  await db.close();
  await owner.end();
  await database.drop();
});

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const endConnections = (name: string) =>
  owner.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()',
    [name],
  );

describe('connections', () => {
  test('one that breaks between two statements of a transaction fails the next statement, not the process', async () => {
    const uncaught: unknown[] = [];
    const keep = (error: unknown) => uncaught.push(error);
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', keep);
    try {
      const error = await failure(
        transaction(db.app, async (trx) => {
          const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
          await owner.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
          await new Promise((resolve) => setTimeout(resolve, 200));
          await sql`select 1`.execute(trx);
        }),
      );
      expect(classify(error).kind).toBe('unavailable');
      expect(uncaught).toEqual([]);
    } finally {
      process.off('uncaughtException', keep);
      for (const listener of others) process.on('uncaughtException', listener);
    }
    expect((await sql<{ one: number }>`select 1 as one`.execute(db.app)).rows).toEqual([{ one: 1 }]);
  });

  test('run in UTC, give times, int8, numeric and their arrays as text', async () => {
    const result =
      await sql`SELECT current_setting('timezone') AS zone, '2026-01-15 10:30:00.123456+02'::timestamptz AS at,
      '2026-01-15 10:30:00.123456'::timestamp AS plain, '2026-01-15'::date AS day, 9007199254740993::int8 AS big, 0.10::numeric AS exact,
      ARRAY['2026-01-15 10:30:00.5+00'::timestamptz] AS list, 3::int4 AS small, '{"a": [1]}'::jsonb AS json`.execute(
        db.app,
      );
    expect(result.rows).toEqual([
      {
        zone: 'UTC',
        at: '2026-01-15 08:30:00.123456+00',
        plain: '2026-01-15 10:30:00.123456',
        day: '2026-01-15',
        big: '9007199254740993',
        exact: '0.10',
        list: ['2026-01-15 10:30:00.5+00'],
        small: 3,
        json: { a: [1] },
      },
    ]);
  });

  test('a broken idle connection is replaced without a word', async () => {
    await db.ping();
    await endConnections('taylordash app');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await db.ping();
  });

  test('queryText gives the first column as text, and asks for a cast of anything else', async () => {
    expect(await queryText(db.app, 'SELECT $1::text', ['x'])).toBe('x');
    expect(await queryText(db.app, 'SELECT NULL::text')).toBeNull();
    expect(await queryText(db.app, 'SELECT 1 WHERE false')).toBeNull();
    await expect(queryText(db.app, 'SELECT 1')).rejects.toThrow(/cast/);
  });
});

describe('prepared statements', () => {
  test('a text is prepared when it comes a second time, and planned no more', async () => {
    await db.app.transaction().execute(async (tx) => {
      const text = 'SELECT $1::int::text AS prepared_here';
      for (let count = 0; count < 3; count += 1) expect(await queryText(tx, text, [count])).toBe(String(count));
      const kept = await queryText(
        tx,
        `SELECT string_agg(name, ' ') FROM pg_prepared_statements WHERE statement LIKE '%prepared_here%' AND name <> ''`,
      );
      expect(kept).toMatch(/^td_\S{16}$/);
    });
  });

  test('a table that changed under a statement costs one retry, not the connection', async () => {
    await owner.query(
      'CREATE TABLE shifting (a int); INSERT INTO shifting VALUES (1); GRANT SELECT ON shifting TO td_app',
    );
    const read = () => transaction(db.app, (tx) => sql<{ a: number }>`SELECT * FROM shifting`.execute(tx));
    await read();
    await read();
    await owner.query("ALTER TABLE shifting ADD COLUMN b text DEFAULT 'new'");
    expect((await read()).rows).toEqual([{ a: 1, b: 'new' }]);
    expect((await read()).rows).toEqual([{ a: 1, b: 'new' }]);
  });

  test('names are bounded, differ by text, and utility statements have none', () => {
    const names = new StatementNames();
    const given = new Set<string>();
    for (let count = 0; count < 1_000; count += 1) {
      names.nameOf(`SELECT ${count}`);
      const name = names.nameOf(`SELECT ${count}`);
      if (name !== undefined) given.add(name);
    }
    expect(given.size).toBe(400);
    expect(names.nameOf('begin')).toBeUndefined();
    expect(names.nameOf('begin')).toBeUndefined();
  });
});

describe('transaction', () => {
  test('takes back what it did where it fails', async () => {
    const work = transaction(db.app, async (tx) => {
      await tx.insertInto('projects').values({ name: 'lost' }).execute();
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await db.app.selectFrom('projects').select('id').where('name', '=', 'lost').execute()).toEqual([]);
  });

  test('runs again on a serialization failure, until both are done', async () => {
    await db.app.insertInto('taylordash.cursors').values({ name: 'race', position: '0' }).execute();
    let runs = 0;
    let bothHaveRead = () => {};
    const read = new Promise<void>((resolve) => {
      bothHaveRead = resolve;
    });
    const step = () =>
      transaction(
        db.app,
        async (tx) => {
          runs += 1;
          const { position } = await tx
            .selectFrom('taylordash.cursors')
            .select('position')
            .where('name', '=', 'race')
            .executeTakeFirstOrThrow();
          if (runs === 2) bothHaveRead();
          await read;
          await tx
            .updateTable('taylordash.cursors')
            .set({ position: String(Number(position) + 1) })
            .where('name', '=', 'race')
            .execute();
        },
        { isolation: 'serializable' },
      );
    await Promise.all([step(), step()]);
    expect(runs).toBeGreaterThan(2);
    const after = await db.app
      .selectFrom('taylordash.cursors')
      .select('position')
      .where('name', '=', 'race')
      .executeTakeFirstOrThrow();
    expect(after.position).toBe('2');
  });

  test('gives up after five attempts, and at once on anything else', async () => {
    let runs = 0;
    const failing = (code: string) =>
      failure(
        transaction(db.app, async (tx) => {
          runs += 1;
          await sql`DO ${sql.raw(`$$ BEGIN RAISE SQLSTATE '${code}'; END $$`)}`.execute(tx);
        }),
      );
    expect(classify(await failing('40P01')).kind).toBe('retry');
    expect(runs).toBe(5);
    await failing('22012');
    expect(runs).toBe(6);
  });
});

describe('classify', () => {
  test.each([
    [
      "INSERT INTO projects (name, status) VALUES ('p', 'odd')",
      { kind: 'constraint', constraint: 'projects_status_check', sqlstate: '23514' },
    ],
    ['INSERT INTO projects (name) VALUES (NULL)', { kind: 'data', sqlstate: '23502' }],
    [`INSERT INTO projects (name) VALUES (repeat('x', 300))`, { kind: 'data', sqlstate: '22001' }],
    [
      "INSERT INTO events_mirror (id, topic, payload) VALUES (1000000000, 't', '{}')",
      { kind: 'unavailable', sqlstate: '23514' },
    ],
    ["SELECT '\\u0000'::jsonb", { kind: 'data', sqlstate: '22P02' }],
    ['SELECT nothing', { kind: 'bug', sqlstate: '42703' }],
    ['DELETE FROM users', { kind: 'bug', sqlstate: '42501' }],
    ['SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)', { kind: 'unavailable', sqlstate: '57014' }],
  ])('%s', async (statement, expected) => {
    const run = owner.query(`BEGIN; SET LOCAL ROLE td_app; ${statement}`);
    const error = await failure(run);
    await owner.query('ROLLBACK');
    expect(classify(error)).toEqual(expected);
  });

  test('a connection that is cut, refused or not to be had is unavailable', async () => {
    const sleeping = failure(sql`SELECT pg_sleep(5)`.execute(db.auth));
    while ((await endConnections('taylordash auth')).rows.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(classify(await sleeping).kind).toBe('unavailable');
    const nowhere = { ...readTarget(database.url), port: 1 };
    const refused = await failure(connectWhenReady(nowhere, { log, wait_seconds: 0 }));
    expect(refused).toBeInstanceOf(DatabaseUnreachable);
    expect(classify(refused instanceof Error ? refused.cause : undefined).kind).toBe('unavailable');
    expect(classify(new Error('something else')).kind).toBe('bug');
    expect(classify('no error at all').kind).toBe('bug');
  });
});

describe('notifications', () => {
  test('arrive, stop when asked, and ring once more after a reconnect', async () => {
    const heard: string[] = [];
    const stop = await db.listen('bell', (payload) => heard.push(payload));
    await owner.query("NOTIFY bell, 'one'");
    await until(() => heard.length === 1);
    await endConnections('taylordash listen');
    await until(() => heard.length === 2);
    await owner.query("NOTIFY bell, 'three'");
    await until(() => heard.length === 3);
    expect(heard).toEqual(['one', '', 'three']);
    expect(warnings.join()).toMatch(/listens for notifications was lost/);
    await stop();
    await owner.query("NOTIFY bell, 'four'");
    await db.ping();
    expect(heard.length).toBe(3);
  });
});

describe('the leader’s connection', () => {
  test('is td_app’s, tells once when it is lost, and says nothing when it is ended', async () => {
    const leader = await db.leaderConnection();
    const lost: unknown[] = [];
    leader.onLost((error) => lost.push(error));
    expect(await leader.query('SELECT current_user AS name, $1::text AS value', ['x'], 'named')).toEqual([
      { name: 'td_app', value: 'x' },
    ]);
    await endConnections('taylordash leader');
    await until(() => lost.length === 1);
    await expect(leader.query('SELECT 1')).rejects.toThrow();
    const late: unknown[] = [];
    leader.onLost((error) => late.push(error));
    expect([lost.length, late.length]).toEqual([1, 1]);

    const second = await db.leaderConnection();
    const quiet: unknown[] = [];
    second.onLost((error) => quiet.push(error));
    await second.end();
    expect(quiet).toEqual([]);
  });
});

describe('a database that is away', () => {
  test('is waited for with a message, and found when it comes', async () => {
    const target = readTarget(database.url);
    const gate = createServer((socket) => {
      const onward = pgSocket(target.port);
      socket.pipe(onward).pipe(socket);
      for (const each of [socket, onward]) each.on('error', () => undefined);
    });
    const port = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
      });
    });
    const said: string[] = [];
    const connecting = connectWhenReady(
      { ...target, port },
      { log: { info: () => undefined, warn: (message) => said.push(message) }, wait_seconds: 20 },
    );
    setTimeout(() => gate.listen(port, '127.0.0.1'), 300);
    const client = await connecting;
    await client.end();
    gate.close();
    expect(said.length).toBe(1);
    expect(said[0]).toMatch(/^waiting for PostgreSQL \(.* at 127\.0\.0\.1:\d+\/.*\): .*ECONNREFUSED/);
  });

  test('after the time is up the message says what to check, and never the password', async () => {
    const target = { ...readTarget(database.url), port: 1, password: 'do-not-print' };
    const error = await failure(connectWhenReady(target, { log, wait_seconds: 0 }));
    expect(String(error)).toMatch(/DATABASE_URL names the right host and port/);
    expect(`${error}${JSON.stringify(error)}`).not.toContain('do-not-print');
  });

  test.each(['postgres://u:p#ss@host:notaport/db', 'mysql://u:p#ss@host/db', 'p#ss'])(
    '%s is no URL, and is not repeated',
    (url) => {
      expect(() => readTarget(url)).toThrow(DatabaseUnreachable);
      expect(() => readTarget(url)).toThrow(/^DATABASE_URL cannot be read(?!.*p#ss)/);
    },
  );

  test.each([
    [{ password: 'wrong-one' }, /refuses the password/],
    [{ database: 'nowhere' }, /no such database/],
    [{ ssl: true }, /disagree on TLS/],
  ])('waiting cannot help with %o', async (change, message) => {
    const started = performance.now();
    const error = await failure(
      connectWhenReady({ ...readTarget(database.url), ...change }, { log, wait_seconds: 20 }),
    );
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain('wrong-one');
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

function pgSocket(port: number) {
  return connect({ port, host: '127.0.0.1' });
}
