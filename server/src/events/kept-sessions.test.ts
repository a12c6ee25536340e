// What the embedded broker keeps for its clients: there before an acknowledgement says so, and after a restart.
import { connect } from 'node:net';
import { connectAsync, connect as mqttConnect } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EventsUnderTest,
  envelope,
  eventsUnderTest,
  eventually,
  testDevice,
} from '../../../test/harness/events.ts';
import { connectPacket } from '../../../test/reliability/raw-mqtt.ts';

describe('the embedded broker keeps', () => {
  let test: EventsUnderTest;
  beforeAll(async () => {
    test = await eventsUnderTest();
  });
  afterAll(() => test.stop());

  const sleeper = { clientId: 'sleeper', clean: false, reconnectPeriod: 0 } as const;

  /** A client whose handler is there before anything can arrive. */
  async function waking(options: object) {
    const got: string[] = [];
    const client = mqttConnect(test.broker_url, { ...test.account, ...options });
    client.on('message', (topic, payload, packet) => got.push(`${topic} ${payload} ${packet.qos}`));
    await new Promise((resolve) => client.on('connect', resolve));
    return { client, got };
  }

  it('what waits for a sleeping session, in order, by the service that it asked for, across restarts', async () => {
    const first = await test.client(sleeper);
    await first.subscribeAsync({
      'lamps/#': { qos: 1 },
      'lamps/+/state': { qos: 2 },
      'tracker/events/tasks/#': { qos: 1 },
    });
    await first.endAsync();
    const publisher = await test.client({ reconnectPeriod: 0 });
    for (let n = 0; n < 20; n++) await publisher.publishAsync('lamps/1/state', String(n), { qos: 1 });
    await publisher.publishAsync('lamps/1/state', 'exactly once', { qos: 2 });
    await publisher.publishAsync('lamps/2/power', 'at least once', { qos: 2 });
    await publisher.publishAsync('lamps/1/state', 'not waited for', { qos: 0 });
    await publisher.publishAsync('tracker/events/auth/login_failed', envelope(), { qos: 1 });
    await publisher.publishAsync('tracker/events/tasks/created', envelope(), { qos: 1 });
    // Acknowledged is committed: nothing is waited for here.
    const rows = await test.rows<{ topic: string }>('select topic from taylordash.mqtt_queue order by id');
    expect(rows.map((row) => row.topic)).toEqual([
      ...Array.from({ length: 21 }, () => 'lamps/1/state'),
      'lamps/2/power',
      'tracker/events/tasks/created',
    ]);
    await publisher.endAsync();
    await test.restart();
    await test.restart();

    const { client, got } = await waking(sleeper);
    await eventually(() => got.length >= 23);
    expect(got).toHaveLength(23);
    // What is to come exactly once comes when its handshake ends; the order is that of each service.
    const once = got.findIndex((line) => line.endsWith(' 2'));
    expect(got.splice(once, 1)).toEqual(['lamps/1/state exactly once 2']);
    expect(got.slice(0, 21)).toEqual([
      ...Array.from({ length: 20 }, (_, n) => `lamps/1/state ${n} 1`),
      'lamps/2/power at least once 1',
    ]);
    await eventually(async () => (await test.rows('select 1 from taylordash.mqtt_queue')).length === 0);
    await client.endAsync();
    await test.restart();
    const again = await waking(sleeper);
    const other = await test.client({ reconnectPeriod: 0 });
    await other.publishAsync('lamps/1/state', 'new', { qos: 1 });
    await eventually(() => again.got.length > 0);
    expect(again.got).toEqual(['lamps/1/state new 1']);
    // A clean start ends it, in the tables too.
    await again.client.endAsync();
    await (await test.client({ ...sleeper, clean: true })).endAsync();
    expect(await test.rows("select 1 from taylordash.mqtt_sessions where client_id = 'sleeper'")).toEqual([]);
    expect(await test.rows('select 1 from taylordash.mqtt_subscriptions')).toEqual([]);
  });

  it.each([1, 2] as const)('the order of what comes while a session is taken up (QoS %i)', async (qos) => {
    const mine = { ...sleeper, clientId: `late-${qos}` };
    const first = await test.client(mine);
    await first.subscribeAsync(`row/${qos}`, { qos });
    await first.endAsync();
    const publisher = await test.client({ reconnectPeriod: 0 });
    const publish = (from: number, count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, n) => publisher.publishAsync(`row/${qos}`, String(from + n), { qos })),
      );
    await publish(0, 300);
    const more = publish(300, 600);
    const { client, got } = await waking(mine);
    await more;
    await eventually(() => got.length >= 900);
    expect(got.map((line) => Number(line.split(' ')[1]))).toEqual(Array.from({ length: 900 }, (_, n) => n));
    await eventually(async () => (await test.rows('select 1 from taylordash.mqtt_queue')).length === 0);
    // Then it is told what is published, as it is.
    await publish(900, 1);
    await eventually(() => got.at(-1) === `row/${qos} 900 ${qos}`);
    await Promise.all([client.endAsync(), publisher.endAsync()]);
  });

  it('retained messages across restarts, until they are cleared', async () => {
    const client = await test.client({ reconnectPeriod: 0 });
    await client.publishAsync('house/door', 'open', { qos: 1, retain: true });
    await client.publishAsync('house/door', 'shut', { qos: 1, retain: true });
    await client.publishAsync('house/window', 'open', { qos: 1, retain: true });
    await client.publishAsync('house/window', '', { qos: 1, retain: true });
    await client.endAsync();
    expect(
      await test.rows(
        "select topic, convert_from(payload, 'UTF8') as payload from taylordash.mqtt_retained where topic like 'house/%'",
      ),
    ).toEqual([{ topic: 'house/door', payload: 'shut' }]);
    await test.restart();
    const { client: reader, got } = await waking({ reconnectPeriod: 0 });
    await reader.subscribeAsync('house/#', { qos: 1 });
    await eventually(() => got.length > 0);
    expect(got).toEqual(['house/door shut 1']);
    await reader.endAsync();
  });

  it('the packet identifiers of QoS 2, so that a message that is sent again after a restart is taken once', async () => {
    const id = 77;
    // No clean session. It never subscribes.
    const hello = connectPacket('exact', 60, test.account, false);
    const publish = Buffer.from([0x34, 9, 0, 3, 0x6f, 0x2f, 0x65, 0, id, 0x68, 0x69]);
    async function session(packets: readonly Buffer[], until: number) {
      const socket = connect(Number(new URL(test.broker_url).port), '127.0.0.1');
      let heard = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        heard = Buffer.concat([heard, chunk]);
      });
      for (const packet of packets) {
        const before = heard.length;
        socket.write(packet);
        // Each is answered, and what it asks for is kept by then.
        await eventually(() => heard.length > before);
      }
      await eventually(() => heard.includes(until));
      socket.destroy();
      return heard;
    }
    const { client: reader, got } = await waking({ ...sleeper, clientId: 'witness' });
    await reader.subscribeAsync('o/e', { qos: 1 });
    await session([hello, publish], 0x50);
    await eventually(() => got.length === 1);
    await reader.endAsync();
    await test.restart();
    const reading = await waking({ ...sleeper, clientId: 'witness' });
    const connacked = await session([hello, publish, Buffer.from([0x62, 2, 0, id])], 0x70);
    expect(connacked.subarray(0, 4)).toEqual(Buffer.from([0x20, 2, 1, 0]));
    const publisher = await test.client({ reconnectPeriod: 0 });
    await publisher.publishAsync('o/e', 'end', { qos: 1 });
    await eventually(() => reading.got.length > 0);
    expect(reading.got).toEqual(['o/e end 1']);
    expect(await test.rows('select 1 from taylordash.mqtt_received')).toEqual([]);
    await reading.client.endAsync();
  });

  it('under which identifier it sent a message of QoS 2, and that it was released, before the client is told', async () => {
    const first = await test.client({ ...sleeper, clientId: 'twice' });
    await first.subscribeAsync('twice/#', { qos: 2 });
    await first.endAsync();
    const publisher = await test.client({ reconnectPeriod: 0 });
    await publisher.publishAsync('twice/x', 'asleep', { qos: 2 });
    const socket = connect(Number(new URL(test.broker_url).port), '127.0.0.1');
    const seen: unknown[] = [];
    /** PUBLISH and PUBREL come alone: the next one is not sent before this one is answered. */
    const heard = async (length: number, answer: number): Promise<void> => {
      const packet = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
      seen.push(...(await test.rows('select message_id, released from taylordash.mqtt_queue')));
      const at = packet.length - (answer === 0x50 ? length + 2 : 2);
      socket.write(Buffer.concat([Buffer.from([answer, 2]), packet.subarray(at, at + 2)]));
      seen.push(packet.readUInt16BE(at));
    };
    socket.write(connectPacket('twice', 0, test.account, false));
    await new Promise((resolve) => socket.once('data', resolve));
    await heard('asleep'.length, 0x50);
    await heard(0, 0x70);
    await eventually(async () => (await test.rows('select 1 from taylordash.mqtt_queue')).length === 0);
    const said = publisher.publishAsync('twice/x', 'awake', { qos: 2 });
    await heard('awake'.length, 0x50);
    await heard(0, 0x70);
    await said;
    const [, asleep, , , , awake] = seen;
    const steps = (message_id: unknown) => [
      ...[{ message_id, released: false }, message_id],
      ...[{ message_id, released: true }, message_id],
    ];
    expect(seen).toEqual([...steps(asleep), ...steps(awake)]);
    socket.destroy();
  });

  it('the will of a client that was there when the server was killed, and publishes it at the next start', async () => {
    const will = envelope();
    await test.rows(`insert into taylordash.mqtt_wills (client_id, identity, topic, payload, qos, retain) values
      ('dead-1', '${testDevice}', 'tracker/events/garden/gone', convert_to('${will}', 'UTF8'), 1, false),
      ('dead-2', '${testDevice}', 'garden/pump/online', '0', 1, true),
      ('dead-3', 'deleted', 'garden/pump/ghost', '0', 1, true)`);
    await test.restart();
    expect(
      await test.rows("select client_id from public.events_mirror where topic = 'tracker/events/garden/gone'"),
    ).toEqual([{ client_id: 'dead-1' }]);
    expect(await test.rows("select topic from taylordash.mqtt_retained where topic like 'garden/%'")).toEqual([
      { topic: 'garden/pump/online' },
    ]);
    await eventually(async () => (await test.rows('select 1 from taylordash.mqtt_wills')).length === 0);
    const client = await test.client({
      reconnectPeriod: 0,
      will: { topic: 'garden/x', payload: Buffer.from('x'), qos: 1, retain: false },
    });
    await eventually(async () => (await test.rows('select 1 from taylordash.mqtt_wills')).length === 1);
    await client.endAsync();
    await eventually(async () => (await test.rows('select 1 from taylordash.mqtt_wills')).length === 0);
  });

  it('a session for its account alone', async () => {
    const owner = await test.client({ ...sleeper, clientId: 'mine' });
    await owner.subscribeAsync('mine/#', { qos: 1 });
    const stranger = { clientId: 'mine', reconnectPeriod: 0 };
    await expect(connectAsync(test.broker_url, stranger, false)).rejects.toMatchObject({ code: 2 });
    expect(owner.connected).toBe(true);
    await owner.endAsync();
    await expect(connectAsync(test.broker_url, { ...stranger, clean: true }, false)).rejects.toMatchObject({ code: 2 });
    expect(test.log.some((line) => line.includes('its client id belongs to another account'))).toBe(true);
  });
});
