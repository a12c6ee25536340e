// Admits devices to the embedded broker by the accounts that administrators made, and slows down who guesses.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Handle } from '../../db/transaction.ts';
import {
  type Admission,
  type Applicant,
  anonymous,
  anonymousDoor,
  type Door,
  type Rights,
  refuse,
} from '../../events/door.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { reloader } from '../../kernel/reload.ts';
import { type Account, allAccounts } from './queries.ts';
import type { DeviceWatch } from './watch.ts';

export interface DeviceDoorOptions {
  db: Handle;
  clock: Clock;
  watch: DeviceWatch;
  log: Log;
  /** May clients without an account connect from this machine? */
  anonymous(): boolean;
  /** A client of the server's own: as an anonymous one, but always admitted. */
  own: { username: string; password: string };
}

export interface DeviceDoor extends Door {
  /** Reads the accounts anew. */
  reload(): Promise<void>;
  /** What people call a device; null where it is gone. */
  nameOf(identity: string): string | null;
  /** A device that may connect, and the user that its commands act as; null where there is none such. */
  deviceOf(identity: string): Pick<Account, 'name' | 'acts_as'> | null;
}

/** Failures that cost nothing, and the longest wait after more of them, in milliseconds. */
const freeFailures = 5;
const longestWait = 15 * 60_000;
const mostRemembered = 10_000;

/** Reads the accounts; the broker then asks nothing of the database for a connection. */
export async function deviceDoor(options: DeviceDoorOptions): Promise<DeviceDoor> {
  const { db, clock, watch, log, own } = options;
  const nobody = anonymousDoor(options.anonymous);
  const byName = new Map<string, Account>();
  const byId = new Map<string, Account>();
  const rights = new Map<string, Rights>();
  const failures = new Map<string, { count: number; until: number }>();

  async function load(): Promise<void> {
    const accounts = await allAccounts(db);
    for (const map of [byName, byId, rights]) map.clear();
    for (const account of accounts) {
      const { id, name, username, publish_filters, subscribe_filters } = account;
      byId.set(id, account);
      if (!account.enabled) continue;
      byName.set(username, account);
      rights.set(id, { identity: id, name, publish: publish_filters, subscribe: subscribe_filters });
    }
  }

  function admit({ username, password, address }: Applicant & { username: string }): Admission {
    // Not by the name alone: somebody elsewhere must not be able to keep a device out.
    // A name may have 64 KB, and thousands are remembered.
    const shown = JSON.stringify(username.slice(0, 60));
    const guess = `${address}\0${username.length > 60 ? secretHash(username).toString('hex') : username}`;
    const before = failures.get(guess);
    const wait = (before?.until ?? 0) - clock.now();
    if (wait > 0)
      return refuse(`too many wrong passwords for ${shown}; the next try counts in ${Math.ceil(wait / 1000)} s`);
    const account = byName.get(username);
    const right = sameSecret(password, account?.secret_hash ?? null);
    const its = account && right ? rights.get(account.id) : undefined;
    if (its) {
      failures.delete(guess);
      return { ok: true, rights: its };
    }
    const count = (before?.count ?? 0) + 1;
    const until = count < freeFailures ? 0 : clock.now() + Math.min(2 ** (count - freeFailures) * 1000, longestWait);
    failures.delete(guess);
    if (failures.size >= mostRemembered) failures.delete(failures.keys().next().value ?? '');
    failures.set(guess, { count, until });
    if (account) watch.refused(account.id, `wrong password, from ${address}`);
    return refuse(`the user name ${shown} or its password is wrong`, true);
  }

  await load();
  return {
    reload: reloader('the accounts of devices', load, log),
    nameOf: (identity) => byId.get(identity)?.name ?? null,
    deviceOf(identity) {
      const account = byId.get(identity);
      return account?.enabled ? account : null;
    },
    async admit(applicant) {
      const { username, password } = applicant;
      if (username === null) return nobody.admit(applicant);
      if (username === own.username && sameSecret(password, secretHash(own.password)))
        return { ok: true, rights: anonymous };
      return admit({ ...applicant, username });
    },
    rightsOf: (identity) => (identity === '' ? nobody.rightsOf('') : (rights.get(identity) ?? null)),
    connected: ({ identity }, applicant) => {
      if (identity !== '') watch.connected(identity, applicant);
    },
    left: (identity, client_id) => {
      if (identity !== '') watch.left(identity, client_id);
    },
    heard: ({ identity }, message) => watch.heard(identity === '' ? null : identity, message),
    refused: ({ identity }, what) => {
      if (identity !== '') watch.refused(identity, what);
    },
    turnedAway(username, why) {
      const account = username === null ? undefined : byName.get(username);
      if (account) watch.refused(account.id, why);
    },
  };
}

/** What is kept of a device's password. It is random and long: a slow hash would add nothing. */
export function secretHash(password: string | Buffer): Buffer {
  return createHash('sha256').update(password).digest();
}

/** Takes as long for a name that nobody has. */
function sameSecret(password: Buffer | null, hash: Buffer | null): boolean {
  const given = secretHash(password ?? '');
  return timingSafeEqual(given, hash ?? given) && hash !== null && password !== null;
}
