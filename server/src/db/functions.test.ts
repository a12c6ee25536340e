// What the database does by itself: triggers, clean-up, logging, views, partitions.
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/harness/postgres.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url, options: '-c timezone=UTC' });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
beforeEach(() => client.query('BEGIN'));
afterEach(() => client.query('ROLLBACK'));

// Row edge: each test names the columns that it selects.
type Row = Record<string, never>;

async function rows(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await client.query<Row>(text, values)).rows;
}
async function one(text: string, values: unknown[] = []): Promise<Row> {
  const [row] = await rows(text, values);
  if (row === undefined) throw new Error(`no row: ${text}`);
  return row;
}
async function refused(text: string): Promise<{ code?: string; constraint?: string }> {
  await client.query('SAVEPOINT refused');
  try {
    await client.query(text);
  } catch (error) {
    await client.query('ROLLBACK TO refused');
    return error instanceof pg.DatabaseError
      ? { ...(error.code ? { code: error.code } : {}), ...(error.constraint ? { constraint: error.constraint } : {}) }
      : {};
  }
  throw new Error(`not refused: ${text}`);
}
const addUser = (name: string) =>
  one("INSERT INTO users (username, password_hash, role) VALUES ($1, 'x', 'viewer') RETURNING id, version", [name]);

describe('version and updated_at', () => {
  test.each(['projects', 'components', 'tasks'])('%s: raised by one, whatever the statement says', async (table) => {
    const project = await one("INSERT INTO projects (name) VALUES ('p') RETURNING id");
    const made =
      table === 'components'
        ? await one("INSERT INTO components (project_id, name) VALUES ($1, 'c') RETURNING id", [project.id])
        : table === 'tasks'
          ? await one("INSERT INTO tasks (name) VALUES ('t') RETURNING id")
          : project;
    const changed = await one(
      `UPDATE ${table} SET name = 'new', version = 99, updated_at = 'epoch' WHERE id = $1 RETURNING version, updated_at = now() AS touched`,
      [made.id],
    );
    expect(changed).toEqual({ version: 2, touched: true });
  });

  test('users: an edit counts, a login does not', async () => {
    const { id } = await addUser('Vera');
    expect(await one('UPDATE users SET last_login = now() WHERE id = $1 RETURNING version', [id])).toEqual({
      version: 1,
    });
    expect(await one("UPDATE users SET role = 'admin' WHERE id = $1 RETURNING version", [id])).toEqual({ version: 2 });
  });
});

describe('what tables refuse', () => {
  test('the same username in another case', async () => {
    await addUser('Mia');
    expect(await refused("INSERT INTO users (username, password_hash, role) VALUES ('mia', 'x', 'viewer')")).toEqual({
      code: '23505',
      constraint: 'users_username_lower_key',
    });
  });

  test('dependencies on itself and across projects; the project is filled in', async () => {
    const [a, b, c] = await rows(`
      WITH p AS (INSERT INTO projects (name) VALUES ('one'), ('two') RETURNING id, name)
      INSERT INTO components (project_id, name) SELECT id, n FROM p, unnest(CASE name WHEN 'one' THEN '{a,b}'::text[] ELSE '{c}' END) n
      RETURNING id, project_id, name`).then((list) =>
      list.sort((x, y) => String(x.name).localeCompare(String(y.name))),
    );
    const insert = (from: Row | undefined, to: Row | undefined) =>
      `INSERT INTO component_dependencies (component_id, depends_on_id) VALUES ('${from?.id}', '${to?.id}') RETURNING project_id`;
    expect(await one(insert(a, b))).toEqual({ project_id: a?.project_id });
    expect(await refused(insert(a, a))).toEqual({ code: '23514', constraint: 'component_dependencies_self_check' });
    expect(await refused(insert(a, c))).toEqual({
      code: '23503',
      constraint: 'component_dependencies_depends_on_id_fkey',
    });
    expect(await refused(insert(a, b))).toEqual({ code: '23505', constraint: 'component_dependencies_pkey' });
    const nobody =
      'INSERT INTO component_dependencies (component_id, depends_on_id) VALUES (gen_random_uuid(), gen_random_uuid())';
    expect(await refused(nobody)).toEqual({ code: '23503', constraint: 'component_dependencies_component_id_fkey' });
    expect(await refused(`UPDATE components SET project_id = '${c?.project_id}' WHERE id = '${b?.id}'`)).toMatchObject({
      code: '23503',
    });
  });

  test.each([
    ["INSERT INTO projects (name, status) VALUES ('p', 'odd')", 'projects_status_check'],
    ["INSERT INTO projects (name, working_days) VALUES ('p', '{8}')", 'projects_working_days_check'],
    ["INSERT INTO projects (name, metadata) VALUES ('p', '[]')", 'projects_metadata_check'],
    ["INSERT INTO tasks (name, priority) VALUES ('t', 5)", 'tasks_priority_check'],
    ["INSERT INTO tasks (name, weight) VALUES ('t', 'NaN')", 'tasks_weight_check'],
    ["INSERT INTO users (username, password_hash, role) VALUES ('u', 'x', 'owner')", 'users_role_check'],
  ])('%s', async (statement, constraint) => {
    expect(await refused(statement)).toEqual({ code: '23514', constraint });
  });
});

describe('cleanup_expired_sessions', () => {
  test('ends what is past its limits, audits each, leaves the rest', async () => {
    const { id } = await addUser('Sid');
    await client.query(
      `INSERT INTO user_sessions (user_id, session_token, expires_at, last_activity, idle_seconds) VALUES
         ($1, 'past', LOCALTIMESTAMP - interval '1 s', LOCALTIMESTAMP, 60),
         ($1, 'idle', LOCALTIMESTAMP + interval '1 h', LOCALTIMESTAMP - interval '61 s', 60),
         ($1, 'busy', LOCALTIMESTAMP + interval '1 h', LOCALTIMESTAMP - interval '59 s', 60),
         ($1, 'wall', 'infinity', LOCALTIMESTAMP - interval '1 year', NULL)`,
      [id],
    );
    expect(await one('SELECT cleanup_expired_sessions() AS ended')).toEqual({ ended: 2 });
    expect(await one('SELECT cleanup_expired_sessions() AS ended')).toEqual({ ended: 0 });
    const active = await rows('SELECT session_token FROM user_sessions WHERE is_active ORDER BY 1');
    expect(active.map((row) => row.session_token)).toEqual(['busy', 'wall']);
    const audit = await rows(
      "SELECT user_id, subject_id, actor_name FROM auth_audit_log WHERE event_type = 'session_expired'",
    );
    expect(audit).toEqual([
      { user_id: id, subject_id: id, actor_name: 'Sid' },
      { user_id: id, subject_id: id, actor_name: 'Sid' },
    ]);
  });
});

describe('logs', () => {
  test('insert_log writes one row, cuts what is too long, and the stream has it', async () => {
    const { id } = await one(
      `SELECT logging.insert_log('error', 'taylordash-backend', 'broke', p_endpoint => repeat('x', 300), p_context => '{"a": 1}') AS id`,
    );
    expect(
      await one(
        'SELECT level, severity, length(endpoint) AS endpoint, context, log_date = (now() AT TIME ZONE $2)::date AS today, retention_date - timestamp AS kept FROM logging.application_logs WHERE id = $1',
        [id, 'UTC'],
      ),
    ).toMatchObject({
      level: 'ERROR',
      severity: 'HIGH',
      endpoint: 200,
      context: { a: 1 },
      today: true,
      kept: { days: 30 },
    });
    expect(await rows('SELECT log_id, message FROM logging.log_stream')).toEqual([{ log_id: id, message: 'broke' }]);
  });

  test('the stream leaves out old rows', async () => {
    await client.query(
      `INSERT INTO logging.application_logs (timestamp, level, service, category, message)
       SELECT now() - n * interval '40 minutes', 'INFO', 's', 'c', n::text FROM generate_series(0, 3) n`,
    );
    const stream = await rows('SELECT message FROM logging.log_stream ORDER BY id');
    expect(stream.map((row) => row.message)).toEqual(['0', '1']);
  });

  test('cleanup_old_logs goes by policy, in batches, until all is zero', async () => {
    await client.query(
      `INSERT INTO logging.application_logs (timestamp, level, service, category, message)
       SELECT now() - days * interval '1 day', level, service, 'c', days::text
       FROM unnest(ARRAY[6, 8, 31, 61, 91, 400, 2600]) days, unnest(ARRAY['ERROR', 'DEBUG']) level,
            unnest(ARRAY['taylordash-backend', 'taylordash-web', 'security', 'audit', 'unknown']) service`,
    );
    await client.query(
      `INSERT INTO logging.system_metrics (timestamp, service, metric_name, metric_value)
       SELECT now() - days * interval '1 day', 's', 'm', days FROM unnest(ARRAY[1, 29, 31, 99]) days`,
    );
    await client.query(
      `INSERT INTO plugins (id, name, version, author, type, repository_url, install_path, manifest)
       VALUES ('p', 'p', '1.0.0', 'a', 'ui', 'u', 'i', '{}')`,
    );
    await client.query(
      `INSERT INTO plugin_api_access (plugin_id, endpoint, method, access_granted, timestamp)
       SELECT 'p', '/', 'GET', true, now() - days * interval '1 day' FROM unnest(ARRAY[89, 91]) days`,
    );
    await client.query(
      `INSERT INTO logging.log_stream (log_id, timestamp, level, service, category, severity, message)
       VALUES (1, now() - interval '61 minutes', 'INFO', 's', 'c', 'INFO', 'old'), (2, now(), 'INFO', 's', 'c', 'INFO', 'new')`,
    );
    const total: Record<string, number> = {};
    let calls = 0;
    for (let deleted = 1; deleted > 0; calls += 1) {
      const batch = await rows('SELECT table_name, deleted::int FROM logging.cleanup_old_logs(5)');
      expect(batch.length).toBe(4);
      deleted = 0;
      for (const row of batch) {
        expect(Number(row.deleted)).toBeLessThanOrEqual(5);
        total[row.table_name ?? ''] = (total[row.table_name ?? ''] ?? 0) + Number(row.deleted);
        deleted += Number(row.deleted);
      }
    }
    expect(calls).toBeGreaterThan(3);
    expect(total).toEqual({ application_logs: 33, system_metrics: 2, plugin_api_access: 1, log_stream: 1 });
    const left = await rows(
      `SELECT service || ' ' || level AS pair, string_agg(message, ' ' ORDER BY timestamp DESC) AS days
       FROM logging.application_logs GROUP BY 1 ORDER BY 1`,
    );
    expect(left).toEqual([
      { pair: 'audit DEBUG', days: '6 8 31 61 91 400' },
      { pair: 'audit ERROR', days: '6 8 31 61 91 400' },
      { pair: 'security DEBUG', days: '6 8 31 61 91' },
      { pair: 'security ERROR', days: '6 8 31 61 91' },
      { pair: 'taylordash-backend DEBUG', days: '6' },
      { pair: 'taylordash-backend ERROR', days: '6 8 31 61' },
      { pair: 'taylordash-web DEBUG', days: '6 8' },
      { pair: 'taylordash-web ERROR', days: '6 8 31 61' },
      { pair: 'unknown DEBUG', days: '6 8' },
      { pair: 'unknown ERROR', days: '6 8' },
    ]);
    expect(await refused('SELECT logging.cleanup_old_logs(0)')).toEqual({ code: '22023' });
  });

  test('error_summary and recent_logs', async () => {
    await client.query(
      `INSERT INTO logging.application_logs (timestamp, level, service, category, message, error_code)
       SELECT date_trunc('hour', now()) - interval '2 hours' + n * interval '1 minute', CASE WHEN n < 3 THEN 'ERROR' ELSE 'INFO' END, 's', 'c', n::text, 'E1'
       FROM generate_series(0, 4) n UNION ALL SELECT now() - interval '25 hours', 'ERROR', 's', 'c', 'old', NULL`,
    );
    const summary = await rows(
      'SELECT error_code, error_count::int, last_seen - first_seen AS span, first_seen - hour AS offset FROM logging.error_summary ORDER BY hour DESC LIMIT 1',
    );
    expect(summary).toMatchObject([{ error_code: 'E1', error_count: 3, span: { minutes: 2 } }]);
    const recent = await rows('SELECT message FROM logging.recent_logs');
    expect(recent.map((row) => row.message)).toEqual(['4', '3', '2', '1', '0']);
  });
});

test('plugin_stats and security_summary', async () => {
  expect(await one('SELECT total_plugins::int, minimum_security_score FROM plugin_management.plugin_stats')).toEqual({
    total_plugins: 0,
    minimum_security_score: null,
  });
  await client.query(
    `INSERT INTO plugins (id, name, version, author, type, repository_url, install_path, manifest, status, security_score, security_violations)
     VALUES ('a', 'A', '1.0.0', 'x', 'ui', 'u', 'i', '{}', 'installed', 100, 0), ('b', 'B', '1.0.0', 'x', 'data', 'u', 'i', '{}', 'failed', 61, 3)`,
  );
  await client.query(
    `INSERT INTO plugin_security_violations (plugin_id, violation_type, description, severity, resolved)
     VALUES ('b', 'v', 'd', 'high', true), ('b', 'v', 'd', 'high', false), ('b', 'v', 'd', 'critical', false)`,
  );
  expect(
    await one(
      'SELECT total_plugins::int, installed::int, failed::int, with_violations::int, average_security_score, minimum_security_score, last_installed_at = now() AS now FROM plugin_management.plugin_stats',
    ),
  ).toEqual({
    total_plugins: 2,
    installed: 1,
    failed: 1,
    with_violations: 1,
    average_security_score: '80.50',
    minimum_security_score: 61,
    now: true,
  });
  expect(
    await rows(
      'SELECT plugin_id, low::int, medium::int, high::int, critical::int, open_violations::int FROM plugin_management.security_summary ORDER BY 1',
    ),
  ).toEqual([
    { plugin_id: 'a', low: 0, medium: 0, high: 0, critical: 0, open_violations: 0 },
    { plugin_id: 'b', low: 0, medium: 0, high: 2, critical: 1, open_violations: 2 },
  ]);
});

describe('partitions', () => {
  test('are made ahead as ids go on, and rows land in theirs', async () => {
    expect(await one('SELECT taylordash.ensure_partitions() AS made')).toEqual({ made: 0 });
    await client.query("SELECT setval('public.events_mirror_id_seq', 2500000)");
    expect(await one('SELECT taylordash.ensure_partitions() AS made')).toEqual({ made: 2 });
    const landed = await one(
      `INSERT INTO events_mirror (topic, payload) VALUES ('t', '{"trace_id": "7f2c1a52-6f0e-4a0c-9a55-0d1f6b7c8d9e"}') RETURNING tableoid::regclass::text AS partition, trace_id`,
    );
    expect(landed).toEqual({
      partition: 'taylordash.events_mirror_p000002',
      trace_id: '7f2c1a52-6f0e-4a0c-9a55-0d1f6b7c8d9e',
    });
    await client.query("SELECT setval('public.events_mirror_id_seq', 9000000)");
    expect(await refused("INSERT INTO events_mirror (topic, payload) VALUES ('t', '{}')")).toEqual({ code: '23514' });
  });
});

describe('times as text', () => {
  test.each([
    ["'2026-01-15 10:30:00.123456+02'::timestamptz", '2026-01-15T08:30:00.123456Z'],
    ["'2026-01-15 10:30:00+00'::timestamptz", '2026-01-15T10:30:00.000000Z'],
    ["'2026-01-15 10:30:00.000001'::timestamp", '2026-01-15T10:30:00.000001Z'],
    ["'infinity'::timestamp", null],
    ['NULL::timestamptz', null],
  ])('iso(%s)', async (value, text) => {
    await client.query("SET LOCAL timezone = 'America/New_York'");
    expect(await one(`SELECT taylordash.iso(${value}) AS text`)).toEqual({ text });
  });
});

test('dead_letter_json shows the first 64 KB of the bytes, in one line', async () => {
  const row = await one(
    `INSERT INTO dlq_events (original_topic, failure_reason, payload, raw) VALUES ('t', 'r', '{}', $1)
     RETURNING taylordash.dead_letter_json(dlq_events) AS json`,
    [Buffer.alloc(70_000, 0xff)],
  );
  const json: { raw_base64?: string; raw_size?: number; id?: unknown } = row.json ?? {};
  expect(json.raw_size).toBe(70_000);
  expect(json.raw_base64).not.toContain('\n');
  expect(Buffer.from(json.raw_base64 ?? '', 'base64').length).toBe(65_536);
  expect(typeof json.id).toBe('string');
});
