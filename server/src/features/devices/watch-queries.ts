// SQL of what is kept of devices and of what they send: one function a statement, but for what is written together.
import { sql } from 'kysely';
import type { Handle } from '../../db/transaction.ts';
import type { Heard } from '../../events/door.ts';

/** What is to be written of a device; times in milliseconds since 1970. */
export interface DeviceRow {
  id: string;
  connected: boolean;
  client_id: string | null;
  address: string | null;
  connected_at: number | null;
  /** When it was heard last; null where it was not. */
  last: number | null;
  last_topic: string | null;
  /** Its usual silence between two bursts, in milliseconds. */
  interval: number | null;
  messages: number;
  refused: number;
  last_refused_at: number | null;
  last_refusal: string | null;
  /** Messages by the start of their five minutes. */
  counts: [since: number, messages: number][];
}

/** The last message on a topic, and how many there were since the last write. */
export interface SignalRow extends Heard {
  device_id: string | null;
  messages: number;
  first: number;
  last: number;
  interval: number | null;
}

/** Locks the rows it writes. Indexes: primary keys. What belongs to a device that was deleted meanwhile is left out. */
export async function writeWatched(
  tx: Handle,
  devices: readonly DeviceRow[],
  signals: readonly SignalRow[],
): Promise<void> {
  if (devices.length > 0) {
    const rows = JSON.stringify(devices);
    await sql`
      insert into taylordash.device_activity as a (device_id, connected, client_id, address, connected_at, last_message_at,
        last_topic, interval_ms, messages, refused, last_refused_at, last_refusal)
      select d.id, t.connected, t.client_id, t.address, to_timestamp(t.connected_at / 1000.0), to_timestamp(t.last / 1000.0),
        t.last_topic, t.interval, t.messages, t.refused, to_timestamp(t.last_refused_at / 1000.0), t.last_refusal
      from jsonb_to_recordset(${rows}::jsonb) as t (id uuid, connected boolean, client_id text, address text,
        connected_at float8, last float8, last_topic text, interval bigint, messages bigint, refused bigint,
        last_refused_at float8, last_refusal text)
        join taylordash.devices d on d.id = t.id
      on conflict (device_id) do update set connected = excluded.connected,
        client_id = coalesce(excluded.client_id, a.client_id), address = coalesce(excluded.address, a.address),
        connected_at = coalesce(excluded.connected_at, a.connected_at),
        last_message_at = coalesce(excluded.last_message_at, a.last_message_at),
        last_topic = coalesce(excluded.last_topic, a.last_topic), interval_ms = coalesce(excluded.interval_ms, a.interval_ms),
        messages = a.messages + excluded.messages, refused = a.refused + excluded.refused,
        last_refused_at = coalesce(excluded.last_refused_at, a.last_refused_at),
        last_refusal = coalesce(excluded.last_refusal, a.last_refusal)`.execute(tx);
    const counts = devices.flatMap(({ id, counts }) => counts.map(([since, messages]) => ({ id, since, messages })));
    await sql`
      insert into taylordash.device_counts as c (device_id, since, messages)
      select d.id, to_timestamp(t.since / 1000.0), t.messages
      from jsonb_to_recordset(${JSON.stringify(counts)}::jsonb) as t (id uuid, since float8, messages bigint)
        join taylordash.devices d on d.id = t.id
      on conflict (device_id, since) do update set messages = c.messages + excluded.messages`.execute(tx);
  }
  if (signals.length === 0) return;
  const column = <K extends keyof SignalRow>(name: K) => signals.map((row) => row[name]);
  await sql`
    insert into taylordash.signals as s (topic, device_id, payload, qos, retain, messages, interval_ms, first_at, last_at)
    select t.topic, d.id, t.payload, t.qos, t.retain, t.messages, t.interval, to_timestamp(t.first / 1000.0),
      to_timestamp(t.last / 1000.0)
    from unnest(${column('topic')}::text[], ${column('device_id')}::uuid[], ${column('payload')}::bytea[],
      ${column('qos')}::int[], ${column('retain')}::boolean[], ${column('messages')}::bigint[],
      ${column('interval')}::bigint[], ${column('first')}::float8[], ${column('last')}::float8[])
      as t (topic, device_id, payload, qos, retain, messages, interval, first, last)
      left join taylordash.devices d on d.id = t.device_id
    on conflict (topic) do update set device_id = excluded.device_id, payload = excluded.payload, qos = excluded.qos,
      retain = excluded.retain, messages = s.messages + excluded.messages,
      interval_ms = coalesce(excluded.interval_ms, s.interval_ms), last_at = excluded.last_at`.execute(tx);
}

/** Nothing is connected to a server that starts. No index: a broker has few devices. */
export async function nobodyConnected(handle: Handle): Promise<void> {
  await sql`update taylordash.device_activity set connected = false where connected`.execute(handle);
}

/** Counts older than two days, and signals that have been silent for 30. Indexes idx_device_counts_since, idx_signals_last_at. */
export async function forgetOldSignals(handle: Handle): Promise<void> {
  await sql`delete from taylordash.device_counts where since < now() - interval '2 days'`.execute(handle);
  await sql`delete from taylordash.signals where last_at < now() - interval '30 days'`.execute(handle);
}
