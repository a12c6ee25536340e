// Sessions: how long they last, their tokens, and who a token belongs to.
import { hash, randomBytes } from 'node:crypto';
import type { Actor, HeldGrant } from '@taylordash/core/permissions';
import type { Handle } from '../../db/transaction.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { SignedIn } from '../../kernel/context.ts';
import * as sessions from './session-queries.ts';

const hour = 3600;
const day = 24 * hour;
/** Seconds that a session lasts in all, and without activity. */
export const sessionLimits = {
  usual: { seconds: day, idle_seconds: 12 * hour },
  kept: { seconds: 30 * day, idle_seconds: 30 * day },
} as const;
/** Open sessions of one user; the oldest end beyond. */
export const mostSessions = 20;

/** How long a server may go on with what it knows of a session: a right removed is gone within this time. */
const cacheMilliseconds = 900;
const mostCached = 10_000;

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a token: a copy of the database lets nobody in. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'hex');
}

export interface SessionLookup {
  /** Who this token belongs to, or null. */
  authenticate(token: string): Promise<SignedIn | null>;
  /** An active user with their rights, or null: for who acts without a session of their own. */
  actorOf(user_id: string): Promise<Actor | null>;
  /** Does this session still hold? Asked each second for every open stream, so many are answered by one query. */
  holds(session_id: string): Promise<boolean>;
  /** Asks the database again from now on: something about sessions or rights has changed. */
  forget(): void;
}

export function sessionLookup(auth: Handle, clock: Clock): SessionLookup {
  const cache = new Map<string, { found: Promise<SignedIn | null>; until: number }>();

  async function look(key: string): Promise<SignedIn | null> {
    const row = await sessions.resolveSession(auth, key);
    if (!row) return null;
    return { session_id: row.session_id, actor: actorFrom(row) };
  }

  let asked: { ids: Set<string>; alive: Promise<ReadonlySet<string>> } | null = null;

  return {
    async actorOf(user_id) {
      const row = await sessions.resolveUser(auth, user_id);
      return row && actorFrom(row);
    },
    async holds(session_id) {
      if (!asked) {
        const ids = new Set<string>();
        // Whoever asks before the query goes out is in it.
        const alive = new Promise((resolve) => setTimeout(resolve, 50)).then(() => {
          asked = null;
          return sessions.liveSessions(auth, [...ids]);
        });
        asked = { ids, alive };
      }
      asked.ids.add(session_id);
      return (await asked.alive).has(session_id);
    },
    authenticate(token) {
      if (!/^[\w-]{43}$/.test(token)) return Promise.resolve(null);
      const key = tokenHash(token);
      const known = cache.get(key);
      const now = clock.now();
      // A clock that was set back must not keep an old answer alive.
      if (known && now < known.until && now > known.until - 2 * cacheMilliseconds) return known.found;
      if (cache.size >= mostCached) cache.clear();
      const found = look(key);
      cache.set(key, { found, until: now + cacheMilliseconds });
      found.then(
        (result) => result === null && cache.delete(key),
        () => cache.delete(key),
      );
      return found;
    },
    forget: () => cache.clear(),
  };
}

function actorFrom({
  user_id,
  username,
  role,
  time_zone,
  grants,
}: Omit<sessions.ResolvedSession, 'session_id'>): Actor {
  // Written by PostgreSQL from rows of user_grants.
  const held: HeldGrant[] = JSON.parse(grants);
  return { id: user_id, username, role, time_zone, grants: held };
}
