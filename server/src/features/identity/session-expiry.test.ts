// Sessions past their limits end by themselves, each with an audit row and an event.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';
import { told } from '../../../../test/harness/told.ts';
import { systemClock } from '../../kernel/clock.ts';
import { expireSessions } from './session-expiry.ts';

let td: TestApp;
let sql: TestSql;
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});

it.each([
  ['its end', `expires_at = localtimestamp - interval '1 second'`],
  [
    'too long without activity',
    `last_activity = localtimestamp - idle_seconds * interval '1 second' - interval '1 second'`,
  ],
])('a session past %s', async (what, past) => {
  const { id } = await td.user({ username: `sleeper-${what.replaceAll(' ', '-')}` });
  await sql.rows(`update public.user_sessions set ${past} where user_id = $1`, [id]);
  const events = await told(sql, async () => expect(await expireSessions(td.app.database, systemClock)).toBe(1));
  expect(events).toMatchObject([{ kind: 'session_expired', entity_id: id, actor_id: null, payload: { user_id: id } }]);
  const sessions = await sql.rows('select is_active, end_reason from public.user_sessions where user_id = $1', [id]);
  expect(sessions).toEqual([{ is_active: false, end_reason: 'expired' }]);
  const audit = await sql.rows(
    `select event_type from public.auth_audit_log where subject_id = $1 order by seq desc limit 1`,
    [id],
  );
  expect(audit).toEqual([{ event_type: 'session_expired' }]);
  expect(await expireSessions(td.app.database, systemClock)).toBe(0);
});
