// The catalogue of a migrated database: what the reference names is there, and what stands on it is complete.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/harness/postgres.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function names(statement: string): Promise<string[]> {
  const result = await client.query<{ name: string }>(statement);
  return result.rows.map((row) => row.name);
}

test('the nineteen tables of the reference', async () => {
  const tables = await names(`
    SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'logging', 'plugin_management') AND c.relkind IN ('r', 'p') ORDER BY 1`);
  expect(tables).toEqual([
    'auth_audit_log',
    'component_dependencies',
    'components',
    'dlq_events',
    'events_mirror',
    'logging.application_logs',
    'logging.log_stream',
    'logging.retention_policies',
    'logging.system_metrics',
    'plugin_api_access',
    'plugin_config_history',
    'plugin_dependencies',
    'plugin_health_checks',
    'plugin_security_violations',
    'plugins',
    'projects',
    'tasks',
    'user_sessions',
    'users',
  ]);
});

test('constraints that the reference names', async () => {
  const found = await names('SELECT DISTINCT conname AS name FROM pg_constraint');
  expect(found).toEqual(
    expect.arrayContaining(['users_role_check', 'plugins_type_check', 'violations_severity_check', 'logs_level_check']),
  );
});

test('every index that the reference names is there and valid', async () => {
  const found = await names(
    'SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indisvalid',
  );
  const wanted = `projects_owner_id projects_status components_project_id tasks_component_id tasks_assignee_id users_username
    users_role sessions_user_id sessions_token sessions_expires_at events_mirror_topic events_mirror_trace_id
    events_mirror_created_at events_mirror_kind plugins_status plugins_type plugin_violations_plugin_id plugin_api_access_plugin_id
    app_logs_timestamp app_logs_level app_logs_service app_logs_trace_id app_logs_context_gin sys_metrics_tags_gin
    app_logs_service_level_time plugin_violations_severity_time`;
  expect(found).toEqual(expect.arrayContaining(wanted.split(/\s+/).map((name) => `idx_${name}`)));
});

test('the four retention rows of the reference', async () => {
  const rows = await names(
    `SELECT level || ' ' || retention_days AS name FROM logging.retention_policies WHERE service = 'taylordash-backend' ORDER BY retention_days`,
  );
  expect(rows).toEqual(['DEBUG 7', 'INFO 30', 'WARN 60', 'ERROR 90']);
});

describe('complete', () => {
  test('every foreign key has an index that starts with its columns', async () => {
    const bare = await names(`
      SELECT conrelid::regclass || '.' || conname AS name FROM pg_constraint k
      WHERE contype = 'f' AND conparentid = 0 AND NOT EXISTS (
        SELECT FROM pg_index i WHERE i.indrelid = k.conrelid
          AND (i.indkey::int2[])[0] = k.conkey[1])`);
    expect(bare).toEqual([]);
  });

  test('every column with a default is NOT NULL', async () => {
    const open = await names(`
      SELECT table_name || '.' || column_name AS name FROM information_schema.columns
      WHERE table_schema IN ('public', 'logging', 'taylordash') AND column_default IS NOT NULL AND is_nullable = 'YES'
        AND table_name NOT LIKE '%\\_p00%'`);
    expect(open).toEqual([]);
  });

  test('every table with updated_at has the trigger', async () => {
    const without = await names(`
      SELECT a.attrelid::regclass::text AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE a.attname = 'updated_at' AND c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('public', 'logging', 'taylordash')
        AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid
          AND t.tgfoid = 'public.update_updated_at_column()'::regprocedure)`);
    expect(without).toEqual([]);
  });

  test('every table, own column, view and function says what it is', async () => {
    const ours = "('public', 'logging', 'plugin_management', 'taylordash')";
    const silent = await names(`
      SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relnamespace::regnamespace::text IN ${ours} AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
        AND obj_description(c.oid, 'pg_class') IS NULL
      UNION ALL
      SELECT c.oid::regclass || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'taylordash'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
        AND a.attnum > 0 AND NOT a.attisdropped AND col_description(c.oid, a.attnum) IS NULL
      UNION ALL
      SELECT p.oid::regprocedure::text FROM pg_proc p
      WHERE p.pronamespace::regnamespace::text IN ${ours} AND obj_description(p.oid, 'pg_proc') IS NULL
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`);
    expect(silent).toEqual([]);
  });

  test('every JSON shape has every column of its table', async () => {
    const pairs = [
      ['project', 'public.projects', []],
      ['component', 'public.components', []],
      ['task', 'public.tasks', []],
      ['user', 'public.users', ['password_hash']],
      ['dependency', 'public.component_dependencies', ['project_id']],
      ['dead_letter', 'public.dlq_events', ['raw']],
    ] as const;
    for (const [shape, table, hidden] of pairs) {
      const columns = (of: string) =>
        names(
          `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${of}'::regclass AND attnum > 0 AND NOT attisdropped`,
        );
      const shown = await columns(`taylordash.${shape}_shape`);
      const wanted = (await columns(table)).filter((name) => !hidden.some((each) => each === name));
      expect(shown, shape).toEqual(expect.arrayContaining(wanted));
      for (const name of hidden) expect(shown, shape).not.toContain(name);
    }
  });

  test('JSON functions are folded into the query', async () => {
    for (const [name, table] of [
      ['project', 'projects'],
      ['component', 'components'],
      ['task', 'tasks'],
      ['user', 'users'],
      ['user', 'taylordash.people'],
      ['event', 'events_mirror'],
      ['dead_letter', 'dlq_events'],
    ]) {
      const plan = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (VERBOSE, COSTS OFF) SELECT taylordash.${name}_json(x) FROM ${table} x`,
      );
      const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toContain('row_to_json(ROW(');
      expect(text).not.toContain(`${name}_json(`);
    }
  });
});

/** Every name that a violation can report, for the map from names to problem codes. */
test('names of constraints and unique indexes a request can run into', async () => {
  expect(
    await names(`
      SELECT DISTINCT k.conname AS name FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
      WHERE c.relname IN ('projects', 'components', 'component_dependencies', 'tasks', 'users', 'user_sessions', 'user_grants')
        AND k.contype IN ('c', 'f', 'u', 'p')
      UNION SELECT 'users_username_lower_key' ORDER BY 1`),
  ).toMatchInlineSnapshot(`
    [
      "component_dependencies_component_id_fkey",
      "component_dependencies_depends_on_id_fkey",
      "component_dependencies_pkey",
      "component_dependencies_self_check",
      "components_assignee_id_fkey",
      "components_duration_days_check",
      "components_id_project_id_key",
      "components_metadata_check",
      "components_pkey",
      "components_progress_check",
      "components_progress_mode_check",
      "components_project_id_fkey",
      "components_status_check",
      "components_weight_check",
      "projects_metadata_check",
      "projects_owner_id_fkey",
      "projects_pkey",
      "projects_status_check",
      "projects_working_days_check",
      "tasks_assignee_id_fkey",
      "tasks_checklist_check",
      "tasks_component_id_fkey",
      "tasks_created_by_fkey",
      "tasks_estimate_minutes_check",
      "tasks_labels_check",
      "tasks_pkey",
      "tasks_priority_check",
      "tasks_repeats_check",
      "tasks_status_check",
      "tasks_weight_check",
      "user_grants_granted_by_fkey",
      "user_grants_permission_check",
      "user_grants_pkey",
      "user_grants_project_id_fkey",
      "user_grants_user_id_fkey",
      "user_grants_user_permission_project_key",
      "user_sessions_idle_seconds_check",
      "user_sessions_pkey",
      "user_sessions_session_token_key",
      "user_sessions_user_id_fkey",
      "users_created_by_fkey",
      "users_metadata_check",
      "users_pkey",
      "users_role_check",
      "users_username_key",
      "users_username_lower_key",
      "users_week_start_check",
    ]
  `);
});
