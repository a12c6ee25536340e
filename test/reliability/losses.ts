// Brokers outside that lose what they had acknowledged, and whether the gap meter says how much.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { createClient } from '../../sdk/src/client.ts';
import { startMosquitto } from '../harness/mosquitto.ts';
import { connectSql, type TestSql } from '../harness/sql.ts';
import { until, withDatabase } from './load.ts';
import { healthOf } from './outages.ts';
import { account, type KillableServer, killableServer } from './server.ts';

export interface LossRun {
  /** Acknowledged by the broker. */
  sent: number;
  /** Of those, in the mirror. */
  stored: number;
  /** What GET /events/gaps says is missing. */
  reported: number;
}

const producer_id = 'meter';

/** A producer that numbers what it sends. */
interface Producer {
  send(count: number): Promise<void>;
  sent(): number;
  end(): Promise<void>;
}

async function producer(url: string): Promise<Producer> {
  const client: MqttClient = await connectAsync(url, { reconnectPeriod: 50 });
  client.on('error', () => undefined);
  let number = 0;
  const one = () =>
    client.publishAsync(
      'tracker/events/garden/measured',
      JSON.stringify({
        ...{ trace_id: randomUUID(), ts: '2026-01-15T10:30:00Z', kind: 'measured', idempotency_key: randomUUID() },
        ...{ producer_id, producer_seq: number++, payload: {} },
      }),
      { qos: 1 },
    );
  return {
    async send(count) {
      for (let left = count; left > 0; left -= 500) await Promise.all(Array.from({ length: Math.min(left, 500) }, one));
    },
    sent: () => number,
    end: () => client.endAsync(true),
  };
}

async function reported({ url }: KillableServer): Promise<number> {
  const { data: session } = await createClient({ base_url: url }).call('login', { body: account });
  const { data } = await createClient({ base_url: url, token: session.token ?? '' }).call('eventGaps', {});
  return data.items.find((item) => item.producer_id === producer_id)?.missing ?? 0;
}

const storedIn = (sql: TestSql) => sql.count("select count(*) from public.events_mirror where source = 'mqtt'");

/** The gap meter has read everything that is in the mirror. */
const metered = (sql: TestSql) =>
  until(async () => {
    const [row] = await sql.rows(`select (select position from taylordash.cursors where name = 'gap-meter') =
      (select max(id) from public.events_mirror) as done`);
    return row?.done === true;
  });

/** Waits until nothing more comes. */
async function settled(sql: TestSql): Promise<number> {
  let last = -1;
  for (let now = await storedIn(sql); now !== last; now = await storedIn(sql)) {
    last = now;
    await pause(1500);
  }
  return last;
}

interface Parts {
  server: KillableServer;
  sql: TestSql;
  mosquitto: Awaited<ReturnType<typeof startMosquitto>>;
  producer: Producer;
  /** The server takes in what is published. */
  listening(): Promise<boolean>;
}

function withParts(
  binary: string,
  settings: Parameters<typeof startMosquitto>[1],
  work: (parts: Parts) => Promise<void>,
): Promise<LossRun> {
  return withDatabase(async ({ url }) => {
    const mosquitto = await startMosquitto(binary, settings);
    const server = await killableServer({ database_url: url, mqtt_broker: mosquitto.url });
    const sql = await connectSql(url);
    const numbered = await producer(mosquitto.url);
    try {
      await server.start();
      const { healthy } = await healthOf(server);
      const listening = () => until(healthy);
      await listening();
      await work({ server, sql, mosquitto, producer: numbered, listening });
      const stored = await settled(sql);
      await metered(sql);
      return { sent: numbered.sent(), stored, reported: await reported(server) };
    } finally {
      await numbered.end();
      await server.kill();
      await server.remove();
      await sql.end();
      await mosquitto.remove();
    }
  });
}

/** Mosquitto that keeps nothing is killed while the server is down, so that what it had acknowledged is gone with it. */
export function brokerKilled(binary: string, { count, kills }: { count: number; kills: number }): Promise<LossRun> {
  return withParts(binary, { persistence: false }, async ({ server, sql, mosquitto, producer, listening }) => {
    await producer.send(count);
    for (let n = 0; n < kills; n++) {
      await settled(sql);
      await server.kill();
      await producer.send(count);
      await mosquitto.stop('kill');
      await mosquitto.start();
      await server.start();
      await listening();
      // Shows what was lost before it: of what comes after the last one heard, nobody can know.
      await producer.send(count);
    }
  });
}

/** The server is down while so many messages come, and Mosquitto keeps them for it as it is set. */
export function ingesterDown(
  binary: string,
  { count, down, ...settings }: { count: number; down: number; max_queued_messages?: number },
): Promise<LossRun> {
  return withParts(binary, settings, async ({ server, sql, producer, listening }) => {
    await producer.send(10);
    await settled(sql);
    await server.kill();
    await producer.send(count);
    await pause(down);
    await server.start();
    await listening();
    await settled(sql);
    await producer.send(10);
  });
}
