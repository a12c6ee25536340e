// What is kept for MQTT clients as rows: the types of it, and the SQL that writes and reads them.
import { sql } from 'kysely';
import type { Handle } from '../db/transaction.ts';

export interface KeptMessage {
  topic: string;
  payload: Buffer;
  qos: number;
}

export interface KeptWill extends KeptMessage {
  client_id: string;
  identity: string;
  retain: boolean;
}

/** A message that waits for a persistent session. */
export interface QueuedMessage extends KeptMessage {
  id: number;
  client_id: string;
  /** Of QoS 2: the packet identifier it was sent under. */
  message_id: number | null;
  /** Of QoS 2: the reader has it, PUBREL is due. */
  released: boolean;
}

export interface KeptState {
  sessions: readonly { client_id: string; identity: string }[];
  subscriptions: readonly { client_id: string; filter: string; qos: number }[];
  queue: readonly QueuedMessage[];
  received: readonly { client_id: string; message_id: number }[];
  retained: readonly KeptMessage[];
  wills: readonly KeptWill[];
}

/** Everything that is to be written; a later word on the same thing replaces an earlier one. */
export interface Pending {
  forgotten: Set<string>;
  sessions: Map<string, string>;
  subscriptions: Map<string, { client_id: string; filter: string; qos: number | null }>;
  queue: Map<number, QueuedMessage | null>;
  marks: Map<number, QueuedMessage>;
  received: Map<string, { client_id: string; message_id: number; there: boolean }>;
  retained: Map<string, KeptMessage | null>;
  wills: Map<string, KeptWill | null>;
}

/** Locks the rows it writes. Indexes: the primary keys. What belongs to a session that is gone is left out. */
export async function writeBatch(tx: Handle, batch: Pending): Promise<void> {
  const { forgotten, sessions, marks } = batch;
  if (forgotten.size > 0) {
    await sql`delete from taylordash.mqtt_sessions where client_id = any (${[...forgotten]}::text[])`.execute(tx);
  }
  if (sessions.size > 0) {
    await sql`
      insert into taylordash.mqtt_sessions (client_id, identity)
      select * from unnest(${[...sessions.keys()]}::text[], ${[...sessions.values()]}::text[])
      on conflict (client_id) do update set identity = excluded.identity, seen_at = now()`.execute(tx);
  }
  const subscriptions = split(batch.subscriptions.values(), ({ qos }) => qos !== null);
  if (subscriptions.gone.length > 0) {
    await sql`
      delete from taylordash.mqtt_subscriptions s using unnest(${subscriptions.gone.map((one) => one.client_id)}::text[],
        ${subscriptions.gone.map((one) => one.filter)}::text[]) as g (client_id, filter)
      where s.client_id = g.client_id and s.filter = g.filter`.execute(tx);
  }
  if (subscriptions.there.length > 0) {
    await sql`
      insert into taylordash.mqtt_subscriptions (client_id, filter, qos)
      select t.client_id, t.filter, t.qos from unnest(${subscriptions.there.map((one) => one.client_id)}::text[],
        ${subscriptions.there.map((one) => one.filter)}::text[], ${subscriptions.there.map((one) => one.qos)}::int[])
        as t (client_id, filter, qos)
        join taylordash.mqtt_sessions m on m.client_id = t.client_id
      on conflict (client_id, filter) do update set qos = excluded.qos`.execute(tx);
  }
  await writeQueue(tx, batch.queue);
  if (marks.size > 0) {
    const rows = [...marks.values()];
    await sql`
      update taylordash.mqtt_queue q set message_id = t.message_id, released = t.released
      from unnest(${rows.map((row) => row.id)}::bigint[], ${rows.map((row) => row.message_id)}::int[],
        ${rows.map((row) => row.released)}::boolean[]) as t (id, message_id, released)
      where q.id = t.id`.execute(tx);
  }
  await writeReceived(tx, [...batch.received.values()]);
  await writeRetained(tx, batch.retained);
  await writeWills(tx, batch.wills);
}

async function writeQueue(tx: Handle, queue: Pending['queue']): Promise<void> {
  const gone = [...queue].flatMap(([id, row]) => (row === null ? [id] : []));
  const rows = [...queue.values()].flatMap((row) => (row === null ? [] : [row]));
  if (gone.length > 0) await sql`delete from taylordash.mqtt_queue where id = any (${gone}::bigint[])`.execute(tx);
  if (rows.length === 0) return;
  // What waits for hundreds of sessions is sent to the database once: the rows of one message follow each other, with the same bytes.
  const messages: QueuedMessage[] = [];
  const numbers = rows.map((row) => {
    const last = messages.at(-1);
    if (last?.payload !== row.payload || last.topic !== row.topic) messages.push(row);
    return messages.length;
  });
  await sql`
    insert into taylordash.mqtt_queue (id, client_id, topic, payload, qos, message_id, released)
    select t.id, t.client_id, p.topic, p.payload, t.qos, t.message_id, t.released
    from unnest(${rows.map((row) => row.id)}::bigint[], ${rows.map((row) => row.client_id)}::text[],
      ${numbers}::int[], ${rows.map((row) => row.qos)}::int[],
      ${rows.map((row) => row.message_id)}::int[], ${rows.map((row) => row.released)}::boolean[])
      as t (id, client_id, message, qos, message_id, released)
      join unnest(${messages.map((one) => one.topic)}::text[], ${messages.map((one) => one.payload)}::bytea[])
        with ordinality as p (topic, payload, number) on p.number = t.message
      join taylordash.mqtt_sessions m on m.client_id = t.client_id`.execute(tx);
}

async function writeReceived(
  tx: Handle,
  received: readonly { client_id: string; message_id: number; there: boolean }[],
): Promise<void> {
  const { there, gone } = split(received, (one) => one.there);
  if (gone.length > 0) {
    await sql`
      delete from taylordash.mqtt_received r using unnest(${gone.map((one) => one.client_id)}::text[],
        ${gone.map((one) => one.message_id)}::int[]) as g (client_id, message_id)
      where r.client_id = g.client_id and r.message_id = g.message_id`.execute(tx);
  }
  if (there.length > 0) {
    await sql`
      insert into taylordash.mqtt_received (client_id, message_id)
      select t.* from unnest(${there.map((one) => one.client_id)}::text[], ${there.map((one) => one.message_id)}::int[])
        as t (client_id, message_id) join taylordash.mqtt_sessions m on m.client_id = t.client_id
      on conflict do nothing`.execute(tx);
  }
}

async function writeRetained(tx: Handle, retained: Pending['retained']): Promise<void> {
  const gone = [...retained].flatMap(([topic, message]) => (message === null ? [topic] : []));
  const there = [...retained.values()].flatMap((message) => (message === null ? [] : [message]));
  if (gone.length > 0) {
    await sql`delete from taylordash.mqtt_retained where topic = any (${gone}::text[])`.execute(tx);
  }
  if (there.length > 0) {
    await sql`
      insert into taylordash.mqtt_retained (topic, payload, qos)
      select * from unnest(${there.map((one) => one.topic)}::text[], ${there.map((one) => one.payload)}::bytea[],
        ${there.map((one) => one.qos)}::int[])
      on conflict (topic) do update set payload = excluded.payload, qos = excluded.qos, created_at = now()`.execute(tx);
  }
}

async function writeWills(tx: Handle, wills: Pending['wills']): Promise<void> {
  const gone = [...wills].flatMap(([client_id, will]) => (will === null ? [client_id] : []));
  const there = [...wills.values()].flatMap((will) => (will === null ? [] : [will]));
  if (gone.length > 0) {
    await sql`delete from taylordash.mqtt_wills where client_id = any (${gone}::text[])`.execute(tx);
  }
  if (there.length > 0) {
    await sql`
      insert into taylordash.mqtt_wills (client_id, identity, topic, payload, qos, retain)
      select * from unnest(${there.map((one) => one.client_id)}::text[], ${there.map((one) => one.identity)}::text[],
        ${there.map((one) => one.topic)}::text[], ${there.map((one) => one.payload)}::bytea[],
        ${there.map((one) => one.qos)}::int[], ${there.map((one) => one.retain)}::boolean[])
      on conflict (client_id) do update set identity = excluded.identity, topic = excluded.topic,
        payload = excluded.payload, qos = excluded.qos, retain = excluded.retain`.execute(tx);
  }
}

function split<T>(items: Iterable<T>, isThere: (item: T) => boolean): { there: T[]; gone: T[] } {
  const there: T[] = [];
  const gone: T[] = [];
  for (const item of items) (isThere(item) ? there : gone).push(item);
  return { there, gone };
}

/** No lock. Everything, once, before the broker listens; the queue in its order. */
export async function readState(db: Handle, written: Set<number>): Promise<KeptState> {
  const { rows: queue } = await sql<Omit<QueuedMessage, 'id'> & { id: string }>`
    select q.id::text as id, q.client_id, q.topic, q.payload, q.qos, q.message_id, q.released
    from taylordash.mqtt_queue q order by q.id`.execute(db);
  for (const { id } of queue) written.add(Number(id));
  const rows = async <T>(text: string) => (await sql<T>`${sql.raw(text)}`.execute(db)).rows;
  return {
    sessions: await rows('select client_id, identity from taylordash.mqtt_sessions order by seen_at'),
    subscriptions: await rows('select client_id, filter, qos from taylordash.mqtt_subscriptions'),
    queue: queue.map((row) => ({ ...row, id: Number(row.id) })),
    received: await rows('select client_id, message_id from taylordash.mqtt_received'),
    retained: await rows('select topic, payload, qos from taylordash.mqtt_retained'),
    wills: await rows('select client_id, identity, topic, payload, qos, retain from taylordash.mqtt_wills'),
  };
}

/** Sessions that were not seen for 30 days. No lock; a handful of rows. */
export async function unseenSessions(db: Handle): Promise<string[]> {
  const { rows } = await sql<{ client_id: string }>`
    select client_id from taylordash.mqtt_sessions where seen_at < now() - interval '30 days'`.execute(db);
  return rows.map((row) => row.client_id);
}
