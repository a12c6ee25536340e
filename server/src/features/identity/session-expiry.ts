// Sessions that are over: ended, with an audit row and an event each.
import type { Database } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import type { Clock } from '../../kernel/clock.ts';
import { systemActor, systemOrigin, writeToOutbox } from '../../kernel/outbox.ts';
import * as sessions from './session-queries.ts';

/** Ends sessions past their limits, and tells of each. Returns how many. */
export async function expireSessions(database: Database, clock: Clock): Promise<number> {
  return transaction(database.auth, async (tx) => {
    const over = await sessions.overdueSessions(tx);
    if (over.length === 0) return 0;
    await sessions.endOverdueSessions(tx);
    const drafts = over.map(({ user_id, username, address }) => ({
      kind: 'session_expired' as const,
      payload: JSON.stringify({ actor: systemActor, user_id, username, address }),
      project_id: null,
      entity_id: user_id,
    }));
    await writeToOutbox(tx, systemOrigin(clock), drafts);
    return over.length;
  });
}
