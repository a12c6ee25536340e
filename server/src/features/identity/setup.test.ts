// The first administrator: the one-time code, its tries and its end, two at the same time, and the environment's way.
import { connectAsync } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp, testPassword } from '../../../../test/harness/app.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';
import { appended } from '../../../../test/harness/told.ts';

let td: TestApp;
let sql: TestSql;
async function fresh(environment: Record<string, string> = {}): Promise<string> {
  td = await testApp({ set_up: false, environment });
  sql = await connectSql(td.database_url);
  return (await td.app.setup.newCode())?.code ?? '';
}
afterEach(async () => {
  await sql.end();
  await td.stop();
});

const check = (code: string) => td.anonymous.call('checkSetupCode', { body: { code } });
const setUp = (code: string, more: object = {}) =>
  td.anonymous.call('setup', {
    body: { code, username: 'first', password: testPassword, reach: 'this_machine', start_with: 'empty', ...more },
  });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { body?: { code?: string } }) => error.body?.code ?? String(error),
  );
const users = () => sql.count('select count(*) from public.users');

describe('the one-time code', () => {
  it('makes the administrator, signs in, and is gone', async () => {
    const code = await fresh();
    expect((await td.anonymous.call('setupStatus', {})).data).toMatchObject({ needed: true });
    // Typed by hand.
    await check(code.toLowerCase().replace('-', ' '));
    const { data } = await setUp(code);
    expect(data.user).toMatchObject({ username: 'first', role: 'admin' });
    expect((await td.as(data.token ?? '').call('me', {})).data.id).toBe(data.user.id);
    expect((await td.anonymous.call('setupStatus', {})).data.needed).toBe(false);
    expect([await codeOf(check(code)), await codeOf(setUp(code))]).toEqual(['setup.done', 'setup.done']);
    expect(await td.app.setup.newCode()).toBeNull();
    const audit = await sql.rows('select event_type from public.auth_audit_log order by seq');
    expect(audit.map(({ event_type }) => event_type)).toEqual(['user_created', 'login_success']);
    await appended(sql);
    expect(
      await sql.count(
        `select count(*) from public.events_mirror where payload->>'kind' in ('user_created', 'login_success')`,
      ),
    ).toBe(2);
  });
  it('is kept as its hash alone', async () => {
    const code = await fresh();
    const rows = await sql.rows('select to_jsonb(c)::text as row from taylordash.setup_codes c');
    expect(rows).toHaveLength(1);
    expect(String(rows[0]?.row)).not.toContain(code.replace('-', ''));
    expect(td.lines.join('')).not.toContain(code);
  });
  it('ends with the fifth wrong try, even for the right one', async () => {
    const code = await fresh();
    const tries = [];
    for (let n = 0; n < 5; n++) tries.push(await codeOf(check('AAAA-AAAA')));
    expect(tries).toEqual([...Array(4).fill('setup.wrong_code'), 'setup.code_ended']);
    expect([await codeOf(check(code)), await codeOf(setUp(code))]).toEqual(['setup.code_ended', 'setup.code_ended']);
    expect(await users()).toBe(0);
    const renewed = (await td.app.setup.newCode())?.code ?? '';
    expect(await codeOf(setUp(renewed))).toBe('done');
  });
  it('gets no more than five wrong tries at the same time', async () => {
    const code = await fresh();
    const tries = await Promise.all(Array.from({ length: 20 }, () => codeOf(check('AAAA-AAAA'))));
    expect(tries.filter((outcome) => outcome === 'setup.wrong_code')).toHaveLength(4);
    expect(await codeOf(check(code))).toBe('setup.code_ended');
  });
  it('ends after half an hour', async () => {
    const code = await fresh();
    expect(await sql.count('select extract(epoch from expires_at - created_at) / 60 from taylordash.setup_codes')).toBe(
      30,
    );
    await sql.rows(`update taylordash.setup_codes set expires_at = now() - interval '1 second'`);
    expect([await codeOf(check(code)), await codeOf(setUp(code))]).toEqual(['setup.code_ended', 'setup.code_ended']);
  });
  it('used by many at the same time makes one administrator', async () => {
    const code = await fresh();
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, n) => codeOf(setUp(code, { username: `first${n}` }))),
    );
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(await users()).toBe(1);
  });
  it('is not used up by a password that is refused', async () => {
    const code = await fresh();
    expect(await codeOf(setUp(code, { password: 'password' }))).toBe('auth.weak_password');
    expect(await codeOf(setUp(code, { start_with: 'greenhouse' }))).toBe('done');
    expect(await sql.count('select count(*) from public.projects')).toBe(1);
  });
});

it('the environment’s administrator is made once, and is no default', async () => {
  await fresh();
  expect(await users()).toBe(0);
  await expect(td.app.setup.setUpFromEnvironment('boss', 'password')).rejects.toMatchObject({
    code: 'auth.weak_password',
  });
  const both = await Promise.allSettled([
    td.app.setup.setUpFromEnvironment('boss', testPassword),
    td.app.setup.setUpFromEnvironment('chief', testPassword),
  ]);
  expect(both.filter((one) => one.status === 'fulfilled' && one.value)).toHaveLength(1);
  expect(await td.app.setup.setUpFromEnvironment('boss', 'another passphrase')).toBe(false);
  expect(await users()).toBe(1);
});

describe('reach', () => {
  const told = async () => {
    await appended(sql);
    const events = await sql.rows(
      `select topic, payload->'payload'->'changed' as changed from public.events_mirror where payload->>'kind' = 'settings_changed'`,
    );
    return {
      events,
      audited: await sql.count(`select count(*) from auth_audit_log where event_type = 'settings_changed'`),
    };
  };
  it('opened to the home network is kept, told and audited', async () => {
    await setUp(await fresh({ HOST: '' }), { reach: 'home_network' });
    expect(await sql.rows("select key, value from taylordash.settings where key = 'reach'")).toEqual([
      { key: 'reach', value: 'home_network' },
    ]);
    expect(await told()).toEqual({
      events: [
        {
          topic: 'tracker/events/system/settings_changed',
          changed: { value: { before: null, after: 'home_network' } },
        },
      ],
      audited: 1,
    });
  });
  it('asks every MQTT client for an account once the home network was chosen', async () => {
    const code = await fresh({ HOST: '' });
    const url = `mqtt://127.0.0.1:${td.app.mqtt_port}`;
    const before = await connectAsync(url, { reconnectPeriod: 0 });
    const cut = new Promise<void>((resolve) => before.on('close', () => resolve()));
    const { data } = await setUp(code, { reach: 'home_network' });
    await cut;
    await expect(connectAsync(url, { reconnectPeriod: 0 }, false)).rejects.toMatchObject({ code: 5 });
    // Said where one looks for it: every address that a device can use, the same that the page of devices names.
    const admin = td.as(data.token ?? '');
    const { hosts } = (await admin.call('deviceBroker', {})).data;
    const { parts } = (await admin.call('stack', {})).data;
    expect(hosts.length).toBeGreaterThan(0);
    for (const host of hosts) expect(JSON.stringify(parts)).toContain(`${host}:${td.app.mqtt_port}`);
  });
  it('stays as it is where HOST names the address', async () => {
    await setUp(await fresh(), { reach: 'home_network' });
    expect([await sql.count("select count(*) from taylordash.settings where key = 'reach'"), await told()]).toEqual([
      0,
      { events: [], audited: 0 },
    ]);
  });
});
