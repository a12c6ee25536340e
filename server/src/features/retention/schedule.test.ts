// When the leader keeps snapshots and applies the policy: at its first chance, then once a day and once an hour.
import { afterEach, expect, it, vi } from 'vitest';
import { testDatabase } from '../../../../test/harness/postgres.ts';
import { openDatabase } from '../../db/database.ts';
import { retentionService } from './service.ts';

afterEach(() => vi.restoreAllMocks());

const quarter = 900_000;

it('keeps snapshots once a day and applies the policy once an hour, however often it is asked', async () => {
  const { url, drop } = await testDatabase();
  const log = { info: () => undefined, warn: () => undefined };
  const database = await openDatabase({ url, pool_size: 1, log });
  try {
    let time = 5 * quarter;
    vi.spyOn(performance, 'now').mockImplementation(() => time);
    const snapshots: number[] = [];
    const rounds = new Set<string | undefined>();
    const retention = retentionService({
      ...{ database, leads: () => true, wake: () => undefined },
      clock: { now: () => time },
      history: {
        keepAll: async () => snapshots.push(time),
        keepThrough: async () => 0,
      },
    } as unknown as Parameters<typeof retentionService>[0]);
    for (let n = 0; n < 4 * 49; n++) {
      await retention.upkeep();
      rounds.add((await retention.state()).last_run?.at);
      time += quarter;
    }
    expect(snapshots).toEqual([5, 101, 197].map((place) => place * quarter));
    expect(rounds.size).toBe(49);
  } finally {
    vi.restoreAllMocks();
    await database.close();
    await drop();
  }
});
