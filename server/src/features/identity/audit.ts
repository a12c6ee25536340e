// Sign-ins and account changes, told twice in one transaction: a row of the audit log and an event.
import type { EventActor, EventKind } from '@taylordash/core/events';
import type { Handle } from '../../db/transaction.ts';
import type { Clock } from '../../kernel/clock.ts';
import { systemActor, writeToOutbox } from '../../kernel/outbox.ts';
import * as queries from './queries.ts';

export interface SignInFacts {
  kind: 'login_success' | 'login_failed' | 'logout';
  user_id: string | null;
  /** As typed, where nobody has that name. */
  username: string;
  address: string;
  user_agent: string | null;
  trace_id: string;
  details?: Readonly<Record<string, unknown>>;
}

/** Records a sign-in, a failed one or a sign-out. */
export async function recordSignIn(tx: Handle, facts: SignInFacts, clock: Clock): Promise<void> {
  const { kind, user_id, username, address, user_agent, trace_id } = facts;
  const event_type: EventKind = kind;
  await queries.insertAudit(tx, {
    event_type,
    user_id,
    actor_name: username,
    subject_id: user_id,
    address,
    user_agent,
    details: { trace_id, ...facts.details },
  });
  const known = kind !== 'login_failed' && user_id !== null;
  const actor: EventActor = known ? { id: user_id, name: username, type: 'user' } : systemActor;
  const payload = JSON.stringify({ actor, user_id, username, address });
  const origin = { trace_id, change_id: null, actor_id: known ? user_id : null, at: clock.now() };
  await writeToOutbox(tx, origin, [{ kind, payload, project_id: null, entity_id: user_id }]);
}
