// SQL of the policy of events: two settings.
import { sql } from 'kysely';
import type { Handle } from '../../db/transaction.ts';

export interface EventPolicy {
  /** Null: for ever. */
  keep_days: number | null;
  /** Whether what is dropped is archived before. */
  archive: boolean;
}

const names = { keep_days: 'events_keep_days', archive: 'events_archive' } as const;

/** For ever and archived where nobody said otherwise. Primary key; with `lock`, locks both rows. */
export async function readPolicy(handle: Handle, lock = false): Promise<EventPolicy> {
  const { rows } = await sql<{ key: string; value: unknown }>`
    select key, value from taylordash.settings where key in (${names.keep_days}, ${names.archive})
    order by key ${lock ? sql`for update` : sql``}`.execute(handle);
  const kept = new Map(rows.map(({ key, value }) => [key, value]));
  const days = kept.get(names.keep_days);
  return { keep_days: typeof days === 'number' ? days : null, archive: kept.get(names.archive) !== false };
}

/** Locks both rows. */
export async function writePolicy(tx: Handle, policy: EventPolicy, by: string): Promise<void> {
  await sql`
    insert into taylordash.settings (key, value, updated_by)
    values (${names.keep_days}, ${JSON.stringify(policy.keep_days)}::jsonb, ${by}::uuid),
      (${names.archive}, ${JSON.stringify(policy.archive)}::jsonb, ${by}::uuid)
    on conflict (key) do update set value = excluded.value, updated_by = excluded.updated_by`.execute(tx);
}
