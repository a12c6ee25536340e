// Two servers on one PostgreSQL and one Mosquitto: the one that leads is killed, frozen or cut off, and the other takes over.
import { setTimeout as pause } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { statusPayload, statusTopic } from '../../server/src/events/broker.ts';
import { startMosquitto } from '../harness/mosquitto.ts';
import { connectSql, type TestSql } from '../harness/sql.ts';
import { judge } from './history.ts';
import { close, load, rooted, total, until, withDatabase } from './load.ts';
import { storedIn } from './outcome.ts';
import type { Run } from './scenarios.ts';
import { type KillableServer, killableServer } from './server.ts';
import { type ToxicProxy, toxicProxy } from './toxic-proxy.ts';

/** What is done to who leads: kill -9; SIGSTOP; its connections to PostgreSQL stay open and nothing passes. */
export type Blow = 'kill' | 'freeze' | 'cut';

export interface Takeover {
  blow: Blow;
  /** From the blow to the first row that the other appended, in milliseconds by the database's clock. */
  took_ms: number;
  /** How often a server came to the broker until whoever was struck could recover: once, unless two take the session from each other. */
  arrivals: number;
}

export interface FailoverRun extends Run {
  takeovers: Takeover[];
  /** Appended without the lock, or by one that had lost it to another. */
  usurped: string[];
}

interface Member {
  server: KillableServer;
  proxy: ToxicProxy;
}

/** Every statement that appends notes whose connection it is, and whether that holds the lock. */
async function watchAppends(sql: TestSql): Promise<void> {
  await sql.rows(`create table public.appends (n bigint generated always as identity, pid int not null, holds boolean not null,
    at timestamptz not null default clock_timestamp())`);
  await sql.rows(`create function public.note_append() returns trigger language plpgsql security definer as $$ begin
    if exists (select from fresh) then
      insert into public.appends (pid, holds) select pg_backend_pid(), exists (select from pg_locks l
        where l.pid = pg_backend_pid() and l.locktype = 'advisory' and l.granted);
    end if;
    return null; end $$`);
  await sql.rows(`create trigger note_append after insert on public.events_mirror referencing new table as fresh
    for each statement execute function public.note_append()`);
}

async function usurpations(sql: TestSql): Promise<string[]> {
  const rows = await sql.rows('select pid, holds from public.appends order by n');
  const past = new Set<unknown>();
  let present: unknown = null;
  return rows.flatMap(({ pid, holds }) => {
    if (pid !== present) past.add(present);
    present = pid;
    if (holds !== true) return [`${pid} appended without the lock`];
    return past.has(pid) ? [`${pid} appended after another had`] : [];
  });
}

/** Who holds the lock, by the port of its connection. */
async function leaderOf(sql: TestSql, members: readonly Member[]): Promise<Member | undefined> {
  const [row] = await sql.rows(`select a.client_port as port from pg_stat_activity a join pg_locks l on l.pid = a.pid
    where a.datname = current_database() and l.locktype = 'advisory' and l.granted and a.application_name = 'taylordash leader'`);
  return members.find(({ proxy }) => proxy.owns(Number(row?.port)));
}

/** Who leads, and who waits for it. */
function candidates(sql: TestSql): Promise<number> {
  return sql.count(
    "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'taylordash leader'",
  );
}

const strike: Record<Blow, (member: Member) => Promise<void> | void> = {
  kill: ({ server }) => server.kill(),
  freeze: ({ server }) => server.freeze(),
  cut: ({ proxy }) => proxy.cut(),
};
const recover: Record<Blow, (member: Member) => Promise<void> | void> = {
  kill: ({ server }) => server.start(),
  freeze: ({ server }) => server.thaw(),
  cut: ({ proxy }) => proxy.heal(),
};

/** The leader is struck again and again under load; whoever was struck comes back while the other leads. Without blows both just run. */
export function failovers(
  options: { root?: string | undefined; blows: readonly Blow[] },
  mosquittoPath: string,
): Promise<FailoverRun> {
  return withDatabase(async ({ url }) => {
    const mosquitto = await startMosquitto(mosquittoPath);
    const bus = await connectAsync(mosquitto.url);
    const sql = await connectSql(url);
    const members: Member[] = [];
    try {
      await watchAppends(sql);
      for (let n = 0; n < 2; n++) {
        const proxy = await toxicProxy(url);
        const server = await killableServer({
          database_url: proxy.through(url),
          mqtt_broker: mosquitto.url,
          ...rooted(options.root),
        });
        members.push({ server, proxy });
        await server.start();
      }
      await pause(1000);
      let arrivals = 0;
      bus.on('message', (_topic, payload, { retain }) => {
        if (!retain && payload.toString() === statusPayload('online')) arrivals++;
      });
      await bus.subscribeAsync(statusTopic, { qos: 1 });
      const { publishers, finish } = load(mosquitto.url, 2, { pace: 20 });
      const takeovers: Takeover[] = [];
      for (const blow of options.blows) {
        await pause(700);
        let struck = await leaderOf(sql, members);
        const complete = async () => {
          struck = await leaderOf(sql, members);
          return struck !== undefined && (await candidates(sql)) === members.length;
        };
        if (!(await until(complete, 30_000)) || struck === undefined) throw new Error('one does not come back');
        const [before] = await sql.rows(
          'select clock_timestamp()::text as at, (select max(n) from public.appends) as n',
        );
        const [last] = await sql.rows('select pid from public.appends order by n desc limit 1');
        arrivals = 0;
        await strike[blow](struck);
        let took_ms = Number.POSITIVE_INFINITY;
        await until(async () => {
          const [first] = await sql.rows(
            'select extract(epoch from at - $1::timestamptz) * 1000 as ms from public.appends where n > $2 and pid <> $3 order by n limit 1',
            [before?.at, before?.n ?? 0, last?.pid ?? 0],
          );
          if (first !== undefined) took_ms = Number(first.ms);
          return first !== undefined;
        }, 30_000);
        // One that is cut off goes on believing that it leads.
        if (blow === 'cut') await pause(3000);
        takeovers.push({ blow, took_ms, arrivals });
        await recover[blow](struck);
      }
      await pause(options.blows.length === 0 ? 4000 : 500);
      await finish();
      const sent = await close(publishers);
      let stored = await storedIn(url);
      await until(async () => {
        stored = await storedIn(url);
        return new Set([...stored.mirror, ...stored.dead]).size >= total(sent);
      }, 30_000);
      const findings = judge(sent, stored);
      const run = { findings, acknowledged: total(sent), kills: options.blows.length, ready_ms: [] };
      return { ...run, takeovers, usurped: await usurpations(sql) };
    } finally {
      for (const { server, proxy } of members) {
        server.thaw();
        await server.kill();
        await server.remove();
        await proxy.close();
      }
      await sql.end();
      await bus.endAsync(true);
      await mosquitto.remove();
    }
  });
}
