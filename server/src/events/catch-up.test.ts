// When a session that comes back has what waited for it, and is sent what is published from then on.
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'aedes';
import { expect, it } from 'vitest';
import type { BrokerPacket } from './aedes-memory.ts';
import { catchUp } from './catch-up.ts';
import type { Queued } from './kept-queues.ts';

it('is not over before all of it was sent, however many PUBRECs are answered meanwhile', async () => {
  const message = { topic: 'a', payload: Buffer.from('x'), qos: 2, retain: false };
  const waiting = [1, 2].map(
    (id): Queued => ({ ...message, id, counter: id, client_id: 'late', message_id: null, released: false }),
  );
  const client = { id: 'late', clean: false, connackSent: true } as unknown as Client;
  const progress = catchUp({
    items: () => waiting,
    find: (_id, packet) => waiting.find((one) => one.counter === packet.brokerCounter),
  });
  const handedOut: BrokerPacket[] = [];
  progress.stream(client, 'broker').on('data', (packet: BrokerPacket) => handedOut.push(packet));
  const holdsLast = () => progress.holds(client, { ...message, brokerCounter: 2 });
  await expect.poll(() => handedOut.map(({ brokerCounter }) => brokerCounter)).toEqual([1, 2]);
  for (const messageId of [7, 8]) progress.sending(client, { ...message, cmd: 'pubrel', messageId });
  await pause(20);
  expect(holdsLast()).toBe(true);
  for (const packet of handedOut) progress.sending(client, packet);
  await expect.poll(holdsLast).toBe(false);
});
