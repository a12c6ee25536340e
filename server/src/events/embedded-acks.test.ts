// How far a client of the embedded broker is read ahead of its acknowledgements.

import { Duplex } from 'node:stream';
import { setImmediate as flushed } from 'node:timers/promises';
import type { Client } from 'aedes';
import { describe, expect, it } from 'vitest';
import { embeddedAcks } from './embedded-acks.ts';

/** A client whose connection takes everything; each message has 200,000 bytes. */
function sender(connected: number) {
  const conn = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  const client = { conn, waitForDrain: (callback: () => void) => callback() } as unknown as Client;
  const acknowledge = embeddedAcks(() => connected);
  const read: number[] = [];
  const passed = new Map<number, () => void>();
  const send = (message_id: number) =>
    acknowledge(client, {
      ...{ message_id, bytes: 200_000 },
      passOn: (over) => passed.set(message_id, over),
      readOn: () => read.push(message_id),
    });
  return { send, read, passed };
}

describe('a client that does not wait for its acknowledgements', () => {
  it('is read on until a megabyte of it is under way, and again once enough of that was passed on', async () => {
    const { send, read, passed } = sender(1);
    const settles = [1, 2, 3, 4, 5, 6, 7].map(send);
    expect(read).toEqual([1, 2, 3, 4, 5]);
    for (const settle of settles) settle();
    await flushed();
    expect([...passed.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    // Acknowledged is not enough: who is subscribed may be slow.
    expect(read).toHaveLength(5);
    passed.get(1)?.();
    expect(read).toHaveLength(5);
    passed.get(2)?.();
    expect(read).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('has a smaller share where there are many, and is read on all the same', async () => {
    const { send, read, passed } = sender(1000);
    const settles = [1, 2].map(send);
    expect(read).toEqual([]);
    for (const settle of settles) settle();
    await flushed();
    for (const over of passed.values()) over();
    expect(read).toEqual([1, 2]);
  });
});
