// The search over HTTP: what is found by which words, in which order, by id, and for whom.
import { randomUUID } from 'node:crypto';
import type { Client } from '@taylordash/sdk/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';
import { appended } from '../../../../test/harness/told.ts';

let td: TestApp;
let sql: TestSql;
let ann: { id: string; client: Client };
let vera: { id: string; client: Client };
const ids = { project: '', component: '', task: '', inbox: '' };
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
  ann = await td.user({ username: 'Ann.Wired', grants: [{ permission: 'write:tasks', project_id: null }] });
  vera = await td.user({ username: 'vera' });
  const project = async (name: string, status: 'active' | 'archived' = 'active') =>
    (await td.admin.call('createProject', { body: { name, status } })).data.id;
  const part = async (id: string, name: string, more: object = {}) =>
    (await td.admin.call('createComponent', { params: { id }, body: { name, ...more } })).data.id;
  const step = async (id: string, name: string, status: 'todo' | 'done' = 'todo') =>
    (await td.admin.call('createTask', { params: { id }, body: { name, status } })).data.id;
  ids.project = await project('Greenhouse');
  ids.component = await part(ids.project, 'Wiring');
  await part(ids.project, 'Wire wheel', { status: 'cancelled' });
  await part(ids.project, 'Unsorted wires', { type: 'unsorted' });
  ids.task = await step(ids.component, 'wire');
  await step(ids.component, 'Wire the pump', 'done');
  await step(ids.component, 'Wire the roof');
  await step(ids.component, 'Buy wire');
  await step(ids.component, 'Barbed-wire (10 m)');
  await step(ids.component, 'Haywire_50% off');
  await step(ids.component, 'Pump: check the wire');
  await project('Wireless', 'archived');
  const inbox = { name: 'Wire a secret' };
  ids.inbox = (await ann.client.call('createInboxTask', { body: inbox })).data.id;
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});

const find = async (q: string, client: Client = td.admin, limit?: number) =>
  (await client.call('search', { query: { q, ...(limit === undefined ? {} : { limit }) } })).data.items;
const names = async (q: string, client?: Client, limit?: number) =>
  (await find(q, client, limit)).map(({ name }) => name);

describe('words', () => {
  it('find what has them in its name, best first', async () => {
    expect(await names('wire')).toEqual([
      'wire',
      // Beginnings: open before closed, then projects, components and tasks.
      ...['Wire the roof', 'Wireless', 'Wire wheel', 'Wire the pump'],
      // Beginnings of words, lately changed first, people after tasks; then anywhere.
      ...['Pump: check the wire', 'Barbed-wire (10 m)', 'Buy wire', 'Ann.Wired', 'Haywire_50% off'],
    ]);
  });
  it('find names that have all of them, in any order and case', async () => {
    expect(await names('WIRE pump')).toEqual(['Pump: check the wire', 'Wire the pump']);
    expect(await names('pump nothing')).toEqual([]);
  });
  it('of one or two letters find where words begin', async () => {
    expect(await names('bu')).toEqual(['Buy wire']);
    expect(await names('of')).toEqual(['Haywire_50% off']);
    expect(await names('p')).toEqual(['Pump: check the wire', 'Wire the pump']);
    expect(await names('ir')).toEqual([]);
  });
  it('mean what they say: wildcards, quotes and blanks are letters', async () => {
    expect(await names('50%')).toEqual(['Haywire_50% off']);
    expect(await names('e_5')).toEqual(['Haywire_50% off']);
    expect(await names('%')).toEqual([]);
    expect(await names("'; drop table x --")).toEqual([]);
    expect(await names('   ')).toEqual([]);
    expect(await names('\\')).toEqual([]);
  });
  it('find people, and tell of each thing where it is', async () => {
    expect(await find('ann')).toEqual([
      {
        ...{ type: 'person', id: ann.id, name: 'Ann.Wired', status: null, project_id: null, project_name: null },
        ...{ component_id: null, component_name: null },
      },
    ]);
    expect((await find('wire'))[0]).toEqual({
      ...{ type: 'task', id: ids.task, name: 'wire', status: 'todo', project_id: ids.project },
      ...{ project_name: 'Greenhouse', component_id: ids.component, component_name: 'Wiring' },
    });
    expect(await find('wiring')).toMatchObject([
      { type: 'component', id: ids.component, project_id: ids.project, project_name: 'Greenhouse', component_id: null },
    ]);
  });
  it('are as many as were asked for', async () => {
    expect(await names('wire', td.admin, 3)).toEqual((await names('wire')).slice(0, 3));
  });
});

describe('who sees what', () => {
  it('an inbox is its owner’s', async () => {
    expect(await names('secret', ann.client)).toEqual(['Wire a secret']);
    for (const client of [td.admin, vera.client]) {
      expect(await names('secret', client)).toEqual([]);
      expect(await find(ids.inbox, client)).not.toContainEqual(expect.objectContaining({ type: 'task' }));
    }
    expect(await find(ids.inbox, ann.client)).toMatchObject([
      { type: 'task', name: 'Wire a secret', project_id: null },
    ]);
  });
  it('a viewer finds the same as an administrator; nobody who is not signed in', async () => {
    expect(await names('wire', vera.client)).toEqual(await names('wire'));
    await expect(find('wire', td.anonymous)).rejects.toMatchObject({ body: { code: 'auth.required' } });
  });
});

describe('an id', () => {
  it('is what it stands for, however it is written', async () => {
    expect(await find(ids.project)).toMatchObject([{ type: 'project', name: 'Greenhouse' }]);
    expect(await find(` ${ids.task.toUpperCase()} `)).toMatchObject([{ type: 'task', name: 'wire' }]);
    expect(await find(vera.id)).toMatchObject([{ type: 'person', name: 'vera' }]);
    expect(await find(randomUUID())).toEqual([]);
  });
  it('may be a trace or a change; a viewer’s only of what they see', async () => {
    await appended(sql);
    const rows = await sql.rows(
      `select kind, trace_id, change_id from (select payload->>'kind' as kind, * from public.events_mirror) e
       where kind in ('task_completed', 'task_created', 'user_created') order by id desc`,
    );
    const event = (kind: string) => rows.find((row) => row.kind === kind);
    for (const id of [event('task_created')?.trace_id, event('task_created')?.change_id].map(String)) {
      expect(await find(id)).toMatchObject([{ type: 'trace', id, name: id }]);
      expect(await find(id, vera.client)).toMatchObject([{ type: 'trace', id }]);
    }
    const hidden = String(event('user_created')?.trace_id);
    expect(await find(hidden)).toMatchObject([{ type: 'trace' }]);
    expect(await find(hidden, vera.client)).toEqual([]);
  });
});
