// A connection of the superuser's to a test's database: to look at rows, and to move times, past all services.
import pg from 'pg';

export interface TestSql {
  rows(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** First column of the first row as a number. */
  count(text: string, values?: readonly unknown[]): Promise<number>;
  end(): Promise<void>;
}

export async function connectSql(url: string): Promise<TestSql> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const rows = async (text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> =>
    (await client.query<Record<string, unknown>>(text, [...values])).rows;
  return {
    rows,
    async count(text, values) {
      return Number(Object.values((await rows(text, values))[0] ?? {})[0]);
    },
    end: () => client.end(),
  };
}

/** Every table that a request could write to, by its number of rows and the sum of its rows' versions of the tuple. */
export async function fingerprint(sql: TestSql): Promise<Record<string, string>> {
  const tables = [
    ...['public.projects', 'public.components', 'public.component_dependencies', 'public.tasks', 'public.users'],
    ...['taylordash.user_grants', 'taylordash.settings', 'taylordash.idempotency_keys', 'public.dlq_events'],
    ...['public.auth_audit_log', 'logging.system_metrics'],
  ];
  const out: Record<string, string> = {};
  for (const table of tables) {
    const [row] = await sql.rows(
      `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as state from ${table} t`,
    );
    out[table] = String(row?.state);
  }
  // Rows wander from the outbox to the mirror: together they only grow.
  const events = await sql.count(
    'select (select count(*) from taylordash.outbox) + (select count(*) from public.events_mirror)',
  );
  out.events = String(events);
  return out;
}
