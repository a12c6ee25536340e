// Batches sent one behind the other: the second is stored only if the first was.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventsUnderTest, envelope, eventsUnderTest } from '../../../test/harness/events.ts';
import type { LeaderConnection } from '../db/leader.ts';
import type { Waiting } from './ingest-queue.ts';
import { batchStore, type StoreBatch } from './mirror.ts';
import { isDataError, sqlstateOf } from './sqlstate.ts';

describe('batches behind each other', () => {
  let test: EventsUnderTest;
  let connection: LeaderConnection;
  let store: StoreBatch;
  beforeAll(async () => {
    test = await eventsUnderTest();
    connection = await test.database.leaderConnection();
    store = batchStore(connection, false);
  });
  afterAll(async () => {
    await connection.end();
    await test.stop();
  });

  const message = (key: string = randomUUID(), text = envelope({ idempotency_key: key })): Waiting => ({
    ...{ topic: 'tracker/events/bench/turns', bytes: Buffer.from(text), qos: 1, retain: false },
    ...{ client_id: 'turns', identity: '', text, key },
    settle: () => undefined,
    abandoned: () => false,
  });
  /** JSON that passes every check of ours, and that jsonb cannot hold. */
  const unfit = () => message(randomUUID(), envelope({ payload: { text: 'NUL' } }).replace('NUL', '\\u0000'));
  const batch = (size: number) => Array.from({ length: size }, () => message());
  /** The keys of these messages in the order of the mirror. */
  async function keysStored(): Promise<string[]> {
    const rows = await test.rows<{ key: string }>(
      "select payload->>'idempotency_key' as key from public.events_mirror where client_id = 'turns' order by id",
    );
    return rows.map(({ key }) => key);
  }
  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => null,
      (error: unknown) => error,
    );

  it('are stored in the order in which they were sent', async () => {
    const before = await keysStored();
    const sent = [batch(3), batch(400), batch(2), batch(50)];
    await Promise.all(sent.map((one) => store(one)));
    expect((await keysStored()).slice(before.length)).toEqual(sent.flat().map(({ key }) => key));
  });

  it('are not stored behind one that the database refuses', async () => {
    const before = await keysStored();
    const answers = [failure(store([message(), unfit()])), failure(store(batch(2))), failure(store(batch(3)))];
    const [first, second, third] = await Promise.all(answers);
    expect(isDataError(first)).toBe(true);
    // Not for anything that is wrong with themselves.
    expect([sqlstateOf(second), sqlstateOf(third)]).toEqual(['TD001', 'TD001']);
    expect(isDataError(second)).toBe(false);
    expect(await keysStored()).toEqual(before);
    expect((await store(batch(2))).size).toBe(0);
    expect((await keysStored()).length).toBe(before.length + 2);
  });

  it('wait for one that is looked up once more, because a key in it was there before', async () => {
    const again = message();
    await store([again]);
    const before = await keysStored();
    // A new connection: the fast statement is tried first.
    const fresh = await test.database.leaderConnection();
    const storeFresh = batchStore(fresh, false);
    const [first, second, third] = [[message(), again, message()], batch(2), batch(2)];
    const found = await Promise.all([storeFresh(first), storeFresh(second), storeFresh(third)]);
    await fresh.end();
    expect(found.map((one) => [...one])).toEqual([[[1, 'duplicate']], [], []]);
    const stored = [...first.filter((one) => one !== again), ...second, ...third];
    expect((await keysStored()).slice(before.length)).toEqual(stored.map(({ key }) => key));
  });

  it('find a repeat of what is in the batch before', async () => {
    const twice = message();
    const [first, second] = await Promise.all([store([message(), twice]), store([twice, message()])]);
    expect([[...first], [...second]]).toEqual([[], [[0, 'duplicate']]]);
  });
});
