// Quick add over HTTP: where lines go, what is made for them, what is refused, and that all of it is one change.
import { randomUUID } from 'node:crypto';
import type { Client } from '@taylordash/sdk/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../../../../test/harness/app.ts';
import { connectSql, fingerprint, type TestSql } from '../../../../test/harness/sql.ts';
import { expectOneChange, told } from '../../../../test/harness/told.ts';

/** A Wednesday, ten in the morning in Berlin. */
const now = Date.parse('2026-05-13T08:00:00Z');
let td: TestApp;
let sql: TestSql;
let sam: { id: string; client: Client };
let project_id: string;
let pump: string;
/** Names of this test's own: projects of earlier tests are still there. */
let house: string;
let serial = 0;
beforeAll(async () => {
  td = await testApp({ overrides: { clock: { now: () => now } } });
  sql = await connectSql(td.database_url);
  sam = await td.user({ username: 'Sam', grants: [{ permission: 'write:tasks', project_id: null }] });
  await td.admin.call('updateMe', { body: { time_zone: 'Europe/Berlin' } });
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});
beforeEach(async () => {
  serial += 1;
  house = `Green house ${'abcdefghijklmnopqrstuvwxyz'.charAt(serial)}`;
  project_id = (await td.admin.call('createProject', { body: { name: house } })).data.id;
  pump = (await td.admin.call('createComponent', { params: { id: project_id }, body: { name: 'Pump' } })).data.id;
});

interface Options {
  plain?: number[][];
  project_id?: string;
  component_id?: string;
  create_project?: boolean;
}
const add = async (text: string, options: Options = {}, client = td.admin) =>
  (await client.call('quickAdd', { body: { text, ...options } })).data;
const problem = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ code: 'done' }),
    (error: { body?: { code: string } }) => error.body,
  );
const here = () => `#${house.replaceAll(' ', '')}`;

describe('a line', () => {
  it('201: goes where it says, to whom, until when, and says where that is', async () => {
    const line = `wire sensor tomorrow 6pm ${here()}/pump @sam !2 ~2h every 2 weeks`;
    const events = await told(sql, async () => {
      const { tasks, change_id } = await add(line);
      expect(change_id).toMatch(/^[0-9a-f-]{36}$/);
      expect(tasks).toMatchObject([
        {
          ...{ name: 'wire sensor', component_id: pump, project_id, project_name: house, component_name: 'Pump' },
          ...{ assignee_id: sam.id, priority: 2, estimate_minutes: 120, repeats: { every: 2, unit: 'week' } },
          ...{ due_date: '2026-05-14T16:00:00.000000Z', due_is_date: false },
        },
      ]);
    });
    expectOneChange(events, ['task_created']);
    expect(events[0]).toMatchObject({ project_id, topic: 'tracker/events/tasks/created' });
  });
  it('without a place goes to the inbox, to the project’s tray or to the component that was asked for', async () => {
    const [inbox] = (await add('buy screws')).tasks;
    expect(inbox).toMatchObject({ component_id: null, project_id: null, project_name: null, component_name: null });
    const events = await told(sql, async () => {
      const { tasks } = await add('one\ntwo fri', { project_id: project_id.toUpperCase() });
      expect(tasks.map(({ name, component_name }) => [name, component_name])).toEqual([
        ['one', 'Unsorted'],
        ['two', 'Unsorted'],
      ]);
    });
    expectOneChange(events, ['component_created', 'task_created', 'task_created']);
    expect(events[0]?.payload.entity).toMatchObject({ type: 'unsorted', name: 'Unsorted', project_id });
    const again = await told(sql, () => add('three', { project_id }));
    expectOneChange(again, ['task_created']);
    const [filed] = (await add('four', { project_id, component_id: pump })).tasks;
    expect(filed?.component_id).toBe(pump);
  });
  it('keeps words that were taken back', async () => {
    const text = `one\nsee today show fri ${here()}/pump`;
    const back = (words: string) => [text.indexOf(words), text.indexOf(words) + words.length];
    const { tasks } = await add(text, { plain: [back('today'), back('/pump')] });
    expect(tasks[1]).toMatchObject({
      ...{ name: 'see today show /pump', project_name: house, component_name: 'Unsorted' },
      due_date: '2026-05-15T00:00:00.000000Z',
    });
  });
  it('is due in the caller’s time zone', async () => {
    const { tasks } = await add('call 6pm @me', {}, sam.client);
    expect(tasks[0]).toMatchObject({ due_date: '2026-05-13T18:00:00.000000Z', assignee_id: sam.id });
    expect((await add('x today')).tasks[0]).toMatchObject({
      due_date: '2026-05-13T00:00:00.000000Z',
      due_is_date: true,
    });
  });
});

describe('several lines', () => {
  it('are tasks in their order, in one change', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `step ${n + 1}`);
    const events = await told(sql, () => add(names.map((name) => `- ${name}`).join('\n\n'), { component_id: pump }));
    expectOneChange(
      events,
      names.map(() => 'task_created'),
    );
    const { data } = await td.admin.call('listComponentTasks', { params: { id: pump } });
    expect(data.items.map(({ name }) => name)).toEqual(names);
  });
  it('400 that names each line and word that is not known, with what may be meant; and nothing is made', async () => {
    await td.admin.call('createComponent', { params: { id: project_id }, body: { name: 'Pump shed' } });
    await td.admin.call('createComponent', { params: { id: project_id }, body: { name: 'Pumpkins' } });
    const before = await fingerprint(sql);
    const text = `fine\none #Nowhere/x\n\ntwo ${here()}/pum @Samm\nthree ${here()}/shed`;
    expect(await problem(add(text, { project_id }))).toMatchObject({
      ...{ code: 'task.quick_add_unknown', status: 400 },
      errors: [
        { pointer: '/text', detail: expect.stringMatching(/^line 2 names the project “Nowhere”/) },
        { detail: expect.stringMatching(/^line 4 names the person “Samm”.*: Sam\?$/) },
        { detail: expect.stringMatching(/^line 4 names the component “pum”/) },
        { detail: expect.stringMatching(/^line 5 names the component “shed”.*: Pump shed\?$/) },
      ],
      unknown: [
        { line: 2, kind: 'project', text: 'Nowhere', suggestions: [] },
        { line: 4, kind: 'person', text: 'Samm', suggestions: ['Sam'] },
        { line: 4, kind: 'component', text: 'pum', suggestions: ['Pump', 'Pump shed', 'Pumpkins'] },
        { line: 5, kind: 'component', text: 'shed', suggestions: ['Pump shed'] },
      ],
    });
    expect(await fingerprint(sql)).toEqual(before);
  });
  it('400 for a line without a name and for too many', async () => {
    const answer = await problem(add(`fine\ntomorrow !1\n${'x'.repeat(300)}`));
    expect(answer).toMatchObject({
      code: 'request.invalid',
      errors: [
        { pointer: '/text', detail: expect.stringContaining('line 2') },
        { pointer: '/text', detail: expect.stringContaining('line 3') },
      ],
    });
    expect(await problem(add('x\n'.repeat(201)))).toMatchObject({ code: 'request.invalid' });
  });
});

describe('a project that does not exist', () => {
  it('is made once where that was asked for, with the components that lines name in it', async () => {
    const name = `Barn ${serial}`;
    const text = `a #"${name}"/Roof\nb #"${name.toLowerCase()}"/roof ~1h\nc #"${name}"`;
    const events = await told(sql, async () => {
      const { tasks, projects } = await add(text, { create_project: true });
      expect(projects).toMatchObject([{ name, status: 'active' }]);
      expect(tasks.map((task) => [task.project_name, task.component_name])).toEqual([
        [name, 'Roof'],
        [name, 'Roof'],
        [name, 'Unsorted'],
      ]);
    });
    const made = ['project_created', 'component_created', 'component_created'];
    expectOneChange(events, [...made, 'task_created', 'task_created', 'task_created']);
  });
  it('of several at once makes it once', async () => {
    const name = `Loft ${serial}`;
    const made = await Promise.all([1, 2, 3, 4].map((n) => add(`${n} #"${name}"/Beam`, { create_project: true })));
    expect(new Set(made.map(({ tasks }) => tasks[0]?.component_id)).size).toBe(1);
    expect(made.flatMap(({ projects }) => projects)).toHaveLength(1);
  });
  it('403 for who may not make one', async () => {
    const refused = add('x #Attic', { create_project: true }, sam.client);
    expect(await problem(refused)).toMatchObject({ code: 'auth.forbidden' });
  });
  it('an archived one is meant only where no other is', async () => {
    const name = `Cellar${serial}`;
    const make = async (body: { name: string; status?: 'archived' }) =>
      (await td.admin.call('createProject', { body })).data.id;
    const old = await make({ name, status: 'archived' });
    expect((await add(`x #${name}`)).tasks[0]?.project_id).toBe(old);
    const fresh = await make({ name: `${name} two` });
    expect((await add(`x #${name}`)).tasks[0]?.project_id).toBe(fresh);
  });
});

describe('who may', () => {
  it('a member in their project, nobody in another, and no viewer', async () => {
    const grants = [{ permission: 'write:tasks', project_id } as const];
    const member = await td.user({ username: `max${serial}`, grants });
    const viewer = await td.user({ username: `vera${serial}` });
    expect((await add(`x ${here()}`, {}, member.client)).tasks[0]?.project_name).toBe(house);
    const other = (await td.admin.call('createProject', { body: { name: `Other ${serial}` } })).data.id;
    expect(await problem(add('x', { project_id: other }, member.client))).toMatchObject({ code: 'auth.forbidden' });
    expect(await problem(add('x', {}, viewer.client))).toMatchObject({ code: 'auth.forbidden' });
    expect(await problem(add('x', {}, td.anonymous))).toMatchObject({ code: 'auth.required' });
  });
  it('404 for a project or component that is none', async () => {
    expect(await problem(add('x', { project_id: randomUUID() }))).toMatchObject({ code: 'project.not_found' });
    expect(await problem(add('x', { component_id: randomUUID() }))).toMatchObject({ code: 'component.not_found' });
  });
});

it('the same request again is done once', async () => {
  const body = { text: `once @${adminName}` };
  const headers = { authorization: `Bearer ${td.admin_token}`, 'content-type': 'application/json' };
  const send = async () => {
    const init = {
      method: 'POST',
      headers: { ...headers, 'idempotency-key': `k${serial}` },
      body: JSON.stringify(body),
    };
    const response = await td.raw('/api/v1/tasks/quick-add', init);
    return { status: response.status, answer: await response.json() };
  };
  const [first, second] = [await send(), await send()];
  expect(first.status).toBe(201);
  expect(second).toEqual(first);
});

it('two that put tasks into the same components in other orders do not lock each other out', async () => {
  const shed = (await td.admin.call('createComponent', { params: { id: project_id }, body: { name: 'Shed' } })).data.id;
  const lines = [`a ${here()}/pump\nb ${here()}/shed`, `a ${here()}/shed\nb ${here()}/pump`];
  await Promise.all(Array.from({ length: 10 }, (_, n) => add(lines[n % 2] ?? '')));
  const found = await sql.count('select count(*) from public.tasks where component_id = any($1)', [[pump, shed]]);
  expect(found).toBe(20);
});
