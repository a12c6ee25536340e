// Runs work in a transaction, again where PostgreSQL asks for it; and the shortest way to one text value.
import { CompiledQuery, type IsolationLevel, type Kysely, type Transaction } from 'kysely';
import { classify } from './errors.ts';
import type { DB } from './types.gen.ts';

/** A database or a transaction: what a query function takes first. */
export type Handle = Kysely<DB>;

const MOST_ATTEMPTS = 5;

/**
 * Commits what `fn` did, or nothing. On a serialization failure or a deadlock `fn` runs again, at most five times in all:
 * it must have no effect outside the transaction.
 */
export async function transaction<T>(
  db: Kysely<DB>,
  fn: (trx: Transaction<DB>) => Promise<T>,
  options: { isolation?: IsolationLevel } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const builder = db.transaction();
      return await (options.isolation === undefined ? builder : builder.setIsolationLevel(options.isolation)).execute(
        fn,
      );
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || classify(error).kind !== 'retry') throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt));
    }
  }
}

/**
 * First column of the first row as text, or null where there is no row or it is null. For bodies that SQL builds as JSON:
 * cast to ::text there, so that nothing is parsed to be serialised again.
 */
export async function queryText(handle: Handle, text: string, values: readonly unknown[] = []): Promise<string | null> {
  const result = await handle.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, [...values]));
  const row = result.rows[0];
  if (row === undefined) return null;
  for (const column in row) {
    const value = row[column];
    if (value === null) return null;
    if (typeof value === 'string') return value;
    throw new TypeError(`the column ${column} is not text: cast it`);
  }
  return null;
}
