// The gap meter over the mirror: exact whatever is killed, whoever leads, however many read at once.
import { randomUUID } from 'node:crypto';
import { countNumber, type GapState } from '@taylordash/core/gaps';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventsUnderTest, envelope, eventsUnderTest, eventually } from '../../../test/harness/events.ts';
import { type TestDatabase, testDatabase } from '../../../test/harness/postgres.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { countStep } from './gap-reader.ts';

const quiet = { info: () => undefined, warn: () => undefined };

describe('with a broker', () => {
  let test: EventsUnderTest;
  beforeAll(async () => {
    test = await eventsUnderTest();
  });
  afterAll(() => test.stop());

  const producers = () =>
    test.rows<{ producer_id: string; client_id: string; missing: number; received: number; restarts: number }>(
      `select producer_id, client_id, missing::int as missing, received::int as received, restarts::int as restarts
       from taylordash.producers order by producer_id`,
    );

  it('counts what is numbered, over a restart of the server', async () => {
    const client = await test.client({ clientId: 'pump-1' });
    const send = (producer_id: string, producer_seq: number) =>
      client.publishAsync('tracker/events/garden/watered', envelope({ producer_id, producer_seq }), { qos: 1 });
    for (const number of [0, 1, 2, 5]) await send('pump', number);
    await send('valve', 7);
    await client.publishAsync('tracker/events/garden/watered', envelope(), { qos: 1 });
    await eventually(async () => (await producers()).length === 2);
    await test.restart();
    const again = await test.client({ clientId: 'pump-1' });
    const later = (producer_seq: number) =>
      again.publishAsync('tracker/events/garden/watered', envelope({ producer_id: 'pump', producer_seq }), { qos: 1 });
    for (const number of [6, 3, 0, 1]) await later(number);
    await eventually(async () => (await producers())[0]?.received === 8);
    expect(await producers()).toEqual([
      { producer_id: 'pump', client_id: 'pump-1', missing: 1, received: 8, restarts: 1 },
      { producer_id: 'valve', client_id: 'pump-1', missing: 0, received: 1, restarts: 0 },
    ]);
  });
});

describe('on its own', () => {
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    test = await testDatabase();
    database = await openDatabase({ url: test.url, pool_size: 6, log: quiet });
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  interface Sent {
    publisher: string;
    producer_id: string;
    producer_seq: number;
  }

  async function store(events: readonly Sent[]): Promise<void> {
    const rows = events.map(({ publisher, ...numbers }) => ({
      client_id: publisher,
      payload: JSON.parse(envelope(numbers)),
    }));
    await sql`
      insert into public.events_mirror (topic, payload, source, client_id)
      select 'tracker/events/garden/watered', r.payload, 'mqtt', r.client_id
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (payload jsonb, client_id text)`.execute(
      database.app,
    );
  }

  /** Numbers of several producers in one order, with losses, late ones and new beginnings. */
  function traffic(count: number): Sent[] {
    const next = new Map<string, number>();
    const out: Sent[] = [];
    for (let n = 0; n < count; n++) {
      const publisher = `client ${n % 3}`;
      const producer_id = n % 5 === 0 ? 'a' : 'b';
      const key = publisher + producer_id;
      const number = n % 997 === 996 ? 0 : (next.get(key) ?? 0);
      next.set(key, number + 1);
      if (n % 11 !== 3) out.push({ publisher, producer_id, producer_seq: number });
      if (n % 40 === 7 && out.length > 9) out.push(...out.splice(-9, 1));
    }
    return out;
  }

  it('adds up to what one fold over everything gives, while connections are killed and two read at once', async () => {
    const events = traffic(6000);
    let killed = 0;
    const kill = async () => {
      const { rows } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query ~ 'cursors|producers' and state <> 'idle' and pid <> pg_backend_pid()`.execute(
        database.app,
      );
      killed += rows.length;
    };
    let done = false;
    let failed = 0;
    const read = async () => {
      while (!done) {
        await countStep(database.app).catch(() => {
          failed++;
        });
      }
    };
    const readers = Array.from({ length: 4 }, read);
    for (let from = 0; from < events.length; from += 50) {
      await store(events.slice(from, from + 50));
      if (from % 400 === 0) await kill();
    }
    done = true;
    await Promise.all(readers);
    while (await countStep(database.app));
    expect(Math.min(killed, failed)).toBeGreaterThan(0);

    const folded = new Map<string, GapState>();
    for (const { publisher, producer_id, producer_seq } of events) {
      const key = `${publisher} ${producer_id}`;
      folded.set(key, countNumber(folded.get(key) ?? null, producer_seq, ''));
    }
    const expected = [...folded].map(([key, { open: _open, closed: _closed, ...counts }]) => ({ key, ...counts }));
    const { rows } = await sql<{ key: string }>`
      select publisher || ' ' || producer_id as key, first_seq::int as first, next_seq::int as next, received::int as received,
        missing::int as missing, repeated::int as repeated, restarts::int as restarts from taylordash.producers`.execute(
      database.app,
    );
    const byKey = (one: { key: string }, two: { key: string }) => (one.key < two.key ? -1 : 1);
    expect([...rows].sort(byKey)).toEqual(expected.sort(byKey));
    expect(expected.some(({ missing, restarts }) => missing > 0 && restarts > 0)).toBe(true);
  }, 30_000);

  it('passes over ids that were never used, and over events of our own', async () => {
    await sql`insert into public.events_mirror (id, topic, payload, source) values
      (70000, 'tracker/events/x/y', ${envelope({ producer_id: 'p', producer_seq: 4 })}::jsonb, 'server'),
      (70001, 'tracker/events/x/y', ${envelope({ producer_id: randomUUID(), producer_seq: 4 })}::jsonb, 'http')`.execute(
      database.app,
    );
    let steps = 1;
    while (await countStep(database.app)) steps++;
    expect(steps).toBeGreaterThan(2);
    const { rows } = await sql<{
      source: string;
    }>`select source from taylordash.producers where source <> 'mqtt'`.execute(database.app);
    expect(rows).toEqual([{ source: 'http' }]);
  });
});
