// What an error from the database means to whoever asked for something. (Whether a message is at fault: events/sqlstate.ts.)

/**
 * constraint: a named constraint refused the row. data: the values cannot be stored, whatever the state. retry: run the
 * transaction again. unavailable: the database is away or not able now. bug: anything else.
 */
export type DatabaseFailure =
  | { kind: 'constraint'; constraint: string; sqlstate: string }
  | { kind: 'data'; sqlstate: string }
  | { kind: 'retry'; sqlstate: string }
  | { kind: 'unavailable'; sqlstate?: string }
  | { kind: 'bug'; sqlstate?: string };

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOENT',
]);

// pg gives these no code.
const LOST_CONNECTION =
  /^(Connection terminated|Client has encountered a connection error|Client was closed and is not queryable|timeout exceeded when trying to connect|timeout expired|Query read timeout|Cannot use a pool after calling end)/;

// Shutdown, crash, standby, lost connection, timeouts of statement and idle transaction, failover to a read-only node.
const AWAY = new Set(['57014', '57P01', '57P02', '57P03', '57P05', '25006', '25P03', '25P04', '3D000']);

// 08 connection, 28 login, 53 resources (disk full, too many connections), 58 system, F0 configuration file.
const AWAY_CLASSES = new Set(['08', '28', '53', '58', 'F0']);

/** Tells what an error thrown by a query, a connection or a pool means. */
export function classify(error: unknown): DatabaseFailure {
  if (!(error instanceof Error)) return { kind: 'bug' };
  if (error instanceof AggregateError && error.errors.length > 0) return classify(error.errors[0]);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return LOST_CONNECTION.test(error.message) ? { kind: 'unavailable' } : { kind: 'bug' };
  if (NETWORK.has(code)) return { kind: 'unavailable' };
  if (!/^[0-9A-Z]{5}$/.test(code)) return { kind: 'bug' };
  const sqlstate = code;
  if (sqlstate === '40001' || sqlstate === '40P01' || sqlstate === '55P03' || isStalePlan(error))
    return { kind: 'retry', sqlstate };
  const constraint = 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
  if (sqlstate.startsWith('23')) {
    if (constraint !== undefined) return { kind: 'constraint', constraint, sqlstate };
    // A check violation without a constraint is a missing partition: nothing is wrong with the row.
    return sqlstate === '23514' ? { kind: 'unavailable', sqlstate } : { kind: 'data', sqlstate };
  }
  if (sqlstate.startsWith('22') || sqlstate.startsWith('54')) return { kind: 'data', sqlstate };
  if (AWAY.has(sqlstate) || AWAY_CLASSES.has(sqlstate.slice(0, 2))) return { kind: 'unavailable', sqlstate };
  return { kind: 'bug', sqlstate };
}

/** A prepared statement whose result changed shape under it, because a newer release migrated the database. */
export function isStalePlan(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === '0A000' &&
    error.message.startsWith('cached plan must not change')
  );
}

/** The connection is of no use any more: its peer does not answer, or since a failover only lets itself be read. */
export function isSpent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.message === 'Query read timeout' || ('code' in error && error.code === '25006');
}
