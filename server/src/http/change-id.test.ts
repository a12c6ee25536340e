// Every write's answer names its change: the header, the events under it, a repeat, and ids that the caller chose.
import { randomUUID } from 'node:crypto';
import type { EndpointName } from '@taylordash/core/endpoints/all';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../test/harness/app.ts';
import { makePlace, type Place, samples } from '../../../test/harness/samples.ts';
import { send } from '../../../test/harness/send.ts';
import { connectSql, type TestSql } from '../../../test/harness/sql.ts';
import { told } from '../../../test/harness/told.ts';

let td: TestApp;
let sql: TestSql;
let place: Place;
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
  place = await makePlace(td, 'Place');
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});

const writes = [
  ...(['createProject', 'updateProject', 'createComponent', 'updateComponent', 'deleteComponent'] as const),
  ...(['moveComponents', 'addDependency', 'removeDependency', 'createTask', 'createInboxTask'] as const),
  ...(['updateTask', 'deleteTask', 'importProject', 'addExample', 'createUser', 'updateUser', 'updateMe'] as const),
  'deleteProject',
] as const satisfies EndpointName[];

it.each(writes)('%s names its change', async (name) => {
  const sample = await samples[name]({ td, place, username: 'admin' });
  if (name === 'updateMe') sample.body = { week_start: 3 };
  let change_id: string | null = null;
  const events = await told(sql, async () => {
    const { headers, status } = await send(td, name, sample, { token: td.admin_token });
    expect(status).toBeLessThan(300);
    change_id = headers.get('x-change-id');
  });
  expect(change_id).toMatch(/^[0-9a-f-]{36}$/);
  // The example brings its past along, which was other changes.
  const told_of = name === 'addExample' ? events.slice(0, 1) : events;
  expect(new Set(told_of.map((event) => event.change_id))).toEqual(new Set([change_id]));
});

it('names none where nothing changed, or the request is refused', async () => {
  const { data } = await td.admin.call('createProject', { body: { name: 'Same' } });
  const same = await td.admin.call('updateProject', { params: { id: data.id }, body: { name: 'Same' } });
  expect([same.version, same.change_id]).toEqual([1, null]);
  const refused = await send(td, 'createProject', { body: { name: '' } }, { token: td.admin_token });
  expect(refused.headers.has('x-change-id')).toBe(false);
});

it('names the first use’s change to a repeat', async () => {
  const idempotency_key = randomUUID();
  const make = () => td.admin.call('createProject', { body: { name: 'Once' }, idempotency_key });
  const [first, again] = [await make(), await make()];
  expect(first.change_id).not.toBeNull();
  expect([again.data, again.change_id]).toEqual([first.data, first.change_id]);
});

it('says so in OpenAPI', async () => {
  const document = JSON.parse(await (await td.raw('/api/v1/openapi.json')).text());
  const { paths } = document;
  expect(paths['/api/v1/projects'].post.responses['201'].headers).toHaveProperty('X-Change-Id');
  expect(paths['/api/v1/components/{id}'].delete.responses['204'].headers).toHaveProperty('X-Change-Id');
  expect(paths['/api/v1/projects'].get.responses['200']).not.toHaveProperty('headers');
});

it('makes things under the ids that the caller chose, once', async () => {
  const [project, component, task, note] = Array.from({ length: 4 }, () => randomUUID());
  const ids = { project: project ?? '', component: component ?? '', task: task ?? '', note: note ?? '' };
  const makes = [
    ['createProject', () => td.admin.call('createProject', { body: { id: ids.project.toUpperCase(), name: 'P' } })],
    [
      'createComponent',
      () => td.admin.call('createComponent', { params: { id: ids.project }, body: { id: ids.component, name: 'C' } }),
    ],
    [
      'createTask',
      () => td.admin.call('createTask', { params: { id: ids.component }, body: { id: ids.task, name: 'T' } }),
    ],
    ['createInboxTask', () => td.admin.call('createInboxTask', { body: { id: ids.note, name: 'N' } })],
  ] as const;
  const made: string[] = [];
  for (const [, make] of makes) made.push((await make()).data.id);
  expect(made).toEqual(Object.values(ids));
  for (const [name, make] of makes) {
    const problem = { status: 409, code: 'request.id_taken', errors: [{ pointer: '/id' }] };
    await expect(make(), name).rejects.toMatchObject({ body: problem });
  }
  // Whose note it is stays the administrator's: the answer says no more than that the id is taken.
  const { client } = await td.user({ username: 'max', grants: [{ permission: 'write:tasks', project_id: null }] });
  const taken = await client
    .call('createInboxTask', { body: { id: ids.note, name: 'Mine' } })
    .catch((error) => error.body);
  expect(taken).toMatchObject({ code: 'request.id_taken', detail: 'id is the id of something that exists already.' });
  expect(JSON.stringify(taken)).not.toContain('admin');
});
