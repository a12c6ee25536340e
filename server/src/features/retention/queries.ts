// The policy of events: two settings.
import type { Handle } from '../../db/transaction.ts';
import { keepSetting, readSetting } from '../../kernel/settings.ts';

export interface EventPolicy {
  /** Null: for ever. */
  keep_days: number | null;
  /** Whether what is dropped is archived before. */
  archive: boolean;
}

const names = { keep_days: 'events_keep_days', archive: 'events_archive' } as const;

/** For ever and archived where nobody said otherwise. Primary key; with `lock`, locks both rows, always in this order. */
export async function readPolicy(handle: Handle, lock = false): Promise<EventPolicy> {
  const archive = await readSetting(handle, names.archive, lock);
  const days = await readSetting(handle, names.keep_days, lock);
  return { keep_days: typeof days === 'number' ? days : null, archive: archive !== false };
}

/** Locks both rows. */
export async function writePolicy(tx: Handle, policy: EventPolicy, by: string): Promise<void> {
  await keepSetting(tx, names.archive, policy.archive, by);
  await keepSetting(tx, names.keep_days, policy.keep_days, by);
}
