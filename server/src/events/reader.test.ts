// A reader on its own, whose server gives the lead away and gets it back in the middle of its work.
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { envelope, eventually } from '../../../test/harness/events.ts';
import { type TestDatabase, testDatabase } from '../../../test/harness/postgres.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { startReader } from './reader.ts';

let test: TestDatabase;
let database: Database;
const warned: unknown[] = [];
const log = { info: () => undefined, warn: (...what: unknown[]) => void warned.push(what) };
beforeAll(async () => {
  test = await testDatabase();
  database = await openDatabase({ url: test.url, pool_size: 4, log });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

it('goes on where another server came to that led meanwhile, without a fault', async () => {
  await sql`insert into public.events_mirror (topic, payload, source)
    select 'tracker/events/x/y', ${envelope()}::jsonb, 'mqtt' from generate_series(1, 6)`.execute(database.app);
  const handled: string[][] = [];
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const reader = startReader({
    ...{ db: database.app, log, name: 'counted', verb: 'counted', where: sql`true`, ours: true, begin: 'oldest' },
    batch: 2,
    async handle(events) {
      handled.push(events.map(({ id }) => id));
      if (handled.length === 1) await finished;
    },
  });
  reader.lead();
  await eventually(() => handled.length === 1);
  reader.rest();
  await sql`insert into taylordash.cursors (name, position) values ('counted', 4)`.execute(database.app);
  reader.lead();
  finish();
  await eventually(() => handled.at(-1)?.includes('6'));
  await reader.settle(1000);
  await reader.stop();
  expect(handled).toEqual([
    ['1', '2'],
    ['5', '6'],
  ]);
  expect(warned).toEqual([]);
});

it('moves its cursor past what is not for it, in few writes, and hears at once what is', async () => {
  const add = (topic: string) =>
    sql<{
      id: string;
    }>`insert into public.events_mirror (topic, payload, source) values (${topic}, ${envelope()}::jsonb, 'mqtt')
      returning id::text as id`.execute(database.app);
  const cursor = async () => {
    const { rows } = await sql<{ position: string }>`
      select position::text as position
      from taylordash.cursors where name = 'seldom'`.execute(database.app);
    return rows[0]?.position;
  };
  const heard: string[] = [];
  const reader = startReader({
    ...{ db: database.app, log, name: 'seldom', verb: 'heard', where: sql`e.topic = 'tracker/events/for/me'` },
    ...{ ours: false, begin: 'newest' },
    async handle(events) {
      heard.push(...events.map(({ id }) => id));
    },
  });
  reader.lead();
  await eventually(async () => (await cursor()) !== undefined);
  const positions = new Set<string | undefined>();
  let newest: string | undefined;
  for (let n = 0; n < 60; n++) {
    newest = (await add('tracker/events/not/mine')).rows[0]?.id;
    reader.wake(false);
    await pause(5);
    positions.add(await cursor());
  }
  await eventually(async () => (await cursor()) === newest);
  // Each of the sixty would have been one.
  expect(positions.size).toBeLessThan(10);
  const mine = (await add('tracker/events/for/me')).rows[0]?.id;
  reader.wake(false);
  await eventually(async () => heard.length === 1 && (await cursor()) === mine);
  expect(heard).toEqual([mine]);
  await reader.stop();
});
