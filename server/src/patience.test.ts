// A start waits for a database that takes no more connections, and ends with words for a person where it waits in vain.
import { expect, it } from 'vitest';
import { adminName, testApp, testPassword } from '../../test/harness/app.ts';
import { eventually } from '../../test/harness/events.ts';
import { testDatabase } from '../../test/harness/postgres.ts';
import { connectSql } from '../../test/harness/sql.ts';
import { DatabaseUnreachable } from './db/connect.ts';
import { patiently } from './patience.ts';

const away = Object.assign(new Error('sorry, too many clients already'), { code: '53300' });

it('starts once there are connections again', async () => {
  const database = await testDatabase();
  const sql = await connectSql(database.url);
  const limit = (most: number) =>
    sql.rows(`do $$ begin execute format('alter database %I connection limit ${most}', current_database()); end $$`);
  const lines: string[] = [];
  await limit(2);
  const starting = testApp({ database_url: database.url, lines });
  await eventually(() => lines.some((line) => line.includes('the start waits for PostgreSQL')));
  await limit(-1);
  const td = await starting;
  expect(
    (await td.anonymous.call('login', { body: { username: adminName, password: testPassword } })).data.user.role,
  ).toBe('admin');
  await td.stop();
  await sql.end();
  await database.drop();
}, 60_000);

it('gives up in words for a person, and at once on anything else', async () => {
  const options = { log: { info: () => undefined, warn: () => undefined }, wait_seconds: 0 };
  const unreachable = patiently(() => Promise.reject(away), options);
  await expect(unreachable).rejects.toThrow(DatabaseUnreachable);
  await expect(unreachable).rejects.toThrow(/stopped answering.*too many clients/);
  await expect(patiently(() => Promise.reject(new Error('a bug')), options)).rejects.toThrow('a bug');
});
