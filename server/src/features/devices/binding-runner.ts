// Carries out bindings: measured values become events, progress and status change by the same service as by hand, in the device's name.
import { randomUUID } from 'node:crypto';
import {
  type ProgressState,
  progressDueAt,
  type StatusState,
  statusDueAt,
  takeProgress,
  takeStatus,
} from '@taylordash/core/bindings';
import type { Binding } from '@taylordash/core/device-entities';
import type { EventActor } from '@taylordash/core/events';
import { componentStatuses } from '@taylordash/core/statuses';
import { topicMatches } from '@taylordash/core/topics';
import { sql } from 'kysely';
import type { Log } from '../../db/log.ts';
import type { Handle } from '../../db/transaction.ts';
import type { Refusal } from '../../events/appender.ts';
import type { Heard } from '../../events/door.ts';
import type { Incoming } from '../../events/message.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import { Problem } from '../../kernel/problem.ts';
import { reloader } from '../../kernel/reload.ts';
import type { ComponentService } from '../components/service.ts';
import { resultOf } from './binding-result.ts';
import { allBindings } from './queries.ts';

export interface BindingRunnerOptions {
  db: Handle;
  clock: Clock;
  log: Log;
  components: ComponentService;
  nameOf(device_id: string): string | null;
  /** Stores a measured value as an event. */
  publish(message: Incoming): void;
  /** Keeps a message that could not be read. */
  bury(message: Incoming, why: Refusal): void;
}

export interface BindingRunner {
  /** A message that may drive something. Called for each: what takes time is done later. */
  take(device_id: string | null, message: Heard): void;
  /** Reads the bindings, for the first time. */
  load(): Promise<void>;
  /** Reads them anew, as soon as that can be done. */
  reload(): Promise<void>;
  /** Topic filters of all that are on. */
  filters(): string[];
  /** Writes how they do. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Between two dead letters of one binding, in milliseconds: a sensor that sends nonsense each second is one fault. */
const letterEvery = 10_000;
const flushEvery = 2000;
const retryEvery = 2000;

interface Running {
  binding: Binding;
  progress: ProgressState;
  status: StatusState;
  /** Who sent what is due. */
  actor: EventActor;
  timer: NodeJS.Timeout | null;
  busy: boolean;
  letter_at: number;
  notes: {
    last_value: string | null;
    read_at: number;
    applied_at: number | null;
    applied: number;
    unreadable: number;
    error: string | null;
  };
  dirty: boolean;
}

export function bindingRunner(options: BindingRunnerOptions): BindingRunner {
  const { db, clock, log, components } = options;
  let running = new Map<string, Running>();
  let stopped = false;
  let writing: Promise<void> = Promise.resolve();
  const flushing = setInterval(() => void flush(), flushEvery);
  flushing.unref();

  async function load(): Promise<void> {
    const bindings = await allBindings(db);
    const before = running;
    running = new Map(bindings.map((binding) => [binding.id, continued(binding, before.get(binding.id))]));
    for (const [id, one] of before) if (running.get(id) !== one && one.timer) clearTimeout(one.timer);
  }

  function continued(binding: Binding, before: Running | undefined): Running {
    // Anything else about it begins anew: a range or a map that changed makes something else of the same value.
    if (before?.binding.version === binding.version) return before;
    return {
      ...{ binding, timer: null, busy: false, letter_at: 0, dirty: false },
      progress: { set: null, at: 0, due: null },
      status: { set: null, held: null, since: 0 },
      actor: { id: null, name: '', type: 'device' },
      notes: { last_value: null, read_at: 0, applied_at: null, applied: 0, unreadable: 0, error: null },
    };
  }

  function takeFor(one: Running, device_id: string | null, message: Heard): void {
    const { binding } = one;
    const found = resultOf(message.payload, binding.path, binding.target);
    const now = clock.now();
    one.dirty = true;
    one.notes.read_at = now;
    one.notes.last_value = found.value === null ? null : String(found.value).slice(0, 200);
    if (!found.ok) {
      if (!found.known) unreadable(one, device_id, message, found.reason, now);
      return;
    }
    one.actor = { id: device_id, name: (device_id && options.nameOf(device_id)) ?? message.topic, type: 'device' };
    one.notes.error = null;
    if (binding.target.kind === 'metric') {
      measure(one, device_id, message.topic, Number(found.result), now);
      return;
    }
    if (binding.target.kind === 'progress') {
      one.progress = takeProgress(one.progress, Number(found.result), binding.target.step ?? 1);
    } else one.status = takeStatus(one.status, String(found.result), now);
    schedule(one);
  }

  function unreadable(one: Running, device_id: string | null, message: Heard, reason: string, now: number): void {
    one.notes.unreadable++;
    one.notes.error = reason;
    if (now - one.letter_at < letterEvery) return;
    one.letter_at = now;
    const { topic_filter, path, target } = one.binding;
    options.bury(
      { ...incoming(device_id, message.topic, message.payload), qos: message.qos, retain: message.retain },
      {
        reason_code: 'unreadable_value',
        failure_reason: `What binds ${topic_filter}${path === '' ? '' : ` ${path}`} to ${target.kind === 'metric' ? 'a metric' : target.kind} cannot read it: ${reason}.`,
        stage: 'binding',
      },
    );
  }

  function measure(one: Running, device_id: string | null, topic: string, value: number, now: number): void {
    const { service = '', metric = '', unit } = one.binding.target;
    const envelope = {
      ...{
        trace_id: randomUUID(),
        ts: new Date(now).toISOString(),
        kind: 'metric_measured',
        idempotency_key: randomUUID(),
      },
      payload: { value, ...(unit === undefined ? {} : { unit }), tags: { topic, binding: one.binding.id } },
    };
    options.publish(incoming(device_id, `tracker/metrics/${service}/${metric}`, Buffer.from(JSON.stringify(envelope))));
    one.notes.applied++;
    one.notes.applied_at = now;
  }

  function schedule(one: Running): void {
    const { target } = one.binding;
    const at = target.kind === 'progress' ? progressDueAt(one.progress) : statusDueAt(one.status, target.hold ?? 0);
    if (one.timer) clearTimeout(one.timer);
    one.timer = null;
    if (at === null || one.busy || stopped) return;
    one.timer = setTimeout(() => void apply(one), Math.max(0, at - clock.now()));
    one.timer.unref();
  }

  async function apply(one: Running): Promise<void> {
    const { target, id } = one.binding;
    const { component_id } = target;
    one.timer = null;
    if (component_id === undefined) return;
    one.busy = true;
    const progress = target.kind === 'progress' ? one.progress.due : null;
    const status = target.kind === 'status' ? componentStatuses.find((known) => known === one.status.held) : undefined;
    const set = () => {
      if (progress !== null) {
        const due = one.progress.due === progress ? null : one.progress.due;
        one.progress = { set: progress, at: clock.now(), due };
      } else one.status = { ...one.status, set: status ?? null };
    };
    try {
      const fields = progress !== null ? { progress } : status !== undefined ? { status } : null;
      if (fields) await components.update(contextOf(one), component_id, fields, null);
      set();
      one.notes.applied++;
      one.notes.applied_at = clock.now();
    } catch (error) {
      one.notes.error = error instanceof Error ? error.message : String(error);
      if (error instanceof Problem) {
        // What the service refuses now it refuses again: the next other value is tried.
        set();
        log.warn(`the binding ${id} changed nothing: ${one.notes.error}`);
      } else await new Promise((resolve) => setTimeout(resolve, retryEvery).unref());
    }
    one.dirty = true;
    one.busy = false;
    if (running.get(id) === one) schedule(one);
  }

  /** An administrator bound it: what it does is within that right. */
  function contextOf({ actor, binding }: Running): Context {
    return {
      actor: { id: actor.id ?? binding.id, username: actor.name, role: 'admin', time_zone: 'UTC', grants: [] },
      ...{ trace_id: randomUUID(), idempotency: null, event_actor: actor },
    };
  }

  function flush(): Promise<void> {
    writing = writing.then(async () => {
      const told = [...running.values()].filter((one) => one.dirty);
      if (told.length === 0) return;
      const rows = told.map(({ binding, notes }) => ({ id: binding.id, ...notes }));
      for (const one of told) {
        one.dirty = false;
        Object.assign(one.notes, { applied: 0, unreadable: 0, applied_at: null });
      }
      await write(db, rows).catch((error: Error) => {
        log.warn(`how bindings do cannot be written for now: ${error.message}`);
        for (const [index, one] of told.entries()) {
          one.dirty = true;
          one.notes.applied += rows[index]?.applied ?? 0;
          one.notes.unreadable += rows[index]?.unreadable ?? 0;
        }
      });
    });
    return writing;
  }

  return {
    take(device_id, message) {
      for (const one of running.values()) {
        if (topicMatches(one.binding.topic_filter, message.topic)) takeFor(one, device_id, message);
      }
    },
    load,
    reload: reloader('the bindings', load, log),
    filters: () => [...running.values()].map(({ binding }) => binding.topic_filter),
    flush,
    async stop() {
      stopped = true;
      clearInterval(flushing);
      for (const one of running.values()) if (one.timer) clearTimeout(one.timer);
      await flush();
    },
  };
}

function incoming(device_id: string | null, topic: string, bytes: Buffer): Incoming {
  return { topic, bytes, qos: 1, retain: false, client_id: null, identity: device_id ?? '' };
}

type ResultRow = Running['notes'] & { id: string };

/** Locks the rows it writes; primary key. */
async function write(db: Handle, rows: readonly ResultRow[]): Promise<void> {
  await sql`
    insert into taylordash.binding_results as r (binding_id, last_value, last_read_at, last_applied_at, applied, unreadable,
      last_error)
    select b.id, t.last_value, to_timestamp(t.read_at / 1000.0), to_timestamp(t.applied_at / 1000.0), t.applied, t.unreadable,
      t.error
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (id uuid, last_value text, read_at float8, applied_at float8,
      applied bigint, unreadable bigint, error text)
      join taylordash.bindings b on b.id = t.id
    on conflict (binding_id) do update set last_value = excluded.last_value, last_read_at = excluded.last_read_at,
      last_applied_at = coalesce(excluded.last_applied_at, r.last_applied_at), applied = r.applied + excluded.applied,
      unreadable = r.unreadable + excluded.unreadable, last_error = excluded.last_error`.execute(db);
}
