// A pool for Kysely whose statements are prepared by name, so that PostgreSQL plans each text once a connection.
import { createHash } from 'node:crypto';
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { clientConfig, type Target } from './connect.ts';
import { isSpent, isStalePlan } from './errors.ts';

/** Distinct texts that are kept prepared; every connection holds at most so many. */
const MOST_NAMES = 400;
/** Texts seen once that are remembered. */
const MOST_SEEN = 2_000;

// These have no plan to keep.
const UTILITY = /^\s*(begin|start|commit|rollback|savepoint|release|set|listen|unlisten|notify|lock)\b/i;

export type PoolOptions = { target: Target; application_name: string; size: number; statement_timeout: number };

/** Gives texts their statement names. A text is named when it comes a second time: one-off texts would fill the places. */
export class StatementNames {
  readonly #seen = new Set<string>();
  readonly #names = new Map<string, string>();
  #generation = 0;

  nameOf(text: string): string | undefined {
    const name = this.#names.get(text);
    if (name !== undefined) return name;
    if (UTILITY.test(text)) return undefined;
    if (!this.#seen.delete(text)) {
      if (this.#seen.size >= MOST_SEEN) this.#seen.clear();
      this.#seen.add(text);
      return undefined;
    }
    if (this.#names.size >= MOST_NAMES) return undefined;
    const fresh = `td_${createHash('sha256').update(`${this.#generation} ${text}`).digest('base64url').slice(0, 16)}`;
    this.#names.set(text, fresh);
    return fresh;
  }

  /** The table changed under the statement: it is prepared anew under another name. */
  forget(text: string): void {
    this.#generation += 1;
    this.#names.delete(text);
    this.#seen.add(text);
  }
}

/** Opens a pool as Kysely takes it. Connections are made when needed and closed after half a minute without use. */
export function openPool(options: PoolOptions): PostgresPool {
  const pool = new pg.Pool({
    ...clientConfig(options.target, options.application_name, options.statement_timeout),
    max: options.size,
    idleTimeoutMillis: 30_000,
    // A backend's memory grows with the plans it keeps.
    maxLifetimeSeconds: 3_600,
    idle_in_transaction_session_timeout: 60_000,
  });
  // A connection that breaks is replaced by the pool: while idle the pool tells, between two statements of a transaction the
  // connection itself. Without a listener for each it would end the process; the next statement tells anyway.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const names = new StatementNames();
  const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    async connect() {
      const client = await pool.connect();
      const known = wrapped.get(client);
      if (known !== undefined) return known;
      const naming = wrapClient(client, names);
      wrapped.set(client, naming);
      return naming;
    },
    end: () => pool.end(),
  };
}

function wrapClient(client: pg.PoolClient, names: StatementNames): PostgresPoolClient {
  /** Why nothing more is asked of this connection: another is opened in its place. */
  let spent: Error | undefined;
  function query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query<R>(
    input: string | PostgresCursor<R>,
    values: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof input !== 'string') throw new Error('cursors are not used');
    return run<R>(input, values);
  }
  async function run<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (spent !== undefined) throw spent;
    const name = names.nameOf(text);
    const request = name === undefined ? { text, values: [...values] } : { name, text, values: [...values] };
    try {
      const result = await client.query(request);
      // Row edge: the shape of a row is what the statement selects, which only its author can say.
      return result as unknown as PostgresQueryResult<R>;
    } catch (error) {
      if (isStalePlan(error)) names.forget(text);
      if (error instanceof Error && isSpent(error)) spent = error;
      throw error;
    }
  }
  return { query, release: () => client.release(spent) };
}
