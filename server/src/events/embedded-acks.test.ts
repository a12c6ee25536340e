// How far a client of the embedded broker is read ahead of its acknowledgements.

import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as flushed, setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'aedes';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { envelope, eventsUnderTest, eventually } from '../../../test/harness/events.ts';
import { connectPacket, publishPacket } from '../../../test/reliability/raw-mqtt.ts';
import { transaction } from '../db/transaction.ts';
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

it('reads no further than that while the database is away, and all that was sent once it is back', async () => {
  const test = await eventsUnderTest();
  const [mine, each] = [[1, 2, 3], 500];
  const back = Promise.withResolvers<void>();
  let away: Promise<void> | undefined;
  try {
    await new Promise<void>((locked) => {
      away = transaction(test.database.app, async (tx) => {
        await sql`lock table public.events_mirror in share mode`.execute(tx);
        locked();
        await back.promise;
      });
    });
    const heard = new Map<number, number>();
    for (const one of mine) {
      const socket = connect(Number(new URL(test.broker_url).port), '127.0.0.1');
      socket.on('data', ({ length }) => heard.set(one, (heard.get(one) ?? 0) + length));
      socket.write(connectPacket(`ahead-${one}`, 0, test.account));
      for (let id = 1; id <= each; id++) {
        const text = envelope({ payload: { padding: 'x'.repeat(8000) } });
        socket.write(publishPacket('tracker/events/garden/watered', Buffer.from(text), id));
      }
    }
    const waiting = async () => Number.parseInt((await test.events.health()).ingest.detail, 10);
    // Until no more comes in.
    let most = 0;
    for (let same = 0; same < 10; ) {
      await pause(20);
      const now = await waiting();
      same = now > 0 && now === most ? same + 1 : 0;
      most = now;
    }
    // A megabyte each, and what was read at once with the last of it; four were sent.
    expect(most * 8000).toBeLessThan(mine.length * 2 * 1024 * 1024);
    back.resolve();
    // Each message is answered with four bytes, as the connection was.
    await eventually(() => mine.every((one) => heard.get(one) === 4 * (each + 1)), 20_000);
    expect(await test.rows('select count(*)::int as count from public.events_mirror')).toEqual([
      { count: mine.length * each },
    ]);
  } finally {
    back.resolve();
    await away;
    await test.stop();
  }
}, 60_000);
