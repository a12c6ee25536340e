// A database that is not to be had while messages arrive. Runs on any build, a broken one too.
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '../../sdk/src/client.ts';
import { type Findings, judge } from './history.ts';
import { close, type LoadOptions, load, total, until, withDatabase } from './load.ts';
import { storedIn } from './outcome.ts';
import { account, type KillableServer, killableServer } from './server.ts';
import { toxicProxy } from './toxic-proxy.ts';

export interface AwayRun {
  findings: Findings;
  acknowledged: number;
  /** While the database was away: none may be. */
  acknowledged_meanwhile: number;
  dead_letters: number;
  /** Milliseconds until health said so, and after the end until it was green again; null where it never was. */
  noticed_ms: number | null;
  recovered_ms: number | null;
  /** The process lived and said so. */
  lived: boolean;
  /** Most bytes that it held more than before; null where the machine does not tell. */
  grown_bytes: number | null;
}

export interface AwayOptions extends LoadOptions {
  root?: string;
  publishers: number;
  /** Milliseconds. */
  away: number;
}

const answers = (server: KillableServer, part: 'live' | 'ready') =>
  fetch(`${server.url}/api/v1/health/${part}`).then(
    ({ status }) => status,
    () => 0,
  );

/** Null where the machine does not tell. */
const resident = (server: KillableServer) => server.memory().catch(() => null);
const largest = (one: number | null, two: number | null) => (one === null || two === null ? null : Math.max(one, two));

/** Milliseconds until it is so, or null. */
async function timed(check: () => boolean | Promise<boolean>, atMost = 30_000): Promise<number | null> {
  const begun = performance.now();
  return (await until(check, atMost)) ? Math.round(performance.now() - begun) : null;
}

/** Signed in as the administrator: asks whether each part of the system is healthy; and what other requests need. */
export async function healthOf({ url }: KillableServer): Promise<{
  healthy(): Promise<boolean>;
  headers: { authorization: string };
}> {
  const { data } = await createClient({ base_url: url }).call('login', { body: account });
  const token = data.token ?? '';
  const admin = createClient({ base_url: url, token });
  return {
    headers: { authorization: `Bearer ${token}` },
    healthy: () =>
      admin.call('stack', {}).then(
        ({ data }) => data.state === 'healthy',
        () => false,
      ),
  };
}

/** PostgreSQL cannot be reached for a while, under load. */
export function databaseAway({ root, publishers, away, ...options }: AwayOptions): Promise<AwayRun> {
  return withDatabase(async ({ url }) => {
    const proxy = await toxicProxy(url);
    const server = await killableServer({
      database_url: proxy.through(url),
      ...(root === undefined ? {} : { root }),
    });
    try {
      await server.start();
      const { healthy } = await healthOf(server);
      const under = load(server.mqtt_url, publishers, options);
      // What it holds under load alone.
      let held = await resident(server);
      for (let n = 0; n < 12; n++) {
        await pause(250);
        held = largest(held, await resident(server));
      }
      await proxy.away();
      const noticed_ms = await timed(async () => (await answers(server, 'ready')) === 503);
      // What was committed before is acknowledged by now.
      await pause(300);
      const before = under.acknowledged();
      let most = held;
      let lived = true;
      for (const end = performance.now() + away; performance.now() < end; await pause(250)) {
        most = largest(most, await resident(server));
        lived &&= (await answers(server, 'live')) === 200;
      }
      const acknowledged_meanwhile = under.acknowledged() - before;
      await proxy.back();
      const recovered_ms = await timed(healthy);
      await until(() => under.acknowledged() > before);
      most = largest(most, await resident(server));
      await under.finish();
      const sent = await close(under.publishers);
      const stored = await storedIn(url);
      return {
        ...{ findings: judge(sent, stored), acknowledged: total(sent), acknowledged_meanwhile },
        ...{ dead_letters: stored.dead.length, noticed_ms, recovered_ms, lived },
        grown_bytes: held === null || most === null ? null : most - held,
      };
    } finally {
      await server.kill();
      await server.remove();
      await proxy.close();
    }
  });
}
