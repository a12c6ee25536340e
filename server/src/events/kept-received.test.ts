// Messages of QoS 2 that come again: passed on once, on the same connection and on the next.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Client } from 'aedes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EventsUnderTest, envelope, eventsUnderTest, eventually } from '../../../test/harness/events.ts';
import { connectPacket, exactlyOncePacket } from '../../../test/reliability/raw-mqtt.ts';
import { keptReceived } from './kept-received.ts';

let test: EventsUnderTest;
beforeAll(async () => {
  test = await eventsUnderTest();
});
afterAll(() => test.stop());

/** Connects and sends; `heard` is how many bytes are to come back. */
async function send(client_id: string, packets: readonly Buffer[], heard: number) {
  const socket = connect(Number(new URL(test.broker_url).port), '127.0.0.1');
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
  });
  socket.write(Buffer.concat([connectPacket(client_id, 60, test.account, false), ...packets]));
  await eventually(() => bytes.length >= heard);
  return socket;
}

const message = () => ({ topic: 'a', payload: 'x', qos: 2, retain: false, messageId: 7 });
const connack = 4;
const pubrec = 4;

it('waits once for a session that sleeps', async () => {
  const sleeper = { clientId: 'sleeps', clean: false, reconnectPeriod: 0 } as const;
  const first = await test.client(sleeper);
  await first.subscribeAsync({ 'again/#': { qos: 2 }, 'tracker/events/tasks/#': { qos: 2 } });
  await first.endAsync();
  const text = envelope();
  const messages = [
    exactlyOncePacket('again/lamp', Buffer.from('on'), 1),
    exactlyOncePacket('tracker/events/tasks/created', Buffer.from(text), 2),
  ];
  const socket = await send('insists', [...messages, ...messages], connack + 4 * pubrec);
  socket.destroy();
  (await send('insists', messages, connack + 2 * pubrec)).destroy();
  expect(await test.rows('select topic from taylordash.mqtt_queue order by id')).toEqual([
    { topic: 'again/lamp' },
    { topic: 'tracker/events/tasks/created' },
  ]);
});

it('comes once to who is there, where the connection went before it was acknowledged', async () => {
  const heard: string[] = [];
  const reader = await test.client({ reconnectPeriod: 0 });
  reader.on('message', (_topic, payload) => heard.push(payload.toString()));
  await reader.subscribeAsync({ 'gone/+': { qos: 2 }, 'tracker/events/tasks/#': { qos: 2 } });
  const texts = Array.from({ length: 10 }, (_, n) => envelope({ payload: { n } }));
  for (const [n, text] of texts.entries()) {
    const messages = [
      exactlyOncePacket('tracker/events/tasks/created', Buffer.from(text), 1),
      exactlyOncePacket('gone/lamp', Buffer.from(`on ${n}`), 2),
    ];
    const socket = await send(`goes-${n}`, [], connack);
    socket.end(Buffer.concat(messages));
    await once(socket, 'close');
    (await send(`goes-${n}`, messages, connack + 2 * pubrec)).destroy();
  }
  await eventually(() => heard.length >= 20);
  await reader.publishAsync('gone/end', 'end', { qos: 2 });
  await eventually(() => heard.includes('end'));
  expect(heard.filter((text, at) => heard.indexOf(text) !== at)).toEqual([]);
  expect(heard).toHaveLength(21);
});

it('leaves the identifier to the next session, where its own ended while it was under way', async () => {
  const received = keptReceived({ write: async () => undefined });
  const client = { id: 'begins-anew', clean: false } as unknown as Client;
  const old = message();
  const isFirst = received.arrives(client, old);
  received.forget('begins-anew');
  expect(isFirst()).toBe(true);
  await received.persistence.incomingStorePacket(client, old);
  expect(received.arrives(client, message())()).toBe(true);
  expect(received.arrives(client, message())()).toBe(false);
});

it('forgets none that is to be released, however many clients were sent away with their first', () => {
  const received = keptReceived({ write: async () => undefined });
  const arrives = (id: string) => received.arrives({ id, clean: false } as unknown as Client, message());
  expect(arrives('first')()).toBe(true);
  for (let n = 0; n < 10_100; n++) arrives(`away-${n}`);
  expect(arrives('first')()).toBe(false);
});
