// What the leader does from time to time: partitions ahead of need, and old idempotency keys away.
import { sql } from 'kysely';
import type { Log } from '../db/log.ts';
import type { Handle } from '../db/transaction.ts';
import { type JoiningPart, ledWork } from './led-parts.ts';

/** Two million ids are ready at the least, which is a minute of the most that comes in. */
const partitionsEvery = 10_000;
const keysEvery = 600_000;
const keyRows = 10_000;

export function startHousekeeping({ db, log }: { db: Handle; log: Log }): JoiningPart {
  let keysDue = 0;
  return ledWork({
    every: partitionsEvery,
    async work(leads) {
      await sql`select taylordash.ensure_partitions()`.execute(db);
      if (performance.now() < keysDue) return;
      while (leads() && (await forgetKeys(db)) === keyRows);
      keysDue = performance.now() + keysEvery;
    },
    complain: (message) => log.warn(`housekeeping of events failed, it is tried again: ${message}`),
  });
}

/** Locks the rows it deletes, a bounded batch of them; index idx_event_keys_created_at. */
async function forgetKeys(db: Handle): Promise<number> {
  const result = await sql`
    delete from taylordash.event_keys where ctid = any (array(
      select ctid from taylordash.event_keys where created_at < now() - interval '90 days' order by created_at limit ${keyRows}
    ))`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}
