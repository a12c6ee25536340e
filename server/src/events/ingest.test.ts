// What comes in over MQTT: mirrored once, or a dead letter with its bytes, and acknowledged only after the commit. On each broker there is.
import { randomUUID } from 'node:crypto';
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
import { type Mosquitto, mosquittoBinary, startMosquitto } from '../../../test/harness/mosquitto.ts';

const binary = mosquittoBinary();
const brokers = binary === null ? (['embedded'] as const) : (['embedded', 'mosquitto'] as const);
console.log(`Brokers of this run: ${brokers.join(', ')}${binary === null ? ' (there is no Mosquitto here)' : ''}`);

const topic = 'tracker/events/garden/watered';

/** Holds a lock on the mirror until released. */
function blockMirror(test: EventsUnderTest): { locked: Promise<void>; release(): Promise<void> } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let lock: () => void = () => undefined;
  const locked = new Promise<void>((resolve) => {
    lock = resolve;
  });
  const held = test.database.app.transaction().execute(async (tx) => {
    await sql`lock table public.events_mirror in exclusive mode`.execute(tx);
    lock();
    await opened;
  });
  return {
    locked,
    release: () => {
      open();
      return held;
    },
  };
}

describe.each(brokers)('ingest over the %s broker', (kind) => {
  let mosquitto: Mosquitto | null = null;
  let test: EventsUnderTest;

  beforeAll(async () => {
    if (kind === 'mosquitto' && binary !== null) mosquitto = await startMosquitto(binary);
    test = await eventsUnderTest(mosquitto === null ? {} : { broker_url: mosquitto.url });
    await eventually(async () => (await test.events.health()).broker.state === 'healthy');
  });
  afterAll(async () => {
    await test.stop();
    await mosquitto?.remove();
  });

  const mirrored = (key: string) =>
    test.rows<{ id: string; topic: string; source: string; payload: string }>(
      `select id::text, topic, source, payload::text from public.events_mirror where payload->>'idempotency_key' = '${key}'`,
    );
  const lettersOn = (where: string) =>
    test.rows<{
      reason_code: string;
      failure_reason: string;
      raw: Buffer;
      attempts: number;
      payload: unknown;
      original_topic: string;
      sqlstate: string | null;
    }>(
      `select reason_code, failure_reason, raw, attempts, payload, original_topic, sqlstate from public.dlq_events where ${where} order by id`,
    );

  it('mirrors a good event with the digits it came with', async () => {
    const client = await test.client();
    const key = randomUUID();
    const text = envelope({ idempotency_key: key, payload: { n: 0 } }).replace(
      '"n":0',
      '"n":1.50,"big":12345678901234567890.5',
    );
    await client.publishAsync(topic, text, { qos: 1 });
    const [row] = await eventually(async () => {
      const rows = await mirrored(key);
      return rows.length > 0 && rows;
    });
    expect(row).toMatchObject({ topic, source: 'mqtt' });
    expect(row?.payload).toContain('1.50');
    expect(row?.payload).toContain('12345678901234567890.5');
  });

  it('keeps six messages that are not UTF-8, a bad trace_id and a topic of 300 characters, and takes the next good one', async () => {
    const client = await test.client();
    const place = `tracker/events/poison/${kind}`;
    const bytes = Array.from({ length: 6 }, (_, n) => Buffer.from([0x7b, 0xff, 0xfe, n]));
    for (const message of bytes) await client.publishAsync(place, message, { qos: 1 });
    const badTrace = envelope({ trace_id: 'not-a-uuid' });
    await client.publishAsync(place, badTrace, { qos: 1 });
    const long = `tracker/events/${'x'.repeat(285)}`;
    expect(long.length).toBe(300);
    const onLong = envelope();
    await client.publishAsync(long, onLong, { qos: 1 });
    const key = randomUUID();
    await client.publishAsync(place, envelope({ idempotency_key: key }), { qos: 1 });
    await eventually(async () => (await mirrored(key)).length === 1);

    const letters = await eventually(async () => {
      const rows = await lettersOn(`original_topic = '${place}'`);
      return rows.length === 7 && rows;
    });
    expect(letters.map((letter) => letter.reason_code)).toEqual([...Array(6).fill('not_utf8'), 'bad_field']);
    expect(letters.slice(0, 6).map((letter) => letter.raw.toString('hex'))).toEqual(
      bytes.map((b) => b.toString('hex')),
    );
    expect(letters[6]?.failure_reason).toContain('trace_id');
    expect(letters[6]?.raw.toString()).toBe(badTrace);
    const [cut, ...more] = await lettersOn(`original_topic = '${long.slice(0, 255)}'`);
    expect(more).toEqual([]);
    expect(cut).toMatchObject({ reason_code: 'bad_topic', attempts: 1 });
    expect(cut?.raw.toString()).toBe(onLong);
  });

  it('acknowledges a duplicate without storing it, and keeps other content under the same key as a dead letter', async () => {
    const client = await test.client();
    const key = `key-${randomUUID()}`;
    const text = envelope({ idempotency_key: key });
    for (let n = 0; n < 3; n++) await client.publishAsync(topic, text, { qos: 1 });
    // The same content with other spacing is the same.
    await client.publishAsync(topic, JSON.stringify(JSON.parse(text), null, 2), { qos: 1 });
    await client.publishAsync(topic, envelope({ idempotency_key: key, payload: { litres: 3 } }), { qos: 1 });
    const letters = await eventually(async () => {
      const rows = await lettersOn(`event_key = '${key}'`);
      return rows.length > 0 && rows;
    });
    expect(letters).toHaveLength(1);
    expect(letters[0]?.reason_code).toBe('key_reused');
    expect(await mirrored(key)).toHaveLength(1);
  });

  it('counts the same poison on one row', async () => {
    const client = await test.client();
    const place = `tracker/events/flood/${kind}`;
    const times = 2000;
    await Promise.all(Array.from({ length: times }, () => client.publishAsync(place, 'no JSON at all', { qos: 1 })));
    const rows = await eventually(async () => {
      const found = await lettersOn(`original_topic = '${place}'`);
      return found[0]?.attempts === times && found;
    });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.payload).toEqual({ raw_base64: Buffer.from('no JSON at all').toString('base64') });
  });

  it('finds the one message of a batch that the database refuses, and stores the others in order', async () => {
    const client = await test.client();
    const place = `tracker/events/halving/${kind}`;
    const keys = Array.from({ length: 120 }, (_, n) => `${kind}-${n}-${randomUUID()}`);
    // Finite in JavaScript, beyond what a numeric of PostgreSQL holds.
    const texts = keys.map((key, n) =>
      envelope({ idempotency_key: key, payload: { n } }).replace(`"n":${n}`, n === 77 ? '"n":1e-20000' : `"n":${n}`),
    );
    await Promise.all(texts.map((text) => client.publishAsync(place, text, { qos: 1 })));
    const [refused, ...others] = await eventually(async () => {
      const rows = await lettersOn(`original_topic = '${place}'`);
      return rows.length > 0 && rows;
    });
    expect(others).toEqual([]);
    expect(refused).toMatchObject({ reason_code: 'refused_by_database', sqlstate: '22003' });
    expect(refused?.raw.toString()).toBe(texts[77]);
    const stored = await eventually(async () => {
      const rows = await test.rows<{ n: number }>(
        `select (payload->'payload'->>'n')::int as n from public.events_mirror where topic = '${place}' order by id`,
      );
      return rows.length === 119 && rows;
    });
    expect(stored.map((row) => row.n)).toEqual(keys.map((_, n) => n).filter((n) => n !== 77));
  });

  it('writes a metric beside its event, and refuses one without a number', async () => {
    const client = await test.client();
    const place = `tracker/metrics/greenhouse/temperature_${kind}`;
    await client.publishAsync(place, envelope({ payload: { value: 21.5, unit: '°C', tags: { bed: 2 } } }), { qos: 1 });
    await client.publishAsync(place, envelope({ payload: { value: 'warm' } }), { qos: 1 });
    const letters = await eventually(async () => {
      const rows = await lettersOn(`original_topic = '${place}'`);
      return rows.length > 0 && rows;
    });
    expect(letters[0]?.failure_reason).toContain('payload.value');
    // With a broker outside, an acknowledgement to the publisher says nothing of ours.
    const metrics = await eventually(async () => {
      const rows = await test.rows(
        `select service, metric_value, metric_unit, tags from logging.system_metrics where metric_name = 'temperature_${kind}'`,
      );
      return rows.length > 0 && rows;
    });
    expect(metrics).toEqual([
      expect.objectContaining({ service: 'greenhouse', metric_value: 21.5, metric_unit: '°C' }),
    ]);
  });

  it('does not acknowledge while the database is away, and then stores each event once', async () => {
    const client = await test.client();
    // The lock stands for a database that hangs: the insert waits behind it.
    const { locked, release } = blockMirror(test);
    await locked;
    const keys = Array.from({ length: 50 }, () => randomUUID());
    let acknowledged = 0;
    const publishing = keys.map((key) =>
      client.publishAsync(topic, envelope({ idempotency_key: key }), { qos: 1 }).then(() => {
        acknowledged++;
      }),
    );
    if (kind === 'embedded') {
      await pause(400);
      expect(acknowledged).toBe(0);
    } else {
      await Promise.all(publishing);
      await pause(400);
    }
    await killLeader(test);
    await pause(200);
    if (kind === 'embedded') expect(acknowledged).toBe(0);
    await release();
    await Promise.all(publishing);
    const list = keys.map((key) => `'${key}'`).join(',');
    await eventually(async () => {
      const [row] = await test.rows<{ n: string }>(
        `select count(distinct payload->>'idempotency_key') as n from public.events_mirror where payload->>'idempotency_key' in (${list})`,
      );
      return row?.n === '50';
    });
    const [row] = await test.rows<{ n: string }>(
      `select count(*) as n from public.events_mirror where payload->>'idempotency_key' in (${list})`,
    );
    expect(row?.n).toBe('50');
  });

  it('publishes what happened here, and does not take it in again', async () => {
    const client = await test.client();
    const place = `tracker/events/projects/relayed_${kind}`;
    const got: { n: number }[] = [];
    client.on('message', (from, payload) => {
      if (from === place) got.push(JSON.parse(payload.toString()).payload);
    });
    await client.subscribeAsync('tracker/events/projects/#', { qos: 1 });
    await emitThroughOutbox(test, 25, place);
    await eventually(() => got.length >= 25);
    expect(got.map(({ n }) => n)).toEqual(Array.from({ length: 25 }, (_, n) => n));
    // An echo, as a broker without noLocal hands it back.
    const [row] = await test.rows<{ payload: string }>(
      `select payload::text from public.events_mirror where topic = '${place}' order by id limit 1`,
    );
    await client.publishAsync(place, row?.payload ?? '', { qos: 1 });
    const after = randomUUID();
    await client.publishAsync(place, envelope({ idempotency_key: after }), { qos: 1 });
    await eventually(async () => (await mirrored(after)).length === 1);
    const [count] = await test.rows<{ n: string }>(
      `select count(*) as n from public.events_mirror where topic = '${place}'`,
    );
    // The embedded broker hands nothing back: there, it is someone else who says so.
    expect(count?.n).toBe(kind === 'embedded' ? '27' : '26');
  });
});

describe.runIf(binary !== null)('a Mosquitto that goes away', () => {
  it('loses nothing of what was acknowledged or relayed', async () => {
    if (binary === null) return;
    const mosquitto = await startMosquitto(binary);
    const test = await eventsUnderTest({ broker_url: mosquitto.url });
    try {
      await eventually(async () => (await test.events.health()).broker.state === 'healthy');
      const listener = await test.client({ clientId: 'listener', clean: false });
      const got = new Set<number>();
      listener.on('message', (_topic, payload) => got.add(JSON.parse(payload.toString()).payload.n));
      await listener.subscribeAsync('tracker/events/projects/#', { qos: 1 });
      await emitThroughOutbox(test, 5);
      await eventually(() => got.size === 5);
      await mosquitto.stop();
      await eventually(async () => (await test.events.health()).broker.state === 'unavailable');
      await test.rows('delete from taylordash.outbox');
      await emitThroughOutbox(test, 8);
      await eventually(async () => {
        const [row] = await test.rows<{ n: string }>(
          "select count(*) as n from public.events_mirror where source = 'server'",
        );
        return row?.n === '13';
      });
      await mosquitto.start();
      await eventually(() => got.has(7), 20_000);
      expect([...got].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      const client = await test.client();
      const key = randomUUID();
      await client.publishAsync(topic, envelope({ idempotency_key: key }), { qos: 1 });
      await eventually(async () => {
        const rows = await test.rows(`select 1 from public.events_mirror where payload->>'idempotency_key' = '${key}'`);
        return rows.length === 1;
      });
    } finally {
      await test.stop();
      await mosquitto.remove();
    }
  }, 60_000);

  it('hands out again what was not committed when the server stopped', async () => {
    if (binary === null) return;
    const mosquitto = await startMosquitto(binary);
    const test = await eventsUnderTest({ broker_url: mosquitto.url });
    try {
      await eventually(async () => (await test.events.health()).broker.state === 'healthy');
      const { locked, release } = blockMirror(test);
      await locked;
      const client = await test.client();
      const count = 1500;
      await Promise.all(Array.from({ length: count }, () => client.publishAsync(topic, envelope(), { qos: 1 })));
      // One batch waits for the lock, the others behind it in memory.
      await pause(300);
      await test.events.stop();
      await release();
      await test.restart();
      await eventually(async () => {
        const [row] = await test.rows<{ n: string }>('select count(*) as n from public.events_mirror');
        return row?.n === String(count);
      }, 20_000);
    } finally {
      await test.stop();
      await mosquitto.remove();
    }
  }, 60_000);
});
