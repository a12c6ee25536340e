// A server whose clock jumps under load: sessions, the order of events and what runs by timers do not follow it.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createClient } from '../../sdk/src/client.ts';
import { connectSql, type TestSql } from '../harness/sql.ts';
import { judge, nothingFound, told } from './history.ts';
import { close, load, total, until, withDatabase } from './load.ts';
import { storedIn } from './outcome.ts';
import { account, killableServer } from './server.ts';
import { sized } from './size.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** How far the clock is from the real one, in milliseconds. */
const steps: readonly [string, () => number][] = [
  ['an hour on', () => hour],
  ['an hour back', () => -hour],
  ['a day on', () => day],
  ['a day back', () => -day],
  ['forty days on', () => 40 * day],
  ['a step of NTP', () => -400],
  ['a leap second', () => -1000],
  ['into summer time', () => Date.parse('2027-03-28T00:59:59.800Z') - Date.now()],
  ['out of summer time', () => Date.parse('2027-10-31T00:59:59.800Z') - Date.now()],
  ['as it was', () => 0],
];

/** Transactions of a second in which nobody asks for anything. */
async function idleRate(sql: TestSql, database: string): Promise<number> {
  const count = () =>
    sql.count('select xact_commit + xact_rollback from pg_stat_database where datname = $1', [database]);
  const before = await count();
  await pause(1500);
  return (await count()) - before;
}

it(
  'R12 a clock that jumps while events and requests arrive',
  () =>
    withDatabase(async ({ url }) => {
      const folder = await mkdtemp(join(tmpdir(), 'td-clock-'));
      const file = join(folder, 'offset');
      const set = async (offset: number) => {
        await writeFile(`${file}.new`, String(offset));
        await rename(`${file}.new`, file);
        await pause(150);
      };
      const server = await killableServer({
        database_url: url,
        environment: {
          ...{ TZ: 'Europe/Berlin', CLOCK_OFFSET: file },
          NODE_OPTIONS: `--import ${join(import.meta.dirname, 'jumping-clock.ts')}`,
        },
      });
      const sql = await connectSql(url);
      const login = async () => (await createClient({ base_url: server.url }).call('login', { body: account })).data;
      const status = async (token: string) => {
        const headers = { authorization: `Bearer ${token}` };
        return (await fetch(`${server.url}/api/v1/auth/me`, { headers })).status;
      };
      try {
        await server.start();
        const { token: alive = '' } = await login();
        const { token: over = '' } = await login();
        const admin = createClient({ base_url: server.url, token: alive });
        await sql.rows(
          `update public.user_sessions set expires_at = now() - interval '1 second'
           where id = (select id from public.user_sessions order by created_at desc limit 1)`,
        );
        await pause(1000);
        const quiet = await idleRate(sql, new URL(url).pathname.slice(1));
        const under = load(server.mqtt_url, 2, { pace: 10 });
        const shown: number[] = [];
        for (let round = 0; round < sized(1, 50); round++) {
          for (const [name, offset] of steps) {
            const shift = offset();
            await set(shift);
            const before = under.acknowledged();
            expect([name, await status(alive), await status(over)]).toEqual([name, 200, 401]);
            await admin.call('createProject', { body: { name: `${shown.length}` } });
            shown.push(Date.now() + shift);
            expect([name, await until(() => under.acknowledged() > before + 20)]).toEqual([name, true]);
          }
        }
        const lasts = Date.parse((await login()).expires_at) - Date.now();
        expect(Math.round(lasts / hour)).toBe(24);
        await under.finish();
        const sent = await close(under.publishers);
        expect(told(judge(sent, await storedIn(url)))).toEqual(told(nothingFound));

        // In the order in which they were made, each with the time that the clock showed.
        const made = async () =>
          sql.rows(`select payload#>>'{payload,entity,name}' as name, payload->>'ts' as ts
            from public.events_mirror where payload->>'kind' = 'project_created' order by id`);
        await until(async () => (await made()).length === shown.length);
        const rows = await made();
        expect(rows.map(({ name }) => name)).toEqual(shown.map((_moment, n) => String(n)));
        const off = rows.map(({ ts }, n) => Math.abs(Date.parse(String(ts)) - (shown[n] ?? 0)));
        expect(Math.max(...off)).toBeLessThan(hour / 4);

        const after = await idleRate(sql, new URL(url).pathname.slice(1));
        console.log(
          `R12: ${total(sent)} acknowledged over ${shown.length} jumps; at rest ${quiet} and ${after} transactions`,
        );
        expect(after).toBeLessThan(3 * quiet + 300);
      } finally {
        await server.kill();
        await server.remove();
        await sql.end();
        await rm(folder, { recursive: true });
      }
    }),
  sized(2, 20) * 60_000,
);
