// Which errors of the database mean that the message itself is at fault. Everything else is retried.

export function sqlstateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/**
 * 22 (data), 54 (limits), NOT NULL and CHECK violations. A CHECK violation that names no constraint is a missing partition:
 * nothing is wrong with the row then.
 */
export function isDataError(error: unknown): boolean {
  const sqlstate = sqlstateOf(error);
  if (sqlstate === null) return false;
  if (sqlstate === '23514') return !isMissingPartition(error);
  return sqlstate.startsWith('22') || sqlstate.startsWith('54') || sqlstate === '23502';
}

export function isMissingPartition(error: unknown): boolean {
  if (sqlstateOf(error) !== '23514' || !(error instanceof Error)) return false;
  return !('constraint' in error) || error.constraint === undefined;
}
