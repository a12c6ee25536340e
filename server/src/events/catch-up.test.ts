// When a session that comes back has what waited for it, and is sent what is published from then on.
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'aedes';
import { expect, it } from 'vitest';
import type { BrokerPacket } from './aedes-memory.ts';
import { catchUp } from './catch-up.ts';
import type { Queued } from './kept-queues.ts';

const message = { topic: 'a', payload: Buffer.from('x'), qos: 2, retain: false };

/** A session that comes back to these messages, by the identifiers under which they were sent before; a number is given to each. */
function comeBack(identifiers: readonly (number | null)[], nextIdentifier: number) {
  const waiting = identifiers.map(
    (message_id, n): Queued => ({ ...message, id: n, counter: n + 1, client_id: 'late', message_id, released: false }),
  );
  const client = { id: 'late', clean: false, connackSent: true, _nextId: nextIdentifier } as unknown as Client;
  const kept: (number | null)[] = [];
  const progress = catchUp(
    {
      items: () => waiting,
      find: (_id, packet) => waiting.find((one) => one.counter === packet.brokerCounter),
      identify: (item, message_id) => Object.assign(item, { message_id }),
    },
    async (items) => void kept.push(...items.map(({ message_id }) => message_id)),
  );
  const handedOut: BrokerPacket[] = [];
  progress.stream(client, 'broker').on('data', (packet: BrokerPacket) => handedOut.push(packet));
  return { client, progress, handedOut, kept };
}

it('is not over before all of it was sent, however many PUBRECs are answered meanwhile', async () => {
  const { client, progress, handedOut } = comeBack([null, null], 1);
  const holdsLast = () => progress.holds(client, { ...message, brokerCounter: 2 });
  await expect.poll(() => handedOut.map(({ brokerCounter }) => brokerCounter)).toEqual([1, 2]);
  for (const messageId of [7, 8]) progress.sending(client, { ...message, cmd: 'pubrel', messageId });
  await pause(20);
  expect(holdsLast()).toBe(true);
  for (const packet of handedOut) progress.sending(client, packet);
  await expect.poll(holdsLast).toBe(false);
});

it('sends nothing under an identifier under which something else is sent again, and keeps each before', async () => {
  const { handedOut, kept } = comeBack([65_534, 65_535, null, null], 65_534);
  await expect.poll(() => handedOut.map(({ messageId }) => messageId)).toEqual([65_534, 65_535, 1, 2]);
  expect(kept).toEqual([1, 2]);
});
