// One order: a reader that asks for what is beyond its cursor misses nothing of the mirror, where the same reader of a plain table does.
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EventsUnderTest,
  emitThroughOutbox,
  envelope,
  eventsUnderTest,
  eventually,
  killLeader,
} from '../../../test/harness/events.ts';
import { startEvents } from './start-events.ts';

describe('the order of the mirror', () => {
  let test: EventsUnderTest;
  beforeAll(async () => {
    test = await eventsUnderTest();
  });
  afterAll(() => test.stop());

  /** Reads ids beyond its cursor until told to stop, as live views and plugins do. */
  function follow(table: string): { stop(): Promise<Set<string>> } {
    const seen = new Set<string>();
    let cursor = '0';
    let done = false;
    const running = (async () => {
      for (let last = false; ; ) {
        const rows = await test.rows<{ id: string }>(
          `select t.id::text as id from ${table} t where t.id > ${cursor} order by t.id`,
        );
        for (const row of rows) {
          seen.add(row.id);
          cursor = row.id;
        }
        if (last && rows.length === 0) return;
        last = done;
        await pause(1);
      }
    })();
    return {
      async stop() {
        done = true;
        await running;
        return seen;
      },
    };
  }

  /** Transactions of eight writers that overlap: each takes its id at once and commits some milliseconds later, or rolls back. */
  async function writeConcurrently(each: number): Promise<number> {
    let committed = 0;
    const writers = [0, 1, 2, 3, 4, 5, 6, 7].map(async (writer) => {
      const connection = await test.database.leaderConnection();
      for (let n = 0; n < each; n++) {
        const rollback = n % 10 === 9;
        await connection.query('begin');
        await connection.query('insert into taylordash.outbox (topic, payload) values ($1, $2::jsonb)', [
          'tracker/events/projects/created',
          envelope({ kind: 'project_created', payload: { writer, n } }),
        ]);
        await pause((writer * 7 + n * 3) % 12);
        await connection.query(rollback ? 'rollback' : 'commit');
        if (!rollback) committed++;
        test.events.wake();
      }
      await connection.end();
    });
    await Promise.all(writers);
    return committed;
  }

  it('is that of commits, also across a change of the leader; and the control misses rows', async () => {
    const reader = follow('public.events_mirror');
    const writing = writeConcurrently(40);
    await pause(150);
    await killLeader(test);
    const committed = await writing;
    await eventually(async () => {
      const [row] = await test.rows<{ n: string }>('select count(*) as n from public.events_mirror');
      return Number(row?.n) === committed;
    });
    const seen = await reader.stop();
    expect(seen.size).toBe(committed);
    const [left] = await test.rows<{ n: string }>('select count(*) as n from taylordash.outbox');
    expect(left?.n).toBe('0');
  });

  it('is not held up by a writer that stays open for long', async () => {
    const slow = await test.database.leaderConnection();
    const insert = (n: number) => [
      'tracker/events/projects/held',
      envelope({ kind: 'project_created', payload: { n } }),
    ];
    const text = 'insert into taylordash.outbox (topic, payload) values ($1, $2::jsonb)';
    await slow.query('begin');
    await slow.query(text, insert(1));
    const quick = await test.database.leaderConnection();
    for (let n = 2; n <= 50; n++) await quick.query(text, insert(n));
    await quick.end();
    test.events.wake();
    const held =
      "select (e.payload->'payload'->>'n')::int as n from public.events_mirror e where topic like '%/held' order by id";
    // All the others are there while the first is still open.
    await eventually(async () => (await test.rows(held)).length === 49);
    await slow.query('commit');
    await slow.end();
    test.events.wake();
    const rows = await eventually(async () => {
      const found = await test.rows<{ n: number }>(held);
      return found.length === 50 && found;
    });
    // It comes last: where it was committed, and not where it was begun.
    expect(rows.at(-1)?.n).toBe(1);
  });

  it('would not be, were events numbered when they are written', async () => {
    // The same writers while nobody drains: the outbox itself is what a naive reader would read.
    await test.events.stop();
    const reader = follow('taylordash.outbox');
    const committed = await writeConcurrently(15);
    const seen = await reader.stop();
    expect(seen.size).toBeLessThan(committed);
    await sql`delete from taylordash.outbox`.execute(test.database.app);
    await test.restart();
  });

  it('keeps each writer’s own order', async () => {
    await emitThroughOutbox(test, 120, 'tracker/events/projects/ordered');
    const rows = await eventually(async () => {
      const found = await test.rows<{ n: number }>(
        "select (e.payload->'payload'->>'n')::int as n from public.events_mirror e where e.topic = 'tracker/events/projects/ordered' order by e.id",
      );
      return found.length === 120 && found;
    });
    expect(rows.map((row) => row.n)).toEqual(Array.from({ length: 120 }, (_, n) => n));
  });

  it('moves an event that the mirror refuses to the dead letters, and the others past it', async () => {
    await test.rows(
      `insert into taylordash.outbox (topic, payload) values
        ('tracker/events/projects/a', '${envelope({ payload: { n: 1 } })}'),
        ('tracker/events/projects/b', '${envelope({ trace_id: 'not-a-uuid' })}'),
        ('tracker/events/projects/c', '${envelope({ payload: { n: 3 } })}')`,
    );
    test.events.wake();
    await eventually(async () => (await test.rows('select 1 from taylordash.outbox')).length === 0);
    const stored = await test.rows(
      "select 1 from public.events_mirror where topic in ('tracker/events/projects/a', 'tracker/events/projects/c')",
    );
    expect(stored).toHaveLength(2);
    const dead = await test.rows(
      "select reason_code, stage, sqlstate from public.dlq_events where original_topic = 'tracker/events/projects/b'",
    );
    expect(dead).toEqual([{ reason_code: 'refused_by_database', stage: 'outbox', sqlstate: '22P02' }]);
  });
});

describe('the relay', () => {
  it('publishes in order of ids, and goes on after a restart where it was', async () => {
    const test = await eventsUnderTest();
    try {
      const got: number[] = [];
      const listen = async () => {
        const client = await test.client();
        client.on('message', (_topic, payload) => got.push(JSON.parse(payload.toString()).payload.n));
        await client.subscribeAsync('tracker/events/projects/#', { qos: 1 });
      };
      await listen();
      await emitThroughOutbox(test, 250);
      await eventually(() => got.length === 250);
      expect(got).toEqual(Array.from({ length: 250 }, (_, n) => n));
      await eventually(async () => {
        const [row] = await test.rows<{ position: string }>(
          "select position::text from taylordash.cursors where name = 'mqtt-relay'",
        );
        return row?.position === '250';
      });
      await test.restart();
      got.length = 0;
      await listen();
      await emitThroughOutbox(test, 3);
      await eventually(() => got.length >= 3);
      await pause(100);
      expect(got).toEqual([0, 1, 2]);
    } finally {
      await test.stop();
    }
  });
});

describe('a second server with a broker of its own on one database', () => {
  it('is refused with a message', async () => {
    const test = await eventsUnderTest();
    try {
      const silent = { info: () => undefined, warn: () => undefined };
      const second = startEvents({
        database: test.database,
        log: silent,
        mqtt: { host: '127.0.0.1', port: 0 },
        lock_wait: 300,
      });
      await expect(second).rejects.toThrow('Another TaylorDash server works on this database');
    } finally {
      await test.stop();
    }
  });
});
