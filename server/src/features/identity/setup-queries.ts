// SQL of set-up: its codes, and the lock under which the first administrator is made. All as td_auth.
import { sql } from 'kysely';
import type { Handle } from '../../db/transaction.ts';

export interface SetupCodeRow {
  id: string;
  code_hash: Buffer;
  tries: number;
  expires_at: string;
  /** Neither used nor expired. */
  live: boolean;
}

/** Held until the transaction ends: only one at a time looks whether there are users yet. */
export async function lockFirstAdministrator(tx: Handle): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('taylordash first administrator'))`.execute(tx);
}

/** The newest set-up code under a lock, or null. Index idx_setup_codes_created_at. */
export async function lockSetupCode(tx: Handle): Promise<SetupCodeRow | null> {
  const result = await sql<SetupCodeRow>`
    select id, code_hash, tries, taylordash.iso(expires_at) as expires_at, used_at is null and expires_at > now() as live
    from taylordash.setup_codes order by created_at desc limit 1 for update`.execute(tx);
  return result.rows[0] ?? null;
}

/** Primary key; the row is locked by lockSetupCode. */
export async function countSetupTry(tx: Handle, id: string): Promise<void> {
  await sql`update taylordash.setup_codes set tries = tries + 1 where id = ${id}::uuid`.execute(tx);
}

/** Uses a code up; false where it was used or has expired meanwhile. Locks its row; primary key. */
export async function useSetupCode(tx: Handle, id: string): Promise<boolean> {
  const result = await sql`
    update taylordash.setup_codes set used_at = now()
    where id = ${id}::uuid and used_at is null and expires_at > now() returning id`.execute(tx);
  return result.rows.length > 0;
}

/** Puts a new code in the place of all others; returns when it ends. */
export async function replaceSetupCode(handle: Handle, code_hash: Buffer, minutes: number): Promise<string> {
  const result = await sql<{ expires_at: string }>`
    with gone as (delete from taylordash.setup_codes)
    insert into taylordash.setup_codes (code_hash, expires_at) values (${code_hash}, now() + make_interval(mins => ${minutes}))
    returning taylordash.iso(expires_at) as expires_at`.execute(handle);
  return result.rows[0]?.expires_at ?? '';
}
