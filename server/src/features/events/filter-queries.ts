// SQL of the names in a filter.
import { sql } from 'kysely';
import type { Handle } from '../../db/transaction.ts';

type Called = Record<string, string[]>;

/** Users by name, in lower case. Index users_username_lower_key. */
export async function usersCalled(handle: Handle, names: readonly string[]): Promise<Called> {
  const { rows } = await sql<{ name: string; id: string }>`
    select n.name, u.id::text as id from unnest(${names}::text[]) as n (name)
    join taylordash.people u on lower(u.username) = lower(n.name)`.execute(handle);
  return byName(rows);
}

/** Devices by name, in lower case; several may have the same. Index idx_devices_name. */
export async function devicesCalled(handle: Handle, names: readonly string[]): Promise<Called> {
  const { rows } = await sql<{ name: string; id: string }>`
    select n.name, d.id::text as id from unnest(${names}::text[]) as n (name)
    join taylordash.devices d on lower(d.name) = lower(n.name)`.execute(handle);
  return byName(rows);
}

/** Projects by name, in lower case; several may have the same. Index idx_projects_name_lower. */
export async function projectsCalled(handle: Handle, names: readonly string[]): Promise<Called> {
  const { rows } = await sql<{ name: string; id: string }>`
    select n.name, p.id::text as id from unnest(${names}::text[]) as n (name)
    join public.projects p on lower(p.name) = lower(n.name)`.execute(handle);
  return byName(rows);
}

function byName(rows: readonly { name: string; id: string }[]): Called {
  const ids = new Map<string, string[]>();
  for (const { name, id } of rows) ids.set(name, [...(ids.get(name) ?? []), id]);
  return Object.fromEntries(ids);
}
