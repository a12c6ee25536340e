// Networks that are slow, break off and forget connections, between the server and whom it talks to.
import { setTimeout as pause } from 'node:timers/promises';
import { startMosquitto } from '../harness/mosquitto.ts';
import { type Findings, judge } from './history.ts';
import { close, type LoadOptions, load, total, until, withDatabase } from './load.ts';
import { healthOf } from './outages.ts';
import { storedIn } from './outcome.ts';
import { killableServer } from './server.ts';
import { type ToxicProxy, type Toxics, toxicProxy } from './toxic-proxy.ts';

export interface NetworkRun {
  findings: Findings;
  acknowledged: number;
  /** Through the proxy. */
  connections: number;
  /** Connections that a side still held when a forgotten one should have been given up. */
  stuck: number;
  /** Everything was green again by itself. */
  healthy: boolean;
}

export interface NetworkOptions {
  root?: string;
  /** What happens, one after the other. */
  toxics: readonly Toxics[];
  /** Milliseconds of each, and without any between two. */
  each: number;
  /** In seconds, of publishers. */
  keep_alive: number;
  /** Milliseconds until a forgotten connection is to be given up by both sides. */
  given_up_within: number;
}

interface Place {
  proxy: ToxicProxy;
  /** Where messages are published. */
  url: string;
  options?: LoadOptions;
}

/** One toxic after the other, then connections that are forgotten, under load. */
async function poison(
  { proxy, url, options }: Place,
  { toxics, each, keep_alive, given_up_within }: NetworkOptions,
): Promise<{ under: ReturnType<typeof load>; stuck: number }> {
  const under = load(url, 2, { keep_alive, pace: 10, ...options });
  await pause(300);
  for (const toxic of toxics) {
    proxy.become(toxic);
    await pause(each);
    proxy.become({});
    await pause(each / 4);
  }
  proxy.forget();
  await until(() => proxy.stuck() === 0, given_up_within);
  return { under, stuck: proxy.stuck() };
}

async function judged(
  database_url: string,
  proxy: ToxicProxy,
  { under, stuck }: Awaited<ReturnType<typeof poison>>,
  healthy: () => Promise<boolean>,
): Promise<NetworkRun> {
  const before = under.acknowledged();
  await until(() => under.acknowledged() > before, 30_000);
  await under.finish();
  const sent = await close(under.publishers);
  let stored = await storedIn(database_url);
  await until(async () => {
    stored = await storedIn(database_url);
    return new Set(stored.mirror).size >= total(sent);
  });
  return {
    ...{ findings: judge(sent, stored), acknowledged: total(sent), stuck, connections: proxy.connections() },
    healthy: await until(healthy),
  };
}

const rooted = ({ root }: NetworkOptions) => (root === undefined ? {} : { root });

/** Between publishers and the embedded broker. */
export function toPublishers(options: NetworkOptions): Promise<NetworkRun> {
  return withDatabase(async ({ url }) => {
    const server = await killableServer({ database_url: url, ...rooted(options) });
    const proxy = await toxicProxy(server.mqtt_url);
    try {
      await server.start();
      const { healthy } = await healthOf(server);
      const run = await poison({ proxy, url: proxy.through(server.mqtt_url) }, options);
      return await judged(url, proxy, run, healthy);
    } finally {
      await server.kill();
      await server.remove();
      await proxy.close();
    }
  });
}

/** Between the server and PostgreSQL. */
export function toDatabase(options: NetworkOptions): Promise<NetworkRun> {
  return withDatabase(async ({ url }) => {
    const proxy = await toxicProxy(url);
    const server = await killableServer({ database_url: proxy.through(url), ...rooted(options) });
    try {
      await server.start();
      const { healthy } = await healthOf(server);
      return await judged(url, proxy, await poison({ proxy, url: server.mqtt_url }, options), healthy);
    } finally {
      await server.kill();
      await server.remove();
      await proxy.close();
    }
  });
}

/** Between the server and Mosquitto, which publishers reach without the proxy. */
export function toMosquitto(options: NetworkOptions, binary: string): Promise<NetworkRun> {
  return withDatabase(async ({ url }) => {
    const mosquitto = await startMosquitto(binary);
    const proxy = await toxicProxy(mosquitto.url);
    const through = proxy.through(mosquitto.url);
    const server = await killableServer({ database_url: url, mqtt_broker: through, ...rooted(options) });
    try {
      await server.start();
      const { healthy } = await healthOf(server);
      // What is published before the first subscription is nobody's.
      await until(healthy);
      const run = await poison({ proxy, url: mosquitto.url, options: { pace: 50, in_flight: 5 } }, options);
      return await judged(url, proxy, run, healthy);
    } finally {
      await server.kill();
      await server.remove();
      await proxy.close();
      await mosquitto.remove();
    }
  });
}
