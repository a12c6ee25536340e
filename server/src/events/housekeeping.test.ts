// Old idempotency keys are forgotten, a share of the table at a time, and no other key is.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/harness/postgres.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { keyWalk } from './housekeeping.ts';

let owned: TestDatabase;
let database: Database;

beforeAll(async () => {
  owned = await testDatabase();
  const log = { info: () => undefined, warn: () => undefined };
  database = await openDatabase({ url: owned.url, pool_size: 2, log });
});
afterAll(async () => {
  await database.close();
  await owned.drop();
});

it('forgets what is old in one part of the table after the other', async () => {
  const { app } = database;
  await sql`
    insert into taylordash.event_keys (source, key, content_hash, created_at)
    select 'mqtt', 'key ' || n, '', now() - make_interval(days => case when n % 3 = 0 then 91 else 89 end)
    from generate_series(1, 3000) as n`.execute(app);
  const count = async () => {
    const { rows } = await sql<{ old: number; young: number; blocks: number }>`
      select count(*) filter (where key ~ '^key' and created_at < now() - interval '90 days')::int as old,
        count(*) filter (where key ~ '^key' and created_at > now() - interval '90 days')::int as young,
        pg_relation_size('taylordash.event_keys')::int / current_setting('block_size')::int as blocks
      from taylordash.event_keys`.execute(app);
    return rows[0] ?? { old: Number.NaN, young: Number.NaN, blocks: Number.NaN };
  };
  const { blocks } = await count();
  expect(blocks).toBeGreaterThan(8);
  const walk = keyWalk(app, 4);
  let before = 1000;
  // Wherever it began, it has been everywhere after as many steps as there are.
  for (let step = 0; step < Math.ceil(blocks / 4); step++) {
    await walk(() => true);
    const { old } = await count();
    expect(old).toBeLessThan(before);
    before = old;
  }
  expect(await count()).toMatchObject({ old: 0, young: 2000 });
});

it('stops when it leads no more', async () => {
  await sql`update taylordash.event_keys set created_at = now() - interval '91 days'`.execute(database.app);
  await keyWalk(database.app)(() => false);
  const { rows } = await sql<{ left: number }>`
    select count(*)::int as left from taylordash.event_keys where key ~ '^key'`.execute(database.app);
  expect(rows).toEqual([{ left: 2000 }]);
});
