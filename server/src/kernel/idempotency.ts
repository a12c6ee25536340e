// Recognises a repeat of a request by its Idempotency-Key: the first use keeps its answer for a day, in its own transaction.
import { sql } from 'kysely';
import type { Handle } from '../db/transaction.ts';
import type { IdempotentRequest } from './context.ts';
import { Problem } from './problem.ts';

/** What a repeat is answered with: the parts of an answer that the first use made. */
export interface KeptAnswer {
  /** The entity as JSON text. */
  json?: string;
  version?: number;
  location?: string;
  /** The change that was made; left out where nothing changed. */
  change_id?: string;
}

/**
 * Takes the key for this request, or returns the answer that its first use got. A first use that still runs is waited for:
 * its uncommitted row holds the primary key. Index idempotency_keys_pkey.
 * Throws request.idempotency_key_reused where the key stands for another request.
 */
export async function claimKey(tx: Handle, user_id: string, request: IdempotentRequest): Promise<KeptAnswer | null> {
  const claimed = await sql`
    insert into taylordash.idempotency_keys (user_id, key, method, path, request_hash)
    values (${user_id}, ${request.key}, ${request.method}, ${request.path}, ${request.request_hash})
    on conflict (user_id, key) do update set method = excluded.method, path = excluded.path,
      request_hash = excluded.request_hash, status = null, headers = null, body = null, created_at = now()
      where idempotency_keys.created_at < now() - interval '1 day'
    returning key`.execute(tx);
  if (claimed.rows.length > 0) return null;
  const found = await sql<{
    method: string;
    path: string;
    request_hash: Buffer;
    headers: string | null;
    body: string | null;
  }>`
    select method, path, request_hash, headers::text as headers, body from taylordash.idempotency_keys
    where user_id = ${user_id} and key = ${request.key}`.execute(tx);
  const row = found.rows[0];
  if (!row) throw new Problem('request.idempotency_key_busy');
  if (row.method !== request.method || row.path !== request.path || !row.request_hash.equals(request.request_hash)) {
    throw new Problem('request.idempotency_key_reused', {
      detail: 'Send another Idempotency-Key, or the same request again.',
    });
  }
  const headers: KeptAnswer = row.headers === null ? {} : JSON.parse(row.headers);
  return { ...headers, ...(row.body === null ? {} : { json: row.body }) };
}

/** Keeps the answer beside its key, in the transaction of the change. Locks the row, which claimKey inserted; primary key. */
export async function keepAnswer(
  tx: Handle,
  user_id: string,
  request: IdempotentRequest,
  written: KeptAnswer,
): Promise<void> {
  const { json, version, location, change_id } = written;
  await sql`
    update taylordash.idempotency_keys
    set status = 201, headers = ${JSON.stringify({ version, location, change_id })}::jsonb, body = ${json ?? null}
    where user_id = ${user_id} and key = ${request.key}`.execute(tx);
}

/** Forgets answers that are kept no longer. Index idx_idempotency_keys_created_at. */
export async function forgetOldKeys(handle: Handle): Promise<void> {
  await sql`delete from taylordash.idempotency_keys where created_at < now() - interval '1 day'`.execute(handle);
}
