// The order of the mirror, and of what is relayed from it. That its readers miss nothing is test/reliability/readers.test.ts.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EventsUnderTest,
  emitThroughOutbox,
  envelope,
  eventsUnderTest,
  eventually,
} from '../../../test/harness/events.ts';
import { startEvents } from './start-events.ts';

describe('the order of the mirror', () => {
  let test: EventsUnderTest;
  beforeAll(async () => {
    test = await eventsUnderTest();
  });
  afterAll(() => test.stop());

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

  it('takes in an event of which nobody told, while messages go on arriving', async () => {
    const client = await test.client();
    let on = true;
    const load = (async () => {
      while (on) await client.publishAsync('tracker/events/garden/watered', envelope(), { qos: 1 });
    })();
    try {
      await test.rows(
        `insert into taylordash.outbox (topic, payload) values ('tracker/events/projects/untold', '${envelope()}')`,
      );
      await eventually(
        async () =>
          (await test.rows("select 1 from public.events_mirror where topic = 'tracker/events/projects/untold'"))
            .length > 0,
      );
    } finally {
      on = false;
      await load;
      await client.endAsync();
    }
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
