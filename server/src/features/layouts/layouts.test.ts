// Layouts over HTTP: whose they are, who sees and changes them, what a view may hold, and the events that tell of them.
import { randomUUID } from 'node:crypto';
import type { Client } from '@taylordash/sdk/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { everyPage, expectAllOnce } from '../../../../test/harness/pages.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';
import { expectOneChange, told } from '../../../../test/harness/told.ts';
import { mostLayouts } from './service.ts';

let td: TestApp;
let sql: TestSql;
let project_id: string;
let ann: { id: string; client: Client };
let ben: { id: string; client: Client };
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
  project_id = (await td.admin.call('createProject', { body: { name: 'Shed' } })).data.id;
  ann = await td.user({ username: 'ann', grants: [{ permission: 'write:projects', project_id }] });
  ben = await td.user({ username: 'ben' });
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});

const config = { of: 'tasks', as: 'board', filter: 'assignee:me', group: 'status', sort: '-due', columns: ['name'] };
const view = (name: string, rest: object = {}) => ({ kind: 'view' as const, name, config, ...rest });
const keep = async ({ client }: { client: Client }, name: string, rest: object = {}) =>
  (await client.call('createLayout', { body: view(name, rest) })).data;
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { body?: { code: string } }) => error.body?.code,
  );

describe('keeping one', () => {
  it('201: the row, the event, the ETag, and the same id where one was given', async () => {
    const id = randomUUID();
    const events = await told(sql, async () => {
      const answer = await ann.client.call('createLayout', { body: view('Mine', { id, project_id }) });
      expect(answer.version).toBe(1);
      expect(answer.data).toMatchObject({ id, user_id: ann.id, project_id, shared: false, config });
    });
    expectOneChange(events, ['layout_created']);
    expect(events[0]).toMatchObject({ entity_id: id, project_id, topic: 'tracker/events/auth/layout_created' });
    expect((await ann.client.call('getLayout', { params: { id } })).data).toEqual(events[0]?.payload.entity);
    expect(await code(ann.client.call('createLayout', { body: view('Again', { id }) }))).toBe('request.id_taken');
  });
  it('400 with the place of what is wrong in a view', async () => {
    const wrong = { ...config, as: 'pie', columns: ['name', 'name'], more: 1 };
    const answer = ann.client.call('createLayout', { body: view('Wrong', { config: wrong }) });
    await expect(answer).rejects.toMatchObject({
      body: {
        code: 'request.invalid',
        errors: expect.arrayContaining([
          expect.objectContaining({ pointer: '/config/as' }),
          expect.objectContaining({ pointer: '/config/columns' }),
          expect.objectContaining({ pointer: '/config/more' }),
        ]),
      },
    });
    const { id } = await keep(ann, 'Right');
    const patch = ann.client.call('updateLayout', { params: { id }, body: { config: {} } });
    expect(await code(patch)).toBe('request.invalid');
  });
  it('404 in a project that does not exist', async () => {
    expect(await code(keep(ann, 'Lost', { project_id: randomUUID() }))).toBe('project.not_found');
  });
  it('403 where it is to be shared without the right to change the project', async () => {
    expect(await code(keep(ann, 'For all', { project_id, shared: true }))).toBe('done');
    expect(await code(keep(ann, 'Everywhere', { shared: true }))).toBe('auth.forbidden');
    expect(await code(keep(ben, 'For all', { project_id, shared: true }))).toBe('auth.forbidden');
    const { id } = await keep(ben, 'Own', { project_id });
    const share = ben.client.call('updateLayout', { params: { id }, body: { shared: true } });
    expect(await code(share)).toBe('auth.forbidden');
  });
  it('409 beyond what one person may keep', async () => {
    const many = await td.user({ username: 'many' });
    await sql.rows(
      `insert into taylordash.layouts (user_id, kind, name, config) select $1, 'view', 'v' || n, '{}' from generate_series(2, $2) n`,
      [many.id, mostLayouts],
    );
    const both = await Promise.all(['a', 'b'].map((name) => code(keep(many, name))));
    expect(both.sort()).toEqual(['done', 'layout.too_many']);
  });
});

describe('changing and deleting one', () => {
  it('200 and 204 with their events; nothing where nothing differs', async () => {
    const { id } = await keep(ann, 'Draft');
    const change = (body: object, if_match?: number) =>
      ann.client.call('updateLayout', { params: { id }, body, ...(if_match === undefined ? {} : { if_match }) });
    const events = await told(sql, () => change({ name: 'Final', config: { ...config, as: 'table' } }));
    expectOneChange(events, ['layout_updated']);
    expect(events[0]?.payload.changed).toMatchObject({
      name: { before: 'Draft', after: 'Final' },
      config: { before: { as: 'board' }, after: { as: 'table' } },
    });
    expect(await told(sql, () => change({ name: 'Final' }))).toEqual([]);
    expect(await code(change({ name: 'Late' }, 1))).toBe('request.precondition_failed');
    const gone = await told(sql, () => ann.client.call('deleteLayout', { params: { id } }));
    expectOneChange(gone, ['layout_deleted']);
    expect(gone[0]?.payload.entity).toMatchObject({ id, name: 'Final' });
    expect(await code(ann.client.call('getLayout', { params: { id } }))).toBe('layout.not_found');
  });
  it('404 for what somebody else keeps, 403 for what they share; administrators may', async () => {
    const own = await keep(ann, 'Private', { project_id });
    const shared = await keep(ann, 'Shared', { project_id, shared: true });
    for (const client of [ben.client, td.admin]) {
      const params = { id: own.id };
      expect(await code(client.call('getLayout', { params }))).toBe('layout.not_found');
      expect(await code(client.call('updateLayout', { params, body: { name: 'Taken' } }))).toBe('layout.not_found');
      expect(await code(client.call('deleteLayout', { params }))).toBe('layout.not_found');
    }
    expect((await ben.client.call('getLayout', { params: { id: shared.id } })).data.name).toBe('Shared');
    const params = { id: shared.id };
    expect(await code(ben.client.call('updateLayout', { params, body: { name: 'Taken' } }))).toBe('auth.forbidden');
    expect(await code(ben.client.call('deleteLayout', { params }))).toBe('auth.forbidden');
    const renamed = await td.admin.call('updateLayout', { params: { id: shared.id }, body: { name: 'Ours' } });
    expect(renamed.data).toMatchObject({ name: 'Ours', user_id: ann.id });
    await td.admin.call('deleteLayout', { params: { id: shared.id } });
  });
});

it('the list has the own ones and those that are shared, once each, by name', async () => {
  const [carl, dora] = [await td.user({ username: 'carl' }), await td.user({ username: 'dora', role: 'admin' })];
  const other = (await td.admin.call('createProject', { body: { name: 'Barn' } })).data.id;
  const mine = [
    await keep(carl, 'b', { project_id }),
    await keep(carl, 'a'),
    await keep(carl, 'c', { project_id: other }),
  ];
  const theirs = [await keep(dora, 'd', { shared: true }), await keep(dora, 'e', { shared: true, project_id: other })];
  await keep(dora, 'hidden');
  const seen = (query: { project_id?: string }) =>
    everyPage((cursor) => carl.client.call('listLayouts', { query: { ...query, limit: 2, ...cursor } }));
  const all = (await seen({})).filter(({ user_id }) => [carl.id, dora.id].includes(user_id));
  expectAllOnce(
    all,
    [...mine, ...theirs].map(({ id }) => id),
    'by name',
  );
  expect(all.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
  const ofOther = (await seen({ project_id: other })).filter(({ user_id }) => [carl.id, dora.id].includes(user_id));
  expect(ofOther.map(({ name }) => name)).toEqual(['a', 'c', 'd', 'e']);
});
