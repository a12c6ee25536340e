// SQL of layouts: one function a statement. All as td_auth, like the profile.
import type { Layout } from '@taylordash/core/entities';
import { sql } from 'kysely';
import { pageAsJson } from '../../db/keyset.ts';
import { assignments, columnsAndValues, onlyJson } from '../../db/row.ts';
import { type Handle, queryText } from '../../db/transaction.ts';

export interface LayoutFilter {
  limit?: number;
  cursor?: string;
  project_id?: string;
}

/** One page of somebody's own layouts and of all that are shared, by name. Indexes idx_layouts_user_id and idx_layouts_shared. */
export function listLayouts(handle: Handle, filter: LayoutFilter, user_id: string): Promise<string> {
  const where = [sql`(l.user_id = ${user_id}::uuid or l.shared)`];
  if (filter.project_id !== undefined) {
    where.push(sql`(l.project_id = ${filter.project_id}::uuid or l.project_id is null)`);
  }
  return pageAsJson({
    handle,
    from: 'taylordash.layouts l',
    json: 'taylordash.layout_json(l)',
    id: 'l.id',
    id_type: 'uuid',
    where,
    sort: { name: 'name', by: { column: 'l.name', type: 'text' }, descending: false },
    limit: filter.limit ?? 50,
    cursor: filter.cursor,
  });
}

/** JSON text of a layout, or null. Primary key. */
export function findLayout(handle: Handle, id: string): Promise<string | null> {
  return queryText(handle, 'select taylordash.layout_json(l)::text from taylordash.layouts l where l.id = $1::uuid', [
    id,
  ]);
}

/** The same under a lock on its row (FOR NO KEY UPDATE). */
export function lockLayout(tx: Handle, id: string): Promise<string | null> {
  return queryText(
    tx,
    'select taylordash.layout_json(l)::text from taylordash.layouts l where l.id = $1::uuid for no key update',
    [id],
  );
}

/**
 * How many layouts somebody has, under a lock on the account (FOR NO KEY UPDATE), so that two requests do not both make the
 * last one. Primary key; idx_layouts_user_id.
 */
export async function lockAndCount(tx: Handle, user_id: string): Promise<number> {
  await queryText(tx, 'select id::text from public.users where id = $1::uuid for no key update', [user_id]);
  return Number(
    await queryText(tx, 'select count(*)::text from taylordash.layouts where user_id = $1::uuid', [user_id]),
  );
}

/** Inserts and returns the JSON text. */
export async function insertLayout(tx: Handle, fields: Partial<Layout>): Promise<string> {
  const { columns, values } = columnsAndValues(fields);
  const result = await sql<{ json: string }>`
    insert into taylordash.layouts as l (${columns}) values (${values})
    returning taylordash.layout_json(l)::text as json`.execute(tx);
  return onlyJson(result.rows);
}

/** Sets the given fields and returns the JSON text. The row is locked already. */
export async function updateLayout(tx: Handle, id: string, fields: Partial<Layout>): Promise<string> {
  const result = await sql<{ json: string }>`
    update taylordash.layouts as l set ${assignments(fields)} where l.id = ${id}::uuid
    returning taylordash.layout_json(l)::text as json`.execute(tx);
  return onlyJson(result.rows);
}

/** Primary key; the row is locked by lockLayout. */
export async function deleteLayout(tx: Handle, id: string): Promise<void> {
  await sql`delete from taylordash.layouts where id = ${id}::uuid`.execute(tx);
}
