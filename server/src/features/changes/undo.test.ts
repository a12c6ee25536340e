// Taking changes back over HTTP: answers, rows, events; where others came in between; what cannot come back; rights; races.
import { randomUUID } from 'node:crypto';
import type { UndoConflict } from '@taylordash/core/changes';
import type { Client } from '@taylordash/sdk/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { connectSql, fingerprint, type TestSql } from '../../../../test/harness/sql.ts';
import { appended, expectOneChange, told } from '../../../../test/harness/told.ts';

let td: TestApp;
let sql: TestSql;
let sam: Client;
let project_id: string;
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
  const grants = (['write:projects', 'write:tasks'] as const).map((permission) => ({ permission, project_id: null }));
  sam = (await td.user({ username: 'Sam', grants })).client;
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});
beforeEach(async () => {
  project_id = (await td.admin.call('createProject', { body: { name: 'Shed' } })).data.id;
});

type Choice = 'ask' | 'overwrite' | 'keep';
const undo = async (change_id: string | null, conflicts?: Choice, client: Client = td.admin) =>
  (
    await client.call('undoChange', {
      params: { id: change_id ?? randomUUID() },
      body: conflicts === undefined ? {} : { conflicts },
    })
  ).data;
const refusal = (promise: Promise<unknown>): Promise<{ code?: string; detail?: string; conflicts?: UndoConflict[] }> =>
  promise.then(
    () => ({ code: 'done' }),
    (error: { body?: object }) => error.body ?? { code: String(error) },
  );
const part = async (name: string, more: object = {}, client: Client = td.admin) => {
  const { data, change_id } = await client.call('createComponent', {
    params: { id: project_id },
    body: { name, ...more },
  });
  return { id: data.id, change_id };
};
const step = async (id: string, name: string, more: object = {}, client: Client = td.admin) => {
  const { data, change_id } = await client.call('createTask', { params: { id }, body: { name, ...more } });
  return { id: data.id, change_id };
};
const set = async (id: string, body: object, client: Client = td.admin) =>
  (await client.call('updateComponent', { params: { id }, body: { ...body } })).change_id;
const component = async (id: string) => (await td.admin.call('getComponent', { params: { id } })).data;
const task = async (id: string) => (await td.admin.call('getTask', { params: { id } })).data;

describe('200', () => {
  it('puts fields back, by a change of its own that says what it undoes', async () => {
    const { id } = await part('Frame', { progress: 10 });
    const change_id = await set(id, { progress: 60, status: 'in_progress', name: 'Frames', position: { x: 1, y: 2 } });
    let answer: Awaited<ReturnType<typeof undo>> | undefined;
    const events = await told(sql, async () => {
      answer = await undo(change_id);
    });
    expectOneChange(events, [
      ...['component_updated', 'component_progress_updated', 'component_status_changed', 'components_moved'],
    ]);
    expect(answer).toEqual({ change_id: events[0]?.change_id, kept: [] });
    for (const { payload } of events) expect(payload).toMatchObject({ undoes: change_id });
    expect(events[1]?.payload.changed).toMatchObject({ progress: { before: 60, after: 10 } });
    expect(await component(id)).toMatchObject({
      name: 'Frame',
      progress: 10,
      status: 'pending',
      position: null,
      version: 4,
    });
    await undo(answer?.change_id ?? null);
    expect(await component(id)).toMatchObject({ name: 'Frames', progress: 60, status: 'in_progress' });
  });

  it('brings a component back with its tasks and both sides of its links, under the same ids, a version later', async () => {
    const first = await part('First');
    const middle = await part('Middle', { depends_on: [first.id], metadata: { a: [1] }, description: 'x' });
    const last = await part('Last', { depends_on: [middle.id] });
    const done = await step(middle.id, 'Done', { status: 'done', labels: ['later'], checklist: [] });
    await step(middle.id, 'Open', { due_date: '2026-09-01T10:00:00Z', repeats: { every: 2, unit: 'week' } });
    const rows = () =>
      sql.rows(
        `select to_jsonb(t) - 'version' - 'updated_at' as row from public.tasks t where component_id = $1 order by id`,
        [middle.id],
      );
    const [before, tasks] = [await component(middle.id), await rows()];
    const { change_id } = await td.admin.call('deleteComponent', {
      params: { id: middle.id },
      query: { dependents: 'link' },
    });
    const answer = await undo(change_id);
    const after = await component(middle.id);
    expect({ ...after, updated_at: '', version: 0 }).toEqual({ ...before, updated_at: '', version: 0 });
    expect(after.version).toBeGreaterThan(before.version);
    expect(await rows()).toEqual(tasks);
    expect((await component(last.id)).depends_on).toEqual([middle.id]);
    expect((await task(done.id)).completed_at).not.toBeNull();
    await undo(answer.change_id);
    expect((await component(last.id)).depends_on).toEqual([first.id]);
  });

  it('puts a gesture of moves back by one event', async () => {
    const parts = [await part('A', { position: { x: 1, y: 1 } }), await part('B')];
    const { change_id } = await td.admin.call('moveComponents', {
      body: { project_id, positions: parts.map(({ id }) => ({ id, position: { x: 9, y: 9 } })) },
    });
    const events = await told(sql, () => undo(change_id));
    expectOneChange(events, ['components_moved']);
    expect((await component(parts[0]?.id ?? '')).position).toEqual({ x: 1, y: 1 });
    expect((await component(parts[1]?.id ?? '')).position).toBeNull();
  });

  it('lets progress follow its tasks again instead of putting a number back', async () => {
    const { id } = await part('Pump', { progress_mode: 'tasks' });
    const [one, two] = [await step(id, 'One'), await step(id, 'Two')];
    const done = await td.admin.call('updateTask', { params: { id: one.id }, body: { status: 'done' } });
    await td.admin.call('updateTask', { params: { id: two.id }, body: { status: 'done' } });
    expect((await component(id)).progress).toBe(100);
    expect((await undo(done.change_id)).kept).toEqual([]);
    expect(await component(id)).toMatchObject({ progress: 50, progress_mode: 'tasks' });
  });

  it('takes the next of a repeating task back with its completion', async () => {
    const { id } = await part('Pump');
    const made = await step(id, 'Water', { due_date: '2026-09-01T10:00:00Z', repeats: { every: 1, unit: 'week' } });
    const { change_id } = await td.admin.call('updateTask', { params: { id: made.id }, body: { status: 'done' } });
    const count = () => sql.count('select count(*) from public.tasks where component_id = $1', [id]);
    expect(await count()).toBe(2);
    await undo(change_id);
    expect(await count()).toBe(1);
    expect(await task(made.id)).toMatchObject({
      status: 'todo',
      completed_at: null,
      repeats: { every: 1, unit: 'week' },
    });
  });

  it('undoes at once, also what is not appended yet, and once under a double click', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, change_id } = await part('Quick');
      const events = await told(sql, async () => {
        const answers = await Promise.all([1, 2, 3].map(() => undo(change_id)));
        expect(answers.filter((answer) => answer.change_id !== null)).toHaveLength(1);
      });
      expectOneChange(events, ['component_deleted']);
      expect(await sql.count('select count(*) from public.components where id = $1', [id])).toBe(0);
    }
  });

  it('leaves nothing to undo where it is undone', async () => {
    const { id } = await part('Frame');
    const change_id = await set(id, { progress: 60 });
    await undo(change_id);
    await appended(sql);
    const before = await fingerprint(sql);
    expect(await undo(change_id)).toEqual({ change_id: null, kept: [] });
    expect(await fingerprint(sql)).toEqual(before);
  });

  it('brings a whole project back, and takes a whole import away', async () => {
    const components = Array.from({ length: 300 }, (_, n) => ({ key: n + 1, name: `Part ${n + 1}` }));
    const dependencies = components.slice(1).map(({ key }) => [key, key - 1]);
    const imported = await td.admin.call('importProject', { body: { title: 'Big', components, dependencies } });
    const { id } = imported.data.project;
    await td.admin.call('bulk', {
      body: {
        operations: (
          await td.admin.call('listProjectComponents', { params: { id }, query: { limit: 200 } })
        ).data.items.map((row) => ({ op: 'create_task' as const, component_id: row.id, fields: { name: 'Step' } })),
      },
    });
    const file = async () => {
      const { data } = await td.admin.call('exportProject', { params: { id } });
      return JSON.stringify(data).replace(/"updated_at":"[^"]*"/g, '');
    };
    const before = await file();
    const deleted = await td.admin.call('deleteProject', { params: { id } });
    const back = await undo(deleted.change_id);
    expect(await file()).toBe(before);
    await undo(back.change_id);
    expect((await refusal(td.admin.call('getProject', { params: { id } }))).code).toBe('project.not_found');
    await undo(deleted.change_id);
    // Tasks came since the import: it asks.
    const asked = await refusal(undo(imported.change_id));
    expect(asked).toMatchObject({
      code: 'change.conflict',
      conflicts: [{ entity: 'project', field: 'tasks', now: 200 }],
    });
    expect((await undo(imported.change_id, 'keep')).change_id).toBeNull();
    expect(await file()).toBe(before);
    await undo(imported.change_id, 'overwrite');
    expect((await refusal(td.admin.call('getProject', { params: { id } }))).code).toBe('project.not_found');
  });

  it('takes one of the changes in the example’s past back, and the whole example', async () => {
    const { data, change_id } = await td.admin.call('addExample', {});
    await appended(sql);
    const past = (await td.admin.call('projectActivity', { params: { id: data.id }, query: { limit: 200 } })).data
      .items;
    expect(past.length).toBeGreaterThan(20);
    expect(past.at(-1)?.change_id).toBe(change_id);
    const done = past.find(({ events }) => events[0]?.kind === 'task_completed');
    await undo(done?.change_id ?? null);
    expect(await task(done?.events[0]?.entity_id ?? '')).toMatchObject({ status: 'todo', completed_at: null });
    await undo(change_id, 'overwrite');
    expect((await refusal(td.admin.call('getProject', { params: { id: data.id } }))).code).toBe('project.not_found');
  });

  it('puts a view back that somebody keeps, and lets nobody else do so', async () => {
    const config = { of: 'tasks', as: 'board', filter: '', group: null, sort: 'name', columns: [] } as const;
    const made = await sam.call('createLayout', { body: { kind: 'view', name: 'Mine', config } });
    const { id } = made.data;
    const named = await sam.call('updateLayout', { params: { id }, body: { name: 'Ours' } });
    const name = async () => (await sam.call('getLayout', { params: { id } })).data.name;
    const viewer = (await td.user({ username: `looker${Date.now()}` })).client;
    expect((await refusal(undo(named.change_id, 'ask', viewer))).code).toBe('change.not_found');
    // Private for administrators too.
    expect((await refusal(undo(named.change_id, 'overwrite', td.admin))).code).toBe('layout.not_found');
    const back = await undo(named.change_id, 'ask', sam);
    expect(await name()).toBe('Mine');
    await undo(back.change_id, 'ask', sam);
    expect(await name()).toBe('Ours');
    expect((await refusal(undo(made.change_id, 'ask', sam))).code).toBe('change.not_undoable');
    const deleted = await sam.call('deleteLayout', { params: { id } });
    await undo(deleted.change_id, 'ask', sam);
    expect(await name()).toBe('Ours');
    expect((await undo(deleted.change_id, 'ask', sam)).change_id).toBeNull();
    await undo(made.change_id, 'overwrite', sam);
    expect((await refusal(name())).code).toBe('layout.not_found');
  });

  it('names nobody who has no account any more', async () => {
    const gone = await td.user({ username: `gone${Date.now()}` });
    const { id } = await part('Frame', { assignee_id: gone.id });
    const change_id = await set(id, { assignee_id: null, progress: 5 });
    await td.admin.call('deleteUser', { params: { id: gone.id } });
    await undo(change_id);
    expect(await component(id)).toMatchObject({ assignee_id: null, progress: 0 });
  });
});

describe('where others came in between', () => {
  it('asks, with who and when; keeps theirs and undoes the rest; or undoes all the same', async () => {
    const { id } = await part('Frame', { progress: 10 });
    const change_id = await set(id, { progress: 40, name: 'Frames', description: 'New' });
    await set(id, { progress: 60 }, sam);
    await set(id, { description: 'Sam’s' }, sam);
    const at = Date.now();
    const asked = await refusal(undo(change_id));
    expect(asked.code).toBe('change.conflict');
    expect(asked.detail).toContain('Sam changed');
    const about = { entity: 'component', entity_id: id, name: 'Frames', changed_by: 'Sam' };
    expect(asked.conflicts).toEqual(
      expect.arrayContaining([
        { ...about, field: 'progress', restores: 10, now: 60, changed_at: expect.any(String) },
        { ...about, field: 'description', restores: null, now: 'Sam’s', changed_at: expect.any(String) },
      ]),
    );
    for (const { changed_at } of asked.conflicts ?? []) {
      expect(Math.abs(Date.parse(changed_at ?? '') - at)).toBeLessThan(60_000);
    }
    expect(await component(id)).toMatchObject({ name: 'Frames', progress: 60 });
    const kept = await undo(change_id, 'keep');
    expect(kept.kept.map(({ field, changed_by }) => [field, changed_by]).sort()).toEqual([
      ['description', 'Sam'],
      ['progress', 'Sam'],
    ]);
    expect(await component(id)).toMatchObject({ name: 'Frame', progress: 60, description: 'Sam’s' });
    await undo(change_id, 'overwrite');
    expect(await component(id)).toMatchObject({ name: 'Frame', progress: 10, description: null });
  });

  it('asks before it deletes what others filled', async () => {
    const { id, change_id } = await part('Shelf');
    const other = await part('Other');
    await step(id, 'Sam’s', {}, sam);
    await sam.call('addDependency', { params: { id: other.id, depends_on_id: id } });
    await set(id, { name: 'Shelves' }, sam);
    const asked = await refusal(undo(change_id));
    expect(asked.conflicts?.map(({ field, now, changed_by }) => [field, now, changed_by])).toEqual([
      ['name', 'Shelves', 'Sam'],
      ['tasks', 1, 'Sam'],
      ['dependencies', 1, 'Sam'],
    ]);
    expect(await undo(change_id, 'keep')).toMatchObject({ change_id: null, kept: [{}, {}, {}] });
    const events = await told(sql, () => undo(change_id, 'overwrite'));
    expectOneChange(events, ['task_deleted', 'component_dependency_removed', 'component_deleted']);
  });

  it('does not ask about places, nor about what went back meanwhile', async () => {
    const { id, change_id } = await part('Shelf');
    await sam.call('moveComponents', { body: { project_id, positions: [{ id, position: { x: 3, y: 4 } }] } });
    const named = await set(id, { name: 'Other' });
    await undo(named);
    const added = await step(id, 'One');
    await undo(added.change_id);
    expect((await undo(change_id)).change_id).not.toBeNull();
  });

  it('knows who moved what', async () => {
    const { id } = await part('Shelf');
    const move = async (client: Client, x: number) =>
      (await client.call('moveComponents', { body: { project_id, positions: [{ id, position: { x, y: 0 } }] } }))
        .change_id;
    const mine = await move(td.admin, 1);
    await move(sam, 2);
    expect((await refusal(undo(mine))).conflicts).toMatchObject([
      { field: 'position', restores: null, now: { x: 2, y: 0 }, changed_by: 'Sam' },
    ]);
  });

  it('a task that somebody completed again is as done as before', async () => {
    const { id } = await part('Pump');
    const one = await step(id, 'One');
    const finish = (status: string, client: Client) =>
      client.call('updateTask', { params: { id: one.id }, body: { status: status === 'done' ? 'done' : 'todo' } });
    const first = await finish('done', td.admin);
    await finish('todo', sam);
    await finish('done', sam);
    await undo(first.change_id);
    expect(await task(one.id)).toMatchObject({ status: 'todo', completed_at: null });
  });
});

describe('409: what cannot come back', () => {
  it('names what was deleted since', async () => {
    const { id } = await part('Pump');
    const named = await set(id, { name: 'Pumps' });
    const one = await step(id, 'One');
    const removed = await td.admin.call('deleteTask', { params: { id: one.id } });
    await td.admin.call('deleteComponent', { params: { id } });
    const gone = { code: 'change.not_undoable' };
    expect(await refusal(undo(named))).toMatchObject({
      ...gone,
      detail: expect.stringContaining('“Pumps” is not there any more'),
    });
    expect(await refusal(undo(removed.change_id))).toMatchObject({ ...gone, detail: expect.stringContaining('“One”') });
    const other = await part('Other');
    const deleted = await td.admin.call('deleteComponent', { params: { id: other.id } });
    await td.admin.call('deleteProject', { params: { id: project_id } });
    expect(await refusal(undo(deleted.change_id))).toMatchObject({
      ...gone,
      detail: expect.stringContaining('“Other”'),
    });
  });

  it('names the loop that a dependency would close by now', async () => {
    const [a, b, c] = [await part('A'), await part('B'), await part('C')];
    await td.admin.call('addDependency', { params: { id: a.id, depends_on_id: b.id } });
    const { change_id } = await td.admin.call('removeDependency', { params: { id: a.id, depends_on_id: b.id } });
    await td.admin.call('addDependency', { params: { id: b.id, depends_on_id: c.id } });
    await td.admin.call('addDependency', { params: { id: c.id, depends_on_id: a.id } });
    const answer = await refusal(undo(change_id));
    expect(answer).toMatchObject({ code: 'change.not_undoable', detail: 'It would close a loop: A → B → C → A.' });
  });

  it('leaves one tray a project', async () => {
    const tray = await part('Tray', { type: 'unsorted' });
    const { change_id } = await td.admin.call('deleteComponent', { params: { id: tray.id } });
    await part('New tray', { type: 'unsorted' });
    expect(await refusal(undo(change_id))).toMatchObject({ code: 'change.not_undoable' });
  });

  it('leaves accounts alone', async () => {
    const { change_id } = await td.admin.call('updateMe', { body: { week_start: 7 } });
    expect(await refusal(undo(change_id))).toMatchObject({ code: 'change.not_undoable' });
    expect(await refusal(undo(change_id, 'ask', sam))).toMatchObject({ code: 'change.not_found' });
  });
});

describe('rights', () => {
  it('are those of the opposite', async () => {
    const here = await part('Here');
    const one = await step(here.id, 'One');
    const change_id = await set(here.id, { progress: 40 });
    const other = (await td.admin.call('createProject', { body: { name: 'Other' } })).data.id;
    const viewer = (await td.user({ username: `viewer${Date.now()}` })).client;
    const tasks_only = [{ permission: 'write:tasks' as const, project_id }];
    const worker = (await td.user({ username: `worker${Date.now()}`, grants: tasks_only })).client;
    const elsewhere = [{ permission: 'write:projects' as const, project_id: other }];
    const stranger = (await td.user({ username: `stranger${Date.now()}`, grants: elsewhere })).client;
    for (const client of [viewer, worker, stranger]) {
      expect((await refusal(undo(change_id, 'ask', client))).code).toBe('auth.forbidden');
    }
    for (const client of [viewer, stranger]) {
      expect((await refusal(undo(one.change_id, 'ask', client))).code).toBe('auth.forbidden');
    }
    expect((await refusal(undo(change_id, 'ask', td.anonymous))).code).toBe('auth.required');
    expect((await undo(one.change_id, 'ask', worker)).change_id).not.toBeNull();
    expect((await component(here.id)).progress).toBe(40);
  });

  it('nothing tells of somebody else’s inbox', async () => {
    const { change_id } = await td.admin.call('createInboxTask', { body: { name: 'Secret' } });
    const answers = [await refusal(undo(change_id, 'ask', sam)), await refusal(undo(randomUUID(), 'ask', sam))];
    for (const { code, detail } of answers) expect([code, detail]).toEqual(['change.not_found', answers[1]?.detail]);
    const mine = await sam.call('createInboxTask', { body: { name: 'Mine' } });
    expect((await undo(mine.change_id, 'ask', sam)).change_id).not.toBeNull();
  });

  it('what others say on the bus is no change', async () => {
    const change_id = randomUUID();
    await td.admin.call('publishEvent', {
      body: { topic: 'tracker/events/components/deleted', kind: 'component_deleted', payload: { change_id } },
    });
    expect((await refusal(undo(change_id))).code).toBe('change.not_found');
  });
});

describe('races', () => {
  it('an undo against more work on the same: either asks, or comes first', async () => {
    for (let round = 0; round < 6; round++) {
      const { id, change_id } = await part('Shelf');
      const [undone, added] = await Promise.allSettled([undo(change_id), step(id, 'Late')]);
      const left = await sql.count('select count(*) from public.tasks where component_id = $1', [id]);
      expect([undone.status, added.status, left]).toEqual(
        undone.status === 'fulfilled' ? ['fulfilled', 'rejected', 0] : ['rejected', 'fulfilled', 1],
      );
    }
  });
  it('two undos and a redo at once end, and leave one of both states', async () => {
    const { id } = await part('Frame', { progress: 10 });
    const change_id = await set(id, { progress: 60 });
    const first = await undo(change_id);
    await Promise.allSettled([undo(first.change_id), undo(change_id), undo(first.change_id), undo(change_id)]);
    expect([10, 60]).toContain((await component(id)).progress);
  });
});
