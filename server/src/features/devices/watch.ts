// Keeps count of what devices send and of the last message on each topic, and writes it every few seconds.
import type { Log } from '../../db/log.ts';
import { type Handle, transaction } from '../../db/transaction.ts';
import type { Heard } from '../../events/door.ts';
import type { Clock } from '../../kernel/clock.ts';
import { beat, type Rhythm, usualGap } from './rhythm.ts';
import { type DeviceRow, type SignalRow, writeWatched } from './watch-queries.ts';

export interface DeviceWatch {
  connected(device_id: string, from: { client_id: string; calls_itself: string | null; address: string }): void;
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
const signalBytes = 64 * 1024;
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
        await transaction(db, (tx) => writeWatched(tx, taken, values));
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
    connected(device_id, { client_id, calls_itself, address }) {
      const one = notes(device_id);
      one.clients.add(client_id);
      Object.assign(one, { client_id: calls_itself, address, connected_at: clock.now() });
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

/** What is to be written of a device; its counts begin anew. */
function takeDevice(id: string, one: DeviceNotes): DeviceRow {
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

function takeSignal(one: SignalNotes): SignalRow {
  const { topic, device_id, payload, qos, retain, messages, first, last } = one;
  const row = { topic, device_id, payload, qos, retain, messages, first, last, interval: usualGap(one) };
  one.messages = 0;
  one.dirty = false;
  return row;
}
