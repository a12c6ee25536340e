// Decides about signing in and out, the own profile, password and sessions.
import type { User, UserWithGrants } from '@taylordash/core/entities';
import { changedBetween } from '@taylordash/core/events';
import type { Database } from '../../db/database.ts';
import { type Handle, transaction } from '../../db/transaction.ts';
import { checkMetadata, checkTimeZone } from '../../kernel/bounds.ts';
import { type ChangeMaker, checkVersion, fieldsToSet, type Loaded, loaded, type Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Client, Context, SignedIn } from '../../kernel/context.ts';
import { Problem } from '../../kernel/problem.ts';
import { recordSignIn } from './audit.ts';
import { checkLimits, clearAccount, countFailure, limitsFor } from './limiter.ts';
import { type PasswordHasher, refuseWeakPassword } from './passwords.ts';
import * as queries from './queries.ts';
import * as sessions from './session-queries.ts';
import { mostSessions, newToken, type SessionLookup, sessionLimits, tokenHash } from './sessions.ts';

export interface SignInDependencies {
  database: Database;
  changes: ChangeMaker;
  clock: Clock;
  hasher: PasswordHasher;
  lookup: SessionLookup;
  /** Name of this machine; no password may be it. */
  host: string;
  wake(): void;
}

export interface Opened {
  token: string;
  session_id: string;
  expires_at: string;
  user: UserWithGrants;
  /** Seconds that a browser keeps the cookie; null: until it is closed. */
  cookie_seconds: number | null;
}

export type SignInService = ReturnType<typeof signInService>;

export function signInService({ database, changes, clock, hasher, lookup, host, wake }: SignInDependencies) {
  const { auth } = database;

  async function fail(username: string, user_id: string | null, client: Client, trace_id: string): Promise<never> {
    await transaction(auth, async (tx) => {
      await countFailure(tx, limitsFor(username, client.address));
      await recordSignIn(tx, { kind: 'login_failed', user_id, username, ...client, trace_id }, clock);
    });
    wake();
    throw new Problem('auth.invalid_credentials', { detail: 'The user name or the password is wrong.' });
  }

  /** A delay on an account does not keep its owner out of a place where the owner has signed in before. */
  async function checkDelays(username: string, user_id: string | null, address: string): Promise<void> {
    const limits = limitsFor(username, address);
    const known = user_id !== null && (await sessions.isKnownAddress(auth, user_id, address));
    await checkLimits(auth, known ? { address: limits.address } : limits);
  }

  /** Opens a session in the given transaction. */
  async function open(tx: Handle, user_id: string, client: Client, keep: boolean): Promise<Opened> {
    const token = newToken();
    const limits = keep ? sessionLimits.kept : sessionLimits.usual;
    const session = await sessions.insertSession(tx, {
      user_id,
      token_hash: tokenHash(token),
      ...limits,
      keep_signed_in: keep,
      ...client,
    });
    const ended = await sessions.capSessions(tx, user_id, mostSessions);
    const json = await queries.findUser(tx, user_id);
    if (json === null) throw new Problem('auth.invalid_credentials');
    const user = loaded<UserWithGrants>(json).entity;
    if (ended > 0) {
      const audit = {
        event_type: 'sessions_ended',
        user_id,
        actor_name: user.username,
        subject_id: user_id,
        ...client,
      };
      await queries.insertAudit(tx, { ...audit, details: { reason: 'too many sessions', ended } });
    }
    return {
      token,
      session_id: session.id,
      expires_at: session.expires_at,
      user,
      cookie_seconds: keep ? limits.seconds : null,
    };
  }

  return {
    open,

    async login(
      input: { username: string; password: string; keep_signed_in?: boolean },
      client: Client,
      trace_id: string,
    ): Promise<Opened> {
      const { username, password } = input;
      const found = await queries.findCredentials(auth, username.normalize('NFC'));
      await checkDelays(username, found?.id ?? null, client.address);
      const right = await hasher.verify(password, found?.is_active ? found.password_hash : null);
      // Others may have failed while this one waited for its turn: a burst of guesses gets no more answers than a row of them.
      await checkDelays(username, found?.id ?? null, client.address);
      if (!right || !found) return fail(username, found?.id ?? null, client, trace_id);
      const stronger = hasher.isOutdated(found.password_hash) ? await hasher.hash(password) : null;
      const opened = await transaction(auth, async (tx) => {
        await clearAccount(tx, limitsFor(username, client.address));
        await queries.updateUser(tx, found.id, {
          last_login: new Date(clock.now()).toISOString(),
          ...(stronger === null ? {} : { password_hash: stronger }),
        });
        const session = await open(tx, found.id, client, input.keep_signed_in ?? false);
        await recordSignIn(
          tx,
          { kind: 'login_success', user_id: found.id, username: found.username, ...client, trace_id },
          clock,
        );
        return session;
      });
      wake();
      return opened;
    },

    async logout(me: SignedIn, client: Client, trace_id: string): Promise<void> {
      await transaction(auth, async (tx) => {
        await sessions.endSessions(tx, me.actor.id, { only: me.session_id }, 'logout');
        const { id: user_id, username } = me.actor;
        await recordSignIn(tx, { kind: 'logout', user_id, username, ...client, trace_id }, clock);
      });
      lookup.forget();
      wake();
    },

    async me(context: Context): Promise<Loaded<UserWithGrants>> {
      const json = await queries.findUser(auth, context.actor.id);
      if (json === null) throw new Problem('auth.required');
      return loaded<UserWithGrants>(json);
    },

    async updateMe(
      context: Context,
      input: Partial<Pick<User, 'time_zone' | 'week_start' | 'default_view' | 'metadata'>>,
      if_match: number | null,
    ): Promise<Written> {
      checkMetadata(input);
      checkTimeZone(input);
      const { id } = context.actor;
      const written = await changes.changeAccounts(context, async ({ tx, emit }) => {
        const json = await queries.lockUser(tx, id);
        if (json === null) throw new Problem('auth.required');
        const before = loaded<UserWithGrants>(json);
        checkVersion(before, if_match);
        const fields = fieldsToSet<User>(before.entity, input);
        if (!fields) return { json, version: before.entity.version };
        await queries.updateUser(tx, id, fields);
        const after = (await queries.findUser(tx, id)) ?? json;
        const { entity } = loaded<UserWithGrants>(after);
        const changed = changedBetween(before.entity, entity);
        emit({ kind: 'user_updated', project_id: null, entity_id: id, entity: after, changed });
        return { json: after, version: entity.version };
      });
      lookup.forget();
      return written;
    },

    async changePassword(
      context: Context,
      input: { current_password: string; new_password: string; end_other_sessions?: boolean },
      me: SignedIn,
      client: Client,
    ): Promise<void> {
      const { id, username } = context.actor;
      await checkDelays(username, id, client.address);
      const credentials = await queries.credentialsOf(auth, id);
      if (!(await hasher.verify(input.current_password, credentials?.password_hash ?? null))) {
        await transaction(auth, (tx) => countFailure(tx, limitsFor(username, client.address)));
        const detail = 'is not your present password';
        throw new Problem('auth.invalid_credentials', { detail, errors: [{ pointer: '/current_password', detail }] });
      }
      await refuseWeakPassword(input.new_password, username, host, '/new_password');
      const password_hash = await hasher.hash(input.new_password);
      await changes.changeAccounts(context, async ({ tx, change_id, emitPayload }) => {
        await queries.updateUser(tx, id, { password_hash });
        if (input.end_other_sessions !== false) {
          await sessions.endSessions(tx, id, { all_but: me.session_id }, 'password changed');
        }
        const details = { trace_id: context.trace_id };
        const audit = {
          event_type: 'password_changed',
          user_id: id,
          actor_name: username,
          subject_id: id,
          ...client,
          details,
        };
        await queries.insertAudit(tx, audit);
        const actor = { id, name: username, type: 'user' };
        const payload = JSON.stringify({ actor, change_id, user_id: id, username });
        emitPayload({ kind: 'password_changed', payload, project_id: null, entity_id: id });
        return {};
      });
      lookup.forget();
    },

    sessions: (context: Context, me: SignedIn): Promise<string> =>
      sessions.listSessions(auth, context.actor.id, me.session_id),

    /** Ends one of the own sessions, wherever it is open; nothing where it has ended already. */
    async endSession(context: Context, id: string, client: Client): Promise<void> {
      const { id: user_id, username } = context.actor;
      await transaction(auth, async (tx) => {
        if ((await sessions.endSessions(tx, user_id, { only: id }, 'ended by its user')) === 0) return;
        const facts = { kind: 'logout', user_id, username, ...client, trace_id: context.trace_id } as const;
        await recordSignIn(tx, { ...facts, details: { session_id: id } }, clock);
      });
      lookup.forget();
      wake();
    },
  };
}
