// Publishers that send while something is done to a server, and the waiting for what follows.
import { setTimeout as pause } from 'node:timers/promises';
import { type TestDatabase, testDatabase } from '../harness/postgres.ts';
import type { Sent } from './history.ts';
import { type Publisher, type PublisherOptions, publisher } from './publisher.ts';

/** How long everything may take to be answered and stored once nothing is in the way, in milliseconds. */
export const settleWithin = 15_000;

/** What one publisher of a load has under way at the most, where nothing else is said. */
export const inFlight = 20;

export async function until(check: () => boolean | Promise<boolean>, milliseconds = settleWithin): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (!(await check())) {
    if (performance.now() > end) return false;
    await pause(50);
  }
  return true;
}

export const rooted = (root: string | undefined) => (root === undefined ? {} : { root });

export interface Load {
  publishers: Publisher[];
  /** Of all of them together, until now. */
  acknowledged(): number;
  /** Ends the load, and waits for what is under way. */
  finish(): Promise<void>;
}

export interface LoadOptions extends Partial<Omit<PublisherOptions, 'url' | 'name'>> {
  /** Messages that each publisher has under way at a time. */
  in_flight?: number;
}

/** Publishers that send without end, until told. */
export function load(url: string, count: number, options: LoadOptions = {}): Load {
  const { in_flight = inFlight, ...more } = options;
  let on = true;
  const publishers = Array.from({ length: count }, (_, n) => publisher({ url, name: `pub${n}`, pace: 2, ...more }));
  const sending = publishers.map(async (one) => {
    while (on) await one.send(3 * in_flight, in_flight);
  });
  return {
    publishers,
    acknowledged: () => publishers.reduce((sum, one) => sum + one.acknowledged(), 0),
    async finish() {
      on = false;
      await Promise.race([Promise.all(sending), pause(settleWithin)]);
    },
  };
}

export async function close(publishers: readonly Publisher[]): Promise<Sent[]> {
  const sent = publishers.map((one) => one.history());
  await Promise.all(publishers.map((one) => one.end()));
  return sent;
}

export const total = (sent: readonly Sent[]) => sent.reduce((sum, one) => sum + one.acknowledged.size, 0);

/** A database for one scenario. */
export async function withDatabase<T>(work: (database: TestDatabase) => Promise<T>): Promise<T> {
  const database = await testDatabase();
  try {
    return await work(database);
  } finally {
    await database.drop();
  }
}
