// What the leader does for accounts and logs from time to time: ends sessions that are over, forgets what is kept for a day, applies retention.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import { queryText, transaction } from '../../db/transaction.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { writeToOutbox } from '../../kernel/outbox.ts';
import { forgetOldLimits } from './limiter.ts';
import * as sessions from './session-queries.ts';

export interface UpkeepOptions {
  database: Database;
  clock: Clock;
  log: Log;
  /** Does this server lead? */
  leads(): boolean;
  wake(): void;
  /** In milliseconds; 10 minutes by default. */
  every?: number;
}

export function startUpkeep({ database, clock, log, leads, wake, every = 600_000 }: UpkeepOptions): {
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
    await sql`delete from taylordash.idempotency_keys where created_at < now() - interval '1 day'`.execute(
      database.app,
    );
    for (let batch = 0; batch < 100; batch++) {
      const deleted = await queryText(
        database.app,
        'select coalesce(sum(deleted), 0)::text from logging.cleanup_old_logs()',
      );
      if (deleted === '0') break;
    }
  }

  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** Ends sessions past their limits, with an audit row and an event each. Returns how many. */
export async function expireSessions(database: Database, clock: Clock): Promise<number> {
  return transaction(database.auth, async (tx) => {
    const over = await sessions.overdueSessions(tx);
    if (over.length === 0) return 0;
    await sql`select public.cleanup_expired_sessions()`.execute(tx);
    const actor = { id: null, name: 'TaylorDash', type: 'system' };
    const drafts = over.map(({ user_id, username, address }) => ({
      kind: 'session_expired' as const,
      payload: JSON.stringify({ actor, user_id, username, address }),
      project_id: null,
      entity_id: user_id,
    }));
    await writeToOutbox(tx, { trace_id: randomUUID(), change_id: null, actor_id: null, at: clock.now() }, drafts);
    return over.length;
  });
}
