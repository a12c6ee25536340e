// Migrations that are cut off at every file, and that run while messages come in.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { migrate } from '../../server/src/db/migrate.ts';
import { testDatabase } from '../harness/postgres.ts';
import { connectSql, type TestSql } from '../harness/sql.ts';
import { failAt, type Moment } from './fail-at.ts';
import { judge, nothingFound, told } from './history.ts';
import { close, load, total, until, withDatabase } from './load.ts';
import { storedIn } from './outcome.ts';
import { killableServer } from './server.ts';
import { sized } from './size.ts';

const log = { info: () => undefined, warn: () => undefined };
const directory = join(import.meta.dirname, '..', '..', 'db', 'migrations');

/** Everything that migrations make, in words. */
async function shapeOf(sql: TestSql): Promise<string[]> {
  const rows = await sql.rows(`
    select format('%s.%s %s %s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull) as line
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'logging', 'taylordash') and a.attnum > 0 and not a.attisdropped
    union all select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint where conrelid <> 0
      and connamespace::regnamespace::text in ('public', 'logging', 'taylordash')
    union all select pg_get_functiondef(p.oid) from pg_proc p where pronamespace::regnamespace::text in ('public', 'taylordash')
      and prokind = 'f'
    union all select format('%s %s', oid::regclass, relacl) from pg_class
      where relnamespace::regnamespace::text in ('public', 'logging', 'taylordash')
    union all select format('%s %s', name, checksum) from taylordash.schema_migrations
    order by 1`);
  return rows.map((row) => String(row.line));
}

it('R29 a migration that is cut off at any file, before it or before its answer, is taken up again', async () => {
  const [whole, cut] = [await testDatabase({ empty: true }), await testDatabase({ empty: true })];
  const failing = failAt();
  try {
    const { applied } = await migrate(whole.url, { log });
    let cuts = 0;
    // The lock, whether there is anything, what there is (made where there is nothing): the fourth is the first file that is due.
    for (let run = 0; ; run++) {
      const moment: Moment = run % 2 === 0 ? 'before' : 'after';
      failing.arm(4, moment, 'taylordash owner');
      const done = await migrate(cut.url, { log }).then(
        () => true,
        () => false,
      );
      if (!failing.disarm()) {
        expect(done).toBe(true);
        break;
      }
      expect(done).toBe(false);
      cuts++;
    }
    // Each file once before it was sent and once before it was answered.
    expect(cuts).toBe(applied.length * 2);
    const [one, other] = [await connectSql(whole.url), await connectSql(cut.url)];
    expect(await shapeOf(other)).toEqual(await shapeOf(one));
    await one.end();
    await other.end();
  } finally {
    failing.remove();
    await whole.drop();
    await cut.drop();
  }
}, 120_000);

it(
  'R29 a migration while messages come in, cut off in the middle and run again, loses nothing',
  () =>
    withDatabase(async ({ url }) => {
      const folder = await mkdtemp(join(tmpdir(), 'td-migrations-'));
      const server = await killableServer({ database_url: url });
      const sql = await connectSql(url);
      try {
        await cp(directory, folder, { recursive: true });
        // What the next release may bring: a column of the mirror, and work that takes its time.
        await writeFile(
          join(folder, '9000_later.sql'),
          `-- oldest server: 0.1.0\nalter table public.events_mirror add column later integer;\nselect pg_sleep(${sized(0.7, 3)});\n` +
            'create index later on public.events_mirror (later) where later is not null;\n',
        );
        await server.start();
        const { publishers, finish } = load(server.mqtt_url, 2);
        await pause(500);
        for (let n = 0; n < sized(2, 20); n++) {
          const cut = migrate(url, { log, directory: folder });
          const gone = expect(cut).rejects.toThrow();
          const inTheMiddle = async () => {
            const ended = await sql.rows(`select pg_terminate_backend(pid) from pg_stat_activity
              where application_name = 'taylordash owner' and datname = current_database() and wait_event = 'PgSleep'`);
            return ended.length > 0;
          };
          expect(await until(inTheMiddle)).toBe(true);
          await gone;
          expect(await sql.count("select count(*) from pg_attribute where attname = 'later'")).toBe(0);
          await pause(300);
        }
        expect((await migrate(url, { log, directory: folder })).applied).toEqual(['9000_later']);
        await pause(300);
        await finish();
        const sent = await close(publishers);
        const findings = judge(sent, await storedIn(url));
        console.log(`R29: ${total(sent)} acknowledged beside a migration.`);
        expect(told(findings)).toEqual({});
        expect(findings).toEqual(nothingFound);
        expect(total(sent)).toBeGreaterThan(100);
      } finally {
        await sql.end();
        await server.kill();
        await server.remove();
        await rm(folder, { recursive: true, force: true });
      }
    }),
  sized(4, 20) * 60_000,
);
