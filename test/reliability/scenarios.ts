// What is done to a server while it is published to, and what is found afterwards. Each runs on any build, a broken one too.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type MqttClient } from 'mqtt';
import { embeddedUrl } from '../../server/src/db/embedded.ts';
import { type Mosquitto, startMosquitto } from '../harness/mosquitto.ts';
import { connectSql } from '../harness/sql.ts';
import { type Findings, judge } from './history.ts';
import { close, load, rooted, settleWithin, total, until, withDatabase } from './load.ts';
import { storedIn } from './outcome.ts';
import { publisher } from './publisher.ts';
import { type KillableServer, killableServer } from './server.ts';

export interface Run {
  findings: Findings;
  acknowledged: number;
  kills: number;
  /** Milliseconds from each start until the server was ready. */
  ready_ms: number[];
}

interface Options {
  /** A checkout to run instead of this one. */
  root?: string | undefined;
  kills: number;
  publishers?: number;
}

const silent = { info: () => undefined, warn: () => undefined };
/** Kills the server again and again under load. With `broker`, events come from there. */
export async function killing(
  server: KillableServer,
  database_url: () => string,
  { kills, publishers: count = 2, poison_every, pace = 2 }: Options & { poison_every?: number; pace?: number },
): Promise<Run> {
  const ready_ms: number[] = [];
  await server.start();
  ready_ms.push(server.ready_ms());
  const { publishers, finish } = load(server.mqtt_url, count, {
    pace,
    ...(poison_every === undefined ? {} : { poison_every }),
  });
  for (let n = 0; n < kills; n++) {
    await pause(150 + Math.random() * 350);
    await server.kill();
    await server.start();
    ready_ms.push(server.ready_ms());
  }
  await pause(200);
  await finish();
  const sent = await close(publishers);
  let stored = await storedIn(database_url());
  // With a broker outside, an acknowledgement says that the broker has it: ours comes behind.
  await until(async () => {
    stored = await storedIn(database_url());
    return new Set([...stored.mirror, ...stored.dead]).size >= total(sent);
  });
  return { findings: judge(sent, stored), acknowledged: total(sent), kills, ready_ms };
}

/** The server alone, embedded broker, a database outside. One message in so many is no event. */
export function killServer(options: Options & { poison_every?: number }): Promise<Run> {
  return withDatabase(async ({ url }) => {
    const server = await killableServer({ database_url: url, ...rooted(options.root) });
    try {
      return await killing(server, () => url, options);
    } finally {
      await server.kill();
      await server.remove();
    }
  });
}

/** The server alone, on the embedded database, which goes on and is adopted; at every third time the database with it. */
export async function killWithDatabase(options: Options): Promise<Run> {
  const server = await killableServer(rooted(options.root));
  let kills = 0;
  const both: KillableServer = {
    ...server,
    async kill() {
      await server.kill();
      if (++kills % 3 === 0) await killPostmaster(server, 'SIGKILL');
    },
  };
  try {
    return await killing(both, () => embeddedUrl(server.data_dir, silent), options);
  } finally {
    // Adopts its database, so that both end.
    if (!server.running()) await server.start().catch(() => undefined);
    await server.stop();
    await server.remove();
  }
}

async function killPostmaster(server: KillableServer, signal: NodeJS.Signals): Promise<void> {
  const file = join(await server.database_folder(), 'data', 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0]);
  process.kill(pid, signal);
  await until(() => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });
}

/** The embedded database is stopped at once, as `pg_ctl -m immediate` does, again and again; the server goes on and starts it. */
export async function stopDatabase(options: Options): Promise<Run> {
  const server = await killableServer(rooted(options.root));
  await server.start();
  const { publishers, finish } = load(server.mqtt_url, options.publishers ?? 2);
  try {
    for (let n = 0; n < options.kills; n++) {
      await pause(400);
      await killPostmaster(server, 'SIGQUIT');
      const before = publishers.reduce((sum, one) => sum + one.acknowledged(), 0);
      await until(() => publishers.reduce((sum, one) => sum + one.acknowledged(), 0) > before + 50);
    }
    await finish();
    const sent = await close(publishers);
    const stored = await storedIn(embeddedUrl(server.data_dir, silent));
    return { findings: judge(sent, stored), acknowledged: total(sent), kills: options.kills, ready_ms: [] };
  } finally {
    await server.stop();
    await server.remove();
  }
}

/** The connection that appends is ended from the outside, as a failover does, again and again while it works. */
export function endLeader(options: Options): Promise<Run> {
  return withDatabase(async ({ url }) => {
    const server = await killableServer({ database_url: url, ...rooted(options.root) });
    const sql = await connectSql(url);
    try {
      await server.start();
      const { publishers, finish } = load(server.mqtt_url, options.publishers ?? 3, { pace: 0 });
      for (let n = 0; n < options.kills; n++) {
        await pause(100 + Math.random() * 200);
        const ended = await sql.rows(`select pg_terminate_backend(a.pid) from pg_stat_activity a
          where a.application_name = 'taylordash leader' and a.datname = current_database()`);
        if (ended.length === 0) n--;
        const before = publishers.reduce((sum, one) => sum + one.acknowledged(), 0);
        await until(() => publishers.reduce((sum, one) => sum + one.acknowledged(), 0) > before + 50);
      }
      await finish();
      const sent = await close(publishers);
      const findings = judge(sent, await storedIn(url));
      return { findings, acknowledged: total(sent), kills: options.kills, ready_ms: [] };
    } finally {
      await sql.end();
      await server.kill();
      await server.remove();
    }
  });
}

/** Every message three times, also across restarts. */
export function duplicates(options: Options): Promise<Run> {
  return withDatabase(async ({ url }) => {
    const server = await killableServer({ database_url: url, ...rooted(options.root) });
    await server.start();
    const one = publisher({ url: server.mqtt_url, name: 'pub0' });
    try {
      for (let n = 0; n <= options.kills; n++) {
        await one.send(200, 50);
        const repeat = async () => {
          for (const key of one.history().keys) void one.repeat(key).catch(() => undefined);
          await pause(300);
        };
        await repeat();
        if (n < options.kills) {
          await server.kill();
          await server.start();
        }
        await repeat();
      }
      await one.send(1);
      const sent = await close([one]);
      const findings = judge(sent, await storedIn(url));
      return { findings, acknowledged: total(sent), kills: options.kills, ready_ms: [] };
    } finally {
      await server.kill();
      await server.remove();
    }
  });
}

/** The server that reads from Mosquitto is killed. */
export function killIngester(options: Options & { pace?: number }, mosquittoPath: string): Promise<Run> {
  return withDatabase(async ({ url }) => {
    const mosquitto: Mosquitto = await startMosquitto(mosquittoPath);
    const server = await killableServer({ database_url: url, mqtt_broker: mosquitto.url, ...rooted(options.root) });
    try {
      // Subscribed before anything is sent: what is published before the first subscription is nobody's.
      await server.start();
      await until(async () => {
        const probe = await fetch(`${server.url}/api/v1/health/ready`);
        return probe.ok;
      });
      await pause(1000);
      // Mosquitto acknowledges at once: without a pause it would take in more than a run is to last.
      return await killing(server, () => url, { pace: 20, ...options });
    } finally {
      await server.kill();
      await server.remove();
      await mosquitto.remove();
    }
  });
}

export interface ReaderRun extends Run {
  /** Acknowledged to their publisher, and never sent to a reader that has a session. */
  missed: string[];
}

/** A reader with a persistent session comes and goes while the broker inside the server is killed. */
export function sleepingReader(options: Options): Promise<ReaderRun> {
  return withDatabase(async ({ url }) => {
    const server = await killableServer({ database_url: url, ...rooted(options.root) });
    await server.start();
    const heard = new Set<string>();
    const session = { clientId: 'sleeper', clean: false, reconnectPeriod: 50 };
    const read = (): MqttClient => {
      const client = connect(server.mqtt_url, session);
      client.on('error', () => undefined);
      client.on('message', (_topic, payload) => heard.add(JSON.parse(payload.toString()).idempotency_key));
      return client;
    };
    let reader = read();
    await reader.subscribeAsync('tracker/events/projects/#', { qos: 1 });
    let on = true;
    const one = publisher({ url: server.mqtt_url, name: 'pub0', topic: 'tracker/events/projects/noted', pace: 2 });
    const sending = (async () => {
      while (on) await one.send(60, 20);
    })();
    try {
      for (let n = 0; n < options.kills; n++) {
        await reader.endAsync(true);
        await pause(200 + Math.random() * 200);
        await server.kill();
        await server.start();
        reader = read();
        await pause(200);
      }
      on = false;
      await Promise.race([sending, pause(settleWithin)]);
      const sent = await close([one]);
      const wanted = [...(sent[0]?.acknowledged ?? [])];
      await until(() => wanted.every((key) => heard.has(key)));
      const findings = judge(sent, await storedIn(url));
      const missed = wanted.filter((key) => !heard.has(key));
      return { findings, missed, acknowledged: total(sent), kills: options.kills, ready_ms: [] };
    } finally {
      await reader.endAsync(true);
      await server.kill();
      await server.remove();
    }
  });
}
