// What the leader does from time to time: partitions ahead of need, and old idempotency keys away.
import { sql } from 'kysely';
import type { Log } from '../db/log.ts';
import type { Handle } from '../db/transaction.ts';
import { type JoiningPart, ledWork } from './led-parts.ts';

/** Two million ids are ready at the least, which is a minute of the most that comes in. */
const partitionsEvery = 10_000;
const keysEvery = 600_000;
/** All keys are looked at within a day. */
const sharesOfKeys = 86_400_000 / keysEvery;
/** Of 8 KB, some 60 keys each. */
const blocksAtOnce = 256;

export function startHousekeeping({ db, log }: { db: Handle; log: Log }): JoiningPart {
  const forgetKeys = keyWalk(db);
  let keysDue = 0;
  return ledWork({
    every: partitionsEvery,
    async work(leads) {
      await sql`select taylordash.ensure_partitions()`.execute(db);
      if (performance.now() < keysDue) return;
      await forgetKeys(leads);
      keysDue = performance.now() + keysEvery;
    },
    complain: (message) => log.warn(`housekeeping of events failed, it is tried again: ${message}`),
  });
}

/**
 * Forgets the old keys in a share of the table, and goes on behind it the next time, round and round. It begins anywhere, so that a
 * server that is started every day does not look at the beginning alone. `blocks` is what one statement reads, and locks rows of.
 */
export function keyWalk(db: Handle, blocks = blocksAtOnce): (leads: () => boolean) => Promise<void> {
  let next: number | null = null;
  return async (leads) => {
    const all = await keyBlocks(db);
    next ??= Math.floor((Math.random() * all) / blocks) * blocks;
    for (let left = Math.ceil(all / sharesOfKeys); left > 0 && leads(); left -= blocks) {
      if (next >= all) next = 0;
      await forgetKeys(db, next, next + blocks);
      next += blocks;
    }
  };
}

async function keyBlocks(db: Handle): Promise<number> {
  const { rows } = await sql<{ blocks: number }>`
    select (pg_relation_size('taylordash.event_keys') / current_setting('block_size')::bigint)::int as blocks`.execute(
    db,
  );
  return rows[0]?.blocks ?? 0;
}

/** Locks the rows it deletes. No index: reads the blocks it is given, and no others. */
async function forgetKeys(db: Handle, from: number, to: number): Promise<void> {
  await sql`
    delete from taylordash.event_keys
    where ctid >= ${`(${from},0)`}::tid and ctid < ${`(${to},0)`}::tid and created_at < now() - interval '90 days'`.execute(
    db,
  );
}
