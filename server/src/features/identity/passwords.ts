// Passwords: how they are kept, compared without blocking the event loop, and which are refused.
import { createHmac, randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import { Problem } from '../../kernel/problem.ts';

/** bcrypt cost: 2^12 rounds, about a quarter of a second. */
const hashCost = 12;
/** Hashes at work at once: half of libuv's four threads, so that files and name look-ups go on. */
const atOnce = 2;
/** Hashes that may wait; beyond, callers are told to come back. */
const mostWaiting = 64;

const label = 'taylordash password v1';

/**
 * What bcrypt sees: it stops at 72 bytes and at NUL, so it is given the base64 of an HMAC-SHA-384 instead. The password counts
 * as typed, in Unicode form NFC: nothing trimmed, no case folded.
 */
function digest(password: string): string {
  return createHmac('sha384', label).update(password.normalize('NFC')).digest('base64');
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Compares with a hash, or with one of nobody where it is null: unknown users take as long as known ones. */
  verify(password: string, hash: string | null): Promise<boolean>;
  /** Was this hash made with a lower cost than today's? */
  isOutdated(hash: string): boolean;
}

export function passwordHasher(cost: number = hashCost): PasswordHasher {
  const waiting: (() => void)[] = [];
  let running = 0;
  let nobody: Promise<string> | null = null;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) {
        throw new Problem('server.busy', { detail: 'Too many people are signing in at once.', retry_after: 5 });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    hash: (password) => inTurn(() => bcrypt.hash(digest(password), cost)),
    async verify(password, hash) {
      nobody ??= bcrypt.hash(randomBytes(32).toString('base64'), cost);
      const against = hash ?? (await nobody);
      const same = await inTurn(() => bcrypt.compare(digest(password), against));
      return same && hash !== null;
    },
    isOutdated: (hash) => bcrypt.getRounds(hash) < cost,
  };
}

let common: Promise<ReadonlySet<string>> | null = null;

/** Passwords that attackers try first; loaded when somebody first chooses one. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map((entry) => String(entry).toLowerCase())),
  );
  return common;
}

/** Throws auth.weak_password where it is known, or is the name of the user, of TaylorDash or of this machine. */
export async function refuseWeakPassword(
  password: string,
  username: string,
  host: string,
  pointer = '/password',
): Promise<void> {
  const plain = password.normalize('NFC').toLowerCase();
  const refuse = (detail: string) => {
    throw new Problem('auth.weak_password', { detail, errors: [{ pointer, detail }] });
  };
  if ([...password].length < 8) refuse('must have at least 8 characters');
  if (
    ['taylordash', username, host].some((name) => name !== '' && plain.replace(/[^\p{L}\p{N}]/gu, '') === bare(name))
  ) {
    refuse('must not be a name that is easy to guess here');
  }
  if ((await commonPasswords()).has(plain)) refuse('is one of the passwords that are tried first; choose another');
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
