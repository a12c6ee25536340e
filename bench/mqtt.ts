// Events over MQTT, QoS 1, four publishers, until durable; beside what the broker alone and the database alone manage on the same cores.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Aedes } from 'aedes';
import { sql } from 'kysely';
import { openDatabase } from '../server/src/db/database.ts';
import { migrate } from '../server/src/db/migrate.ts';
import { startEvents } from '../server/src/events/start-events.ts';
import type { Figure } from './figure.ts';

const publishers = 4;
const batch = 500;
const silent = { info: () => undefined, warn: () => undefined };

/**
 * `url` is a database of its own, which is migrated and filled. Rounds of the three measurements, one after the other, and the
 * round whose ratio is the median: what else runs on the machine changes from one second to the next.
 */
export async function run(options: { url: string; seconds?: number; rounds?: number }): Promise<Figure[]> {
  const seconds = options.seconds ?? 2;
  await migrate(options.url, { log: silent });
  const rounds: { broker: number; inserts: number; durable: number; floor: number; ratio: number }[] = [];
  for (let round = 0; round < (options.rounds ?? 5); round++) {
    const broker = await brokerAlone(seconds);
    const inserts = await insertsAlone(options.url, seconds);
    const durable = await durableEvents(options.url, seconds);
    const floor = 1 / (1 / broker + 1 / inserts);
    rounds.push({ broker, inserts, durable, floor, ratio: durable / floor });
  }
  const median = rounds.sort((a, b) => a.ratio - b.ratio)[rounds.length >> 1];
  if (median === undefined) return [];
  const figure = (name: string, rate: number): Figure => ({
    ...{ name, value: Math.round(rate), unit: 'events/s', lower_is_better: false },
    ...{ floor: null, ratio: null, target: null },
  });
  return [
    {
      ...figure('mqtt_qos1_durable_4_publishers', median.durable),
      floor: Math.round(median.floor),
      ratio: Math.round(median.ratio * 1000) / 1000,
      target: 0.7,
    },
    figure('mqtt_broker_alone', median.broker),
    figure('insert_alone_batches_of_500', median.inserts),
  ];
}

/** PUBACKs a second that four publishers in another process get from this port. */
async function publish(port: number, seconds: number): Promise<number> {
  const child = fork(fileURLToPath(new URL('./mqtt-publishers.ts', import.meta.url)), [
    String(port),
    String(publishers),
    String(seconds),
  ]);
  return new Promise((resolve, reject) => {
    child.once('message', (rate) => resolve(Number(rate)));
    child.once('error', reject);
    child.once('exit', (code) => code !== 0 && reject(new Error(`the publishers ended with ${code}`)));
  });
}

/** Aedes as it comes: it acknowledges and forgets. */
async function brokerAlone(seconds: number): Promise<number> {
  const aedes = new Aedes({ queueLimit: 10_000 });
  await aedes.listen();
  const server = createServer({ noDelay: true }, aedes.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await publish(typeof address === 'object' && address !== null ? address.port : 0, seconds);
  } finally {
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    server.close();
  }
}

/** Batches of 500 into events_mirror on one connection, one after the other. */
async function insertsAlone(url: string, seconds: number): Promise<number> {
  const database = await openDatabase({ url, pool_size: 2, log: silent });
  const connection = await database.leaderConnection();
  try {
    await sql`select taylordash.ensure_partitions()`.execute(database.app);
    const until = performance.now() + seconds * 1000;
    const begun = performance.now();
    let rows = 0;
    while (performance.now() < until) {
      const bodies = Array.from({ length: batch }, () => benchEnvelope());
      await connection.query(
        `insert into public.events_mirror (topic, payload, source)
         select $1, body::jsonb, 'mqtt' from unnest($2::text[]) as body`,
        ['tracker/events/bench/insert', bodies],
        'bench_insert',
      );
      rows += batch;
    }
    return (rows / (performance.now() - begun)) * 1000;
  } finally {
    await connection.end();
    await database.close();
  }
}

/** The whole way: published, checked, committed with its key, acknowledged. */
async function durableEvents(url: string, seconds: number): Promise<number> {
  const database = await openDatabase({ url, pool_size: 4, log: silent });
  const events = await startEvents({ database, log: silent, mqtt: { host: '127.0.0.1', port: 0 } });
  try {
    return await publish(events.mqtt_port ?? 0, seconds);
  } finally {
    await events.stop();
    await database.close();
  }
}

function benchEnvelope(): string {
  return `{"trace_id":"${randomUUID()}","ts":"2026-01-15T10:30:00Z","kind":"plant_watered","idempotency_key":"${randomUUID()}","payload":{"bed":3,"litres":2.5,"by":"valve 7","note":"morning round"}}`;
}
