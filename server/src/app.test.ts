// The thin way through the whole system: set-up, a project, its event, a restart.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/harness/app.ts';

let td: TestApp;
beforeAll(async () => {
  td = await testApp();
});
afterAll(() => td.stop());

it('makes a project and keeps its event', async () => {
  const { data: project, version } = await td.admin.call('createProject', { body: { name: 'Shed' } });
  expect(project).toMatchObject({ name: 'Shed', status: 'active', version: 1 });
  expect(version).toBe(1);
  await expect
    .poll(async () => (await td.admin.call('listEvents', { query: { entity_id: project.id } })).data.items)
    .toMatchObject([{ kind: 'project_created', topic: 'tracker/events/projects/created', source: 'server' }]);
});
