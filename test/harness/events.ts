// The event side under test: on a database of its own, with the embedded broker or another, and ways to look and to break.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { type Database, openDatabase } from '../../server/src/db/database.ts';
import { anonymousDoor, type Door } from '../../server/src/events/door.ts';
import { type Events, startEvents } from '../../server/src/events/start-events.ts';
import { testDatabase } from './postgres.ts';

export interface EventsUnderTest {
  database: Database;
  url: string;
  events: Events;
  broker_url: string;
  log: string[];
  /** Rows of any query, for looking. */
  rows<T>(query: string): Promise<T[]>;
  /** A client with an account that may do everything a device may; on an external broker without one. */
  client(options?: IClientOptions): Promise<MqttClient>;
  /** Its user name and password. */
  account: { username?: string; password?: string };
  /** Stops the event side and starts it again on the same database. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function eventsUnderTest(
  options: { broker_url?: string; heartbeat_every?: number } = {},
): Promise<EventsUnderTest> {
  const { url, drop } = await testDatabase();
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const quiet = { info: (line: string) => void log.info(line), warn: (line: string) => void log.warn(line) };
  const database = await openDatabase({ url, pool_size: 6, log: quiet });
  const mqtt = options.broker_url === undefined ? { host: '127.0.0.1', port: 0 } : { url: options.broker_url };
  const { heartbeat_every } = options;
  const account = 'url' in mqtt ? {} : { username: 'tester', password: 'of a test' };
  const open = async () => {
    const events = await startEvents({
      ...{ database, log: quiet, mqtt, door: testDoor },
      ...(heartbeat_every === undefined ? {} : { heartbeat_every }),
    });
    // An external broker keeps for us what is published from the first subscription on, and not before.
    for (let tries = 0; 'url' in mqtt && tries < 500; tries++) {
      if (events.leads() && (await events.health()).broker.state === 'healthy') break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return events;
  };
  const clients: MqttClient[] = [];
  const test: EventsUnderTest = {
    database,
    url,
    events: await open(),
    broker_url: '',
    account,
    log: lines,
    async rows<T>(query: string) {
      const result = await sql<T>`${sql.raw(query)}`.execute(database.app);
      return result.rows;
    },
    async client(settings = {}) {
      const client = await connectAsync(test.broker_url, { reconnectPeriod: 50, ...account, ...settings });
      clients.push(client);
      return client;
    },
    async restart() {
      await test.events.stop();
      test.events = await open();
      test.broker_url = addressOf();
    },
    async stop() {
      await Promise.all(clients.map((client) => client.endAsync(true)));
      await test.events.stop();
      await database.close();
      await drop();
    },
  };
  const addressOf = () => options.broker_url ?? `mqtt://127.0.0.1:${test.events.mqtt_port}`;
  test.broker_url = addressOf();
  return test;
}

export const testDevice = '7d3b4c53-0000-4000-8000-000000000001';
const everything = { identity: testDevice, name: 'tester', publish: ['#'], subscribe: ['#'] };
const nobody = anonymousDoor(() => true);

/** Knows one device beside anonymous clients. */
export const testDoor: Door = {
  ...nobody,
  admit: async (applicant) =>
    applicant.username === 'tester' && String(applicant.password) === 'of a test'
      ? { ok: true, rights: everything }
      : nobody.admit(applicant),
  rightsOf: (identity) => (identity === testDevice ? everything : nobody.rightsOf(identity)),
};

/** An envelope as JSON text. */
export function envelope(fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    trace_id: randomUUID(),
    ts: '2026-01-15T10:30:00Z',
    kind: 'plant_watered',
    idempotency_key: randomUUID(),
    payload: { litres: 2 },
    ...fields,
  });
}

/** Waits until `check` gives something other than false, null or undefined; fails after `milliseconds`. */
export async function eventually<T>(
  check: () => Promise<T> | T,
  milliseconds = 10_000,
): Promise<Exclude<T, false | null | undefined>> {
  const until = performance.now() + milliseconds;
  for (;;) {
    const value = await check();
    if (isThere(value)) return value;
    if (performance.now() > until) throw new Error(`it did not happen within ${milliseconds} ms`);
    await pause(20);
  }
}

function isThere<T>(value: T): value is Exclude<T, false | null | undefined> {
  return value !== false && value !== null && value !== undefined;
}

/** Writes to the outbox as a service would. */
export async function emitThroughOutbox(
  test: EventsUnderTest,
  count: number,
  topic = 'tracker/events/projects/created',
): Promise<void> {
  for (let n = 0; n < count; n++) {
    await sql`insert into taylordash.outbox (topic, payload, source)
      values (${topic}, ${envelope({ kind: 'project_created', payload: { n } })}::jsonb, 'server')`.execute(
      test.database.app,
    );
  }
  test.events.wake();
}

/** Ends the leader's connection from the outside, as a failover would. */
export async function killLeader(test: EventsUnderTest): Promise<void> {
  await test.rows(
    `select pg_terminate_backend(a.pid) from pg_stat_activity a join pg_locks l on l.pid = a.pid
     where a.application_name = 'taylordash leader' and a.datname = current_database() and l.locktype = 'advisory' and l.granted`,
  );
}
