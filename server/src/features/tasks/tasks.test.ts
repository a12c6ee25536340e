// Tasks over HTTP: answers, rows, events, what follows for the component, and whose inbox is whose.
import { randomUUID } from 'node:crypto';
import type { Client } from '@taylordash/sdk/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { everyPage, expectAllOnce } from '../../../../test/harness/pages.ts';
import { connectSql, fingerprint, type TestSql } from '../../../../test/harness/sql.ts';
import { expectOneChange, told } from '../../../../test/harness/told.ts';

let td: TestApp;
let sql: TestSql;
let project_id: string;
let component_id: string;
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});
beforeEach(async () => {
  project_id = (await td.admin.call('createProject', { body: { name: 'Shed' } })).data.id;
  component_id = await part('manual');
});

type Fields = {
  name: string;
  status?: 'todo' | 'done';
  weight?: number;
  rank?: string | null;
  due_date?: string | null;
};
const part = async (progress_mode: 'manual' | 'tasks') =>
  (await td.admin.call('createComponent', { params: { id: project_id }, body: { name: 'Frame', progress_mode } })).data
    .id;
const make = async (body: Fields, id = component_id) =>
  (await td.admin.call('createTask', { params: { id }, body })).data;
const change = (id: string, body: object, if_match?: number) =>
  td.admin.call('updateTask', { params: { id }, body, ...(if_match === undefined ? {} : { if_match }) });
const progress = async (id: string) => (await td.admin.call('getComponent', { params: { id } })).data.progress;
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { body?: { code?: string } }) => error.body?.code ?? String(error),
  );

describe('making one', () => {
  it('201: its answer, its row, its event', async () => {
    let task: Awaited<ReturnType<typeof make>> | null = null;
    const events = await told(sql, async () => {
      task = await make({ name: 'Cut', due_date: '2026-05-01T10:00:00+02:00' });
    });
    expect(task).toMatchObject({
      name: 'Cut',
      component_id,
      status: 'todo',
      due_date: '2026-05-01T08:00:00.000000Z',
      completed_at: null,
    });
    expectOneChange(events, ['task_created']);
    expect(events[0]).toMatchObject({ project_id, topic: 'tracker/events/tasks/created', payload: { entity: task } });
  });
  it('done from the start is completed', async () => {
    expect((await make({ name: 'Old', status: 'done' })).completed_at).toMatch(/^\d{4}-.*Z$/);
  });
  it('404 for a component that is not there', async () => {
    expect(await code(make({ name: 'X' }, randomUUID()))).toBe('component.not_found');
  });
  it('once for an Idempotency-Key', async () => {
    const idempotency_key = randomUUID();
    const one = () => td.admin.call('createInboxTask', { body: { name: 'Once' }, idempotency_key });
    const answers = await Promise.all([one(), one(), one(), one()]);
    expect(new Set(answers.map(({ data }) => data.id)).size).toBe(1);
  });
});

describe('changing one', () => {
  it('200: assigned, completed and the rest are told apart, in table order', async () => {
    const { id } = await make({ name: 'Cut' });
    const me = (await td.admin.call('me', {})).data.id;
    const events = await told(sql, () => change(id, { name: 'Saw', assignee_id: me, status: 'done', priority: 1 }, 1));
    expectOneChange(events, ['task_updated', 'task_assigned', 'task_completed']);
    expect(events.map(({ payload }) => payload.changed)).toMatchObject([
      { name: { before: 'Cut', after: 'Saw' }, priority: { before: 0, after: 1 } },
      { assignee_id: { before: null, after: me } },
      { status: { before: 'todo', after: 'done' }, completed_at: { before: null } },
    ]);
    const reopened = await told(sql, () => change(id, { status: 'in_progress' }));
    expectOneChange(reopened, ['task_reopened']);
    expect((await td.admin.call('getTask', { params: { id } })).data.completed_at).toBeNull();
    const begun = await told(sql, () => change(id, { status: 'todo' }));
    expectOneChange(begun, ['task_updated']);
  });
  it('keeps when it was completed while other fields change', async () => {
    const { id, completed_at } = await make({ name: 'Cut', status: 'done' });
    const { data } = await change(id, { name: 'Saw', status: 'done' });
    expect(data.completed_at).toBe(completed_at);
  });
  it('no event and no version where nothing differs, however the time is written', async () => {
    const { id } = await make({ name: 'Same', due_date: '2026-05-01T10:00:00.5+02:00' });
    const before = await fingerprint(sql);
    expect((await change(id, { name: 'Same', due_date: '2026-05-01T08:00:00.500Z' })).version).toBe(1);
    expect((await change(id, { component_id: component_id.toUpperCase() })).version).toBe(1);
    expect(await fingerprint(sql)).toEqual(before);
  });
  it('412 and 404', async () => {
    const { id } = await make({ name: 'Raced' });
    await change(id, { priority: 1 });
    await expect(change(id, { priority: 2 }, 1)).rejects.toMatchObject({
      body: { status: 412, current: { id, priority: 1, version: 2 } },
    });
    expect(await code(td.admin.call('deleteTask', { params: { id }, if_match: 1 }))).toBe(
      'request.precondition_failed',
    );
    expect(await code(change(randomUUID(), { priority: 1 }))).toBe('task.not_found');
    expect(await code(change(id, { component_id: randomUUID() }))).toBe('component.not_found');
  });
});

describe('deleting one', () => {
  it('204 with its last state', async () => {
    const task = await make({ name: 'Gone' });
    const events = await told(sql, () => td.admin.call('deleteTask', { params: { id: task.id } }));
    expectOneChange(events, ['task_deleted']);
    expect(events[0]?.payload.entity).toEqual(task);
    expect(await code(td.admin.call('deleteTask', { params: { id: task.id } }))).toBe('task.not_found');
  });
});

describe('progress that follows the tasks', () => {
  it('by weight, in the same change', async () => {
    const id = await part('tasks');
    const light = await make({ name: 'Light', weight: 1 }, id);
    const heavy = await make({ name: 'Heavy', weight: 3 }, id);
    expect(await progress(id)).toBe(0);
    const events = await told(sql, () => change(heavy.id, { status: 'done' }));
    expectOneChange(events, ['task_completed', 'component_progress_updated']);
    expect(events[1]).toMatchObject({ entity_id: id, payload: { changed: { progress: { before: 0, after: 75 } } } });
    await td.admin.call('deleteTask', { params: { id: light.id } });
    expect(await progress(id)).toBe(100);
    await change(heavy.id, { weight: 0 });
    expect(await progress(id)).toBe(0);
  });
  it('of a new component, until somebody sets it by hand', async () => {
    const create = async (body: { name: string; progress?: number }) =>
      (await td.admin.call('createComponent', { params: { id: project_id }, body })).data;
    const update = async (id: string, body: { progress?: number; progress_mode?: 'tasks' }) =>
      (await td.admin.call('updateComponent', { params: { id }, body })).data;
    expect((await create({ name: 'Begun', progress: 10 })).progress_mode).toBe('manual');
    const { id, progress_mode } = await create({ name: 'New' });
    expect(progress_mode).toBe('tasks');
    await make({ name: 'Done', status: 'done' }, id);
    await make({ name: 'Open' }, id);
    expect(await progress(id)).toBe(50);
    expect(await update(id, { progress: 50 })).toMatchObject({ progress: 50, progress_mode: 'tasks' });
    const events = await told(sql, () => update(id, { progress: 80 }));
    expectOneChange(events, ['component_progress_updated']);
    expect(events[0]?.payload).toMatchObject({
      ...{ entity: { progress: 80, progress_mode: 'manual' } },
      changed: { progress: { after: 80 }, progress_mode: { before: 'tasks', after: 'manual' } },
    });
    await make({ name: 'Also done', status: 'done' }, id);
    expect(await progress(id)).toBe(80);
    expect(await update(id, { progress_mode: 'tasks' })).toMatchObject({ progress: 67, progress_mode: 'tasks' });
  });
  it('of both components when a task moves, and not of one that is set by hand', async () => {
    const [from, to] = [await part('tasks'), await part('tasks')];
    const task = await make({ name: 'Done', status: 'done' }, from);
    expect(await progress(from)).toBe(100);
    await change(task.id, { component_id: to });
    expect([await progress(from), await progress(to)]).toEqual([0, 100]);
    await change(task.id, { component_id });
    expect([await progress(to), await progress(component_id)]).toEqual([0, 0]);
  });
  it('when the mode changes', async () => {
    await make({ name: 'Done', status: 'done' });
    const { data } = await td.admin.call('updateComponent', {
      params: { id: component_id },
      body: { progress_mode: 'tasks' },
    });
    expect(data.progress).toBe(100);
  });
  it('when the mode changes and nothing is done yet', async () => {
    const id = await part('manual');
    await make({ name: 'Open' }, id);
    await td.admin.call('updateComponent', { params: { id }, body: { progress: 40 } });
    await td.admin.call('updateComponent', { params: { id }, body: { progress_mode: 'tasks' } });
    expect(await progress(id)).toBe(0);
  });
  it('to the right number, however many tasks finish at the same time', async () => {
    const id = await part('tasks');
    const tasks = await Promise.all(Array.from({ length: 12 }, (_, n) => make({ name: `T${n}` }, id)));
    await Promise.all(tasks.map((task) => change(task.id, { status: 'done' })));
    expect(await progress(id)).toBe(100);
  });
  it('and two tasks that change places do not lock each other out', async () => {
    const [a, b] = [await part('tasks'), await part('tasks')];
    const [one, two] = [await make({ name: '1', status: 'done' }, a), await make({ name: '2' }, b)];
    for (let round = 0; round < 6; round++) {
      const [x, y] = round % 2 === 0 ? [b, a] : [a, b];
      await Promise.all([change(one.id, { component_id: x }), change(two.id, { component_id: y })]);
    }
    expect([await progress(a), await progress(b)]).toEqual([100, 0]);
  });
});

describe('the inbox', () => {
  it('is its owner’s alone: others neither see, change, list nor delete what is in it', async () => {
    const everywhere = [{ permission: 'write:tasks', project_id: null }] as const;
    const [ann, ben] = await Promise.all(
      ['ann', 'ben'].map((name) => td.user({ username: `${name}${randomUUID().slice(0, 6)}`, grants: everywhere })),
    );
    if (!ann || !ben) throw new Error('two users were made');
    const { id } = (await ann.client.call('createInboxTask', { body: { name: 'A secret present' } })).data;
    const names = async (client: Client, query: { inbox?: boolean }) =>
      (await client.call('listTasks', { query })).data.items.map(({ name }) => name);
    expect(await names(ann.client, { inbox: true })).toEqual(['A secret present']);
    for (const query of [{}, { inbox: true }]) expect(await names(ben.client, query)).not.toContain('A secret present');
    expect(await code(ben.client.call('getTask', { params: { id } }))).toBe('task.not_found');
    expect(await code(ben.client.call('updateTask', { params: { id }, body: { name: 'Mine' } }))).toBe(
      'task.not_found',
    );
    expect(await code(ben.client.call('deleteTask', { params: { id } }))).toBe('task.not_found');
    await ann.client.call('updateTask', { params: { id }, body: { component_id } });
    expect((await ben.client.call('getTask', { params: { id } })).data.component_id).toBe(component_id);
  });
  it('takes a task out of a component back to its creator', async () => {
    const { id } = await make({ name: 'Back' });
    const { data } = await change(id, { component_id: null });
    const inbox = await td.admin.call('listTasks', { query: { inbox: true } });
    expect(inbox.data.items.map((task) => task.id)).toContain(data.id);
  });
});

describe('lists', () => {
  it('give everything once in every order, ties and missing dates and all', async () => {
    await sql.rows(
      `insert into public.tasks (component_id, name, created_at, updated_at, due_date) select $1, 'tie ' || n % 3,
         now() - n % 4 * interval '1 day', now() - n % 2 * interval '1 second',
         case when n % 3 > 0 then now() + n % 5 * interval '1 day' end from generate_series(1, 30) n`,
      [component_id],
    );
    const ids = (await sql.rows('select id from public.tasks where component_id = $1', [component_id])).map(({ id }) =>
      String(id),
    );
    for (const sort of [
      ...(['due_date', '-due_date', '-updated_at', 'updated_at', 'created_at', '-created_at'] as const),
      ...(['name', '-name'] as const),
    ]) {
      const found = await everyPage((cursor) =>
        td.admin.call('listTasks', { query: { project_id, sort, limit: 7, ...cursor } }),
      );
      expectAllOnce(found, ids, sort);
    }
    const due = await td.admin.call('listTasks', {
      query: { project_id, due_before: new Date(Date.now() + 1e8).toISOString() },
    });
    expect(due.data.items.length).toBeGreaterThan(0);
    for (const { due_date } of due.data.items) expect(Date.parse(due_date ?? '')).toBeLessThan(Date.now() + 1e8);
  });
  it('of a component go by rank, byte by byte, those without one last', async () => {
    for (const [name, rank] of [
      ['4', 'b'],
      ['2', 'B'],
      ['5', '~'],
      ['6', null],
      ['1', '!'],
      ['3', 'a'],
    ] as const) {
      await make({ name, rank });
    }
    const found = await everyPage((cursor) =>
      td.admin.call('listComponentTasks', { params: { id: component_id }, query: { limit: 2, ...cursor } }),
    );
    expect(found.map(({ name }) => name)).toEqual(['1', '2', '3', '4', '5', '6']);
  });
  it('of a component go in the order in which they were made', async () => {
    for (const name of ['first', 'second', 'third']) await make({ name });
    const { data } = await td.admin.call('listComponentTasks', { params: { id: component_id } });
    expect(data.items.map(({ name }) => name)).toEqual(['first', 'second', 'third']);
  });
});
