// Decides about the first administrator: a one-time code printed at start, or a name and password from the environment.
import { hash, randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { type UserWithGrants, username as usernameSchema } from '@taylordash/core/entities';
import { Type } from 'typebox';
import type { Database } from '../../db/database.ts';
import { type Handle, transaction } from '../../db/transaction.ts';
import { loaded } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Client } from '../../kernel/context.ts';
import { changePayload, writeToOutbox } from '../../kernel/outbox.ts';
import { invalidField, Problem } from '../../kernel/problem.ts';
import { checker } from '../../kernel/validation.ts';
import { recordSignIn } from './audit.ts';
import { type PasswordHasher, refuseWeakPassword } from './passwords.ts';
import * as queries from './queries.ts';
import * as setupCodes from './setup-queries.ts';
import type { Opened, SignInService } from './sign-in-service.ts';

/** Without letters and digits that look alike. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const codeMinutes = 30;
const mostTries = 5;

export interface SetupDependencies {
  database: Database;
  clock: Clock;
  hasher: PasswordHasher;
  signIn: SignInService;
  host: string;
  wake(): void;
}

export interface SetupCode {
  code: string;
  /** ISO 8601. */
  expires_at: string;
}

export type SetupService = ReturnType<typeof setupService>;

const named = checker(Type.Object({ username: usernameSchema }));

export function setupService({ database, clock, hasher, signIn, host, wake }: SetupDependencies) {
  const { auth } = database;

  /** Makes the first administrator, under a lock against a second one at the same moment. */
  async function makeAdmin(
    tx: Handle,
    username: string,
    password_hash: string,
    trace_id: string,
  ): Promise<UserWithGrants> {
    await setupCodes.lockFirstAdministrator(tx);
    if ((await queries.countUsers(tx)) > 0) throw new Problem('setup.done', { detail: 'Sign in instead.' });
    const json = await queries.insertUser(tx, { username, password_hash, role: 'admin' });
    const user = loaded<UserWithGrants>(json).entity;
    const change_id = randomUUID();
    const actor = { id: user.id, name: username, type: 'user' as const };
    const payload = changePayload({ actor, change_id }, json, {});
    const origin = { trace_id, change_id, actor_id: user.id, at: clock.now() };
    await writeToOutbox(tx, origin, [{ kind: 'user_created', payload, project_id: null, entity_id: user.id }]);
    const audit = { event_type: 'user_created', user_id: user.id, actor_name: username, subject_id: user.id };
    await queries.insertAudit(tx, { ...audit, address: null, user_agent: null, details: { first: true, trace_id } });
    return user;
  }

  /** Throws unless this is the code. A wrong one counts, in a transaction of its own, so that it counts whatever follows. */
  async function checkCode(code: string): Promise<{ id: string; expires_at: string }> {
    if ((await queries.countUsers(auth)) > 0) throw new Problem('setup.done', { detail: 'Sign in instead.' });
    const outcome = await transaction(auth, async (tx) => {
      const row = await setupCodes.lockSetupCode(tx);
      if (!row?.live || row.tries >= mostTries) return { ended: row };
      if (timingSafeEqual(row.code_hash, codeHash(code))) return { right: row };
      await setupCodes.countSetupTry(tx, row.id);
      return { left: mostTries - row.tries - 1 };
    });
    if (outcome.right) return outcome.right;
    if (outcome.left !== undefined && outcome.left > 0) {
      const detail = `is not the code that TaylorDash printed at its start; ${outcome.left} tries are left`;
      throw new Problem('setup.wrong_code', { detail: `/code ${detail}.`, errors: [{ pointer: '/code', detail }] });
    }
    throw new Problem('setup.code_ended', {
      detail: 'Run `npx taylordash setup` for a new one.',
      extensions: outcome.ended ? { expired_at: outcome.ended.expires_at } : {},
    });
  }

  return {
    needed: async (): Promise<boolean> => (await queries.countUsers(auth)) === 0,

    newCode: (): Promise<SetupCode | null> => newSetupCode(auth),

    checkCode,

    async setUp(
      input: { code: string; username: string; password: string },
      client: Client,
      trace_id: string,
    ): Promise<Opened> {
      const { id } = await checkCode(input.code);
      await refuseWeakPassword(input.password, input.username, host);
      const password_hash = await hasher.hash(input.password);
      const opened = await transaction(auth, async (tx) => {
        if (!(await setupCodes.useSetupCode(tx, id))) throw new Problem('setup.code_ended');
        const user = await makeAdmin(tx, input.username, password_hash, trace_id);
        const session = await signIn.open(tx, user.id, client, true);
        const { id: user_id, username } = user;
        await recordSignIn(tx, { kind: 'login_success', user_id, username, ...client, trace_id }, clock);
        return session;
      });
      wake();
      return opened;
    },

    /** The administrator that the environment names, on a first start. False where there are users already. */
    async setUpFromEnvironment(username: string, password: string): Promise<boolean> {
      if ((await queries.countUsers(auth)) > 0) return false;
      const [fault] = named({ username });
      if (fault) throw invalidField('/username', fault.detail);
      await refuseWeakPassword(password, username, host);
      const password_hash = await hasher.hash(password);
      await transaction(auth, (tx) => makeAdmin(tx, username, password_hash, randomUUID()));
      wake();
      return true;
    },
  };
}

/** Typed by hand, so spaces, dashes and case do not count. */
function codeHash(code: string): Buffer {
  return Buffer.from(hash('sha256', code.toUpperCase().replace(/[^A-Z0-9]/g, ''), 'hex'), 'hex');
}

/** Makes a new code in the place of any older one; null where TaylorDash is set up already. */
export async function newSetupCode(auth: Handle): Promise<SetupCode | null> {
  if ((await queries.countUsers(auth)) > 0) return null;
  const letters = Array.from({ length: 8 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  const code = `${letters.slice(0, 4)}-${letters.slice(4)}`;
  const expires_at = await setupCodes.replaceSetupCode(auth, codeHash(code), codeMinutes);
  return { code, expires_at };
}
