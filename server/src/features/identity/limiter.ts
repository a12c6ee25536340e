// Slows guessing of passwords down, per account and per address, without ever locking anyone out. Shared by all servers.
import { isIP } from 'node:net';
import { sql } from 'kysely';
import type { Handle } from '../../db/transaction.ts';
import { Problem } from '../../kernel/problem.ts';

/** Failures that cost nothing. */
const freeFailures = 5;
const longestDelaySeconds = 15 * 60;

export interface LoginLimits {
  account: string;
  address: string;
}

/** What a failure counts against: the name as typed, known or not, and the address or its /64. */
export function limitsFor(username: string, address: string): LoginLimits {
  return { account: username.normalize('NFC').toLowerCase().slice(0, 255), address: addressPrefix(address) };
}

export function addressPrefix(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = plain.split('%', 1)[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return `${[...left, ...middle, ...right]
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}

/** Throws auth.too_many_attempts while a delay runs; the same for names that exist and names that do not. Primary key; no lock. */
export async function checkLimits(handle: Handle, limits: Partial<LoginLimits>): Promise<void> {
  const result = await sql<{ wait: number }>`
    select ceil(extract(epoch from max(blocked_until) - now()))::int as wait from taylordash.login_limits
    where ((scope = 'account' and subject = ${limits.account ?? null}) or (scope = 'address' and subject = ${limits.address ?? null}))
      and blocked_until > now()`.execute(handle);
  const wait = result.rows[0]?.wait;
  if (typeof wait === 'number' && wait > 0) {
    throw new Problem('auth.too_many_attempts', { detail: `Try again in ${wait} s.`, retry_after: wait });
  }
}

/** Counts a failure; from the fifth on the next try waits 1, 2, 4 … seconds, a quarter of an hour at the most. Locks both rows, the account's first. */
export async function countFailure(tx: Handle, limits: LoginLimits): Promise<void> {
  for (const [scope, subject] of [
    ['account', limits.account],
    ['address', limits.address],
  ]) {
    await sql`
      insert into taylordash.login_limits as l (scope, subject, failures) values (${scope}, ${subject}, 1)
      on conflict (scope, subject) do update set
        failures = case when l.updated_at < now() - interval '1 day' then 1 else least(l.failures + 1, 1000) end,
        blocked_until = case when l.updated_at >= now() - interval '1 day' and l.failures + 1 >= ${freeFailures}
          then now() + make_interval(secs => least(power(2, least(l.failures + 1 - ${freeFailures}, 20)), ${longestDelaySeconds})) end`.execute(
      tx,
    );
  }
}

/** A right password clears what counted against the account; the address keeps its count. Primary key; locks the row. */
export async function clearAccount(tx: Handle, limits: LoginLimits): Promise<void> {
  await sql`delete from taylordash.login_limits where scope = 'account' and subject = ${limits.account}`.execute(tx);
}

/** Forgets failures that count no more. Index idx_login_limits_updated_at. */
export async function forgetOldLimits(handle: Handle): Promise<void> {
  await sql`delete from taylordash.login_limits where updated_at < now() - interval '2 days'`.execute(handle);
}
