// What the embedded broker acknowledges and passes on: in order, and to whoever is subscribed at that moment.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { IClientOptions } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventsUnderTest, envelope, eventsUnderTest, eventually } from '../../../test/harness/events.ts';
import { connectPacket, publishPacket, subscribePacket } from '../../../test/reliability/raw-mqtt.ts';

let test: EventsUnderTest;
beforeAll(async () => {
  test = await eventsUnderTest();
});
afterAll(() => test.stop());

it('acknowledges in the order in which messages came, whatever is made of each', async () => {
  const socket = connect(Number(new URL(test.broker_url).port), '127.0.0.1');
  let heard = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    heard = Buffer.concat([heard, chunk]);
  });
  socket.write(connectPacket('in-order', 60, test.account));
  await eventually(() => heard.length === 4);
  const topics = ['tracker/events/garden/watered', 'lamps/1', 'tracker/events/nowhere', 'tracker/status/fake'];
  const texts = [envelope, () => 'on', () => 'no event', () => 'not theirs'];
  const ids = Array.from({ length: 400 }, (_, n) => n + 1);
  const packets = ids.map((id) => publishPacket(topics[id % 4] ?? '', Buffer.from((texts[id % 4] ?? envelope)()), id));
  socket.write(Buffer.concat(packets));
  await eventually(() => heard.length === 4 + 4 * ids.length);
  const acknowledged = ids.map((_, n) => {
    expect(heard.readUInt16BE(4 + 4 * n)).toBe(0x4002);
    return heard.readUInt16BE(4 + 4 * n + 2);
  });
  expect(acknowledged).toEqual(ids);
  socket.end();
  await once(socket, 'close');
});

it('passes on in the order in which messages came, retained or not', async () => {
  const heard: string[] = [];
  const reader = await test.client({ reconnectPeriod: 0 });
  reader.on('message', (topic, payload) => heard.push(`${topic} ${payload}`));
  await reader.subscribeAsync('mixed/#', { qos: 1 });
  const publisher = await test.client({ reconnectPeriod: 0 });
  const told = Array.from({ length: 60 }, (_, n) => [`mixed/${['state', 'event'][n % 2]}`, String(n)] as const);
  // All of them under way together.
  await Promise.all(
    told.map(([topic, text]) => publisher.publishAsync(topic, text, { qos: 1, retain: topic === 'mixed/state' })),
  );
  await publisher.publishAsync('mixed/end', 'of it', { qos: 1 });
  await eventually(() => heard.at(-1) === 'mixed/end of it');
  expect(heard).toEqual([...told.map(([topic, text]) => `${topic} ${text}`), 'mixed/end of it']);
});

it('passes on by the best service that a filter was granted, and leaves nothing waiting for what was sent', async () => {
  const heard: string[] = [];
  const mine = { clientId: 'granted', clean: false, reconnectPeriod: 0 } as const;
  const reader = await test.client(mine);
  reader.on('message', (_topic, payload, { qos }) => heard.push(`${payload} ${qos}`));
  const publisher = await test.client({ reconnectPeriod: 0 });
  await publisher.publishAsync('granted/kept', 'retained', { qos: 2, retain: true });
  // One at a time: Aedes would look the first up first.
  await reader.subscribeAsync('granted/#', { qos: 0 });
  await eventually(() => heard.length === 1);
  await reader.subscribeAsync('granted/+', { qos: 1 });
  await reader.subscribeAsync('granted/two/+', { qos: 2 });
  // That a filter is the very topic makes it no better than others.
  await reader.subscribeAsync({ 'granted/two/three': { qos: 1 }, 'granted/one/exact': { qos: 0 } });
  await reader.subscribeAsync('granted/one/+', { qos: 1 });
  await eventually(() => heard.length === 2);
  for (const topic of ['granted/one', 'granted/one/exact', 'granted/two/three', 'granted/0/0']) {
    for (const qos of [0, 1, 2] as const) await publisher.publishAsync(topic, topic, { qos });
  }
  await publisher.publishAsync('granted/one', 'end', { qos: 1 });
  await eventually(() => heard.at(-1) === 'end 1');
  expect(heard.slice(0, -1).toSorted()).toEqual([
    ...['granted/0/0 0', 'granted/0/0 0', 'granted/0/0 0'],
    ...['granted/one 0', 'granted/one 1', 'granted/one 1'],
    ...['granted/one/exact 0', 'granted/one/exact 1', 'granted/one/exact 1'],
    ...['granted/two/three 0', 'granted/two/three 1', 'granted/two/three 2'],
    ...['retained 0', 'retained 1'],
  ]);
  await eventually(async () => (await test.rows('select 1 from taylordash.mqtt_queue')).length === 0);
});

it('keeps the connection of a session that unsubscribes from what is being published, and leaves nothing waiting', async () => {
  const reader = await test.client({ clientId: 'unsubscribes', clean: false, reconnectPeriod: 0 });
  const publisher = await test.client({ reconnectPeriod: 0 });
  const say = (text: string) => publisher.publishAsync('left/lamp', text, { qos: 1 });
  for (let round = 0; round < 20; round++) {
    await reader.subscribeAsync('left/lamp', { qos: 1 });
    const leaving = reader.unsubscribeAsync('left/lamp');
    await Promise.all([leaving, ...Array.from({ length: 20 }, (_, n) => say(`${round} ${n}`))]);
  }
  expect(reader.connected).toBe(true);
  await eventually(async () => (await test.rows('select 1 from taylordash.mqtt_queue')).length === 0);
});

describe('passes on what nobody was subscribed to', () => {
  async function listener(options: IClientOptions = {}) {
    const heard: string[] = [];
    const client = await test.client({ reconnectPeriod: 0, ...options });
    client.on('message', (_topic, payload) => heard.push(payload.toString()));
    return { client, heard };
  }

  it.each([0, 1, 2] as const)('as soon as somebody is (QoS %i)', async (qos) => {
    const topic = `unread/${qos}/lamp`;
    const publisher = await test.client({ reconnectPeriod: 0 });
    const say = (text: string) => publisher.publishAsync(topic, text, { qos });
    await say('to nobody');
    await say('to nobody');
    for (const filter of [topic, `unread/${qos}/+`, `unread/${qos}/#`]) {
      const { client, heard } = await listener();
      await client.subscribeAsync(filter, { qos });
      await say(filter);
      await eventually(() => heard.length > 0);
      await client.unsubscribeAsync(filter);
      await say('to nobody again');
      await client.subscribeAsync(filter, { qos });
      await say('back');
      await eventually(() => heard.length > 1);
      expect(heard).toEqual([filter, 'back']);
      await client.endAsync();
      await say('to nobody at all');
    }
  });

  it('to a session that sleeps, and after a restart', async () => {
    const topic = 'unread/sleeper/lamp';
    let publisher = await test.client({ reconnectPeriod: 0 });
    const say = (text: string) => publisher.publishAsync(topic, text, { qos: 1 });
    await say('to nobody');
    await say('to nobody');
    const mine = { clientId: 'unread', clean: false };
    const first = await listener(mine);
    await first.client.subscribeAsync('unread/+/lamp', { qos: 1 });
    await first.client.endAsync();
    await say('asleep');
    await publisher.endAsync();
    await test.restart();
    publisher = await test.client({ reconnectPeriod: 0 });
    await say('after the restart');
    const again = await listener(mine);
    await say('awake');
    await eventually(() => again.heard.at(-1) === 'awake');
    // The first two may have come before the test listened.
    expect(['asleep', 'after the restart', 'awake'].slice(-again.heard.length)).toEqual(again.heard);
    await again.client.endAsync();
  });

  it('to a session whose client subscribed and went at once', async () => {
    const publisher = await test.client({ reconnectPeriod: 0 });
    const say = (text: string) => publisher.publishAsync('unread/gone/lamp', text, { qos: 1 });
    const socket = connect(Number(new URL(test.broker_url).port), '127.0.0.1');
    socket.write(connectPacket('gone-at-once', 60, test.account, false));
    await once(socket, 'data');
    for (const text of ['to nobody', 'to nobody']) await say(text);
    socket.end(subscribePacket('unread/gone/lamp', 1));
    await eventually(
      async () =>
        (await test.rows("select 1 from taylordash.mqtt_subscriptions where client_id = 'gone-at-once'")).length > 0,
    );
    await say('asleep');
    expect(await test.rows("select topic from taylordash.mqtt_queue where client_id = 'gone-at-once'")).toEqual([
      { topic: 'unread/gone/lamp' },
    ]);
  });

  it('the retained one to who comes later', async () => {
    const publisher = await test.client({ reconnectPeriod: 0 });
    await publisher.publishAsync('unread/kept/lamp', 'passing', { qos: 1 });
    await publisher.publishAsync('unread/kept/lamp', 'on', { qos: 1, retain: true });
    const { client, heard } = await listener();
    await client.subscribeAsync('unread/kept/#', { qos: 1 });
    await eventually(() => heard.length > 0);
    expect(heard).toEqual(['on']);
  });
});
