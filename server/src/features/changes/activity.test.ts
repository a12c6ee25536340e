// A project's activity over HTTP: a change an entry, the newest first, without moves; what was taken back; who sees what.
import type { ActivityEntry, BulkOperation } from '@taylordash/core/changes';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { everyPage } from '../../../../test/harness/pages.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';
import { appended } from '../../../../test/harness/told.ts';

let td: TestApp;
let sql: TestSql;
let project_id: string;
let created: string | null;
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});
beforeEach(async () => {
  const made = await td.admin.call('createProject', { body: { name: 'Shed' } });
  project_id = made.data.id;
  created = made.change_id;
});

const part = async (name: string, more: object = {}) => {
  const { data, change_id } = await td.admin.call('createComponent', {
    params: { id: project_id },
    body: { name, ...more },
  });
  return { id: data.id, change_id };
};
const step = async (id: string, name: string) => {
  const { data, change_id } = await td.admin.call('createTask', { params: { id }, body: { name } });
  return { id: data.id, change_id };
};
const activity = async (query: object = {}): Promise<ActivityEntry[]> => {
  await appended(sql);
  return (await td.admin.call('projectActivity', { params: { id: project_id }, query })).data.items;
};
const kinds = (entry: ActivityEntry | undefined) => entry?.events.map(({ kind }) => kind);

describe('200', () => {
  it('tells each change once, the newest first, in the order and with the names of its events', async () => {
    const wood = await part('Wood');
    const frame = await part('Frame', { depends_on: [wood.id] });
    const saw = await step(frame.id, 'Saw');
    const done = await td.admin.call('updateTask', { params: { id: saw.id }, body: { status: 'done', priority: 1 } });
    const entries = await activity();
    expect(entries.map(({ change_id }) => change_id)).toEqual([
      ...[done.change_id, saw.change_id, frame.change_id, wood.change_id, created],
    ]);
    const me = (await td.admin.call('me', {})).data;
    expect(entries[0]).toMatchObject({
      ...{ actor: { id: me.id, name: me.username, type: 'user' }, undoes: null, undone_by: null, events_total: 3 },
      events: [
        { kind: 'task_updated', name: 'Saw', component_id: frame.id, changed: { priority: { before: 0, after: 1 } } },
        { kind: 'task_completed', entity_id: saw.id, changed: { status: { before: 'todo', after: 'done' } } },
        { kind: 'component_progress_updated', entity_id: frame.id, changed: { progress: { before: 0, after: 100 } } },
      ],
    });
    expect(entries[2]?.counts).toEqual({ component_created: 1, component_dependency_added: 1 });
    expect(entries[2]?.events).toMatchObject([
      {
        kind: 'component_created',
        name: 'Frame',
        other_name: null,
        component_id: null,
        entity_id: frame.id,
        changed: {},
      },
      { kind: 'component_dependency_added', name: 'Frame', other_name: 'Wood' },
    ]);
    expect(kinds(entries[4])).toEqual(['project_created']);
  });

  it('leaves moves out, and a change that only moves', async () => {
    const { id } = await part('Wood');
    await td.admin.call('moveComponents', { body: { project_id, positions: [{ id, position: { x: 1, y: 2 } }] } });
    const both = await td.admin.call('updateComponent', {
      params: { id },
      body: { progress: 40, position: { x: 5, y: 5 } },
    });
    const entries = await activity();
    expect(entries).toHaveLength(3);
    expect(entries[0]).toMatchObject({ change_id: both.change_id, events_total: 1 });
    expect(kinds(entries[0])).toEqual(['component_progress_updated']);
  });

  it('shows the first twenty events of many and counts all', async () => {
    const operations = Array.from({ length: 45 }, (_, n): BulkOperation => {
      return { op: 'create_component', project_id, fields: { name: `Part ${n}` } };
    });
    await td.admin.call('bulk', { body: { operations } });
    const [entry] = await activity();
    expect([entry?.events_total, entry?.counts]).toEqual([45, { component_created: 45 }]);
    expect(entry?.events.map(({ name }) => name)).toEqual(Array.from({ length: 20 }, (_, n) => `Part ${n}`));
  });

  it('tells what took a change back, until that is taken back itself', async () => {
    const { change_id } = await part('Wood');
    const undo = async (id: string | null) =>
      (await td.admin.call('undoChange', { params: { id: id ?? '' }, body: {} })).data.change_id;
    const back = await undo(change_id);
    let [newest, first] = await activity();
    expect(newest).toMatchObject({ change_id: back, undoes: change_id, undone_by: null });
    expect(first).toMatchObject({ change_id, undoes: null, undone_by: back });
    const again = await undo(back);
    [newest, , first] = await activity();
    expect(newest).toMatchObject({ change_id: again, undoes: back });
    expect(first).toMatchObject({ change_id, undone_by: null });
    const once_more = await undo(change_id);
    [, , , first] = await activity();
    expect(first).toMatchObject({ change_id, undone_by: once_more });
  });

  it('goes by pages that miss and repeat nothing while more happens', async () => {
    const { id } = await part('Wood');
    for (let n = 1; n <= 25; n++) await td.admin.call('updateComponent', { params: { id }, body: { progress: n } });
    const all = await activity({ limit: 200 });
    let edits = 0;
    const paged = await everyPage(async (cursor) => {
      const query = { limit: 7, ...cursor };
      const { data } = await td.admin.call('projectActivity', { params: { id: project_id }, query });
      await td.admin.call('updateComponent', { params: { id }, body: { description: `edit ${++edits}` } });
      return { data };
    });
    expect(paged.map(({ change_id }) => change_id)).toEqual(all.map(({ change_id }) => change_id));
  });

  it('of a component: with its tasks and what waits for it; of a task; of somebody', async () => {
    const wood = await part('Wood');
    const other = await part('Other');
    const frame = await part('Frame', { depends_on: [wood.id] });
    const saw = await step(wood.id, 'Saw');
    await step(other.id, 'Else');
    const of = async (query: object) => (await activity(query)).map(({ change_id }) => change_id);
    expect(await of({ entity_id: wood.id })).toEqual([saw.change_id, frame.change_id, wood.change_id]);
    expect(kinds((await activity({ entity_id: wood.id }))[1])).toEqual(['component_dependency_added']);
    expect(await of({ entity_id: saw.id })).toEqual([saw.change_id]);
    const grants = [{ permission: 'write:projects' as const, project_id }];
    const max = await td.user({ username: `max${Date.now()}`, grants });
    const { change_id } = await max.client.call('updateComponent', { params: { id: wood.id }, body: { progress: 9 } });
    expect(await of({ actor_id: max.id })).toEqual([change_id]);
    expect(await of({ actor_id: max.id, entity_id: other.id })).toEqual([]);
  });
});

describe('who sees what', () => {
  it('viewers see it as administrators do; nobody sees inboxes; nobody unknown anything', async () => {
    const { id } = await part('Wood');
    const task = await step(id, 'Mine');
    await td.admin.call('updateTask', { params: { id: task.id }, body: { component_id: null } });
    await td.admin.call('updateTask', { params: { id: task.id }, body: { name: 'Secret' } });
    const viewer = (await td.user({ username: `vera${Date.now()}` })).client;
    const mine = await activity();
    expect(mine).toHaveLength(4);
    const { data } = await viewer.call('projectActivity', { params: { id: project_id } });
    expect(data.items).toEqual(mine);
    expect(JSON.stringify(data)).not.toContain('Secret');
    const asked = td.anonymous.call('projectActivity', { params: { id: project_id } });
    await expect(asked).rejects.toMatchObject({ body: { status: 401 } });
  });
  it('is not moved by what others say on the bus', async () => {
    await td.admin.call('publishEvent', {
      body: { topic: 'tracker/events/projects/updated', kind: 'project_updated', payload: { undoes: created ?? '' } },
    });
    const [entry, ...others] = await activity();
    expect([entry?.undone_by, others]).toEqual([null, []]);
  });
  it('404', async () => {
    const asked = td.admin.call('projectActivity', { params: { id: '00000000-0000-4000-8000-000000000000' } });
    await expect(asked).rejects.toMatchObject({ body: { code: 'project.not_found' } });
  });
});
