// The embedded broker at its edges: taken ports, topics beyond what its matcher takes, rights, old and new protocol versions, huge packets.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connectAsync, type IClientOptions, connect as mqttConnect } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventsUnderTest, envelope, eventsUnderTest, eventually, testDoor } from '../../../test/harness/events.ts';
import { startEmbeddedBroker } from './embedded-broker.ts';

const silent = { info: () => undefined, warn: () => undefined };

describe('the embedded broker', () => {
  let test: EventsUnderTest;
  beforeAll(async () => {
    test = await eventsUnderTest();
  });
  afterAll(() => test.stop());
  /** A client that hears what is sent as soon as it is connected. */
  async function hearing(options: IClientOptions, heard: (topic: string, payload: Buffer) => void) {
    const client = mqttConnect(test.broker_url, { ...test.account, ...options });
    client.on('message', heard);
    await new Promise((resolve) => client.on('connect', resolve));
    return client;
  }

  it('says which variable to change where its port is taken', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const starting = startEmbeddedBroker({
      ...{ host: '127.0.0.1', port, log: silent, db: test.database.app, door: testDoor },
      ...{ ingest: () => true, refuse: () => true },
    });
    await expect(starting).rejects.toThrow(
      `MQTT port ${port} on 127.0.0.1 is taken by another program. Set MQTT_PORT to a free port.`,
    );
    other.close();
  });

  it('takes a topic of more levels than its matcher does, and goes on serving the connection', async () => {
    const client = await test.client({ reconnectPeriod: 0 });
    let closed = 0;
    client.on('close', () => closed++);
    const deep = `tracker/events/${'a/'.repeat(110)}b`;
    await client.publishAsync(deep, envelope(), { qos: 1 });
    await client.publishAsync(`lamps/${'a/'.repeat(200)}b`, 'on', { qos: 1, retain: true });
    await expect(client.subscribeAsync(`${'a/'.repeat(120)}b`)).rejects.toThrow();
    await client.unsubscribeAsync(`${'a/'.repeat(120)}b`);
    await client.publishAsync('tracker/events/garden/next', envelope(), { qos: 1 });
    expect(closed).toBe(0);
    const rows = await test.rows(`select 1 from public.events_mirror where topic = '${deep}'`);
    expect(rows).toHaveLength(1);
  });

  it('delivers good events and foreign topics, never dead letters nor what is the administrators’', async () => {
    const listener = await test.client();
    const got: string[] = [];
    listener.on('message', (topic, payload) => got.push(`${topic} ${payload.toString().slice(0, 20)}`));
    await listener.subscribeAsync(['#'], { qos: 1 });
    // What is retained: the server's own word.
    await eventually(() => got.length === 1);
    expect(got.pop()).toBe('tracker/status/server {"state":"online"}');
    const client = await test.client();
    await client.publishAsync('tracker/events/projects/created', 'poison', { qos: 1 });
    await client.publishAsync('tracker/events/auth/login_failed', envelope(), { qos: 1 });
    await client.publishAsync('tracker/commands/tasks/create', envelope(), { qos: 1 });
    await client.publishAsync('tracker/dlq/fake', 'fake', { qos: 1 });
    await client.publishAsync('tracker/status/projects/1', 'fake', { qos: 1, retain: true });
    await client.publishAsync('$SYS/fake', 'fake', { qos: 1 });
    await client.publishAsync('zigbee2mqtt/lamp', 'on', { qos: 1 });
    await client.publishAsync('tracker/events/tasks/created', envelope(), { qos: 1 });
    await eventually(() => got.some((line) => line.startsWith('tracker/events/tasks/created')));
    expect(got).toEqual(['zigbee2mqtt/lamp on', expect.stringMatching(/^tracker\/events\/tasks\/created /)]);
    for (const filter of ['tracker/dlq/#', 'tracker/events/auth/#', 'tracker/commands/+/+', '$SYS/#']) {
      await expect(listener.subscribeAsync(filter)).rejects.toThrow();
    }
    const dead = await test.rows("select 1 from public.dlq_events where original_topic like '%fake%'");
    expect(dead).toEqual([]);
  });

  it('stores the last will of a client, and an event whose sender left before its acknowledgement', async () => {
    const will = envelope();
    const client = await connectAsync(test.broker_url, {
      reconnectPeriod: 0,
      will: { topic: 'tracker/events/garden/will', payload: Buffer.from(will), qos: 1, retain: false },
    });
    client.stream.destroy();
    await eventually(async () => {
      const rows = await test.rows("select 1 from public.events_mirror where topic = 'tracker/events/garden/will'");
      return rows.length === 1;
    });
    const listener = await test.client();
    const got: string[] = [];
    listener.on('message', (topic) => got.push(topic));
    await listener.subscribeAsync('tracker/events/projects/#', { qos: 1 });
    const hasty = await connectAsync(test.broker_url, { reconnectPeriod: 0 });
    hasty.publish('tracker/events/projects/hasty', envelope(), { qos: 1 });
    await eventually(() => hasty.stream.writableLength === 0);
    await pause(1);
    hasty.stream.destroy();
    await eventually(() => got.includes('tracker/events/projects/hasty'));
  });

  it('keeps an event of more than 256 KB as a dead letter with its beginning, and acknowledges it', async () => {
    const client = await test.client({ reconnectPeriod: 0 });
    const text = envelope({ payload: { text: 'x'.repeat(300_000) } });
    await client.publishAsync('tracker/events/garden/huge', text, { qos: 1 });
    const [row] = await test.rows<{ reason_code: string; size: number }>(
      "select reason_code, octet_length(raw) as size from public.dlq_events where original_topic = 'tracker/events/garden/huge'",
    );
    expect(row).toEqual({ reason_code: 'too_large', size: 65_536 });
  });

  it('closes a connection that announces a packet too large for memory, before it is sent', async () => {
    const { port } = new URL(test.broker_url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    // CONNECT with the client id "big", then the head of a PUBLISH of 200 MB in two pieces.
    socket.write(Buffer.from([0x10, 15, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, 3, 0x62, 0x69, 0x67]));
    await once(socket, 'data');
    socket.write(Buffer.from([0x32, 0x80, 0x80]));
    await pause(20);
    socket.write(Buffer.from([0x80, 0x60, 0, 1]));
    await once(socket, 'close');
    expect(test.log.some((line) => line.includes('its connection is closed'))).toBe(true);
  });

  it('serves a reader within seconds although another of the same topic does not read', async () => {
    const stalled = connect(Number(new URL(test.broker_url).port), '127.0.0.1');
    stalled.on('error', () => undefined);
    // CONNECT as `s`, then SUBSCRIBE to large/# with QoS 0; nothing is ever read.
    stalled.write(
      Buffer.from('\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01s\x82\x0c\x00\x01\x00\x07large/#\x00', 'latin1'),
    );
    await pause(200);
    const reader = await test.client({ reconnectPeriod: 0 });
    let seen = 0;
    reader.on('message', () => seen++);
    await reader.subscribeAsync('large/#');
    const client = await test.client({ reconnectPeriod: 0 });
    const payload = Buffer.alloc(50_000);
    await Promise.all(Array.from({ length: 600 }, () => client.publishAsync('large/x', payload, { qos: 1 })));
    await eventually(() => seen === 600);
    for (const each of [reader, client]) await each.endAsync(true);
    stalled.destroy();
  });

  it('keeps ten thousand messages for a client that is away, and none for one that then begins anew', async () => {
    const away = { clientId: 'away', clean: false, reconnectPeriod: 0 };
    const first = await test.client(away);
    await first.subscribeAsync('queue/#', { qos: 1 });
    await first.endAsync();
    const client = await test.client({ reconnectPeriod: 0 });
    const send = (count: number) =>
      Promise.all(Array.from({ length: count }, (_, n) => client.publishAsync('queue/x', String(n), { qos: 1 })));
    for (let batch = 0; batch < 21; batch++) await send(500);
    const received: string[] = [];
    const second = await hearing(away, (_topic, payload) => received.push(String(payload)));
    await eventually(() => received.length === 10_000);
    await pause(200);
    expect(received).toEqual(Array.from({ length: 10_000 }, (_, n) => String(n % 500)));
    await second.endAsync();
    await send(10);
    await (await test.client({ ...away, clean: true })).endAsync();
    const third = await hearing(away, (_topic, payload) => received.push(String(payload)));
    await third.subscribeAsync('queue/#', { qos: 1 });
    await send(1);
    await eventually(() => received.length > 10_000);
    expect(received.slice(10_000)).toEqual(['0']);
    for (const each of [third, client]) await each.endAsync(true);
  });

  it('retains ten thousand topics and no more, and no will on a topic that is a filter', async () => {
    const client = await test.client({ reconnectPeriod: 0 });
    for (let start = 0; start < 10_500; start += 500) {
      await Promise.all(
        Array.from({ length: 500 }, (_, n) => client.publishAsync(`kept/${start + n}`, 'x', { qos: 1, retain: true })),
      );
    }
    const dying = await test.client({
      reconnectPeriod: 0,
      will: { topic: 'kept/#', payload: Buffer.from('x'), qos: 1, retain: true },
    });
    dying.stream.destroy();
    // What the server itself tells is not kept out by what others left there.
    await test.events.publish({ topic: 'tracker/status/projects/full', payload: '{}', retain: true });
    await pause(200);
    const topics = new Set<string>();
    const reader = await hearing({ reconnectPeriod: 0 }, (topic) => topics.add(topic));
    await reader.subscribeAsync('kept/#');
    await eventually(() => topics.size >= 9_000);
    await pause(300);
    expect(topics.size).toBeLessThanOrEqual(10_000);
    expect(topics).not.toContain('kept/#');
    await reader.subscribeAsync('tracker/status/projects/+');
    await eventually(() => topics.has('tracker/status/projects/full'));
    for (const each of [reader, client]) await each.endAsync(true);
  });

  it('tells in the log what a client of MQTT 5 should choose', async () => {
    await expect(
      connectAsync(test.broker_url, { protocolVersion: 5, reconnectPeriod: 0, clientId: 'modern' }, false),
    ).rejects.toThrow();
    expect(test.log.find((line) => line.includes('"modern"'))).toContain('choose 3.1.1');
  });
});
