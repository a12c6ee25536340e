// Events over MQTT, QoS 1, from 1, 4 and 100 publishers, until durable; beside what the broker alone and the database alone manage on
// the same cores. With Mosquitto too, where the machine has it: there the broker alone is what gets through it to a subscriber that
// acknowledges and forgets.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Aedes } from 'aedes';
import { sql } from 'kysely';
import { connectAsync } from 'mqtt';
import { type Database, openDatabase } from '../server/src/db/database.ts';
import { migrate } from '../server/src/db/migrate.ts';
import { startEvents } from '../server/src/events/start-events.ts';
import { mosquittoBinary, startMosquitto } from '../test/harness/mosquitto.ts';
import type { Figure } from './figure.ts';

/** With one publisher a round trip is what counts, for which there is no floor to speak of. */
const counts = [1, 4, 100] as const;
const wanted = 0.85;
const batch = 500;
/** How long the server runs before it is measured, in rounds. */
const warmUp = 5;
/** Of each measurement the beginning, in milliseconds: V8 compiles the new publishers, and a new connection has yet to plan. */
const uncounted = 500;
const silent = { info: () => undefined, warn: () => undefined };

interface Round {
  broker: number;
  inserts: number;
  durable: number;
  floor: number;
  ratio: number;
}

/**
 * `url` is a database of its own, which is migrated and filled. Rounds of the three measurements, one after the other, and the
 * round whose ratio is the median: what else runs on the machine changes from one second to the next.
 */
export async function run(options: { url: string; seconds?: number; rounds?: number }): Promise<Figure[]> {
  const { url, seconds = 2, rounds = 3 } = options;
  await migrate(url, { log: silent });
  const figures: Figure[] = [];
  // What is measured is a server that has been running: V8 compiles for seconds what is then done often, in each of the three.
  await brokerAlone(4, seconds);
  await insertsAlone(url, seconds);
  await durableEvents(url, 4, warmUp * seconds);
  for (const count of counts) {
    const median = await medianOf(rounds, async () => ({
      broker: await brokerAlone(count, seconds),
      inserts: await insertsAlone(url, seconds),
      durable: await durableEvents(url, count, seconds),
    }));
    figures.push(...figuresOf(`mqtt_qos1_durable_${count}_publishers`, median, count >= 4 ? wanted : null));
    if (count === 4) {
      figures.push(orientation('mqtt_broker_alone', median.broker));
      figures.push(orientation('insert_alone_batches_of_500', median.inserts));
    }
  }
  const binary = mosquittoBinary();
  if (binary === null) return figures;
  const mosquitto = await startMosquitto(binary);
  try {
    const port = Number(new URL(mosquitto.url).port);
    await throughMosquitto(url, mosquitto.url, port, warmUp * seconds);
    const median = await medianOf(rounds, async () => ({
      broker: await throughAlone(mosquitto.url, port, seconds),
      inserts: await insertsAlone(url, seconds),
      durable: await throughMosquitto(url, mosquitto.url, port, seconds),
    }));
    figures.push(...figuresOf('mosquitto_qos1_durable_4_publishers', median, wanted));
  } finally {
    await mosquitto.remove();
  }
  return figures;
}

async function medianOf(
  rounds: number,
  round: () => Promise<Pick<Round, 'broker' | 'inserts' | 'durable'>>,
): Promise<Round> {
  const all: Round[] = [];
  for (let n = 0; n < rounds; n++) {
    const { broker, inserts, durable } = await round();
    const floor = 1 / (1 / broker + 1 / inserts);
    all.push({ broker, inserts, durable, floor, ratio: durable / floor });
  }
  const median = all.sort((a, b) => a.ratio - b.ratio)[all.length >> 1];
  if (median === undefined) throw new Error('nothing was measured');
  return median;
}

const orientation = (name: string, rate: number): Figure => ({
  ...{ name, value: Math.round(rate), unit: 'events/s', lower_is_better: false },
  ...{ floor: null, ratio: null, target: null },
});

function figuresOf(name: string, { durable, floor, ratio }: Round, target: number | null): Figure[] {
  return [{ ...orientation(name, durable), floor: Math.round(floor), ratio: Math.round(ratio * 1000) / 1000, target }];
}

/** PUBACKs a second that publishers in another process get from this port. */
async function publish(port: number, count: number, seconds: number): Promise<number> {
  const child = fork(fileURLToPath(new URL('./mqtt-publishers.ts', import.meta.url)), [
    String(port),
    String(count),
    String(seconds),
    String(uncounted),
  ]);
  return new Promise((resolve, reject) => {
    child.once('message', (rate) => resolve(Number(rate)));
    child.once('error', reject);
    child.once('exit', (code) => code !== 0 && reject(new Error(`the publishers ended with ${code}`)));
  });
}

/** Aedes as it comes: it acknowledges and forgets. */
async function brokerAlone(count: number, seconds: number): Promise<number> {
  const aedes = new Aedes({ queueLimit: 10_000 });
  await aedes.listen();
  const server = createServer({ noDelay: true }, aedes.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await publish(typeof address === 'object' && address !== null ? address.port : 0, count, seconds);
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
    const insertUntil = async (end: number) => {
      let rows = 0;
      for (; performance.now() < end; rows += batch) {
        const bodies = Array.from({ length: batch }, () => benchEnvelope());
        await connection.query(
          `insert into public.events_mirror (topic, payload, source)
           select $1, body::jsonb, 'mqtt' from unnest($2::text[]) as body`,
          ['tracker/events/bench/insert', bodies],
          'bench_insert',
        );
      }
      return rows;
    };
    await insertUntil(performance.now() + uncounted);
    const begun = performance.now();
    const rows = await insertUntil(begun + seconds * 1000);
    return (rows / (performance.now() - begun)) * 1000;
  } finally {
    await connection.end();
    await database.close();
  }
}

/** The whole way: published, checked, committed with its key, acknowledged. */
async function durableEvents(url: string, count: number, seconds: number): Promise<number> {
  const database = await openDatabase({ url, pool_size: 4, log: silent });
  const events = await startEvents({ database, log: silent, mqtt: { host: '127.0.0.1', port: 0 } });
  try {
    await caughtUp(database);
    return await publish(events.mqtt_port ?? 0, count, seconds);
  } finally {
    await events.stop();
    await database.close();
  }
}

/** Until what reads events has read what the other measurements left: that is not work of this one. */
async function caughtUp({ app }: Database): Promise<void> {
  const behind = async () => {
    const { rows } = await sql<{ behind: boolean }>`
      select coalesce(bool_or(position < (select max(id) from public.events_mirror)), true) as behind
      from taylordash.cursors`.execute(app);
    return rows[0]?.behind;
  };
  while (await behind()) await pause(50);
}

/** What is stored a second while four publishers send to Mosquitto as fast as it acknowledges, and until all of it is stored. */
async function throughMosquitto(url: string, broker_url: string, port: number, seconds: number): Promise<number> {
  const database = await openDatabase({ url, pool_size: 4, log: silent });
  const events = await startEvents({ database, log: silent, mqtt: { url: broker_url } });
  try {
    while ((await events.health()).broker.state !== 'healthy') await pause(20);
    await caughtUp(database);
    return await rateOf(port, seconds, async () => (await events.health()).counts.stored);
  } finally {
    await events.stop();
    await database.close();
  }
}

/** The same with a subscriber of QoS 1 in the place of the server. */
async function throughAlone(broker_url: string, port: number, seconds: number): Promise<number> {
  const client = await connectAsync(broker_url, {
    clientId: `bench-${randomUUID()}`,
    protocolVersion: 5,
    properties: { receiveMaximum: 2000 },
  });
  let received = 0;
  client.on('message', () => received++);
  try {
    await client.subscribeAsync('tracker/events/#', { qos: 1 });
    return await rateOf(port, seconds, async () => received);
  } finally {
    await client.endAsync();
  }
}

/** How much more was counted a second, from the first message until nothing is added any more. */
async function rateOf(port: number, seconds: number, counted: () => Promise<number>): Promise<number> {
  const begun = performance.now();
  const first = await counted();
  await publish(port, 4, seconds);
  let last = await counted();
  let at = performance.now();
  while (performance.now() - at < 500) {
    await pause(10);
    const now = await counted();
    if (now > last) {
      last = now;
      at = performance.now();
    }
  }
  return ((last - first) / (at - begun)) * 1000;
}

function benchEnvelope(): string {
  return `{"trace_id":"${randomUUID()}","ts":"2026-01-15T10:30:00Z","kind":"plant_watered","idempotency_key":"${randomUUID()}","payload":{"bed":3,"litres":2.5,"by":"valve 7","note":"morning round"}}`;
}
