// Keeps count of what devices send and of the last message on each topic, and writes it every few seconds.
import { sql } from 'kysely';
import type { Log } from '../../db/log.ts';
import { type Handle, transaction } from '../../db/transaction.ts';
import type { Heard } from '../../events/door.ts';
import type { Clock } from '../../kernel/clock.ts';
import { beat, type Rhythm, usualGap } from './rhythm.ts';

export interface DeviceWatch {
  connected(device_id: string, from: { client_id: string; address: string }): void;
  left(device_id: string, client_id: string): void;
  /** A message of a device, or of a client without an account. Called for each: it only counts. */
  heard(device_id: string | null, message: Heard): void;
  refused(device_id: string, what: string): void;
  forget(device_id: string): void;
  /** Writes what there is to write. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Longest message that counts as a signal, and the longest topic of one, in bytes. */
export const signalBytes = 64 * 1024;
const topicBytes = 250;
/** What is kept in memory until it is written. */
const mostTopics = 10_000;
const mostBytes = 32 * 1024 * 1024;
const flushEvery = 2000;
const countFor = 5 * 60_000;
/** What a device says within this time is one burst: a value on each of its topics, say. */
const burst = 1000;

interface DeviceNotes extends Rhythm {
  clients: Set<string>;
  client_id: string | null;
  address: string | null;
  connected_at: number | null;
  last_topic: string | null;
  messages: number;
  refused: number;
  last_refused_at: number | null;
  last_refusal: string | null;
  counts: Map<number, number>;
  dirty: boolean;
}

interface SignalNotes extends Rhythm, Heard {
  device_id: string | null;
  first: number;
  messages: number;
  dirty: boolean;
}

export interface DeviceWatchOptions {
  db: Handle;
  clock: Clock;
  log: Log;
  /** A message that is a signal; see bindings.ts. */
  onSignal(device_id: string | null, message: Heard): void;
}

export function deviceWatch({ db, clock, log, onSignal }: DeviceWatchOptions): DeviceWatch {
  const devices = new Map<string, DeviceNotes>();
  const signals = new Map<string, SignalNotes>();
  let bytes = 0;
  let full = false;
  let failing = false;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  function notes(device_id: string): DeviceNotes {
    let found = devices.get(device_id);
    if (!found) {
      found = {
        ...{
          clients: new Set(),
          client_id: null,
          address: null,
          connected_at: null,
          last_topic: null,
          last: 0,
          began: 0,
          gaps: [],
        },
        ...{ messages: 0, refused: 0, last_refused_at: null, last_refusal: null, counts: new Map(), dirty: false },
      };
      devices.set(device_id, found);
    }
    found.dirty = true;
    soon();
    return found;
  }

  function soon(): void {
    timer ??= setTimeout(() => {
      timer = null;
      void flush();
    }, flushEvery);
    timer.unref();
  }

  function keepSignal(device_id: string | null, message: Heard, now: number): void {
    const { topic, payload } = message;
    if (payload.length > signalBytes || Buffer.byteLength(topic) > topicBytes || topic.includes('\0')) return;
    const known = signals.get(topic);
    const size = bytes - (known?.payload.length ?? 0) + payload.length;
    if ((known === undefined && signals.size >= mostTopics) || size > mostBytes) {
      if (!full) log.warn(`signals of more than ${mostTopics} topics or ${mostBytes} bytes are not looked at`);
      full = true;
      return;
    }
    bytes = size;
    const signal = known ?? {
      ...message,
      device_id,
      first: now,
      messages: 0,
      dirty: true,
      last: 0,
      began: 0,
      gaps: [],
    };
    Object.assign(signal, message, { device_id, dirty: true });
    signal.messages++;
    beat(signal, now, 0);
    if (!known) signals.set(topic, signal);
    soon();
  }

  function flush(): Promise<void> {
    writing = writing.then(async () => {
      const told = [...devices].filter(([, one]) => one.dirty);
      const topics = [...signals.values()].filter((one) => one.dirty);
      const taken = told.map(([id, one]) => takeDevice(id, one));
      const values = topics.map(takeSignal);
      if (taken.length + values.length === 0) return;
      try {
        await transaction(db, (tx) => write(tx, taken, values));
        failing = false;
        forgetQuiet();
      } catch (error) {
        if (!failing) log.warn(`what devices send cannot be counted for now: ${String(error)}`);
        failing = true;
        for (const [index, [, one]] of told.entries()) giveBack(one, taken[index]);
        for (const [index, one] of topics.entries()) {
          one.messages += values[index]?.messages ?? 0;
          one.dirty = true;
        }
        soon();
      }
    });
    return writing;
  }

  /** Topics that have been silent for an hour are in the table: memory is for those that speak. */
  function forgetQuiet(): void {
    const before = clock.now() - 3_600_000;
    for (const [topic, one] of signals) {
      if (one.dirty || one.last > before) continue;
      signals.delete(topic);
      bytes -= one.payload.length;
    }
    full = false;
  }

  return {
    connected(device_id, { client_id, address }) {
      const one = notes(device_id);
      one.clients.add(client_id);
      Object.assign(one, { client_id, address, connected_at: clock.now() });
    },
    left(device_id, client_id) {
      if (devices.has(device_id)) notes(device_id).clients.delete(client_id);
    },
    heard(device_id, message) {
      const own = message.topic.startsWith('tracker/');
      // What nobody vouches for and is in the mirror already is counted there.
      if (device_id === null && own) return;
      const now = clock.now();
      if (device_id !== null) {
        const one = notes(device_id);
        beat(one, now, burst);
        one.messages++;
        one.last_topic = message.topic.slice(0, 255);
        const since = now - (now % countFor);
        one.counts.set(since, (one.counts.get(since) ?? 0) + 1);
      }
      keepSignal(device_id, message, now);
      if (!own && message.payload.length <= signalBytes) onSignal(device_id, message);
    },
    refused(device_id, what) {
      const one = notes(device_id);
      one.refused++;
      Object.assign(one, {
        last_refused_at: clock.now(),
        last_refusal: what.toWellFormed().replaceAll('\0', '\ufffd'),
      });
    },
    forget(device_id) {
      devices.delete(device_id);
      for (const [topic, one] of signals) {
        if (one.device_id !== device_id) continue;
        signals.delete(topic);
        bytes -= one.payload.length;
      }
    },
    flush,
    async stop() {
      if (timer !== null) clearTimeout(timer);
      for (const one of devices.values()) {
        one.dirty ||= one.clients.size > 0;
        one.clients.clear();
      }
      await flush();
    },
  };
}

type DeviceRow = ReturnType<typeof takeDevice>;
type SignalRow = ReturnType<typeof takeSignal>;

/** What is to be written of a device; its counts begin anew. */
function takeDevice(id: string, one: DeviceNotes) {
  const { client_id, address, connected_at, last_topic, last, messages, refused, last_refused_at, last_refusal } = one;
  const row = {
    ...{ id, client_id, address, connected_at, last_topic, messages, refused, last_refused_at, last_refusal },
    ...{ connected: one.clients.size > 0, last: last === 0 ? null : last, interval: usualGap(one) },
    counts: [...one.counts],
  };
  Object.assign(one, { messages: 0, refused: 0, counts: new Map(), dirty: false });
  return row;
}

function giveBack(one: DeviceNotes, row: DeviceRow | undefined): void {
  if (!row) return;
  one.messages += row.messages;
  one.refused += row.refused;
  for (const [since, count] of row.counts) one.counts.set(since, (one.counts.get(since) ?? 0) + count);
  one.dirty = true;
}

function takeSignal(one: SignalNotes) {
  const { topic, device_id, payload, qos, retain, messages, first, last } = one;
  const row = { topic, device_id, payload, qos, retain, messages, first, last, interval: usualGap(one) };
  one.messages = 0;
  one.dirty = false;
  return row;
}

/** Locks the rows it writes. Indexes: primary keys. What belongs to a device that was deleted meanwhile is left out. */
async function write(tx: Handle, devices: readonly DeviceRow[], signals: readonly SignalRow[]): Promise<void> {
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
