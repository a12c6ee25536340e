// Publishers that send while something is done to a server, and the waiting for what follows.
import { setTimeout as pause } from 'node:timers/promises';
import { type TestDatabase, testDatabase } from '../harness/postgres.ts';
import type { Sent } from './history.ts';
import { type Publisher, publisher } from './publisher.ts';

/** How long everything may take to be answered and stored once nothing is in the way, in milliseconds. */
export const settleWithin = 15_000;

/** What one publisher of a load has under way at the most. */
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
  /** Ends the load, and waits for what is under way. */
  finish(): Promise<void>;
}

/** Publishers that send without end, until told. */
export function load(url: string, count: number, more: { poison_every?: number; pace?: number } = {}): Load {
  let on = true;
  const publishers = Array.from({ length: count }, (_, n) => publisher({ url, name: `pub${n}`, pace: 2, ...more }));
  const sending = publishers.map(async (one) => {
    while (on) await one.send(60, inFlight);
  });
  return {
    publishers,
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

export async function withDatabase<T>(work: (database: TestDatabase) => Promise<T>): Promise<T> {
  const database = await testDatabase();
  try {
    return await work(database);
  } finally {
    await database.drop();
  }
}
