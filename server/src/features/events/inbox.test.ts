// Events of somebody's inbox are nobody else's: in lists, one by one, and on live streams.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { followEvents } from '../../../../sdk/src/follow.ts';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';

let td: TestApp;
beforeAll(async () => {
  td = await testApp();
});
afterAll(() => td.stop());

it('shows an inbox task to its owner and to administrators alone', async () => {
  const grants = [{ permission: 'write:tasks', project_id: null }] as const;
  const owner = await td.user({ username: 'owner', grants });
  const other = await td.user({ username: 'other', grants });
  const stop = new AbortController();
  const heard = new Map<string, string[]>([
    ['owner', []],
    ['other', []],
  ]);
  const reading = [owner, other].map(async ({ client }, index) => {
    const name = index === 0 ? 'owner' : 'other';
    for await (const step of followEvents(client, { kinds: ['task_created'], after: null, signal: stop.signal })) {
      if (step.type === 'event') heard.get(name)?.push(String(step.event.entity_id));
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { data: secret } = await owner.client.call('createInboxTask', { body: { name: 'Buy a present' } });
  const { data: project } = await td.admin.call('createProject', { body: { name: 'House' } });
  const { data: component } = await td.admin.call('createComponent', {
    params: { id: project.id },
    body: { name: 'Roof' },
  });
  const { data: open } = await td.admin.call('createTask', { params: { id: component.id }, body: { name: 'Sweep' } });
  await expect.poll(() => heard.get('other')).toEqual([open.id]);
  expect(heard.get('owner')).toEqual([secret.id, open.id]);
  stop.abort();
  await Promise.allSettled(reading);

  const query = { kind: 'task_created', sort: 'id' } as const;
  const seen = async (client: typeof td.admin) =>
    (await client.call('listEvents', { query })).data.items.map(({ entity_id }) => entity_id);
  expect(await seen(other.client)).toEqual([open.id]);
  expect(await seen(owner.client)).toEqual([secret.id, open.id]);
  expect(await seen(td.admin)).toEqual([secret.id, open.id]);
  const [event] = (await td.admin.call('listEvents', { query: { entity_id: secret.id } })).data.items;
  await expect(other.client.call('getEvent', { params: { id: event?.id ?? '' } })).rejects.toThrow(/no event/);
});
