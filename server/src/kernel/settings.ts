// What administrators set in the application: read, kept and told of in one way.
import { sql } from 'kysely';
import { type Handle, queryText } from '../db/transaction.ts';
import { type Change, userActor } from './change.ts';
import { changePayload } from './outbox.ts';

/** The value of a setting, or null where nobody set it. Primary key; with `lock`, locks its row. */
export async function readSetting(handle: Handle, key: string, lock = false): Promise<unknown> {
  const text = `select value::text from taylordash.settings where key = $1${lock ? ' for update' : ''}`;
  return JSON.parse((await queryText(handle, text, [key])) ?? 'null');
}

/** Keeps a setting; `by` null: the server for itself. Locks its row; primary key. */
export async function keepSetting(handle: Handle, key: string, value: unknown, by: string | null): Promise<void> {
  await sql`
    insert into taylordash.settings (key, value, updated_by)
    values (${key}, ${JSON.stringify(value)}::jsonb, ${by}::uuid)
    on conflict (key) do update set value = excluded.value, updated_by = excluded.updated_by`.execute(handle);
}

/** Tells of a setting that changed, and returns what did. */
export function tellOfSetting(change: Change, key: string, before: unknown, after: unknown) {
  const { context, change_id, emitPayload } = change;
  const changed = { value: { before, after } };
  const entity = JSON.stringify({ key, value: after });
  const payload = changePayload({ actor: userActor(context), change_id }, entity, changed);
  emitPayload({ kind: 'settings_changed', payload, project_id: null, entity_id: null });
  return changed;
}
