// Traces over HTTP: what one request or message caused, who sees which part, and which are worth a look.
import { randomUUID } from 'node:crypto';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp, testPassword } from '../../../../test/harness/app.ts';
import { envelope, eventually } from '../../../../test/harness/events.ts';

let td: TestApp;
let viewer: Awaited<ReturnType<TestApp['user']>>;
beforeAll(async () => {
  td = await testApp();
  viewer = await td.user({ username: 'vera' });
});
afterAll(() => td.stop());

const trace = async (trace_id: string, client = td.admin) =>
  (await client.call('getTrace', { params: { trace_id } })).data;
const kinds = async (trace_id: string, client = td.admin) =>
  (await trace(trace_id, client)).entries.map(({ type, kind }) => `${type} ${kind}`);

describe('a trace', () => {
  it('has what a message caused, dead letters too, in the order of time', async () => {
    const trace_id = randomUUID();
    const client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { clientId: 'pump-1' });
    await client.publishAsync('tracker/events/projects/noted', envelope({ trace_id, kind: 'noted' }), { qos: 1 });
    const broken = envelope({ trace_id: trace_id.toUpperCase(), kind: 'NOT A KIND' });
    await client.publishAsync('tracker/events/projects/noted', broken, { qos: 1 });
    await client.endAsync();
    await eventually(async () => (await kinds(trace_id).catch(() => [])).length === 2);
    expect(await kinds(trace_id)).toEqual(['event noted', 'dead_letter bad_field']);
    expect((await trace(trace_id)).entries[1]).toMatchObject({
      topic: 'tracker/events/projects/noted',
      actor: 'pump-1',
    });
    expect(await kinds(trace_id, viewer.client)).toEqual(['event noted']);
    expect(await kinds(trace_id.toUpperCase())).toHaveLength(2);
  });

  it('has sign-ins, for administrators alone', async () => {
    const trace_id = randomUUID();
    await td.raw('/api/v1/auth/login', {
      ...{ method: 'POST', body: JSON.stringify({ username: 'vera', password: testPassword }) },
      headers: { 'content-type': 'application/json', 'x-trace-id': trace_id },
    });
    await eventually(async () => (await kinds(trace_id).catch(() => [])).length === 2);
    expect((await kinds(trace_id)).sort()).toEqual(['event login_success', 'sign_in login_success']);
    await expect(trace(trace_id, viewer.client)).rejects.toMatchObject({ body: { code: 'trace.not_found' } });
  });

  it('that nobody knows is told so', async () => {
    await expect(trace(randomUUID())).rejects.toMatchObject({ body: { code: 'trace.not_found', status: 404 } });
  });
});

it('lists those with dead letters first, then those that caused most', async () => {
  const ids = Array.from({ length: 6 }, (_, n) => ({ key: n, name: `Part ${n}` }));
  const { trace_id: unused, ...rest } = { trace_id: '', components: ids, dependencies: [] };
  expect(unused).toBe('');
  await td.admin.call('importProject', { body: { title: 'Imported', ...rest } });
  const items = await eventually(async () => {
    const { data } = await td.admin.call('listTraces', {});
    return data.items.some(({ events }) => events >= 7) && data.items;
  });
  expect(items[0]?.dead_letters).toBe(1);
  const most = items.find(({ events }) => events >= 7);
  expect(most).toMatchObject({ kind: 'project_created', name: 'Imported', actor: 'admin', dead_letters: 0 });
  expect((await trace(most?.trace_id ?? '')).entries).toHaveLength(most?.events ?? 0);
  const seen = (await viewer.client.call('listTraces', {})).data;
  expect(seen.items.map(({ trace_id }) => trace_id)).toContain(most?.trace_id);
  expect(seen.items.every(({ dead_letters }) => dead_letters === 0)).toBe(true);
  const past = await td.admin.call('listTraces', { query: { to: '2020-01-01T00:00:00Z' } });
  expect(past.data).toEqual({ looked_at: 0, items: [] });
});
