// What one client or account can take of the event side: filters, sessions, and poison that waits for the database.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventsUnderTest, eventsUnderTest, testDevice } from '../../../test/harness/events.ts';
import { connectPacket } from '../../../test/reliability/raw-mqtt.ts';
import { createAppender } from './appender.ts';
import { mostFilters, mostSessions, queueBounds } from './memory-bounds.ts';

describe('the embedded broker', () => {
  let test: EventsUnderTest;
  beforeAll(async () => {
    test = await eventsUnderTest();
  });
  afterAll(() => test.stop());

  it('takes so many filters of a client, in one packet too, and keeps those that it granted', async () => {
    const client = await test.client({ clientId: 'greedy', clean: false, reconnectPeriod: 0 });
    const subscribe = (from: number, count: number) =>
      new Promise<number>((resolve) => {
        const filters = Array.from({ length: count }, (_, n) => `${from + n}${'/level'.repeat(30)}`);
        client.subscribe(filters, { qos: 1 }, (_error, _granted, packet) =>
          resolve(packet?.granted.filter((qos) => qos === 1).length ?? -1),
        );
      });
    const kept = async () =>
      (await test.rows("select 1 from taylordash.mqtt_subscriptions where client_id = 'greedy'")).length;
    expect(await subscribe(0, mostFilters + 100)).toBe(mostFilters);
    expect(await kept()).toBe(mostFilters);
    expect(await subscribe(5000, 1)).toBe(0);
    await client.unsubscribeAsync(`0${'/level'.repeat(30)}`);
    expect(await subscribe(5000, 2)).toBe(1);
    expect(await kept()).toBe(mostFilters);
    await client.endAsync();
  });

  it('ends the kept session that was left alone for longest where an account has too many', async () => {
    await test.rows(
      `insert into taylordash.mqtt_sessions (client_id, identity, seen_at)
       select 'asleep-' || n, '${testDevice}', now() - n * interval '1 minute' from generate_series(1, ${mostSessions}) n`,
    );
    await test.restart();
    const client = await test.client({ clientId: 'newest', clean: false, reconnectPeriod: 0 });
    await client.subscribeAsync('a/b', { qos: 1 });
    const rows = await test.rows<{ client_id: string }>('select client_id from taylordash.mqtt_sessions');
    const names = rows.map((row) => row.client_id);
    expect(names).toContain('newest');
    expect(names).toContain('asleep-1');
    expect(names).not.toContain(`asleep-${mostSessions}`);
    await client.endAsync();
  });

  /** What is written for a session holds up who connects, until the returned function is called. */
  async function holdUpConnecting(): Promise<() => Promise<unknown>> {
    const watcher = await test.client({ clientId: 'watcher', clean: false, reconnectPeriod: 0 });
    const [locked, unlocked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = test.database.app.transaction().execute(async (tx) => {
      await sql`lock table taylordash.mqtt_sessions in access exclusive mode`.execute(tx);
      locked.resolve();
      await unlocked.promise;
    });
    await locked.promise;
    // It may be disconnected meanwhile.
    const subscribed = watcher.subscribeAsync('a/b', { qos: 1 }).catch(() => undefined);
    await pause(100);
    return async () => {
      unlocked.resolve();
      await Promise.all([subscribed, slow]);
      await watcher.endAsync(true);
    };
  }

  it('gives a client id to one account alone, also while its client is still connecting', async () => {
    const goOn = await holdUpConnecting();
    const first = connectAsync(test.broker_url, { clientId: 'same', reconnectPeriod: 0 }, false);
    await pause(100);
    const stranger = { ...test.account, clientId: 'same', reconnectPeriod: 0 };
    await expect(connectAsync(test.broker_url, stranger, false)).rejects.toMatchObject({ code: 2 });
    await goOn();
    expect((await first).connected).toBe(true);
    await (await first).endAsync();
  });

  it('disconnects an account’s clients, also those that are still connecting', async () => {
    const goOn = await holdUpConnecting();
    const client = connect(Number(new URL(test.broker_url).port), '127.0.0.1');
    client.on('data', () => undefined);
    client.write(connectPacket('on-its-way', 60, test.account));
    await pause(100);
    const gone = once(client, 'close', { signal: AbortSignal.timeout(5000) });
    test.events.embedded?.disconnect(testDevice);
    await gone.finally(goOn);
  });

  it('keeps no session for a client that does not say who it is', async () => {
    const socket = connect(Number(new URL(test.broker_url).port), '127.0.0.1');
    // CONNECT, MQTT 3.1.1, no clean session, a client id of no bytes.
    socket.write(Buffer.from([0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0, 0, 60, 0, 0]));
    const [answer] = await once(socket, 'data');
    expect([...answer]).toEqual([0x20, 2, 0, 2]);
    socket.destroy();
  });
});

it.each([256 * 1024, 1])('holds a bounded number of dead letters of %i bytes while the database is away', (size) => {
  const log = { info: () => undefined, warn: () => undefined };
  const nothing = () => undefined;
  const deaf = { onAppended: nothing, onRepeated: nothing, onDeadLetters: nothing };
  const appender = createAppender({ log, echoes: false, ...deaf });
  const message = { topic: 'tracker/events/x', qos: 1, retain: false, client_id: 'x', identity: '' };
  const bytes = Buffer.alloc(size, 0xff);
  const nobody = { settle: () => undefined, abandoned: () => false };
  const most = 200_000;
  let taken = 0;
  while (taken < most && appender.ingest({ ...message, bytes }, nobody)) taken++;
  expect(taken).toBeGreaterThan(100);
  expect(taken).toBeLessThan(most);
  const why = { reason_code: 'not_allowed', failure_reason: 'no', stage: 'validate' } as const;
  expect(appender.refuse({ ...message, bytes }, why, nobody)).toBe(false);
  // Nobody would send one of ours again.
  appender.bury({ ...message, bytes }, why);
});

it('lets no account take all the room for messages that wait, however small they are', () => {
  const log = { info: () => undefined, warn: () => undefined };
  const bounds = queueBounds(log, {
    isConnected: () => false,
    cutOff: () => undefined,
    ownerOf: (client_id) => client_id.slice(0, 1),
  });
  const fill = (account: string) => {
    let taken = 0;
    for (let n = 0; n < 50_000; n++)
      for (let client = 0; client < 10; client++) if (bounds.enters(`${account}${client}`, 1)) taken++;
    return taken;
  };
  const most = fill('a');
  expect(most).toBeLessThan(100_000);
  expect(fill('b')).toBe(most);
  bounds.left('a0', 1);
  expect(bounds.enters('b0', 1)).toBe(false);
  expect(bounds.enters('a0', 1)).toBe(true);
});
