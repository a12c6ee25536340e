// Devices over HTTP and MQTT: accounts that are shown once, what each may do, how they are heard, and real clients of several kinds.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect as openSocket, type Socket } from 'node:net';
import { connectAsync, type IClientOptions } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { envelope, eventually } from '../../../../test/harness/events.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';
import { expectOneChange, told } from '../../../../test/harness/told.ts';

let td: TestApp;
let sql: TestSql;
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});

const make = async (name: string, fields: object = {}) =>
  (await td.admin.call('createDevice', { body: { name, ...fields } })).data;
const url = () => `mqtt://127.0.0.1:${td.app.mqtt_port}`;
const connect = (username: string, password: string, options: IClientOptions = {}) =>
  connectAsync(url(), { username, password, reconnectPeriod: 0, ...options }, false);
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { body?: { code: string } }) => error.body?.code,
  );

describe('an account', () => {
  it('is made with a name alone, its password shown once and kept as a hash', async () => {
    const events = await told(sql, async () => {
      const { device, password } = await make('Greenhouse ESP32 (north)');
      expect(device).toMatchObject({
        username: 'greenhouse-esp32-north',
        enabled: true,
        acts_as: null,
        activity: { connected: false, last_message_at: null, messages: 0, quiet_since: null },
      });
      expect(device.activity.hours).toHaveLength(24);
      expect(password).toMatch(/^[a-hjkmnp-z2-9]{26}$/);
      const [row] = await sql.rows("select encode(secret_hash, 'hex') as hash from taylordash.devices where id = $1", [
        device.id,
      ]);
      expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
      const { data } = await td.admin.call('getDevice', { params: { id: device.id } });
      expect(JSON.stringify(data)).not.toContain(password);
    });
    expectOneChange(events, ['device_created']);
    expect(JSON.stringify(events)).not.toContain('secret_hash');
    expect((await make('Greenhouse ESP32 north')).device.username).toBe('greenhouse-esp32-north-2');
  });

  it('is refused with the field at fault', async () => {
    const { device } = await make('Taken');
    expect(await code(make('Other', { username: device.username }))).toBe('device.username_taken');
    expect(await code(make(' '))).toBe('request.invalid');
    expect(await code(make('x', { username: 'No Spaces' }))).toBe('request.invalid');
    expect(await code(make('x', { acts_as: device.id }))).toBe('user.unknown');
    await expect(make('x', { publish_filters: ['tracker/events/#', 'a/#/b'] })).rejects.toMatchObject({
      body: { errors: [{ pointer: '/publish_filters/1' }] },
    });
    await expect(make('x', { publish_filters: ['tracker/status/#'] })).rejects.toMatchObject({
      body: { errors: [{ pointer: '/publish_filters/0', detail: 'is a topic that only TaylorDash publishes on' }] },
    });
    const patch = (body: object, version: number) =>
      td.admin.call('updateDevice', { params: { id: device.id }, body, if_match: version });
    await patch({ name: 'Renamed' }, 1);
    expect(await code(patch({ name: 'Again' }, 1))).toBe('request.precondition_failed');
  });

  it('is an administrator’s to make; a viewer sees how devices do', async () => {
    const viewer = (await td.user({ username: 'vera' })).client;
    expect(await code(viewer.call('createDevice', { body: { name: 'Mine' } }))).toBe('auth.forbidden');
    expect((await viewer.call('listDevices', {})).data.items.length).toBeGreaterThan(0);
    expect(await code(td.anonymous.call('listDevices', {}))).toBe('auth.required');
  });
});

describe('on the broker', () => {
  it('admits who has the password, and tells others no more than that', async () => {
    const { device, password } = await make('Valve');
    const client = await connect(device.username, password, { clientId: 'valve-7' });
    await expect(connect(device.username, 'wrong')).rejects.toMatchObject({ code: 4 });
    await expect(connect('nobody', password)).rejects.toMatchObject({ code: 4 });
    await expect(connect(device.username, '')).rejects.toMatchObject({ code: 4 });
    const shown = await eventually(async () => {
      const { data } = await td.admin.call('getDevice', { params: { id: device.id } });
      return data.activity.connected && data.activity.refused === 2 && data;
    });
    expect(shown.activity).toMatchObject({ client_id: 'valve-7', address: '127.0.0.1' });
    // Its owner, who may have mistyped it, is told.
    expect(shown.activity.last_refusal).toBe('wrong password, from 127.0.0.1');
    await client.endAsync();
    await eventually(async () => {
      const { data } = await td.admin.call('getDevice', { params: { id: device.id } });
      return !data.activity.connected;
    });
  });

  it('tells its owner of a client that speaks MQTT 5, and what to do', async () => {
    const { device, password } = await make('Modern');
    await expect(connect(device.username, password, { protocolVersion: 5 })).rejects.toMatchObject({ code: 1 });
    const refusal = await eventually(async () => {
      const { data } = await td.admin.call('getDevice', { params: { id: device.id } });
      return data.activity.last_refusal;
    });
    expect(refusal).toBe('it tried MQTT 5, from 127.0.0.1. Choose MQTT 3.1.1 in its settings');
  });

  it('lets who guesses wait, from where it guesses, and nobody else', async () => {
    const { device, password } = await make('Guessed');
    for (let tries = 0; tries < 5; tries++) await expect(connect(device.username, 'guess')).rejects.toBeDefined();
    await expect(connect(device.username, password)).rejects.toMatchObject({ code: 5 });
    expect(
      td.lines.some((line) => line.includes('too many wrong passwords for') && line.includes(device.username)),
    ).toBe(true);
    const other = await make('Neighbour');
    await (await connect(other.device.username, other.password)).endAsync();
    await eventually(() =>
      connect(device.username, password).then(
        (client) => client.endAsync().then(() => true),
        () => false,
      ),
    );
  });

  it('takes what it may publish, keeps what it may not as a dead letter or as a count, and its will likewise', async () => {
    const { device, password } = await make('Pump', { publish_filters: ['tracker/events/garden/#', 'pump/#'] });
    const client = await connect(device.username, password, { clientId: 'pump-client' });
    const key = crypto.randomUUID();
    await client.publishAsync('tracker/events/garden/watered', envelope({ idempotency_key: key }), { qos: 1 });
    await client.publishAsync('tracker/events/projects/created', envelope(), { qos: 1 });
    await client.publishAsync('tracker/status/server', '{"state":"gone"}', { qos: 1, retain: true });
    await client.publishAsync('lamp/set', 'ON', { qos: 1 });
    await client.publishAsync('pump/state', '1', { qos: 1 });
    const [event] = (await td.admin.call('listEvents', { query: { topic: 'tracker/events/garden/watered' } })).data
      .items;
    expect(event).toMatchObject({ source: 'mqtt', client_id: 'pump-client', actor_id: device.id });
    // Another device's key is its own.
    const other = await make('Second pump', { publish_filters: ['#'] });
    const neighbour = await connect(other.device.username, other.password);
    await neighbour.publishAsync(
      'tracker/events/garden/watered',
      envelope({ idempotency_key: key, payload: { a: 1 } }),
      { qos: 1 },
    );
    await neighbour.endAsync();
    expect(
      (await td.admin.call('listEvents', { query: { topic: 'tracker/events/garden/watered' } })).data.items,
    ).toHaveLength(2);
    const letters = await sql.rows(
      'select original_topic, reason_code, failure_reason from public.dlq_events where client_identity = $1',
      [device.id],
    );
    expect(letters).toEqual([
      {
        original_topic: 'tracker/events/projects/created',
        reason_code: 'not_allowed',
        failure_reason: 'Pump may not publish on tracker/events/projects/created.',
      },
    ]);
    const { data } = await td.admin.call('getDevice', { params: { id: device.id } });
    expect(data.activity).toMatchObject({
      messages: 2,
      messages_hour: 2,
      refused: 3,
      dead_letters: 1,
      last_refusal: 'it may not publish there: lamp/set',
    });
    const will = (topic: string) => ({ will: { topic, payload: Buffer.from('off'), qos: 1 as const, retain: true } });
    await expect(connect(device.username, password, will('lamp/state'))).rejects.toMatchObject({ code: 2 });
    const dying = await connect(device.username, password, { ...will('pump/online'), clientId: 'dying' });
    dying.stream.destroy();
    await eventually(
      async () => (await sql.rows("select 1 from taylordash.mqtt_retained where topic = 'pump/online'")).length === 1,
    );
    await client.endAsync();
  });

  it('sends a device what it may read, and takes a right away while it is connected', async () => {
    const { device, password } = await make('Display', {
      subscribe_filters: ['tracker/events/projects/#', 'lamp/+'],
      publish_filters: ['#'],
    });
    const client = await connect(device.username, password);
    const got: string[] = [];
    client.on('message', (topic) => got.push(topic));
    await expect(client.subscribeAsync('tracker/events/tasks/#')).rejects.toThrow();
    await expect(client.subscribeAsync('door/#')).rejects.toThrow();
    await client.subscribeAsync(['#', 'lamp/kitchen'], { qos: 1 });
    await client.publishAsync('door/front', 'open', { qos: 1 });
    await client.publishAsync('lamp/kitchen', 'on', { qos: 1 });
    await td.admin.call('createProject', { body: { name: 'Seen by the display' } });
    await eventually(() => got.includes('tracker/events/projects/created'));
    expect(got.filter((topic) => !topic.startsWith('tracker/'))).toEqual(['lamp/kitchen']);
    await td.admin.call('updateDevice', {
      params: { id: device.id },
      body: { subscribe_filters: ['lamp/hall'], publish_filters: ['lamp/hall'] },
    });
    await client.publishAsync('lamp/kitchen', 'off', { qos: 1 });
    await client.publishAsync('lamp/hall', 'on', { qos: 1 });
    await eventually(() => got.includes('lamp/hall'));
    expect(got.filter((topic) => topic === 'lamp/kitchen')).toHaveLength(1);
    let closed = false;
    client.on('close', () => {
      closed = true;
    });
    await td.admin.call('updateDevice', { params: { id: device.id }, body: { enabled: false } });
    await eventually(() => closed);
    await expect(connect(device.username, password)).rejects.toMatchObject({ code: 4 });
  });

  it('ends the old password with a new one, and everything with the account', async () => {
    const { device, password } = await make('Old', { publish_filters: ['#'], subscribe_filters: ['#'] });
    const sleeper = { clientId: 'old-sleeper', clean: false };
    const first = await connect(device.username, password, sleeper);
    await first.subscribeAsync('old/#', { qos: 1 });
    let closed = false;
    first.on('close', () => {
      closed = true;
    });
    const renewed = (await td.admin.call('renewDevicePassword', { params: { id: device.id } })).data;
    await eventually(() => closed);
    await expect(connect(device.username, password)).rejects.toMatchObject({ code: 4 });
    await (await connect(device.username, renewed.password, sleeper)).endAsync();
    expect(await sql.rows("select 1 from taylordash.mqtt_sessions where client_id = 'old-sleeper'")).toHaveLength(1);
    await td.admin.call('deleteDevice', { params: { id: device.id } });
    expect(await sql.rows("select 1 from taylordash.mqtt_sessions where client_id = 'old-sleeper'")).toEqual([]);
    await expect(connect(device.username, renewed.password)).rejects.toMatchObject({ code: 4 });
    expect(await code(td.admin.call('getDevice', { params: { id: device.id } }))).toBe('device.not_found');
  });

  it('lets anonymous clients of this machine publish events and metrics, and nothing else', async () => {
    const client = await connectAsync(url(), { reconnectPeriod: 0 });
    const hearing = await make('Hearing', { subscribe_filters: ['#'] });
    const listener = await connect(hearing.device.username, hearing.password);
    const got: string[] = [];
    listener.on('message', (topic) => got.push(topic));
    await listener.subscribeAsync('#', { qos: 1 });
    await client.publishAsync('lamp/anonymous', 'on', { qos: 1, retain: true });
    await client.publishAsync('tracker/commands/tasks/create', envelope(), { qos: 1 });
    await client.publishAsync('tracker/metrics/shed/anonymous', '21.5', { qos: 1 });
    await client.publishAsync('tracker/events/tasks/anonymous', envelope(), { qos: 1 });
    await eventually(() => got.includes('tracker/events/tasks/anonymous'));
    expect(got).not.toContain('lamp/anonymous');
    expect(
      await sql.rows(
        "select reason_code from public.dlq_events where original_topic = 'tracker/commands/tasks/create'",
      ),
    ).toEqual([{ reason_code: 'not_allowed' }]);
    expect(
      await sql.rows(
        "select metric_value::float8 as value from logging.system_metrics where metric_name = 'anonymous'",
      ),
    ).toEqual([{ value: 21.5 }]);
    for (const each of [client, listener]) await each.endAsync();
  });
});

/** Runs a program to its end; resolves to what it printed. */
function run(program: string, args: readonly string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out: stdout + stderr });
    });
  });
}

const mosquittoPub = '/usr/bin/mosquitto_pub';
const python = '/usr/bin/python3';
const hasPaho = existsSync('/usr/lib/python3/dist-packages/paho/mqtt/client.py');

describe('real clients', () => {
  it.runIf(existsSync(mosquittoPub))(
    'mosquitto_pub and mosquitto_sub: QoS 0 to 2, retained, a session that sleeps',
    async () => {
      const { device, password } = await make('Mosquitto', { publish_filters: ['#'], subscribe_filters: ['#'] });
      const base = ['-h', '127.0.0.1', '-p', String(td.app.mqtt_port), '-u', device.username, '-P', password];
      const session = ['-i', 'mosquitto-sleeper', '-c', '-q', '2', '-t', 'real/#'];
      // Makes the session and leaves.
      await run('/usr/bin/mosquitto_sub', [...base, ...session, '-E']);
      for (const qos of [1, 2]) {
        expect(
          await run(mosquittoPub, [...base, '-t', `real/qos${qos}`, '-q', String(qos), '-m', `m${qos}`]),
        ).toMatchObject({ code: 0 });
      }
      expect(
        await run(mosquittoPub, [...base, '-t', 'tracker/events/garden/real', '-q', '1', '-m', envelope()]),
      ).toMatchObject({ code: 0 });
      const heard = await run('/usr/bin/mosquitto_sub', [...base, ...session, '-C', '2', '-W', '5', '-v']);
      expect(heard.out.trim().split('\n').sort()).toEqual(['real/qos1 m1', 'real/qos2 m2']);
      expect(
        (await td.admin.call('listEvents', { query: { topic: 'tracker/events/garden/real' } })).data.items[0],
      ).toMatchObject({ actor_id: device.id });
      const wrong = await run(mosquittoPub, [...base.slice(0, -1), 'wrong', '-t', 'x', '-m', 'y']);
      expect(wrong.code).not.toBe(0);
    },
  );

  it.runIf(hasPaho)('paho for Python: a thousand messages of QoS 1, each stored once', async () => {
    const { device, password } = await make('Paho', { publish_filters: ['#'] });
    const program = `
import sys, json, uuid
import paho.mqtt.client as mqtt
client = mqtt.Client(client_id='paho-1')
client.username_pw_set(sys.argv[2], sys.argv[3])
client.max_inflight_messages_set(100)
client.connect('127.0.0.1', int(sys.argv[1]))
client.loop_start()
sent = [client.publish('tracker/events/garden/paho', json.dumps({'trace_id': str(uuid.uuid4()), 'ts': '2026-01-15T10:30:00Z',
  'kind': 'paho', 'idempotency_key': 'paho %d' % n, 'payload': {'n': n}}), qos=1) for n in range(1000)]
for one in sent: one.wait_for_publish(15)
client.disconnect()
client.loop_stop()
print('acknowledged', sum(one.is_published() for one in sent))
`;
    const { out } = await run(python, ['-c', program, String(td.app.mqtt_port), device.username, password]);
    expect(out).toContain('acknowledged 1000');
    expect(
      await sql.rows(
        "select count(*)::int as n, count(distinct payload->>'idempotency_key')::int as keys from public.events_mirror where topic = 'tracker/events/garden/paho'",
      ),
    ).toEqual([{ n: 1000, keys: 1000 }]);
  });

  it('a small board: QoS 0, bare numbers, packets of 256 bytes at the most, one byte at a time', async () => {
    const { device, password } = await make('Board');
    const client = await connect(device.username, password);
    await client.endAsync();
    const socket = await rawConnect(device.username, password);
    for (let n = 0; n < 5; n++) {
      const packet = publishPacket(`tracker/metrics/board/temperature`, String(20 + n));
      expect(packet.length).toBeLessThanOrEqual(256);
      for (const byte of packet) socket.write(Buffer.from([byte]));
    }
    socket.write(publishPacket(`${device.username}/uptime`, '17'));
    await eventually(
      async () => (await sql.rows("select 1 from logging.system_metrics where service = 'board'")).length === 5,
    );
    const signals = await eventually(async () => {
      const { data } = await td.admin.call('listSignals', { query: { device_id: device.id } });
      return data.items.length === 2 && data.items;
    });
    expect(signals.map(({ topic, text, qos, messages }) => ({ topic, text, qos, messages }))).toEqual([
      { topic: 'board/uptime', text: '17', qos: 0, messages: 1 },
      { topic: 'tracker/metrics/board/temperature', text: '24', qos: 0, messages: 5 },
    ]);
    socket.destroy();
  });

  async function rawConnect(username: string, password: string): Promise<Socket> {
    const socket = openSocket(td.app.mqtt_port ?? 0, '127.0.0.1');
    const field = (text: string) => Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)]);
    const rest = Buffer.concat([
      Buffer.from([0, 4]),
      Buffer.from('MQTT'),
      Buffer.from([4, 0xc2, 0, 60]),
      field('board-1'),
      field(username),
      field(password),
    ]);
    socket.write(Buffer.concat([Buffer.from([0x10, rest.length]), rest]));
    await new Promise((resolve) => socket.once('data', resolve));
    return socket;
  }

  function publishPacket(topic: string, text: string): Buffer {
    const rest = Buffer.concat([Buffer.from([0, topic.length]), Buffer.from(topic), Buffer.from(text)]);
    return Buffer.concat([Buffer.from([0x30, rest.length]), rest]);
  }
});
