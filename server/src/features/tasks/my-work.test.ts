// What somebody has to do, all tasks of a project, fields of daily work, and tasks that come back.
import { randomUUID } from 'node:crypto';
import type { Client } from '@taylordash/sdk/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';
import { appended, expectOneChange, told } from '../../../../test/harness/told.ts';

/** Half past midnight of the 14th in Berlin, still the 13th in UTC. */
const now = Date.parse('2026-05-13T22:30:00Z');
let td: TestApp;
let sql: TestSql;
let project_id: string;
let component_id: string;
beforeAll(async () => {
  td = await testApp({ overrides: { clock: { now: () => now } } });
  sql = await connectSql(td.database_url);
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});
beforeEach(async () => {
  project_id = (await td.admin.call('createProject', { body: { name: 'Shed', owner_id: null } })).data.id;
  component_id = await part('Frame');
});

const part = async (name: string, more: object = {}) =>
  (await td.admin.call('createComponent', { params: { id: project_id }, body: { name, ...more } })).data.id;
const make = async (name: string, more: object = {}, id = component_id) =>
  (await td.admin.call('createTask', { params: { id }, body: { name, ...more } })).data;
const change = async (id: string, body: object, client = td.admin) =>
  (await client.call('updateTask', { params: { id }, body })).data;
const problem = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ code: 'done' }),
    (error: { body?: { code: string } }) => error.body,
  );
let serial = 0;
async function member(): Promise<{ id: string; client: Client }> {
  serial += 1;
  const grants = [{ permission: 'write:tasks', project_id: null }] as const;
  return td.user({ username: `member${serial}`, grants });
}

describe('labels, checklist, estimate and repetition', () => {
  const checklist = [
    { id: 'a', text: 'Mark', done: false },
    { id: 'b', text: 'Saw', done: true },
  ];
  it('are kept, told of and found', async () => {
    const events = await told(sql, async () => {
      const made = await make('Cut', { labels: ['later', 'to buy'], checklist, estimate_minutes: 90 });
      expect(made).toMatchObject({ labels: ['later', 'to buy'], checklist, estimate_minutes: 90, repeats: null });
      const changed = await change(made.id, { labels: ['later'], repeats: { every: 2, unit: 'week' } });
      expect(changed).toMatchObject({ labels: ['later'], checklist, repeats: { every: 2, unit: 'week' } });
    });
    expect(events.map(({ kind }) => kind)).toEqual(['task_created', 'task_updated']);
    expect(events[1]?.payload.changed).toEqual({
      labels: { before: ['later', 'to buy'], after: ['later'] },
      repeats: { before: null, after: { every: 2, unit: 'week' } },
    });
    const found = async (label: string) =>
      (await td.admin.call('listTasks', { query: { project_id, label } })).data.items.map(({ name }) => name);
    await make('Other', { labels: ['laterally'] });
    expect([await found('later'), await found('to buy')]).toEqual([['Cut'], []]);
  });
  it('are empty where nothing is said', async () => {
    expect(await make('Plain')).toMatchObject({ labels: [], checklist: [], estimate_minutes: null, repeats: null });
  });
  it.each([
    [{ labels: ['x', 'x'] }, '/labels'],
    [{ labels: ['-x'] }, '/labels/0'],
    [{ labels: Array.from({ length: 21 }, (_, n) => `l${n}`) }, '/labels'],
    [{ checklist: [checklist[0], checklist[0]] }, '/checklist'],
    [{ checklist: [{ id: 'a', text: ' ', done: false }] }, '/checklist/0/text'],
    [
      { checklist: Array.from({ length: 99 }, (_, n) => ({ id: `${n}`, text: 'x'.repeat(500), done: true })) },
      '/checklist',
    ],
    [{ estimate_minutes: 0 }, '/estimate_minutes'],
    [{ repeats: { every: 0, unit: 'day' } }, '/repeats/every'],
    [{ repeats: { every: 1, unit: 'hour' } }, '/repeats/unit'],
  ])('400 for %j', async (body, pointer) => {
    const wrong = { code: 'request.invalid', errors: [{ pointer }] };
    expect(await problem(make('Wrong', body))).toMatchObject(wrong);
    const { id } = await make('Right');
    expect(await problem(change(id, body))).toMatchObject(wrong);
  });
});

describe('a task that repeats', () => {
  const weekly = { repeats: { every: 1, unit: 'week' }, due_date: '2026-05-01T00:00:00Z', due_is_date: true };
  const tasksOf = async (id = component_id) =>
    (await td.admin.call('listComponentTasks', { params: { id } })).data.items;
  it('makes its next one when it is done, in the same change', async () => {
    const { id: ann } = await member();
    const done = await make('Water', {
      ...{ ...weekly, priority: 2, labels: ['garden'], assignee_id: ann, estimate_minutes: 15, weight: 3 },
      ...{ description: 'All pots', checklist: [{ id: 'a', text: 'Roses', done: true }] },
    });
    const events = await told(sql, () => change(done.id, { status: 'done' }));
    expectOneChange(events, ['task_updated', 'task_completed', 'task_created', 'component_progress_updated']);
    const [before, after] = (await tasksOf()).sort((a, b) => a.status.localeCompare(b.status));
    expect(before).toMatchObject({
      id: done.id,
      status: 'done',
      repeats: null,
      due_date: '2026-05-01T00:00:00.000000Z',
    });
    expect(after).toMatchObject({
      ...{ name: 'Water', status: 'todo', repeats: weekly.repeats, completed_at: null, created_by: done.created_by },
      ...{
        priority: 2,
        labels: ['garden'],
        assignee_id: ann,
        estimate_minutes: 15,
        weight: 3,
        description: 'All pots',
      },
      ...{ checklist: [{ id: 'a', text: 'Roses', done: false }], due_is_date: true },
      // For Ann, whose profile says UTC, it is Wednesday still.
      due_date: '2026-05-15T00:00:00.000000Z',
    });
  });
  it('once, however often it is done and opened again', async () => {
    const { id } = await make('Once', weekly);
    await Promise.all([1, 2, 3].map(() => change(id, { status: 'done' })));
    await change(id, { status: 'todo' });
    await change(id, { status: 'done' });
    expect((await tasksOf()).map(({ status }) => status).sort()).toEqual(['done', 'todo']);
  });
  it('not where the repetition ends with it, and not while it is only begun', async () => {
    const { id } = await make('Last', weekly);
    await change(id, { status: 'in_progress' });
    await change(id, { status: 'done', repeats: null });
    expect(await tasksOf()).toHaveLength(1);
  });
  it('in the day of who does it: it is the 14th in Berlin', async () => {
    await td.admin.call('updateMe', { body: { time_zone: 'Europe/Berlin' } });
    const daily = { repeats: { every: 1, unit: 'day' }, due_date: '2026-05-13T05:00:00Z' };
    const [day, time] = [await make('Day', { ...weekly, ...daily, due_is_date: true }), await make('Time', daily)];
    await change(day.id, { status: 'done' });
    await change(time.id, { status: 'done' });
    const open = (await tasksOf()).filter(({ status }) => status === 'todo');
    expect(open.map(({ name, due_date }) => `${name} ${due_date}`).sort()).toEqual([
      'Day 2026-05-15T00:00:00.000000Z',
      'Time 2026-05-14T05:00:00.000000Z',
    ]);
    await td.admin.call('updateMe', { body: { time_zone: 'UTC' } });
  });
  it('in the inbox of whose it is', async () => {
    const { id: ann, client } = await member();
    const { id } = (
      await client.call('createInboxTask', { body: { name: 'Mine', repeats: { every: 1, unit: 'day' } } })
    ).data;
    await change(id, { status: 'done' });
    const { data } = await client.call('listTasks', { query: { inbox: true, status: 'todo' } });
    expect(data.items).toMatchObject([{ name: 'Mine', created_by: ann, due_date: '2026-05-14T00:00:00.000000Z' }]);
  });
});

describe('all tasks of a project', () => {
  it('are there without their descriptions, as of the newest event', async () => {
    const one = await make('One', {
      description: 'long',
      labels: ['a'],
      checklist: [{ id: 'x', text: 'y', done: false }],
    });
    const two = await make('Two', { due_date: '2026-05-01T10:00:00Z' }, await part('Other'));
    await make('Elsewhere', {}, (await elsewhere()).component_id);
    await appended(sql);
    const { data } = await td.admin.call('projectTasks', { params: { id: project_id } });
    const bare = ({ description: _description, ...task }: typeof one) => task;
    expect([...data.tasks].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([bare(one), bare(two)]);
    expect(data.as_of).toBe(String(await sql.count('select max(id) from public.events_mirror')));
  });
  it('are none, and 404 where there is no such project', async () => {
    expect((await td.admin.call('projectTasks', { params: { id: project_id } })).data.tasks).toEqual([]);
    const nowhere = td.admin.call('projectTasks', { params: { id: randomUUID() } });
    expect(await problem(nowhere)).toMatchObject({ code: 'project.not_found' });
  });
  it('are for viewers too, and for nobody who is not signed in', async () => {
    const viewer = await td.user({ username: `viewer${randomUUID().slice(0, 6)}` });
    await make('One');
    const params = { id: project_id };
    expect((await viewer.client.call('projectTasks', { params })).data.tasks).toHaveLength(1);
    expect(await problem(td.anonymous.call('projectTasks', { params }))).toMatchObject({ code: 'auth.required' });
  });
});

async function elsewhere(): Promise<{ project_id: string; component_id: string }> {
  const { id } = (await td.admin.call('createProject', { body: { name: 'Elsewhere' } })).data;
  const made = await td.admin.call('createComponent', { params: { id }, body: { name: 'There' } });
  return { project_id: id, component_id: made.data.id };
}

describe('my work', () => {
  it('has the inbox, newest first, and what is assigned, by due date and priority', async () => {
    const { id: assignee_id, client } = await member();
    const names = async () => {
      const { inbox, tasks } = (await client.call('myWork', {})).data;
      return [inbox.map(({ name }) => name), tasks.map(({ name }) => name)];
    };
    for (const name of ['first', 'second']) await client.call('createInboxTask', { body: { name } });
    const done = await client.call('createInboxTask', { body: { name: 'done' } });
    await change(done.data.id, { status: 'done' }, client);
    const day = (due_date: string) => ({ due_date: `${due_date}T00:00:00Z`, due_is_date: true, assignee_id });
    await make('no date, urgent', { assignee_id, priority: 1 });
    await make('no date', { assignee_id });
    await make('low', { ...day('2026-05-20'), priority: 4 });
    await make('high', { ...day('2026-05-20'), priority: 2 });
    await make('none', day('2026-05-20'));
    await make('overdue', day('2026-05-01'));
    await make('somebody’s', day('2026-05-01')).then(({ id }) => change(id, { assignee_id: null }));
    await make('finished', { ...day('2026-05-01'), status: 'done' });
    expect(await names()).toEqual([
      ['second', 'first'],
      ['overdue', 'high', 'low', 'none', 'no date, urgent', 'no date'],
    ]);
    const { tasks, inbox, today } = (await client.call('myWork', {})).data;
    expect(tasks[0]).toMatchObject({ project_id, project_name: 'Shed', component_name: 'Frame' });
    expect(inbox[0]).toMatchObject({ project_id: null, project_name: null, component_name: null });
    expect(today).toBe('2026-05-13');
    await client.call('updateMe', { body: { time_zone: 'Europe/Berlin' } });
    expect((await client.call('myWork', {})).data.today).toBe('2026-05-14');
    await td.admin.call('updateProject', { params: { id: project_id }, body: { status: 'archived' } });
    expect((await names())[1]).toEqual([]);
  });
  it('has components that can be worked on: assigned, or nobody’s in a project of the own', async () => {
    const { id: me, client } = await member();
    const ready = async () => (await client.call('myWork', {})).data.ready.map(({ name, state }) => `${name} ${state}`);
    const mine = { assignee_id: me };
    const open = await part('Open', mine);
    const done = await part('Done', { ...mine, status: 'completed' });
    const dropped = await part('Dropped', { ...mine, status: 'cancelled' });
    await part('Ready', { ...mine, depends_on: [done], due_on: '2026-06-01' });
    await part('Waiting', { ...mine, depends_on: [done, open] });
    await part('Begun', { ...mine, status: 'in_progress', depends_on: [open] });
    await part('Blocked', { ...mine, status: 'blocked' });
    const dead = await part('Dead', { ...mine, depends_on: [dropped] });
    await part('Begun and dead', { ...mine, status: 'in_progress', depends_on: [dead] });
    await part('After it was done', {
      ...mine,
      depends_on: [await part('Late', { status: 'completed', depends_on: [dead] })],
    });
    await part('Tray', { ...mine, type: 'unsorted' });
    await part('Nobody’s');
    expect(await ready()).toEqual(['Begun in_progress', 'Ready ready', 'After it was done ready', 'Open ready']);
    await td.admin.call('updateProject', { params: { id: project_id }, body: { owner_id: me } });
    expect(await ready()).toContain('Nobody’s ready');
    // What it says of each is what the list of components by state says.
    const { data } = await td.admin.call('listComponents', { query: { project_id, state: 'ready' } });
    const said = (await ready()).filter((text) => text.endsWith(' ready')).map((text) => text.slice(0, -6));
    expect(data.items.map(({ name }) => name).sort()).toEqual(said.sort());
    await td.admin.call('updateProject', { params: { id: project_id }, body: { status: 'on_hold' } });
    expect(await ready()).toEqual([]);
  });
});
