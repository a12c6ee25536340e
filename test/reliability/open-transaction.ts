// A transaction that has written an event and stays open, while everything else goes on. Runs on any build, a broken one too.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { createClient } from '../../sdk/src/client.ts';
import { connectSql } from '../harness/sql.ts';
import { type Findings, judge } from './history.ts';
import { close, load, rooted, total, until, withDatabase } from './load.ts';
import { storedIn } from './outcome.ts';
import { killableServer } from './server.ts';
import { signIn, streamReader } from './streams.ts';

export interface OpenRun {
  findings: Findings;
  acknowledged: number;
  /** The second in which nothing was acknowledged, or in which what was new never came to the stream; null for none. */
  stood_still: number | null;
  /** What the stream took at the most to come to what was newest, in milliseconds. */
  lag_ms: number;
  /** Where the event of the transaction is missing, or in a wrong place. */
  wrong: string[];
}

const topic = 'tracker/events/projects/held';
const envelope = {
  kind: 'held',
  trace_id: randomUUID(),
  ts: '2026-01-15T10:30:00Z',
  idempotency_key: 'held',
  payload: {},
};

export function openTransaction(options: { root?: string; seconds: number }): Promise<OpenRun> {
  return withDatabase(async ({ url }) => {
    const server = await killableServer({ database_url: url, ...rooted(options.root) });
    const [sql, holder] = [await connectSql(url), await connectSql(url)];
    const newest = () => sql.count('select coalesce(max(id), 0) from public.events_mirror');
    try {
      await server.start();
      const token = await signIn(server);
      const admin = createClient({ base_url: server.url, token });
      const after = await newest();
      const reader = streamReader({ url: server.url, token, after });
      const reached = (id: number) => (reader.ids.at(-1) ?? 0) >= id;
      const subscriber = await connectAsync(server.mqtt_url);
      const heard: string[] = [];
      subscriber.on('message', (on) => heard.push(on));
      await subscriber.subscribeAsync(topic, { qos: 1 });
      const { publishers, acknowledged, finish } = load(server.mqtt_url, 2, { pace: 50 });
      await until(() => acknowledged() > 0);
      await holder.rows('begin');
      await holder.rows('insert into taylordash.outbox (topic, payload) values ($1, $2)', [topic, envelope]);

      /** Takes the same way as what waits, behind it. Resolves to its id, or null where it is not stored. */
      async function told(): Promise<number | null> {
        const trace_id = randomUUID();
        const body = { topic: 'tracker/events/projects/told', kind: 'told', trace_id, payload: {} };
        await admin.call('publishEvent', { body });
        const find = () =>
          sql.count('select coalesce(max(id), 0) from public.events_mirror where trace_id = $1', [trace_id]);
        return (await until(async () => (await find()) > 0)) ? find() : null;
      }
      let stood_still: number | null = null;
      let lag_ms = 0;
      for (let second = 0; second < options.seconds && stood_still === null; second++) {
        const [begun, before] = [performance.now(), acknowledged()];
        const ours = await told();
        const aim = Math.max(await newest(), ours ?? 0);
        const came = ours !== null && (await until(() => reached(aim)));
        lag_ms = Math.max(lag_ms, performance.now() - begun);
        await pause(1000 - (performance.now() - begun));
        if (!came || acknowledged() === before) stood_still = second;
      }

      const last = await newest();
      await holder.rows('commit');
      const held = () => sql.count('select coalesce(max(id), 0) from public.events_mirror where topic = $1', [topic]);
      const wrong: string[] = [];
      if (!(await until(async () => (await held()) > last))) wrong.push('the mirror');
      if (!(await until(() => heard.length > 0))) wrong.push('a subscriber');
      await finish();
      const sent = await close(publishers);
      const end = await newest();
      await until(() => reached(end));
      const all = await sql.rows(
        "select id::int as id from public.events_mirror where id > $1 and topic like 'tracker/events/%' order by id",
        [after],
      );
      if (reader.ids.join() !== all.map((row) => row.id).join()) wrong.push('the stream');
      reader.end();
      await subscriber.endAsync(true);
      return { findings: judge(sent, await storedIn(url)), acknowledged: total(sent), stood_still, lag_ms, wrong };
    } finally {
      await holder.end();
      await sql.end();
      await server.kill();
      await server.remove();
    }
  });
}
