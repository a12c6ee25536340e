// Who may do what: every endpoint, as everyone, against core's table; and how soon a right that is taken away is gone.
import { randomUUID } from 'node:crypto';
import { type EndpointName, endpoints } from '@taylordash/core/endpoints/all';
import type { EndpointSpec } from '@taylordash/core/endpoints/endpoint';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminName, type TestApp, testApp, testPassword } from '../../../test/harness/app.ts';
import { makePlace, type Place, type Sample, samples } from '../../../test/harness/samples.ts';
import { send } from '../../../test/harness/send.ts';
import { connectSql } from '../../../test/harness/sql.ts';

let td: TestApp;
let own: Place;
let others: Place;
const tokens: Record<string, string> = {};
const names: Record<string, string> = {};
const everyEndpoint = Object.keys(endpoints).filter((name): name is EndpointName => Object.hasOwn(endpoints, name));

const grantsFor = (project_id: string | null) =>
  (['write:projects', 'write:tasks', 'publish:events'] as const).map((permission) => ({ permission, project_id }));

beforeAll(async () => {
  td = await testApp();
  own = await makePlace(td, 'Own');
  others = await makePlace(td, 'Others');
  tokens.viewer = (await td.user({ username: 'vera' })).token;
  tokens.member = (await td.user({ username: 'max', grants: grantsFor(own.project_id) })).token;
  tokens.admin = td.admin_token;
  Object.assign(names, { viewer: 'vera', member: 'max', admin: adminName });
  const left = await td.user({ username: 'lena' });
  await left.client.call('logout', {});
  tokens.logged_out = left.token;
  const gone = await td.user({ username: 'gus', grants: grantsFor(null) });
  await td.admin.call('updateUser', { params: { id: gone.id }, body: { is_active: false } });
  tokens.deactivated = gone.token;
  tokens.made_up = 'A'.repeat(43);
});
afterAll(() => td.stop());

/** What these public endpoints answer once TaylorDash is set up. */
const publicStatus: Partial<Record<EndpointName, number>> = { checkSetupCode: 409, setup: 409 };
/** Rights in every project, that a grant for one of them does not give. */
const everywhere: ReadonlySet<EndpointName> = new Set(['createProject', 'importProject']);
/** Any signed-in user may ask; each operation, or its opposite, has its own right. */
const byOperation: ReadonlySet<EndpointName> = new Set(['bulk', 'undoChange']);
/** Asks for a permission, but happens in no project. */
const nowhere: ReadonlySet<EndpointName> = new Set(['publishEvent']);

function expected(name: EndpointName, who: string, place: 'own' | 'others'): number {
  const spec: EndpointSpec = endpoints[name];
  const done = publicStatus[name] ?? spec.reply.status;
  if (spec.access === 'public') return done;
  if (!(who in names)) return 401;
  if (who !== 'admin' && byOperation.has(name)) return who === 'member' && place === 'own' ? done : 403;
  if (who === 'admin' || spec.access === 'signed_in' || spec.access.startsWith('read:')) return done;
  if (spec.access === 'admin' || who === 'viewer' || everywhere.has(name)) return 403;
  return place === 'own' || nowhere.has(name) ? done : 403;
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
// Compiled once an endpoint, which takes longer than asking it.
const checks = new Map<EndpointName, ReturnType<typeof ajv.compile>>();
function checkOf(name: EndpointName, schema: object): ReturnType<typeof ajv.compile> {
  const check = checks.get(name) ?? ajv.compile(schema);
  checks.set(name, check);
  return check;
}

describe.each(['anonymous', 'logged_out', 'deactivated', 'made_up', 'viewer', 'member', 'admin'])('%s', (who) => {
  it.each(everyEndpoint)('%s', async (name) => {
    for (const place of ['own', 'others'] as const) {
      const spec: EndpointSpec = endpoints[name];
      // Made anew where it succeeds in using it up.
      const fresh = name === 'deleteProject' && who === 'admin';
      const target = fresh ? await makePlace(td, 'Short-lived') : place === 'own' ? own : others;
      const sample = await samples[name]({ td, place: target, username: names[who] ?? '' });
      let token = tokens[who];
      if ((name === 'logout' || name === 'deleteProject') && who in names) {
        if (name === 'deleteProject' && who === 'member' && place === 'own') continue;
        const body = { username: names[who] ?? '', password: testPassword };
        token = (await td.anonymous.call('login', { body })).data.token ?? '';
      }
      const sent = await send(td, name, sample, token === undefined ? {} : { token });
      expect({ status: sent.status, code: sent.problem.code }).toMatchObject({ status: expected(name, who, place) });
      if (sent.status === 401) expect(sent.problem.code).toBe('auth.required');
      if (sent.status === 403) expect(sent.problem.code).toBe('auth.forbidden');
      if (sent.status < 300 && spec.reply.schema !== null) {
        const check = checkOf(name, spec.reply.schema);
        expect(check(sent.body) ? [] : check.errors).toEqual([]);
      }
    }
  });
});

it('shows a member only what the grant is for', async () => {
  const { data } = await td.as(tokens.member ?? '').call('me', {});
  expect(data.grants.map(({ project_id }) => project_id)).toEqual([own.project_id, own.project_id, own.project_id]);
});

describe('rights by object', () => {
  const refused: [string, EndpointName, () => Promise<Sample>][] = [
    [
      'link a component of another project',
      'createComponent',
      async () => ({ params: { id: others.project_id }, body: { name: 'X' } }),
    ],
    [
      'file a task in another project',
      'updateTask',
      async () => ({ params: { id: await own.task() }, body: { component_id: await others.component() } }),
    ],
    [
      'take a task out of another project',
      'updateTask',
      async () => ({ params: { id: await others.task() }, body: { component_id: await own.component() } }),
    ],
    [
      'move components of another project',
      'moveComponents',
      async () => ({
        body: { project_id: others.project_id, positions: [{ id: await others.component(), position: null }] },
      }),
    ],
  ];
  it.each(refused)('a member may not %s', async (_what, name, sample) => {
    const sent = await send(td, name, await sample(), { token: tokens.member ?? '' });
    expect(sent.problem.code).toBe('auth.forbidden');
  });

  it('a component of another project cannot be moved under the name of the own one', async () => {
    const id = await others.component();
    const body = { project_id: own.project_id, positions: [{ id, position: { x: 9, y: 9 } }] };
    const sent = await send(td, 'moveComponents', { body }, { token: tokens.member ?? '' });
    expect(sent.problem).toMatchObject({ code: 'component.not_found', errors: [{ pointer: '/positions/0/id' }] });
    expect((await td.admin.call('getComponent', { params: { id } })).data.position).toBeNull();
  });

  it('a session of somebody else is not ended', async () => {
    const { data } = await td.admin.call('listSessions', {});
    await td.as(tokens.viewer ?? '').call('endSession', { params: { id: data.items[0]?.id ?? '' } });
    expect((await td.admin.call('listSessions', {})).data.items.map(({ id }) => id)).toContain(data.items[0]?.id);
  });

  it('takes a UUID in capitals for the same project', async () => {
    const sample = { params: { id: own.project_id.toUpperCase() }, body: { description: 'in capitals' } };
    expect((await send(td, 'updateProject', sample, { token: tokens.member ?? '' })).status).toBe(200);
  });
});

describe('rights by field', () => {
  it.each([
    'role',
    'id',
    'is_active',
    'grants',
    'password',
    'password_hash',
    'single_view_mode',
    'username',
    'version',
  ])('nobody changes the own %s', async (field) => {
    const body = { week_start: 2, [field]: field === 'grants' ? grantsFor(null) : 'admin' };
    const sent = await send(td, 'updateMe', { body }, { token: tokens.viewer ?? '' });
    expect(sent.problem).toMatchObject({ code: 'request.invalid', errors: [{ pointer: `/${field}` }] });
    const { data } = await td.as(tokens.viewer ?? '').call('me', {});
    expect(data).toMatchObject({ role: 'viewer', username: 'vera', is_active: true, grants: [], week_start: 1 });
  });
  it.each([
    ['createProject', 'version'],
    ['createProject', 'created_at'],
    ['createComponent', 'project_id'],
    ['updateComponent', 'project_id'],
    ['createTask', 'created_by'],
    ['createTask', 'component_id'],
    ['updateTask', 'created_by'],
    ['updateTask', 'completed_at'],
  ] as const)('%s does not take %s', async (name, field) => {
    const sample = await samples[name]({ td, place: own, username: adminName });
    const sent = await send(
      td,
      name,
      { ...sample, body: { ...sample.body, [field]: randomUUID() } },
      { token: td.admin_token },
    );
    expect(sent.problem).toMatchObject({ code: 'request.invalid', errors: [{ pointer: `/${field}` }] });
  });
});

describe('a right taken away is gone within a second', () => {
  async function openStream(token: string): Promise<{ ended: Promise<number> }> {
    const response = await td.raw('/api/v1/events/stream', { token });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    await reader?.read();
    const untilEnd = async () => {
      for (;;) {
        const read = await reader?.read();
        if (!read || read.done) return performance.now();
      }
    };
    return { ended: untilEnd() };
  }
  /** Status of a harmless write, and of a read, a second after. */
  async function after(token: string): Promise<number[]> {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const sample = { params: { id: own.project_id }, body: { description: randomUUID() } };
    const write = await send(td, 'updateProject', sample, { token });
    return [write.status, (await send(td, 'me', {}, { token })).status];
  }
  let serial = 0;
  async function member() {
    serial += 1;
    const made = await td.user({ username: `leaver${serial}`, grants: grantsFor(own.project_id) });
    await made.client.call('updateProject', { params: { id: own.project_id }, body: { description: randomUUID() } });
    return made;
  }

  it('a grant', async () => {
    const { id, token } = await member();
    await td.admin.call('updateUser', { params: { id }, body: { grants: [] } });
    expect(await after(token)).toEqual([403, 200]);
  });
  it('a grant that the database lost without the server', async () => {
    const { id, token } = await member();
    const sql = await connectSql(td.database_url);
    await sql.rows('delete from taylordash.user_grants where user_id = $1', [id]);
    await sql.end();
    expect(await after(token)).toEqual([403, 200]);
  });
  it.each([
    ['the account', (id: string) => td.admin.call('updateUser', { params: { id }, body: { is_active: false } })],
    ['the password', (id: string) => td.admin.call('updateUser', { params: { id }, body: { password: randomUUID() } })],
    ['the role', (id: string) => td.admin.call('updateUser', { params: { id }, body: { role: 'admin' } })],
    ['the user', (id: string) => td.admin.call('deleteUser', { params: { id } })],
  ] as const)('%s, with its streams', async (_what, act) => {
    const { id, token } = await member();
    const { ended } = await openStream(token);
    await act(id);
    const acted = performance.now();
    expect(await after(token)).toEqual([401, 401]);
    // Looked at each second, and a moment to answer on a busy machine.
    expect((await ended) - acted).toBeLessThan(5000);
  });
  it('the session by logging out, with its streams', async () => {
    const { client, token } = await member();
    const { ended } = await openStream(token);
    await client.call('logout', {});
    const acted = performance.now();
    expect((await send(td, 'me', {}, { token })).status).toBe(401);
    expect((await ended) - acted).toBeLessThan(5000);
  });
});
