// Commands in, answers and status out, on the embedded broker and on Mosquitto.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { envelope, eventually } from '../../../../test/harness/events.ts';
import { type Mosquitto, mosquittoBinary, startMosquitto } from '../../../../test/harness/mosquitto.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';
import { testBroker } from '../../events/broker-self-test.ts';

interface Reply {
  ok: boolean;
  event_id: string;
  result?: { id: string; status: string; created_by: string };
  code?: string;
  detail?: string;
  errors?: { pointer: string }[];
}

const command = (payload: object, fields: object = {}) => envelope({ kind: 'command', payload, ...fields });

async function aComponent(td: TestApp): Promise<{ id: string; project_id: string }> {
  const { data: project } = await td.admin.call('createProject', { body: { name: 'Garden' } });
  const { data } = await td.admin.call('createComponent', { params: { id: project.id }, body: { name: 'Pump' } });
  return { id: data.id, project_id: project.id };
}

describe('commands of a device', () => {
  let td: TestApp;
  let sql: TestSql;
  let client: MqttClient;
  let device_id: string;
  let account: { username: string; password: string };
  let replies: Reply[];
  beforeAll(async () => {
    td = await testApp();
    sql = await connectSql(td.database_url);
    const { device, password } = (
      await td.admin.call('createDevice', {
        body: { name: 'Panel', publish_filters: ['tracker/commands/#'], subscribe_filters: ['tracker/status/#'] },
      })
    ).data;
    device_id = device.id;
    account = { username: device.username, password };
    ({ client, heard: replies } = await connectAs('panel-1'));
  });
  afterAll(async () => {
    await client.endAsync(true);
    await sql.end();
    await td.stop();
  });

  /** The device, under this client id, and the answers that come to it there. */
  async function connectAs(clientId: string) {
    const client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { ...account, clientId });
    const heard: Reply[] = [];
    client.on('message', (topic, payload) => {
      if (topic === `tracker/replies/${clientId}`) heard.push(JSON.parse(payload.toString()));
    });
    await client.subscribeAsync(`tracker/replies/${clientId}`, { qos: 1 });
    return { client, heard };
  }

  async function ask(topic: string, message: string): Promise<Reply> {
    const before = replies.length;
    await client.publishAsync(`tracker/commands/${topic}`, message, { qos: 1 });
    return eventually(() => replies[before]);
  }
  const actAs = (acts_as: string | null) =>
    td.admin.call('updateDevice', { params: { id: device_id }, body: { acts_as } });

  it('are refused while it acts as nobody, as a dead letter that names the event', async () => {
    const { id } = await aComponent(td);
    const reply = await ask('components/set_progress', command({ id, progress: 10 }));
    expect(reply).toMatchObject({ ok: false, code: 'auth.forbidden' });
    const [letter] = await sql.rows(
      'select reason_code, stage, client_identity, failure_reason from public.dlq_events where event_id = $1',
      [reply.event_id],
    );
    expect(letter).toEqual({
      ...{ reason_code: 'command_failed', stage: 'command', client_identity: device_id },
      failure_reason: 'Panel acts as nobody. An administrator says whose rights its commands have.',
    });
  });

  it('are carried out by the rights of whom it acts as, in its own name, each once, and answered', async () => {
    const { id, project_id } = await aComponent(td);
    const member = await td.user({ username: 'member', grants: [{ permission: 'write:tasks', project_id }] });
    await actAs(member.id);
    const message = command({ component_id: id, name: 'Check the pump', priority: 2 });
    const made = await ask('tasks/create', message);
    expect(made).toMatchObject({ ok: true, result: { name: 'Check the pump', created_by: member.id } });
    const task = made.result?.id ?? '';
    // The same again is the same message: nothing is done twice, and the answer, which may have been lost, comes again.
    expect(await ask('tasks/create', message)).toEqual(made);
    expect(await ask('tasks/complete', command({ id: task }))).toMatchObject({ ok: true, result: { status: 'done' } });
    expect(await ask('tasks/reopen', command({ id: task }))).toMatchObject({ ok: true, result: { status: 'todo' } });
    expect((await td.admin.call('listComponentTasks', { params: { id } })).data.items).toHaveLength(1);
    const { data } = await td.admin.call('listEvents', { query: { entity_id: task, kind: 'task_created' } });
    expect(data.items[0]).toMatchObject({
      source: 'server',
      payload: { actor: { id: device_id, name: 'Panel', type: 'device' } },
    });

    const forbidden = command({ id, progress: 10 });
    const refusal = await ask('components/set_progress', forbidden);
    expect(refusal).toMatchObject({ ok: false, code: 'auth.forbidden' });
    await td.admin.call('updateUser', {
      params: { id: member.id },
      body: { grants: [{ permission: 'write:projects', project_id }] },
    });
    expect(await ask('components/set_progress', command({ id, progress: 10 }))).toMatchObject({
      ok: true,
      result: { progress: 10 },
    });
    expect(await ask('components/set_progress', forbidden)).toEqual(refusal);
    expect(
      await ask('components/set_status', command({ id, status: 'blocked', blocked_reason: 'No water' })),
    ).toMatchObject({ ok: true, result: { status: 'blocked' } });
    await td.admin.call('updateUser', { params: { id: member.id }, body: { is_active: false } });
    expect(await ask('components/set_progress', command({ id, progress: 20 }))).toMatchObject({
      ok: false,
      code: 'auth.forbidden',
    });
    await actAs((await td.admin.call('me', {})).data.id);
  });

  it('that come again under another client id before they are carried out are answered there too', async () => {
    const message = command({ name: 'Asked twice' });
    const { client: again, heard } = await connectAs('panel-2');
    await sql.rows('begin');
    await sql.rows('lock table public.tasks in exclusive mode');
    const answered = ask('tasks/create', message);
    const waits = "select 1 from pg_locks where relation = 'public.tasks'::regclass and not granted";
    await eventually(async () => (await sql.rows(waits)).length > 0);
    await again.publishAsync('tracker/commands/tasks/create', message, { qos: 1 });
    await sql.rows('commit');
    const reply = await answered;
    expect(reply.ok).toBe(true);
    expect(await eventually(() => heard[0])).toEqual(reply);
    await again.endAsync();
  });

  it('that come twice at once, from two clients of the device, are answered to both', async () => {
    const message = command({ name: 'Asked by two' });
    const { client: other, heard } = await connectAs('panel-3');
    // What is sent while a batch is held up comes in one batch.
    await sql.rows('begin');
    await sql.rows('lock table public.events_mirror in exclusive mode');
    const before = client.publishAsync('tracker/commands/tasks/create', command({ name: 'Held up' }), { qos: 1 });
    const waits = "select 1 from pg_locks where relation = 'public.events_mirror'::regclass and not granted";
    await eventually(async () => (await sql.rows(waits)).length > 0);
    const first = replies.length;
    const both = [client, other].map((one) => one.publishAsync('tracker/commands/tasks/create', message, { qos: 1 }));
    await pause(200);
    await sql.rows('commit');
    await Promise.all([before, ...both]);
    const reply = await eventually(() => replies[first + 1]);
    expect(reply.ok).toBe(true);
    expect(await eventually(() => heard[0])).toEqual(reply);
    await other.endAsync();
  });

  it('that are wrong are answered with what would be right, and stop nothing behind them', async () => {
    expect(await ask('tasks/create', command({ name: ' ' }))).toMatchObject({
      ok: false,
      code: 'request.invalid',
      errors: [{ pointer: '/name' }],
    });
    expect(await ask('tasks/create', command({ name: 'x', role: 'admin' }))).toMatchObject({
      ok: false,
      errors: [{ pointer: '/role' }],
    });
    expect(await ask('tasks/complete', command({ id: randomUUID() }))).toMatchObject({
      ok: false,
      code: 'task.not_found',
    });
    expect((await ask('doors/open', command({}))).detail).toContain('There are: tasks/create,');
    expect(await ask('tasks/create', 'not an envelope')).toMatchObject({ ok: false, code: 'not_json', event_id: null });
    const first = command({ name: 'For the inbox' });
    expect(await ask('tasks/create', first)).toMatchObject({ ok: true });
    const { idempotency_key } = JSON.parse(first);
    expect(await ask('tasks/create', first.replace('inbox', 'outbox'))).toMatchObject({
      ...{ ok: false, code: 'key_reused', event_id: null, idempotency_key },
      detail: expect.stringContaining('was used before'),
    });
  });

  it('over HTTP act as who sends them', async () => {
    const { id } = await aComponent(td);
    const { data } = await td.admin.call('publishEvent', {
      body: { topic: 'tracker/commands/components/set_progress', kind: 'command', payload: { id, progress: 33 } },
    });
    expect(data.duplicate).toBe(false);
    await eventually(async () => (await td.admin.call('getComponent', { params: { id } })).data.progress === 33);
  });

  it('have an account on an external broker that only an active user can be', async () => {
    await expect(td.admin.call('setBusSettings', { body: { command_user_id: randomUUID() } })).rejects.toMatchObject({
      body: { errors: [{ pointer: '/command_user_id' }] },
    });
    expect((await td.admin.call('busSettings', {})).data).toMatchObject({ external: false, command_user_id: null });
    expect((await td.admin.call('runBrokerTest', {})).data).toEqual({ ran_at: null, steps: [] });
  });
});

describe('status topics', () => {
  it('hold how projects and components are, retained, until they are deleted, across a restart', async () => {
    const td = await testApp();
    const { id, project_id } = await aComponent(td);
    const url = () => `mqtt://127.0.0.1:${td.app.mqtt_port}`;
    async function retained(): Promise<Map<string, { status: string; progress: number; components: number }>> {
      const client = await connectAsync(url(), { reconnectPeriod: 0 });
      const found = new Map();
      client.on('message', (topic, payload, { retain }) => {
        if (retain) found.set(topic, JSON.parse(payload.toString()));
      });
      await client.subscribeAsync(['tracker/status/projects/+', 'tracker/status/components/+']);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await client.endAsync();
      return found;
    }
    await td.admin.call('updateComponent', { params: { id }, body: { progress: 40, status: 'in_progress' } });
    await eventually(async () => (await retained()).get(`tracker/status/projects/${project_id}`)?.progress === 40);
    expect((await retained()).get(`tracker/status/components/${id}`)).toMatchObject({
      status: 'in_progress',
      progress: 40,
      project_id,
    });
    await td.admin.call('deleteComponent', { params: { id } });
    await eventually(async () => !(await retained()).has(`tracker/status/components/${id}`));
    expect((await retained()).get(`tracker/status/projects/${project_id}`)).toMatchObject({ components: 0 });
    await td.stop();
  });
});

const binary = mosquittoBinary();
describe.runIf(binary !== null)('on Mosquitto', () => {
  let mosquitto: Mosquitto;
  let td: TestApp;
  beforeAll(async () => {
    mosquitto = await startMosquitto(binary ?? '');
    td = await testApp({ environment: { MQTT_URL: mosquitto.url } });
    await eventually(async () => (await td.app.events.health()).broker.state === 'healthy');
  });
  afterAll(async () => {
    await td.stop();
    await mosquitto.remove();
  });

  it('commands act as the account that was set for it, and are answered on their response topic with their correlation data', async () => {
    const { id } = await aComponent(td);
    const client = await connectAsync(mosquitto.url, { protocolVersion: 5 });
    const got: { reply: Reply; correlation: string }[] = [];
    client.on('message', (_topic, payload, { properties }) =>
      got.push({ reply: JSON.parse(payload.toString()), correlation: String(properties?.correlationData) }),
    );
    await client.subscribeAsync('answers/me', { qos: 1 });
    const ask = (correlation: string, responseTopic = 'answers/me') =>
      client.publishAsync('tracker/commands/components/set_progress', command({ id, progress: 55 }), {
        qos: 1,
        properties: { responseTopic, correlationData: Buffer.from(correlation) },
      });
    await ask('one');
    await eventually(() => got.length === 1);
    expect(got[0]).toMatchObject({ reply: { ok: false, code: 'auth.forbidden' }, correlation: 'one' });
    await td.admin.call('setBusSettings', { body: { command_user_id: (await td.admin.call('me', {})).data.id } });
    await ask('two', 'tracker/events/projects/created');
    await ask('three');
    await eventually(() => got.length === 2);
    expect(got[1]).toMatchObject({ reply: { ok: true, result: { progress: 55 } }, correlation: 'three' });
    await client.endAsync();
  });

  it('values on topics that are looked at are signals, and bindings work', async () => {
    const { id } = await aComponent(td);
    const client = await connectAsync(mosquitto.url);
    const target = { kind: 'progress' as const, component_id: id, from: 0, to: 10 };
    await td.admin.call('createBinding', { body: { topic_filter: 'attic/fan', path: 'speed', target } });
    await eventually(async () => {
      await client.publishAsync('attic/fan', '{"speed":7}', { qos: 1 });
      await client.publishAsync('zigbee2mqtt/lamp', '{"state":"ON"}', { qos: 1 });
      await client.publishAsync('nobody/looks', 'x', { qos: 1 });
      return (await td.admin.call('getComponent', { params: { id } })).data.progress === 70;
    });
    const topics = (await td.admin.call('listSignals', {})).data.items.map((one) => one.topic);
    expect(topics).toEqual(['attic/fan', 'zigbee2mqtt/lamp']);
    await client.endAsync();
  });

  it('is tried: what it keeps is told, and what it does not', async () => {
    const { data } = await td.admin.call('runBrokerTest', {});
    expect(data.steps.map(({ name, ok }) => [name, ok])).toEqual([
      ['connects', true],
      ['keeps_queue', true],
      ['keeps_order', true],
      ['retains', true],
      ['takes_large', true],
    ]);
    expect((await td.admin.call('brokerTest', {})).data).toEqual(data);
    // With what Mosquitto does unless told otherwise.
    const usual = await startMosquitto(binary ?? '', { max_queued_messages: 1000 });
    const steps = await testBroker({ url: usual.url });
    expect(steps.find(({ name }) => name === 'keeps_queue')).toMatchObject({ ok: false });
    expect(steps.find(({ name }) => name === 'keeps_queue')?.detail).toMatch(
      /acknowledged 2000 messages and kept 1\d\d\d/,
    );
    expect(await testBroker({ url: 'mqtt://127.0.0.1:1' })).toMatchObject([{ name: 'connects', ok: false }]);
    await usual.remove();
  }, 60_000);
});
