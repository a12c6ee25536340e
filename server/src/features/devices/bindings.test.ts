// Bindings at work: a value on a topic becomes progress, a status or a measured value, in the device's name.
import type { BindingTarget } from '@taylordash/core/device-entities';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { eventually } from '../../../../test/harness/events.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';

let td: TestApp;
let sql: TestSql;
let client: MqttClient;
let device_id: string;
let project_id: string;
let now = Date.now();
beforeAll(async () => {
  td = await testApp({ overrides: { clock: { now: () => now } } });
  sql = await connectSql(td.database_url);
  const { device, password } = (await td.admin.call('createDevice', { body: { name: 'Tank', publish_filters: ['#'] } }))
    .data;
  device_id = device.id;
  client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { username: device.username, password });
  project_id = (await td.admin.call('createProject', { body: { name: 'Garden' } })).data.id;
});
afterAll(async () => {
  await client.endAsync(true);
  await sql.end();
  await td.stop();
});

const component = async (fields: object = {}) =>
  (await td.admin.call('createComponent', { params: { id: project_id }, body: { name: 'Tank', ...fields } })).data.id;
const bind = async (topic_filter: string, path: string, target: BindingTarget) =>
  (await td.admin.call('createBinding', { body: { topic_filter, path, target } })).data.id;
const say = (topic: string, text: string | Buffer) => client.publishAsync(topic, text, { qos: 1 });
const shown = async (id: string) => (await td.admin.call('getComponent', { params: { id } })).data;
const bound = async (id: string) => {
  const { data } = await td.admin.call('listBindings', {});
  return data.items.find((one) => one.id === id);
};

it('drives the progress of a component, at most once in ten seconds, and tells of it as the device’s', async () => {
  const id = await component();
  const binding = await bind('tank/+/level', 'litres', {
    kind: 'progress',
    component_id: id,
    from: 0,
    to: 200,
    step: 5,
  });
  await say('tank/1/level', '{"litres":50}');
  await eventually(async () => (await shown(id)).progress === 25);
  // Within ten seconds: kept, and the last of them set afterwards.
  await say('tank/1/level', '{"litres":100}');
  await say('tank/1/level', '{"litres":150}');
  await eventually(async () => (await bound(binding))?.result.last_value === '150');
  expect((await shown(id)).progress).toBe(25);
  now += 10_000;
  await say('tank/1/level', '{"litres":152}');
  await eventually(async () => (await shown(id)).progress === 76);
  now += 10_000;
  // Less than a step away.
  await say('tank/1/level', '{"litres":154}');
  await eventually(async () => (await bound(binding))?.result.last_value === '154');
  expect((await shown(id)).progress).toBe(76);
  const events = await eventually(async () => {
    const { data } = await td.admin.call('listEvents', {
      query: { entity_id: id, kind: 'component_progress_updated' },
    });
    return data.items.length === 2 && data.items;
  });
  const byName = { filter: 'actor:TANK kind:component_progress_updated', entity_id: id };
  expect((await td.admin.call('listEvents', { query: byName })).data.items).toEqual(events);
  expect(events[0]).toMatchObject({
    source: 'server',
    actor_id: device_id,
    payload: { actor: { id: device_id, name: 'Tank', type: 'device' } },
  });
});

it('takes up a component again whose measured progress falls, and lets a person’s word stand otherwise', async () => {
  const id = await component();
  await bind('cistern/level', '', { kind: 'progress', component_id: id, from: 0, to: 100, step: 1 });
  const measured = async (level: number) => {
    now += 10_000;
    await say('cistern/level', String(level));
    await eventually(async () => (await shown(id)).progress === level);
    return (await shown(id)).status;
  };
  await measured(60);
  await td.admin.call('updateComponent', { params: { id }, body: { status: 'completed' } });
  // Completed by somebody although there was more to come.
  expect(await measured(80)).toBe('completed');
  expect(await measured(100)).toBe('completed');
  expect(await measured(50)).toBe('in_progress');
  await td.admin.call('updateComponent', { params: { id }, body: { status: 'cancelled' } });
  expect(await measured(10)).toBe('cancelled');
});

it('drives a status by a map once the value has held, and leaves other values alone', async () => {
  const id = await component();
  const binding = await bind('pump/state', '', {
    kind: 'status',
    component_id: id,
    map: { ON: 'in_progress', FAULT: 'blocked' },
    hold: 0,
  });
  await say('pump/state', 'STANDBY');
  await say('pump/state', 'ON');
  await eventually(async () => (await shown(id)).status === 'in_progress');
  const { result } = (await bound(binding)) ?? {};
  expect(result).toMatchObject({ last_value: 'ON', applied: 1, unreadable: 0, last_error: null });
});

it('records a value as a metric, with its topic', async () => {
  await bind('zigbee2mqtt/air', 'humidity', { kind: 'metric', service: 'greenhouse', metric: 'humidity', unit: '%' });
  await say('zigbee2mqtt/air', '{"humidity":"55.5","battery":90}');
  const rows = await eventually(async () => {
    const found = await sql.rows(
      "select metric_value::float8 as value, metric_unit as unit, tags->>'topic' as topic from logging.system_metrics where service = 'greenhouse'",
    );
    return found.length === 1 && found;
  });
  expect(rows).toEqual([{ value: 55.5, unit: '%', topic: 'zigbee2mqtt/air' }]);
  const { data } = await td.admin.call('listEvents', { query: { topic: 'tracker/metrics/greenhouse/humidity' } });
  expect(data.items[0]).toMatchObject({ source: 'mqtt', actor_id: device_id });
});

it('keeps a value that it cannot read as a dead letter that names the binding, one in ten seconds', async () => {
  const id = await component();
  const binding = await bind('bad/#', 'value', { kind: 'progress', component_id: id, from: 0, to: 1 });
  await say('bad/a', '{"value":"high"}');
  await say('bad/a', '{"value":"higher"}');
  await say('bad/a', Buffer.from([0xff]));
  await eventually(async () => (await bound(binding))?.result.unreadable === 3);
  const letters = await eventually(async () => {
    const found = await sql.rows(
      "select reason_code, stage, failure_reason, client_identity from public.dlq_events where original_topic = 'bad/a'",
    );
    return found.length > 0 && found;
  });
  expect(letters).toEqual([
    {
      reason_code: 'unreadable_value',
      stage: 'binding',
      failure_reason: 'What binds bad/# value to progress cannot read it: "high" is not a number.',
      client_identity: device_id,
    },
  ]);
});

describe('a binding that cannot work', () => {
  it.each([
    [{ topic_filter: 'a/#/b' }, '/topic_filter'],
    [{ topic_filter: 'tracker/metrics/#' }, '/topic_filter'],
    [{ path: 'a..b' }, '/path'],
    [{ target: { kind: 'progress', from: 0, to: 1 } }, '/target/component_id'],
    [{ target: { kind: 'metric', service: 'a', metric: 'b', hold: 1 } }, '/target/hold'],
    [{ target: { kind: 'progress', component_id: crypto.randomUUID(), from: 0, to: 1 } }, '/target/component_id'],
  ] as const)('%j is refused at %s', async (fields, pointer) => {
    const body = { topic_filter: 'a/b', target: { kind: 'metric' as const, service: 'a', metric: 'b' }, ...fields };
    for (const name of ['createBinding', 'tryBinding'] as const) {
      await expect(td.admin.call(name, { body })).rejects.toMatchObject({ body: { errors: [{ pointer }] } });
    }
  });
});

it('says what it would make of the last messages before it is kept', async () => {
  await say('try/1', '{"value":30}');
  await say('try/2', 'off');
  const target = { kind: 'progress' as const, component_id: await component(), from: 0, to: 60 };
  const { data } = await td.admin.call('tryBinding', { body: { topic_filter: 'try/+', path: 'value', target } });
  expect(data.items).toEqual(
    expect.arrayContaining([
      { topic: 'try/1', value: '30', result: '50', reason: null },
      { topic: 'try/2', value: null, result: null, reason: 'the message is not JSON, so it has no value' },
    ]),
  );
});

it('goes with its component, and stops when it is switched off', async () => {
  const id = await component();
  const binding = await bind('gone/x', '', { kind: 'progress', component_id: id, from: 0, to: 100 });
  await td.admin.call('updateBinding', { params: { id: binding }, body: { enabled: false } });
  await say('gone/x', '50');
  await td.admin.call('updateBinding', { params: { id: binding }, body: { enabled: true } });
  await say('gone/x', '60');
  await eventually(async () => (await shown(id)).progress === 60);
  await td.admin.call('deleteComponent', { params: { id } });
  expect(await bound(binding)).toBeUndefined();
  await say('gone/x', '70');
  expect((await td.raw('/health/live')).status).toBe(200);
});
