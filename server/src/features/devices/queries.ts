// SQL of devices, signals and bindings: one function a statement.
import type { Binding, Device } from '@taylordash/core/device-entities';
import { type RawBuilder, sql } from 'kysely';
import { containing, pageAsJson } from '../../db/keyset.ts';
import { assignments, columnsAndValues, onlyJson } from '../../db/row.ts';
import { topicCondition } from '../../db/topic-condition.ts';
import { type Handle, queryText } from '../../db/transaction.ts';

export interface Paging {
  limit?: number;
  cursor?: string;
}

/** An account as the broker needs it. */
export interface Account {
  id: string;
  name: string;
  username: string;
  secret_hash: Buffer;
  acts_as: string | null;
  enabled: boolean;
  publish_filters: string[];
  subscribe_filters: string[];
}

const shown = `taylordash.device_json(d)::jsonb || jsonb_build_object('activity', taylordash.device_activity_json(d.id))`;
const shownBinding = `taylordash.binding_json(b)::jsonb || jsonb_build_object('result', taylordash.binding_result_json(b.id))`;

/** No lock. All of them: a broker has few. */
export async function allAccounts(handle: Handle): Promise<Account[]> {
  const { rows } = await sql<Account>`
    select id::text as id, name, username, secret_hash, acts_as::text as acts_as, enabled, publish_filters, subscribe_filters
    from taylordash.devices`.execute(handle);
  return rows;
}

/** One page by name. Index idx_devices_name; of each the activity by its primary key. */
export function listDevices(handle: Handle, { limit = 50, cursor, q }: Paging & { q?: string }): Promise<string> {
  const like = q === undefined ? null : containing(q);
  return pageAsJson({
    ...{ handle, limit, cursor, from: 'taylordash.devices d', json: `(${shown})`, id: 'd.id', id_type: 'uuid' },
    where: like === null ? [] : [sql`(d.name ilike ${like} or d.username ilike ${like})`],
    sort: { name: 'name', by: { column: 'lower(d.name)', type: 'text' }, descending: false },
  });
}

/** JSON text of a device with its activity, or null. Primary key. */
export function findDevice(handle: Handle, id: string): Promise<string | null> {
  return queryText(handle, `select (${shown})::text from taylordash.devices d where d.id = $1::uuid`, [id]);
}

/** The client id of its last connection, or null. Primary key of device_activity. */
export function clientOf(handle: Handle, id: string): Promise<string | null> {
  return queryText(handle, 'select client_id from taylordash.device_activity where device_id = $1::uuid', [id]);
}

/** JSON text of the account alone under a lock on its row (FOR NO KEY UPDATE). Primary key. */
export function lockDevice(tx: Handle, id: string): Promise<string | null> {
  return queryText(
    tx,
    'select taylordash.device_json(d)::text from taylordash.devices d where d.id = $1::uuid for no key update',
    [id],
  );
}

/** Inserts and returns the JSON text. */
export async function insertDevice(tx: Handle, fields: Partial<Device> & { secret_hash: Buffer }): Promise<string> {
  const { columns, values } = columnsAndValues(fields);
  const result = await sql<{ json: string }>`
    insert into taylordash.devices as d (${columns}) values (${values})
    returning taylordash.device_json(d)::text as json`.execute(tx);
  return onlyJson(result.rows);
}

/** Sets the given fields and returns the JSON text. The row is locked already. */
export async function updateDevice(
  tx: Handle,
  id: string,
  fields: Partial<Device> & { secret_hash?: Buffer },
): Promise<string> {
  const result = await sql<{ json: string }>`
    update taylordash.devices as d set ${assignments(fields)} where d.id = ${id}::uuid
    returning taylordash.device_json(d)::text as json`.execute(tx);
  return onlyJson(result.rows);
}

/** Primary key; its signals and counts go along. */
export async function deleteDevice(tx: Handle, id: string): Promise<void> {
  await sql`delete from taylordash.devices where id = ${id}::uuid`.execute(tx);
}

/** One page by topic. Index signals_pkey, or idx_signals_device_id. */
export function listSignals(
  handle: Handle,
  { limit = 50, cursor, topic, device_id }: Paging & { topic?: string; device_id?: string },
): Promise<string> {
  const where: RawBuilder<unknown>[] = [];
  if (topic !== undefined) where.push(topicCondition(sql`s.topic`, topic));
  if (device_id !== undefined) where.push(sql`s.device_id = ${device_id}::uuid`);
  return pageAsJson({
    ...{ handle, limit, cursor, where, from: 'taylordash.signals s', json: 'taylordash.signal_json(s)' },
    ...{ id: 's.topic', id_type: 'text' },
    sort: { name: 'topic', by: { column: 's.topic', type: 'text' }, descending: false },
  });
}

/** The last message of some topics under a filter, the newest first. Index idx_signals_last_at. */
export async function recentSignals(
  handle: Handle,
  topic: string,
  limit: number,
): Promise<{ topic: string; payload: Buffer }[]> {
  const { rows } = await sql<{ topic: string; payload: Buffer }>`
    select s.topic, s.payload from taylordash.signals s where ${topicCondition(sql`s.topic`, topic)}
    order by s.last_at desc limit ${limit}`.execute(handle);
  return rows;
}

/** No lock. All of them. */
export async function allBindings(handle: Handle): Promise<Binding[]> {
  const { rows } = await sql<{ json: Binding }>`
    select taylordash.binding_json(b) as json from taylordash.bindings b where b.enabled`.execute(handle);
  return rows.map((row) => row.json);
}

/** One page by topic filter. Indexes idx_bindings_topic_filter and idx_bindings_component_id. */
export function listBindings(
  handle: Handle,
  { limit = 50, cursor, component_id }: Paging & { component_id?: string },
): Promise<string> {
  return pageAsJson({
    ...{ handle, limit, cursor, from: 'taylordash.bindings b', json: `(${shownBinding})`, id: 'b.id', id_type: 'uuid' },
    where: component_id === undefined ? [] : [sql`b.component_id = ${component_id}::uuid`],
    sort: { name: 'topic_filter', by: { column: 'b.topic_filter', type: 'text' }, descending: false },
  });
}

/** JSON text of a binding with its result, or null. Primary key. */
export function findBinding(handle: Handle, id: string): Promise<string | null> {
  return queryText(handle, `select (${shownBinding})::text from taylordash.bindings b where b.id = $1::uuid`, [id]);
}

/** JSON text of the binding alone under a lock on its row (FOR NO KEY UPDATE). Primary key. */
export function lockBinding(tx: Handle, id: string): Promise<string | null> {
  return queryText(
    tx,
    'select taylordash.binding_json(b)::text from taylordash.bindings b where b.id = $1::uuid for no key update',
    [id],
  );
}

type BindingRow = Partial<Omit<Binding, 'target'>> & { target?: unknown; component_id?: string | null };

/** Inserts and returns the JSON text. */
export async function insertBinding(tx: Handle, fields: BindingRow): Promise<string> {
  const { columns, values } = columnsAndValues(fields);
  const result = await sql<{ json: string }>`
    insert into taylordash.bindings as b (${columns}) values (${values})
    returning taylordash.binding_json(b)::text as json`.execute(tx);
  return onlyJson(result.rows);
}

/** Sets the given fields and returns the JSON text. The row is locked already. */
export async function updateBinding(tx: Handle, id: string, fields: BindingRow): Promise<string> {
  const result = await sql<{ json: string }>`
    update taylordash.bindings as b set ${assignments(fields)} where b.id = ${id}::uuid
    returning taylordash.binding_json(b)::text as json`.execute(tx);
  return onlyJson(result.rows);
}

/** Primary key. */
export async function deleteBinding(tx: Handle, id: string): Promise<void> {
  await sql`delete from taylordash.bindings where id = ${id}::uuid`.execute(tx);
}
