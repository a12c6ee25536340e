// Every constraint of the tables that requests write to means something to a user, or is one that no request can meet.
import { problems } from '@taylordash/core/problems';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/harness/postgres.ts';
import { connectSql, type TestSql } from '../../../test/harness/sql.ts';
import { constraintMeanings, constraintProblem } from './constraints.ts';

let database: TestDatabase;
let sql: TestSql;
beforeAll(async () => {
  database = await testDatabase();
  sql = await connectSql(database.url);
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

const tables = [
  ...['public.projects', 'public.components', 'public.component_dependencies', 'public.tasks', 'public.users'],
  ...['public.user_sessions', 'public.auth_audit_log', 'taylordash.user_grants', 'taylordash.settings'],
  ...['taylordash.idempotency_keys', 'taylordash.login_limits', 'taylordash.setup_codes', 'taylordash.outbox'],
  ...[
    'taylordash.event_keys',
    'taylordash.layouts',
    'logging.system_metrics',
    'taylordash.devices',
    'taylordash.bindings',
  ],
];

const ours = 'Only the server writes these values.';
/** Constraints that no input can meet, and why. */
const unreachable: Readonly<Record<string, string>> = {
  components_id_project_id_key: 'Holds whenever components_pkey does.',
  component_dependencies_pkey: 'Inserts say ON CONFLICT DO NOTHING.',
  users_pkey: 'The database makes the id.',
  user_sessions_pkey: 'The database makes the id.',
  user_sessions_session_token_key: 'Tokens have 256 random bits.',
  user_sessions_user_id_fkey: 'The user was read in the same transaction; gone by then, the sign-in has failed anyway.',
  user_sessions_idle_seconds_check: ours,
  auth_audit_log_pkey: 'The database makes the id.',
  auth_audit_log_seq_key: 'The database counts it.',
  auth_audit_log_user_id_fkey: 'Who acts was read with the session.',
  user_grants_pkey: 'The database makes the id.',
  user_grants_user_permission_project_key: 'Inserts say ON CONFLICT DO NOTHING.',
  user_grants_granted_by_fkey: 'Who acts was read with the session.',
  settings_pkey: 'Inserts say ON CONFLICT DO UPDATE.',
  settings_updated_by_fkey: 'Who acts was read with the session.',
  idempotency_keys_pkey: 'Inserts say ON CONFLICT.',
  idempotency_keys_key_check: 'The header is bounded before.',
  idempotency_keys_user_id_fkey: 'Who acts was read with the session.',
  login_limits_pkey: 'Inserts say ON CONFLICT DO UPDATE.',
  login_limits_scope_check: ours,
  login_limits_failures_check: ours,
  setup_codes_pkey: 'The database makes the id.',
  setup_codes_tries_check: ours,
  outbox_pkey: 'The database counts it.',
  outbox_source_check: ours,
  event_keys_pkey: 'Inserts say ON CONFLICT DO NOTHING.',
  event_keys_source_check: ours,
  event_keys_key_check: 'The envelope is checked for it before.',
  system_metrics_pkey: 'The database counts it.',
};

async function names(): Promise<string[]> {
  const constraints = await sql.rows(
    `select conname as name from pg_constraint where contype in ('c', 'u', 'p', 'f', 'x') and conrelid = any($1::regclass[])
     union select indexrelid::regclass::text from pg_index i where indisunique and indrelid = any($1::regclass[])
       and not exists (select from pg_constraint where conindid = i.indexrelid)`,
    [tables],
  );
  return constraints.map(({ name }) => String(name).replace(/^.*\./, ''));
}

it('each constraint means something, or cannot be met', async () => {
  const unknown = (await names()).filter((name) => !(name in constraintMeanings) && !(name in unreachable));
  expect(unknown).toEqual([]);
});

it('each name that is spoken of exists', async () => {
  const known = new Set(await names());
  const spoken = [...Object.keys(constraintMeanings), ...Object.keys(unreachable)];
  expect(spoken.filter((name) => !known.has(name))).toEqual([]);
  expect(Object.keys(unreachable).filter((name) => name in constraintMeanings)).toEqual([]);
});

it('each meaning is a mistake of the caller', () => {
  for (const [name, { code, detail }] of Object.entries(constraintMeanings)) {
    expect([name, problems[code][0] >= 400 && problems[code][0] < 500]).toEqual([name, true]);
    expect(detail).not.toBe('');
    expect(constraintProblem(name)?.code).toBe(code);
  }
  expect(constraintProblem('outbox_pkey')).toBeNull();
  expect(constraintProblem('constructor')).toBeNull();
});
