// A database that answers, and refuses: read-only, full of connections, locked, short of something, or with our sessions ended.
import { setTimeout as pause } from 'node:timers/promises';
import { connectSql, type TestSql } from '../harness/sql.ts';
import { type Findings, judge } from './history.ts';
import { close, type LoadOptions, load, total, until, withDatabase } from './load.ts';
import { healthOf } from './outages.ts';
import { storedIn } from './outcome.ts';
import { killableServer } from './server.ts';

export interface Refusal {
  name: string;
  /** Begins it; the superuser's connection, which is none of the server's. */
  begin(sql: TestSql, database: string): Promise<unknown>;
  end(sql: TestSql, database: string): Promise<unknown>;
}

const endSessions = (sql: TestSql) =>
  sql.rows(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );

/** Each with its own SQLSTATE, none of which says that a message is at fault. */
const codes = ['40001', '40P01', '55P03', '57014', '53100', '53200', '58030', 'XX000', '25006', '42501', 'P0001'];

/** What nobody but a database in trouble says; each ends, and from then on everything works again. */
export const refusals: readonly Refusal[] = [
  {
    // As after a failover: sessions that were opened meanwhile stay as they are when it is over.
    name: 'read-only',
    async begin(sql, database) {
      await sql.rows(`alter database ${database} set default_transaction_read_only = on`);
      await endSessions(sql);
    },
    end: (sql, database) => sql.rows(`alter database ${database} reset default_transaction_read_only`),
  },
  {
    name: 'no connections left',
    async begin(sql, database) {
      await sql.rows(`alter database ${database} connection limit 0`);
      await endSessions(sql);
    },
    end: (sql, database) => sql.rows(`alter database ${database} connection limit -1`),
  },
  {
    name: 'locked, with a lock time-out',
    async begin(sql, database) {
      await sql.rows(`alter database ${database} set lock_timeout = '50ms'`);
      await endSessions(sql);
      await sql.rows('begin');
      await sql.rows('lock table public.events_mirror in access exclusive mode');
    },
    async end(sql, database) {
      await sql.rows('commit');
      await sql.rows(`alter database ${database} reset lock_timeout`);
    },
  },
  { name: 'sessions ended', begin: endSessions, end: endSessions },
  {
    name: `every second statement fails, with ${codes.length} different errors`,
    async begin(sql) {
      await sql.rows('create sequence public.trouble; grant usage on sequence public.trouble to public');
      await sql.rows(`
        create function public.trouble() returns trigger language plpgsql as $$
        declare n bigint := nextval('public.trouble');
        begin
          if n % 2 = 0 then
            raise exception 'trouble' using errcode = (array['${codes.join("','")}'])[1 + (n / 2) % ${codes.length}];
          end if;
          return null;
        end $$`);
      await sql.rows('create trigger trouble after insert on public.events_mirror execute function public.trouble()');
    },
    async end(sql) {
      await sql.rows('drop trigger trouble on public.events_mirror');
      await sql.rows('drop function public.trouble(); drop sequence public.trouble');
    },
  },
];

export interface RefusalRun {
  findings: Findings;
  acknowledged: number;
  dead_letters: number;
  /** Those after which it did not go on by itself. */
  stayed: string[];
}

export interface RefusalOptions {
  root?: string;
  each: number;
  rounds: number;
  /** Of each of the two publishers; a few at a pace where nothing is said. */
  load?: LoadOptions;
}

/** One refusal after the other, under load, each for so many milliseconds: more than the second after which a leader comes back. */
export function refused(options: RefusalOptions): Promise<RefusalRun> {
  return withDatabase(async ({ url }) => {
    const { root, each, rounds } = options;
    const database = new URL(url).pathname.slice(1);
    const server = await killableServer({ database_url: url, ...(root === undefined ? {} : { root }) });
    const sql = await connectSql(url);
    const stayed: string[] = [];
    try {
      await server.start();
      const { healthy } = await healthOf(server);
      const under = load(server.mqtt_url, 2, options.load ?? { pace: 10 });
      for (let round = 0; round < rounds; round++) {
        for (const { name, begin, end } of refusals) {
          await pause(200);
          await begin(sql, database);
          await pause(each);
          await end(sql, database);
          const before = under.acknowledged();
          const goesOn = async () => under.acknowledged() > before + 50 && (await healthy());
          if (!(await until(goesOn, 20_000))) stayed.push(name);
        }
      }
      await under.finish();
      const sent = await close(under.publishers);
      const stored = await storedIn(url);
      const dead_letters = await sql.count('select count(*) from public.dlq_events');
      return { findings: judge(sent, stored), acknowledged: total(sent), dead_letters, stayed };
    } finally {
      await server.kill();
      await server.remove();
      await sql.end();
    }
  });
}
