// A server that is asked to stop, again and again, under load and without, with streams and sessions open.
import { setTimeout as pause } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { embeddedUrl } from '../../server/src/db/embedded.ts';
import { judge } from './history.ts';
import { close, inFlight, load, rooted, total, withDatabase } from './load.ts';
import { storedIn } from './outcome.ts';
import type { Run } from './scenarios.ts';
import { account, type KillableServer, killableServer } from './server.ts';

export interface StopRun extends Run {
  /** Of each stop. */
  stops: { loaded: boolean; code: number | null; took_ms: number }[];
  /** Packets that publishers sent again, and the most that were under way when the connections ended. */
  resent: number;
  under_way: number;
}

const publishers = 2;

/** What a server has open: a live stream and a reader with a session. */
async function guests(server: KillableServer): Promise<() => Promise<void>> {
  const login = await fetch(`${server.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  });
  const { token } = (await login.json()) as { token: string };
  const stream = new AbortController();
  const streamed = fetch(`${server.url}/api/v1/events/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal: stream.signal,
  }).then(async (response) => {
    if (response.status !== 200) throw new Error(`the stream answered ${response.status}`);
    await response.body?.pipeTo(new WritableStream()).catch(() => undefined);
  });
  const reader: MqttClient = await connectAsync(server.mqtt_url, {
    clientId: 'guest',
    clean: false,
    reconnectPeriod: 0,
  });
  reader.on('error', () => undefined);
  await reader.subscribeAsync('tracker/events/#', { qos: 1 });
  return async () => {
    await reader.endAsync(true);
    stream.abort();
    await streamed;
  };
}

export async function stopping(
  server: KillableServer,
  database_url: () => string,
  { stops: count, idle }: { stops: number; idle: number },
): Promise<StopRun> {
  const stops: StopRun['stops'] = [];
  const ask = async (loaded: boolean) => {
    const leave = await guests(server);
    await pause(300 + Math.random() * 300);
    const { code, took_ms } = await server.stop();
    stops.push({ loaded, code, took_ms });
    await leave();
  };
  await server.start();
  for (let n = 0; n < idle; n++) {
    await ask(false);
    await server.start();
  }
  const { publishers: senders, finish } = load(server.mqtt_url, publishers);
  for (let n = 0; n < count; n++) {
    await ask(true);
    await server.start();
  }
  await finish();
  const resent = senders.reduce((sum, one) => sum + one.resent(), 0);
  const sent = await close(senders);
  return {
    ...{ findings: judge(sent, await storedIn(database_url())), acknowledged: total(sent), kills: count, ready_ms: [] },
    ...{ stops, resent, under_way: count * publishers * inFlight },
  };
}

/** On a database outside. */
export function stopServer(options: { root?: string | undefined; stops: number; idle: number }): Promise<StopRun> {
  return withDatabase(async ({ url }) => {
    const server = await killableServer({ database_url: url, ...rooted(options.root) });
    try {
      return await stopping(server, () => url, options);
    } finally {
      await server.kill();
      await server.remove();
    }
  });
}

/** On the embedded database, which stops with it. */
export async function stopWithDatabase(options: { stops: number; idle: number }): Promise<StopRun> {
  const server = await killableServer({});
  const silent = { info: () => undefined, warn: () => undefined };
  try {
    return await stopping(server, () => embeddedUrl(server.data_dir, silent), options);
  } finally {
    await server.stop();
    await server.remove();
  }
}
