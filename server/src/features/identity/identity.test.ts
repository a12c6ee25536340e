// Accounts and sessions: what must hold, line by line of what we promise about them.
import { createHash, randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminName, type TestApp, testApp, testPassword } from '../../../../test/harness/app.ts';
import { connectSql, fingerprint, type TestSql } from '../../../../test/harness/sql.ts';
import { appended, expectOneChange, told } from '../../../../test/harness/told.ts';
import { addressPrefix, limitsFor } from './limiter.ts';
import { passwordHasher } from './passwords.ts';
import { mostSessions, newToken } from './sessions.ts';

let td: TestApp;
let sql: TestSql;
/** Another one: behind no proxy, with a cost of its own and a clock that jumps. */
let other: TestApp;
let otherSql: TestSql;
let shift = 0;
const secrets = new Set<string>([testPassword]);
beforeAll(async () => {
  td = await testApp({ environment: { TRUST_PROXY: '127.0.0.1' } });
  sql = await connectSql(td.database_url);
  secrets.add(td.admin_token);
  other = await testApp({ overrides: { hash_cost: 9, clock: { now: () => Date.now() + shift } } });
  otherSql = await connectSql(other.database_url);
});
afterAll(async () => {
  await otherSql.end();
  await other.stop();
  await sql.end();
  await td.stop();
});

let addresses = 0;
/** An address that nobody failed from yet. */
const freshAddress = () => `203.0.113.${++addresses % 250}`;

interface LoginOptions {
  address?: string;
  headers?: Record<string, string>;
  keep_signed_in?: boolean;
  cookie?: boolean;
}

async function login(username: string, password: string, options: LoginOptions = {}) {
  const { address = freshAddress(), headers = {}, ...more } = options;
  const response = await td.raw('/api/v1/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address, ...headers },
    body: JSON.stringify({ username, password, ...more }),
  });
  const body: Record<string, unknown> = JSON.parse(await response.text());
  if (typeof body.token === 'string') secrets.add(body.token);
  return { status: response.status, headers: response.headers, body, token: String(body.token ?? '') };
}

let serial = 0;
async function user(more: { role?: 'admin' | 'viewer' } = {}) {
  serial += 1;
  const made = await td.user({ username: `person${serial}`, ...more });
  secrets.add(made.token);
  return { ...made, username: `person${serial}` };
}

const me = async (token: string) => (await td.raw('/api/v1/auth/me', { token })).status;
const audited = async (subject_id: string) =>
  (await sql.rows('select event_type from public.auth_audit_log where subject_id = $1 order by seq', [subject_id])).map(
    ({ event_type }) => event_type,
  );
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { body?: { code?: string } }) => error.body?.code ?? String(error),
  );

describe('passwords', () => {
  const choose = (password: string, username = `chooser${++serial}`) => {
    secrets.add(password);
    return code(td.admin.call('createUser', { body: { username, password, role: 'viewer' } }));
  };
  it('of seven characters, known ones and names of this place are refused', async () => {
    expect(await choose('1234567')).toBe('request.invalid');
    for (const known of ['password', 'Password', 'iloveyou', '12345678', 'TaylorDash', 'taylor-dash']) {
      expect([known, await choose(known)]).toEqual([known, 'auth.weak_password']);
    }
    expect(await choose('rumpelstilz', 'rumpelstilz')).toBe('auth.weak_password');
    expect(await choose('Rumpel-Stilz', 'rumpelstilz')).toBe('auth.weak_password');
    for (const word of [
      'TaylorDash',
      'password',
      'Password',
      'taylor-dash',
      'rumpelstilz',
      'iloveyou',
      '12345678',
      '1234567',
    ])
      secrets.delete(word);
  });
  it('have no rules of composition, are not trimmed and not folded', async () => {
    const spaces = `${' '.repeat(18)}🌻🌻`;
    expect(await choose(spaces, 'spaces')).toBe('done');
    expect((await login('spaces', spaces)).status).toBe(200);
    expect((await login('spaces', `${spaces} `)).status).toBe(401);
    expect(await choose('Groß und klein', 'folded')).toBe('done');
    expect((await login('folded', 'groß und klein')).status).toBe(401);
  });
  it('of 256 bytes come back, and count to their last byte', async () => {
    const long = '🌻'.repeat(64);
    expect(await choose(long, 'long')).toBe('done');
    expect((await login('long', long)).status).toBe(200);
    const at73 = `${'x'.repeat(72)}a`;
    expect(await choose(at73, 'longer')).toBe('done');
    expect((await login('longer', `${'x'.repeat(72)}b`)).status).toBe(401);
    expect((await login('longer', at73)).status).toBe(200);
  });
  it('are the same in both Unicode forms, and so are names', async () => {
    expect(await choose('Käsekuchen mit Äpfeln'.normalize('NFC'), 'jürgen'.normalize('NFC'))).toBe('done');
    expect((await login('jürgen'.normalize('NFD'), 'Käsekuchen mit Äpfeln'.normalize('NFD'))).status).toBe(200);
    expect((await login('JÜRGEN', 'Käsekuchen mit Äpfeln')).status).toBe(200);
  });
  it('with a NUL in them are told apart after it', async () => {
    const hasher = passwordHasher(4);
    const hash = await hasher.hash('before\0after');
    expect(await hasher.verify('before\0after', hash)).toBe(true);
    expect(await hasher.verify('before\0other', hash)).toBe(false);
  });
  it('are kept as bcrypt alone, of cost 12 unless a test says otherwise', async () => {
    expect(bcrypt.getRounds(await passwordHasher().hash('whatever it is'))).toBe(12);
    const [row] = await sql.rows('select password_hash from public.users where username = $1', [adminName]);
    expect(row?.password_hash).toMatch(/^\$2b\$04\$[./A-Za-z0-9]{53}$/);
  });
  it('kept with a lower cost are kept anew at the next sign-in', async () => {
    const rounds = async () =>
      bcrypt.getRounds(String((await otherSql.rows('select password_hash from public.users'))[0]?.password_hash));
    const signIn = () => other.anonymous.call('login', { body: { username: adminName, password: testPassword } });
    await otherSql.rows('update public.users set password_hash = $1', [await passwordHasher(4).hash(testPassword)]);
    await signIn();
    expect(await rounds()).toBe(9);
    // One of a higher cost stays.
    await otherSql.rows('update public.users set password_hash = $1', [await passwordHasher(10).hash(testPassword)]);
    await signIn();
    expect(await rounds()).toBe(10);
  });
  it('change only with the present one, which ends the other sessions unless told not to', async () => {
    const { id, username, token } = await user();
    const second = (await login(username, testPassword)).token;
    const third = (await login(username, testPassword)).token;
    const change = (current_password: string, new_password: string, more: object = {}) => {
      secrets.add(new_password);
      return td.as(token).call('changePassword', { body: { current_password, new_password, ...more } });
    };
    const before = await fingerprint(sql);
    await expect(change('not this one', 'another passphrase')).rejects.toMatchObject({
      body: { status: 401, errors: [{ pointer: '/current_password' }] },
    });
    expect(await fingerprint(sql)).toEqual(before);
    expect(await sql.count('select failures from taylordash.login_limits where subject = $1', [username])).toBe(1);
    await change(testPassword, 'another passphrase', { end_other_sessions: false });
    expect([await me(token), await me(second)]).toEqual([200, 200]);
    const events = await told(sql, () => change('another passphrase', 'a third passphrase'));
    expectOneChange(events, ['password_changed']);
    expect([await me(token), await me(second), await me(third)]).toEqual([200, 401, 401]);
    expect((await login(username, testPassword)).status).toBe(401);
    expect((await audited(id)).filter((type) => type === 'password_changed')).toHaveLength(2);
  });
  it('never block the event loop while they are hashed, and a crowd is told to come back', async () => {
    const hasher = passwordHasher(10);
    const hash = await hasher.hash('x');
    const crowd = Array.from({ length: 80 }, () =>
      hasher.verify('y', hash).then(String, (error: Error) => error.message),
    );
    let beats = 0;
    const beat = setInterval(() => {
      beats++;
    }, 5);
    const outcomes = await Promise.all(crowd);
    clearInterval(beat);
    expect(outcomes.filter((outcome) => outcome === 'false')).toHaveLength(66);
    expect(outcomes.filter((outcome) => /signing in/.test(outcome))).toHaveLength(14);
    // Hashed in the loop itself, one promise would follow the other and no timer would come in between.
    expect(beats).toBeGreaterThan(20);
  });
});

describe('signing in', () => {
  it('fails the same for nobody, a wrong password and a disabled user, and each is recorded', async () => {
    const right = await user();
    const off = await user();
    await td.admin.call('updateUser', { params: { id: off.id }, body: { is_active: false } });
    const shape = async (username: string, password: string) => {
      const { status, headers, body } = await login(username, password);
      const kept = [...headers].filter(([name]) => !['date', 'x-trace-id'].includes(name));
      return { status, headers: kept, body: { ...body, trace_id: '' } };
    };
    const nobody = await shape('nobody at all', 'a wrong password');
    expect(nobody.status).toBe(401);
    expect(await shape(right.username, 'a wrong password')).toEqual(nobody);
    expect(await shape(off.username, testPassword)).toEqual(nobody);
    expect(await shape(off.username, 'a wrong password')).toEqual(nobody);
    expect(await audited(right.id)).toContain('login_failed');
    await appended(sql);
    const [event] = await sql.rows(
      `select payload->'payload' as payload from public.events_mirror where payload->>'kind' = 'login_failed' and entity_id = $1`,
      [right.id],
    );
    expect(event?.payload).toMatchObject({ user_id: right.id, username: right.username });
  });
  it('takes as long for nobody as for somebody', async () => {
    const hasher = passwordHasher(8);
    const hash = await hasher.hash('right');
    await hasher.verify('warm', null);
    const median = async (against: string | null) => {
      const times: number[] = [];
      for (let n = 0; n < 9; n++) {
        const start = performance.now();
        await hasher.verify('wrong', against);
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[4] ?? 0;
    };
    const [somebody, nobody] = [await median(hash), await median(null)];
    // Without the hash of nobody it is a hundredth.
    expect(nobody).toBeGreaterThan(somebody / 3);
    expect(await hasher.verify('anything', null)).toBe(false);
  });
  it('gives a token of 256 random bits, kept as its hash alone', async () => {
    const tokens = Array.from({ length: 10_000 }, newToken);
    expect(new Set(tokens).size).toBe(10_000);
    expect(tokens.every((token) => /^[\w-]{43}$/.test(token))).toBe(true);
    const { token } = await user();
    const hash = createHash('sha256').update(token).digest('hex');
    expect(await sql.count('select count(*) from public.user_sessions where session_token = $1', [hash])).toBe(1);
    expect(await me(hash)).toBe(401);
    const dump = await sql.rows('select to_jsonb(s)::text as row from public.user_sessions s');
    expect(dump.some(({ row }) => String(row).includes(token))).toBe(false);
  });
  it('never takes a token out of an address', async () => {
    const response = await td.raw(`/api/v1/projects?token=${td.admin_token}&access_token=${td.admin_token}`);
    expect(response.status).toBe(401);
  });
});

describe('guessing', () => {
  it('is slowed from the fifth failure on, whoever’s name it is, and never locked', async () => {
    const { username } = await user();
    for (const name of [username, 'nobody of that name']) {
      const statuses = [];
      for (let n = 0; n < 6; n++) statuses.push((await login(name, 'wrong guess')).status);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    }
    const refused = await login(username, testPassword);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await sql.rows(
      `update taylordash.login_limits set blocked_until = now() - interval '1 second' where subject = $1`,
      [username],
    );
    expect((await login(username, testPassword)).status).toBe(200);
    expect(await sql.count('select count(*) from taylordash.login_limits where subject = $1', [username])).toBe(0);
  });
  it('waits longer each time, a quarter of an hour at the most', async () => {
    const { username } = await user();
    const waits = [];
    for (const failures of [4, 5, 8, 100]) {
      await sql.rows(
        `insert into taylordash.login_limits (scope, subject, failures) values ('account', $1, $2)
         on conflict (scope, subject) do update set failures = $2, blocked_until = null`,
        [username, failures],
      );
      await login(username, 'wrong guess');
      waits.push(
        await sql.count(
          `select round(extract(epoch from blocked_until - now())) from taylordash.login_limits where subject = $1`,
          [username],
        ),
      );
    }
    expect(waits).toEqual([1, 2, 16, 900]);
  });
  it('does not keep the owner out of a place where the owner has signed in before', async () => {
    const { username } = await user();
    const home = freshAddress();
    expect((await login(username, testPassword, { address: home })).status).toBe(200);
    for (let n = 0; n < 7; n++) await login(username, 'wrong guess');
    expect((await login(username, testPassword)).status).toBe(429);
    expect((await login(username, testPassword, { address: home })).status).toBe(200);
  });
  it('is slowed by address too, by /64 with IPv6', async () => {
    const statuses = [];
    for (let n = 0; n < 6; n++) {
      statuses.push((await login(`somebody ${n}`, 'wrong guess', { address: `2001:db8:1:2::${n + 1}` })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await login('somebody', 'wrong guess', { address: '2001:db8:1:3::1' })).status).toBe(401);
    expect(addressPrefix('2001:DB8::1')).toBe(addressPrefix('2001:db8:0:0:ffff::'));
    expect(addressPrefix('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(limitsFor('JÜRGEN'.normalize('NFD'), '1.2.3.4')).toEqual(limitsFor('jürgen', '1.2.3.4'));
  });
  it('in a burst gets hardly more answers than one after the other', async () => {
    const guess = () => other.anonymous.call('login', { body: { username: adminName, password: 'wrong guess' } });
    const answers = await Promise.all(Array.from({ length: 40 }, () => code(guess())));
    await otherSql.rows('delete from taylordash.login_limits');
    // Those whose hash was at work while the fifth failure was written.
    expect(answers.filter((answer) => answer === 'auth.invalid_credentials').length).toBeLessThan(15);
  });
});

describe('X-Forwarded headers', () => {
  it('count from a trusted proxy: its last stranger is the client', async () => {
    const { token } = await login(adminName, testPassword, { address: '198.51.100.9, 203.0.113.77, 127.0.0.1' });
    const { data } = await td.as(token).call('listSessions', {});
    expect(data.items.find(({ current }) => current)?.ip_address).toBe('203.0.113.77');
  });
  it.each(['not an address', 'fe80::1%eth0', '1.2.3.4:5678', ''])(
    'make no error where they say %j',
    async (address) => {
      expect((await login(adminName, testPassword, { address })).status).toBe(200);
    },
  );
  it('count for nothing from anybody else', async () => {
    const response = await other.raw('/api/v1/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.9', 'x-forwarded-proto': 'https' },
      body: JSON.stringify({ username: adminName, password: testPassword, cookie: true }),
    });
    expect(response.headers.get('set-cookie')).toMatch(/^td_sid=/);
    const [row] = await otherSql.rows(
      'select host(ip_address) as ip from public.user_sessions order by created_at desc limit 1',
    );
    expect(row?.ip).toBe('127.0.0.1');
  });
});

describe('cookies', () => {
  it('are __Host-, Secure, HttpOnly and SameSite over HTTPS, and hold the only copy of the token', async () => {
    const { headers, body } = await login(adminName, testPassword, {
      cookie: true,
      headers: { 'x-forwarded-proto': 'https' },
    });
    expect(headers.get('set-cookie')).toMatch(/^__Host-sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    expect(body).not.toHaveProperty('token');
  });
  it('have another name over plain HTTP', async () => {
    const { headers } = await login(adminName, testPassword, { cookie: true, keep_signed_in: true });
    expect(headers.get('set-cookie')).toMatch(
      /^td_sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    );
  });
  it('are no cookie of the other kind', async () => {
    const cookie = `__Host-sid=${td.admin_token}`;
    expect((await td.raw('/api/v1/auth/me', { headers: { cookie } })).status).toBe(401);
    const forwarded = { cookie: `td_sid=${td.admin_token}`, 'x-forwarded-proto': 'https' };
    expect((await td.raw('/api/v1/auth/me', { headers: forwarded })).status).toBe(401);
  });
  it('go with logging out, and the session with them', async () => {
    const { token } = await user();
    const response = await td.raw('/api/v1/auth/logout', {
      method: 'POST',
      headers: { cookie: `td_sid=${token}`, 'x-requested-with': 'taylordash' },
    });
    expect(response.headers.get('set-cookie')).toMatch(/^td_sid=; .*Max-Age=0$/);
    expect(await me(token)).toBe(401);
  });
});

describe('requests that another site makes a browser send', () => {
  const post = (headers: Record<string, string>) =>
    td.raw('/api/v1/projects', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ name: 'Planted' }),
    });
  const ours = () => ({ cookie: `td_sid=${td.admin_token}`, 'x-requested-with': 'taylordash' });
  it('are refused', async () => {
    const before = await fingerprint(sql);
    const host = new URL(td.url).host;
    const foreign: Record<string, string>[] = [
      { ...ours(), origin: 'null' },
      { ...ours(), origin: `http://${host}.evil.example` },
      { ...ours(), origin: `http://evil.example/${host}` },
      { ...ours(), origin: `https://${host}` },
      { ...ours(), origin: td.url.toUpperCase().replace('HTTP', 'ftp') },
      { ...ours(), 'sec-fetch-site': 'cross-site' },
      { ...ours(), 'sec-fetch-site': 'same-site' },
      { cookie: `td_sid=${td.admin_token}` },
      { cookie: `td_sid=${td.admin_token}`, 'x-requested-with': 'XMLHttpRequest' },
      { authorization: `Bearer ${td.admin_token}`, origin: 'https://evil.example' },
    ];
    for (const headers of foreign) {
      const response = await post(headers);
      expect([response.status, JSON.parse(await response.text()).code]).toEqual([403, 'auth.cross_site']);
    }
    const planted = await login(adminName, testPassword, { headers: { origin: 'https://evil.example' }, cookie: true });
    expect([planted.status, planted.headers.get('set-cookie')]).toEqual([403, null]);
    expect(await fingerprint(sql)).toEqual(before);
  });
  it('our own are taken, and so are programs’', async () => {
    expect((await post({ ...ours(), origin: td.url, 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    expect((await post({ authorization: `Bearer ${td.admin_token}` })).status).toBe(201);
  });
  it('read nothing either: no CORS', async () => {
    const response = await td.raw('/api/v1/projects', {
      token: td.admin_token,
      headers: { origin: 'https://evil.example' },
    });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('sessions', () => {
  it('end by idleness and at their last day, by the database’s clock', async () => {
    const move = async (set: string) => {
      const { id, token } = await user();
      await sql.rows(`update public.user_sessions set ${set} where user_id = $1`, [id]);
      return me(token);
    };
    expect(await move(`last_activity = now() - interval '11 hours 59 minutes'`)).toBe(200);
    expect(await move(`last_activity = now() - interval '12 hours'`)).toBe(401);
    expect(await move(`expires_at = now() - interval '1 second'`)).toBe(401);
    expect(await move(`expires_at = 'infinity', idle_seconds = null, last_activity = '2000-01-01'`)).toBe(200);
  });
  it('are kept for thirty days where that was asked for', async () => {
    const hours = async (keep_signed_in: boolean) => {
      const { body } = await login(adminName, testPassword, { keep_signed_in });
      return Math.round((Date.parse(String(body.expires_at)) - Date.now()) / 3_600_000);
    };
    expect([await hours(false), await hours(true)]).toEqual([24, 720]);
  });
  it('are at most so many of one user: the oldest ends, and that is recorded', async () => {
    const { id, username, token } = await user();
    for (let n = 0; n < mostSessions - 1; n++) await login(username, testPassword);
    expect(await me(token)).toBe(200);
    expect(await audited(id)).not.toContain('sessions_ended');
    await login(username, testPassword);
    await expect.poll(() => me(token), { timeout: 2000 }).toBe(401);
    expect(await audited(id)).toContain('sessions_ended');
    const open = await sql.count('select count(*) from public.user_sessions where user_id = $1 and is_active', [id]);
    expect(open).toBe(mostSessions);
  });
  it('are listed and ended by their owner', async () => {
    const { client, username, token } = await user();
    const other = (await login(username, testPassword)).token;
    const { data } = await client.call('listSessions', {});
    expect(data.items.map(({ current }) => current).sort()).toEqual([false, true]);
    const id = data.items.find(({ current }) => !current)?.id ?? '';
    await client.call('endSession', { params: { id } });
    expect([await me(other), await me(token)]).toEqual([401, 200]);
  });
  it('hold when the server’s clock jumps by an hour', async () => {
    const me = async () => (await other.raw('/api/v1/auth/me', { token: other.admin_token })).status;
    for (const by of [3_600_000, -3_600_000, 86_400_000 * 40]) {
      shift = by;
      expect(await me()).toBe(200);
    }
    const { data } = await other.anonymous.call('login', { body: { username: adminName, password: testPassword } });
    expect(Math.round((Date.parse(data.expires_at) - Date.now()) / 3_600_000)).toBe(24);
    shift = 0;
  });
});

describe('users', () => {
  it('each change is recorded and told, with who did it', async () => {
    const trace_id = randomUUID();
    const admin_id = (await td.admin.call('me', {})).data.id;
    const { id, username } = await user();
    const grants = [{ permission: 'write:tasks' as const, project_id: null }];
    const events = await told(sql, async () => {
      await td.raw(`/api/v1/auth/users/${id}`, {
        ...{
          method: 'PATCH',
          token: td.admin_token,
          headers: { 'content-type': 'application/json', 'x-trace-id': trace_id },
        },
        body: JSON.stringify({ default_view: 'dashboard:x', grants, is_active: false }),
      });
    });
    expectOneChange(events, ['user_grants_changed', 'user_updated', 'user_deactivated']);
    expect(events.every((event) => event.trace_id === trace_id && event.actor_id === admin_id)).toBe(true);
    const rows = await sql.rows(
      `select event_type, user_id, actor_name, details->>'trace_id' as trace from public.auth_audit_log
       where subject_id = $1 and details->>'trace_id' = $2 order by seq`,
      [id, trace_id],
    );
    expect(rows.map(({ event_type }) => event_type)).toEqual(['user_grants_changed', 'user_updated']);
    expect(rows.every((row) => row.user_id === admin_id && row.actor_name === adminName)).toBe(true);
    expect(JSON.stringify(events)).not.toContain('password');
    expect(username).toMatch(/^person/);
  });
  it('whose grants alone change have another version: nobody overwrites a grant unseen', async () => {
    const { id } = await user();
    const grants = [{ permission: 'write:tasks' as const, project_id: null }];
    const first = await td.admin.call('updateUser', { params: { id }, body: { grants }, if_match: 1 });
    expect(first.version).toBe(2);
    expect(await code(td.admin.call('updateUser', { params: { id }, body: { grants: [] }, if_match: 1 }))).toBe(
      'request.precondition_failed',
    );
    const before = await fingerprint(sql);
    expect((await td.admin.call('updateUser', { params: { id }, body: { grants }, if_match: 2 })).version).toBe(2);
    const { users, audit } = { users: 'public.users', audit: 'public.auth_audit_log' };
    const after = await fingerprint(sql);
    expect([after[users], after[audit], after.events]).toEqual([before[users], before[audit], before.events]);
  });
  it('always leave one active administrator', async () => {
    const admin_id = (await td.admin.call('me', {})).data.id;
    for (const body of [{ role: 'viewer' as const }, { is_active: false }]) {
      expect(await code(td.admin.call('updateUser', { params: { id: admin_id }, body }))).toBe('user.last_admin');
    }
    expect(await code(td.admin.call('deleteUser', { params: { id: admin_id } }))).toBe('user.last_admin');
    const two = [await user({ role: 'admin' }), await user({ role: 'admin' })];
    // All three resign at the same time.
    const resign = (id: string) => code(td.admin.call('updateUser', { params: { id }, body: { is_active: false } }));
    const outcomes = await Promise.all(two.map(({ id }) => resign(id)));
    expect(outcomes).toEqual(['done', 'done']);
    expect(await resign(admin_id)).toBe('user.last_admin');
  });
  it('that are the last two cannot both go at the same time', async () => {
    const first_id = (await other.admin.call('me', {})).data.id;
    const second = await other.user({ username: 'second', role: 'admin' });
    const demote = (client: typeof other.admin, id: string) =>
      code(client.call('updateUser', { params: { id }, body: { role: 'viewer' } }));
    const outcomes = await Promise.all([demote(other.admin, second.id), demote(second.client, first_id)]);
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(await otherSql.count(`select count(*) from public.users where role = 'admin'`)).toBe(1);
  });
  it('who own things are not deleted but hand them over, the inbox too', async () => {
    const grants = (['write:projects', 'write:tasks'] as const).map((permission) => ({ permission, project_id: null }));
    serial += 1;
    const owner = await td.user({ username: `person${serial}`, grants });
    const heir = await user();
    const project = (await owner.client.call('createProject', { body: { name: 'Theirs' } })).data;
    const body = { name: 'Part', assignee_id: owner.id };
    const part = (await td.admin.call('createComponent', { params: { id: project.id }, body })).data;
    const task = (
      await td.admin.call('createTask', { params: { id: part.id }, body: { name: 'Step', assignee_id: owner.id } })
    ).data;
    const inbox = (await owner.client.call('createInboxTask', { body: { name: 'Note to self' } })).data;
    await expect(td.admin.call('deleteUser', { params: { id: owner.id } })).rejects.toMatchObject({
      body: { code: 'user.owns_things', owns: { projects: 1, components: 1, tasks: 2, users: 0 } },
    });
    for (const hand_over_to of [owner.id, randomUUID()]) {
      const failed = td.admin.call('deleteUser', { params: { id: owner.id }, query: { hand_over_to } });
      await expect(failed).rejects.toMatchObject({
        body: { code: 'user.unknown', errors: [{ pointer: '#/query/hand_over_to' }] },
      });
    }
    const events = await told(sql, () =>
      td.admin.call('deleteUser', { params: { id: owner.id }, query: { hand_over_to: heir.id } }),
    );
    expect(events.map(({ kind }) => kind).sort()).toEqual([
      ...['component_updated', 'project_updated', 'task_assigned', 'task_updated', 'user_deleted'],
    ]);
    expect(new Set(events.map(({ change_id }) => change_id)).size).toBe(1);
    const kept = await sql.rows(
      `select (select owner_id from public.projects where id = $1) as owner, (select assignee_id from public.components where id = $2) as part,
         (select assignee_id from public.tasks where id = $3) as task, (select created_by from public.tasks where id = $4) as inbox`,
      [project.id, part.id, task.id, inbox.id],
    );
    expect(kept).toEqual([{ owner: heir.id, part: heir.id, task: heir.id, inbox: heir.id }]);
    expect(await audited(owner.id)).toContain('user_deleted');
    expect(await code(td.admin.call('getUser', { params: { id: owner.id } }))).toBe('user.not_found');
  });
});

it('no password and no token of all this is in the log, the events or the audit', async () => {
  await appended(sql);
  const kept = await sql.rows(
    `select payload::text as text from public.events_mirror union all select to_jsonb(a)::text from public.auth_audit_log a`,
  );
  const everything = [...td.lines, ...kept.map(({ text }) => String(text))].join('\n');
  const found = [...secrets].filter((secret) => secret.length > 7 && everything.includes(secret));
  expect(found).toEqual([]);
  expect(secrets.size).toBeGreaterThan(30);
});
