// What taking changes back must not reach: others' inboxes, projects without the right, and what came to have the same id.
import { randomUUID } from 'node:crypto';
import type { BulkOperation } from '@taylordash/core/changes';
import type { Client } from '@taylordash/sdk/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';

let td: TestApp;
let shed: string;
let barn: string;
let serial = 0;
beforeAll(async () => {
  td = await testApp();
});
afterAll(() => td.stop());
beforeEach(async () => {
  shed = (await td.admin.call('createProject', { body: { name: 'Shed' } })).data.id;
  barn = (await td.admin.call('createProject', { body: { name: 'Barn' } })).data.id;
});

const choices = ['ask', 'keep', 'overwrite'] as const;
/** Someone who may change these projects and no other. */
const member = async (...projects: string[]): Promise<Client> => {
  serial += 1;
  const grants = projects.flatMap((project_id) =>
    (['write:projects', 'write:tasks'] as const).map((permission) => ({ permission, project_id })),
  );
  return (await td.user({ username: `member${serial}`, grants })).client;
};
const part = async (project_id: string, name: string, more: object = {}) =>
  (await td.admin.call('createComponent', { params: { id: project_id }, body: { name, ...more } })).data.id;
const step = (client: Client, id: string, name: string) =>
  client.call('createTask', { params: { id }, body: { name } });
const set = async (client: Client, id: string, body: { name?: string; component_id?: string | null }) =>
  (await client.call('updateTask', { params: { id }, body })).change_id ?? '';
const bulk = async (...operations: BulkOperation[]) =>
  (await td.admin.call('bulk', { body: { operations } })).data.change_id ?? '';
/** The answer to an undo, whether it is done or refused. */
const undo = (client: Client, id: string, conflicts: (typeof choices)[number] = 'ask'): Promise<unknown> =>
  client.call('undoChange', { params: { id }, body: { conflicts } }).then(
    ({ data }) => data,
    ({ body }: { body?: unknown }) => body,
  );
const rows = async (id: string) => {
  const { nodes, edges } = (await td.admin.call('projectGraph', { params: { id } })).data;
  const { tasks } = (await td.admin.call('projectTasks', { params: { id } })).data;
  return { nodes, edges, tasks };
};

describe('a task that went to the inbox of who made it', () => {
  it('is neither read nor changed by others who take back what came before', async () => {
    const [sam, owner] = [await member(shed), await member(shed)];
    const { data: task, change_id: made } = await step(owner, await part(shed, 'Frame'), 'Saw');
    const { id } = task;
    const renamed = await set(owner, id, { name: 'Saw boards' });
    await set(owner, id, { component_id: null });
    await set(owner, id, { name: 'Secret' });
    for (const change_id of [made ?? '', renamed]) {
      for (const choice of choices) expect(JSON.stringify(await undo(sam, change_id, choice))).not.toContain('Secret');
    }
    const { data } = await owner.call('getTask', { params: { id } });
    expect(data).toMatchObject({ name: 'Secret', component_id: null });
    // Its owner reads and changes it as ever.
    expect(await undo(owner, renamed)).toMatchObject({ code: 'change.conflict' });
  });

  it('comes back by undoing that, as long as its owner left it alone', async () => {
    const [sam, owner] = [await member(shed), await member(shed)];
    const component_id = await part(shed, 'Frame');
    const { id } = (await step(owner, component_id, 'Saw')).data;
    const there = await set(sam, id, { component_id: null });
    expect(await undo(sam, there)).toMatchObject({ change_id: expect.any(String) });
    const again = await set(sam, id, { component_id: null });
    await set(owner, id, { name: 'Secret' });
    for (const choice of choices) expect(JSON.stringify(await undo(sam, again, choice))).not.toContain('Secret');
    expect((await owner.call('getTask', { params: { id } })).data.component_id).toBeNull();
  });
});

it('brings no task into a project without the right there', async () => {
  const target = await part(shed, 'Frame');
  const { id } = (await step(td.admin, await part(barn, 'Roof'), 'Saw')).data;
  const change_id = await bulk(
    { op: 'update_task', id, fields: { component_id: target } },
    { op: 'delete_component', id: target },
  );
  const before = await rows(barn);
  expect(await undo(await member(shed), change_id)).toMatchObject({ code: 'auth.forbidden' });
  expect(await rows(barn)).toEqual(before);
  await undo(await member(shed, barn), change_id);
  expect((await rows(barn)).tasks).toHaveLength(1);
});

describe('an id that means something else by now', () => {
  it('of a component in another project leaves that alone', async () => {
    const id = await part(shed, 'Frame');
    const other = await part(shed, 'Roof', { depends_on: [id] });
    const body = { name: 'Frames' };
    const renamed = (await td.admin.call('updateComponent', { params: { id }, body })).change_id ?? '';
    const unlinked = await bulk({ op: 'remove_dependency', id: other, depends_on_id: id });
    const deleted = await bulk({ op: 'delete_component', id });
    await bulk({ op: 'create_component', id, project_id: barn, fields: { name: 'Frames' } });
    const before = await rows(barn);
    for (const change_id of [renamed, unlinked, deleted]) {
      for (const choice of choices) {
        expect(await undo(td.admin, change_id, choice)).toMatchObject({ code: 'change.not_undoable' });
      }
    }
    expect(await rows(barn)).toEqual(before);
  });

  it('of a component made anew elsewhere in the same change is not carried over', async () => {
    const id = await part(shed, 'Frame');
    const change_id = await bulk(
      { op: 'delete_component', id },
      { op: 'create_component', id, project_id: barn, fields: { name: 'Frame' } },
    );
    expect(await undo(td.admin, change_id)).toMatchObject({ code: 'change.not_undoable' });
    expect((await rows(barn)).nodes).toMatchObject([{ id, name: 'Frame' }]);
  });

  it("of a task in somebody else's inbox says nothing of it", async () => {
    const [sam, owner] = [await member(shed), await member(shed)];
    const { id } = (await step(sam, await part(shed, 'Frame'), 'Saw')).data;
    const renamed = await set(sam, id, { name: 'Saw boards' });
    const deleted = await bulk({ op: 'delete_task', id });
    await owner.call('createInboxTask', { body: { id, name: 'Secret' } });
    for (const choice of choices) {
      for (const change_id of [renamed, deleted]) {
        const answer = await undo(sam, change_id, choice);
        expect(answer).toMatchObject({ code: 'change.not_undoable' });
        expect(JSON.stringify(answer)).not.toContain('Secret');
      }
    }
    expect(await undo(sam, randomUUID())).toMatchObject({ code: 'change.not_found' });
  });
});
