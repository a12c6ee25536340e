// What the leader forgets of dead letters from time to time: those discarded 30 days ago, and old dry runs. Open ones never.
import type { Handle } from '../../db/transaction.ts';
import { forgetDiscarded, forgetDryRuns } from './queries.ts';

const batchRows = 1000;

export async function tidyDeadLetters(db: Handle): Promise<void> {
  await forgetDryRuns(db);
  while ((await forgetDiscarded(db, batchRows)) === batchRows);
}
