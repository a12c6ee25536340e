// SQL of health.
import { type Handle, queryText } from '../../db/transaction.ts';

/** Release of PostgreSQL, such as `18.1`. No table. */
export async function serverVersion(handle: Handle): Promise<string> {
  return (await queryText(handle, 'show server_version')) ?? '';
}
