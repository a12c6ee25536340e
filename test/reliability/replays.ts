// Dead letters by the thousand that are replayed while the server is killed: each becomes one event, in the order of its topic.
import { setTimeout as pause } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { createClient } from '../../sdk/src/client.ts';
import { connectSql } from '../harness/sql.ts';
import { judge } from './history.ts';
import { rooted, total, until, withDatabase } from './load.ts';
import type { Run } from './scenarios.ts';
import { account, killableServer } from './server.ts';

export interface ReplayRun extends Run {
  status: string;
  /** Letters that are not marked as replayed. */
  left: number;
  /** Events stored a second, in the seconds without a kill in or just before them. */
  rates: number[];
}

const topics = 10;
const selection = { topic: 'tracker/events/replayed/+' };
const edit = [{ op: 'wrap' as const, kind: 'said', into: 'text' }];

export function replayUnderKills(options: {
  root?: string | undefined;
  letters: number;
  kills: number;
  rate: number;
}): Promise<ReplayRun> {
  return withDatabase(async ({ url }) => {
    const server = await killableServer({ database_url: url, ...rooted(options.root) });
    const sql = await connectSql(url);
    try {
      await sql.rows('create table public.kills (at timestamptz not null default clock_timestamp())');
      await server.start();
      const keys = Array.from({ length: options.letters }, (_, n) => `pub${n % topics}-${n}`);
      const client = await connectAsync(server.mqtt_url);
      for (let at = 0; at < keys.length; at += 500) {
        const some = keys.slice(at, at + 500);
        await Promise.all(
          some.map((key) => client.publishAsync(`tracker/events/replayed/${key.split('-')[0]}`, key, { qos: 1 })),
        );
      }
      await client.endAsync();
      const anonymous = createClient({ base_url: server.url });
      const { data: session } = await anonymous.call('login', { body: account });
      const admin = createClient({ base_url: server.url, token: session.token ?? '' });
      const { data: dry } = await admin.call('dryRunDeadLetters', { body: { selection, edit } });
      if (dry.counts.stored !== keys.length) throw new Error(`the dry run counts ${JSON.stringify(dry.counts)}`);
      const { data: begun } = await admin.call('startReplay', { body: { selection, edit, rate: options.rate } });
      const stored = () =>
        sql.count("select count(*) from public.events_mirror where topic like 'tracker/events/replayed/%'");
      for (let n = 1; n <= options.kills; n++) {
        // Spread over the replay; at a moment of no step's choosing.
        await until(async () => (await stored()) > (n * keys.length) / (options.kills + 1), 60_000);
        await pause(Math.random() * 100);
        await server.kill();
        await sql.rows('insert into public.kills default values');
        await server.start();
      }
      let status = '';
      await until(
        async () => {
          status = (await admin.call('getReplay', { params: { id: begun.id } })).data.status;
          return status !== 'running';
        },
        60_000 + (keys.length * 3000) / options.rate,
      );
      const mirror = await sql.rows(
        "select payload->'payload'->>'text' as key from public.events_mirror where topic like 'tracker/events/replayed/%' order by id",
      );
      const sent = Array.from({ length: topics }, (_, n) => {
        const own = keys.filter((key) => key.startsWith(`pub${n}-`));
        return { publisher: `pub${n}`, keys: own, acknowledged: new Set(own) };
      });
      const left = await sql.count("select count(*) from public.dlq_events where status <> 'replayed'");
      const rates = await sql.rows(
        `select count(*)::int as n from public.events_mirror e where topic like 'tracker/events/replayed/%'
           and not exists (select from public.kills k where e.created_at between k.at - interval '2 seconds' and k.at + interval '10 seconds')
         group by date_trunc('second', created_at) order by date_trunc('second', created_at)`,
      );
      return {
        findings: judge(sent, { mirror: mirror.map((row) => String(row.key)), dead: [] }),
        ...{ acknowledged: total(sent), kills: options.kills, ready_ms: [], status, left },
        // The first and the last second are not whole.
        rates: rates.slice(1, -1).map((row) => Number(row.n)),
      };
    } finally {
      await sql.end();
      await server.kill();
      await server.remove();
    }
  });
}
