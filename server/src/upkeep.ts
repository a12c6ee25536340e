// What the leader does from time to time: ends sessions that are over, forgets what is kept for a day, applies retention to logs.
import type { Database } from './db/database.ts';
import { type Handle, queryText } from './db/transaction.ts';
import { forgetOldSignals } from './features/devices/watch-queries.ts';
import { forgetOldLimits } from './features/identity/limiter.ts';
import { expireSessions } from './features/identity/session-expiry.ts';
import type { Clock } from './kernel/clock.ts';
import { forgetOldKeys } from './kernel/idempotency.ts';
import type { Log } from './kernel/log.ts';

export interface UpkeepOptions {
  database: Database;
  clock: Clock;
  log: Log;
  /** Does this server lead? */
  leads(): boolean;
  wake(): void;
  /** What parts of the server want done as often. */
  also: readonly (() => Promise<unknown>)[];
  /** In milliseconds; 10 minutes by default. */
  every?: number;
}

/** Batches of old logs that one round deletes at the most: the rest waits for the next. */
const mostBatches = 100;

export function startUpkeep({ database, clock, log, leads, wake, also, every = 600_000 }: UpkeepOptions): {
  stop(): Promise<void>;
} {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    if (!leads()) return;
    running ??= run()
      .catch((error: unknown) => log.warn({ err: error }, 'upkeep failed; it is tried again'))
      .finally(() => {
        running = null;
      });
  }, every);
  timer.unref();

  async function run(): Promise<void> {
    await expireSessions(database, clock);
    wake();
    await forgetOldLimits(database.auth);
    await forgetOldKeys(database.app);
    await forgetOldSignals(database.app);
    for (const step of also) await step();
    for (let batch = 0; batch < mostBatches && (await cleanUpLogs(database.app)) > 0; batch++);
  }

  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** Deletes one bounded batch of each log beyond its retention; returns how many rows. */
async function cleanUpLogs(handle: Handle): Promise<number> {
  return Number(await queryText(handle, 'select coalesce(sum(deleted), 0)::text from logging.cleanup_old_logs()'));
}
