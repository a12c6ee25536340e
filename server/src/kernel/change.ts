// One change: one transaction, one change id, its events in the same commit, and a repeat of the request recognised.
import { randomUUID } from 'node:crypto';
import { isUuid } from '@taylordash/core/envelope';
import { type ChangedFields, changedBetween, type EventActor, type EventKind } from '@taylordash/core/events';
import type { RawBuilder } from 'kysely';
import type { Database } from '../db/database.ts';
import { type Handle, transaction } from '../db/transaction.ts';
import type { Clock } from './clock.ts';
import type { Context } from './context.ts';
import { claimKey, type KeptAnswer, keepAnswer } from './idempotency.ts';
import { changePayload, type EventDraft, tellOfMade, writeToOutbox } from './outbox.ts';
import { Problem } from './problem.ts';

/** What a change leaves behind for its answer, and for the same answer to a repeat. */
export type Written = KeptAnswer;

export interface Change {
  tx: Handle;
  change_id: string;
  context: Context;
  /** Rows that this change holds locked, by their ids, as they stand in it: services read here before they ask the database, and keep it true. */
  held: Record<'components' | 'tasks', Map<string, HeldRow>>;
  /** Projects whose graph this change holds off all others from. */
  graphs: Set<string>;
  /** Runs `work` after everything else, before the events are written; work of the same key once. */
  atEnd(key: string, work: () => Promise<void>): void;
  /** An event of this change; `entity` is JSON text. Written in the order of the calls. */
  emit(event: {
    kind: EventKind;
    project_id: string | null;
    entity_id: string | null;
    entity: string;
    changed?: ChangedFields;
  }): void;
  /** An event whose payload is not that of a changed entity. */
  emitPayload(event: EventDraft): void;
}

/** A locked row as JSON text; the project it is in, null for an inbox. */
export interface HeldRow {
  json: string;
  project_id: string | null;
}

export interface ChangeOptions {
  /** The change that this one takes back. */
  undoes?: string;
}

export interface ChangeMaker {
  /** Runs `work` in a transaction as td_app. Retried as a whole where PostgreSQL asks for it, so it must not act elsewhere. */
  change<W extends Written>(
    context: Context,
    work: (change: Change) => Promise<W>,
    options?: ChangeOptions,
  ): Promise<W | Written>;
  /**
   * One row made and told of by one statement, which commits by itself: `insert` puts `told` beside its own insert. Requests
   * that carry an Idempotency-Key need the transaction of `change`.
   */
  make(
    context: Context,
    kind: EventKind,
    insert: (handle: Handle, told: RawBuilder<unknown>) => Promise<string>,
  ): Promise<string>;
  /** `change` as td_auth: for accounts and sessions. */
  changeAccounts<W extends Written>(
    context: Context,
    work: (change: Change) => Promise<W>,
    options?: ChangeOptions,
  ): Promise<W | Written>;
}

export interface ChangeDependencies {
  database: Database;
  clock: Clock;
  /** Rung after each commit: there is something in the outbox. */
  wake(): void;
}

export function userActor(context: Context): EventActor {
  return context.event_actor ?? { id: context.actor.id, name: context.actor.username, type: 'user' };
}

export function changeMaker({ database, clock, wake }: ChangeDependencies): ChangeMaker {
  async function run<W extends Written>(
    as: Handle,
    context: Context,
    work: (change: Change) => Promise<W>,
    { undoes }: ChangeOptions = {},
  ): Promise<W | Written> {
    const result = await transaction(as, async (tx) => {
      const before = context.idempotency && (await claimKey(tx, context.actor.id, context.idempotency));
      if (before) return before;
      const change_id = randomUUID();
      const drafts: EventDraft[] = [];
      const source = { actor: userActor(context), change_id, ...(undoes === undefined ? {} : { undoes }) };
      const last = new Map<string, () => Promise<void>>();
      const made = await work({
        tx,
        change_id,
        context,
        held: { components: new Map(), tasks: new Map() },
        graphs: new Set(),
        atEnd: (key, step) => last.set(key, step),
        emit: ({ kind, project_id, entity_id, entity, changed }) =>
          drafts.push({ kind, project_id, entity_id, payload: changePayload(source, entity, changed ?? {}) }),
        emitPayload: (draft) => drafts.push(draft),
      });
      for (const step of last.values()) await step();
      if (drafts.length > 0) {
        const origin = { trace_id: context.trace_id, change_id, actor_id: context.actor.id, at: clock.now() };
        await writeToOutbox(tx, origin, drafts);
      }
      const written: W | Written = drafts.length > 0 ? { ...made, change_id } : made;
      if (context.idempotency) await keepAnswer(tx, context.actor.id, context.idempotency, written);
      return written;
    });
    wake();
    if (result.change_id !== undefined) context.onChange?.(result.change_id);
    return result;
  }
  return {
    async make(context, kind, insert) {
      const change_id = randomUUID();
      const origin = { trace_id: context.trace_id, change_id, actor_id: context.actor.id, at: clock.now() };
      const json = await insert(database.app, tellOfMade(origin, kind, userActor(context)));
      wake();
      context.onChange?.(change_id);
      return json;
    },
    change: (context, work, options) => run(database.app, context, work, options),
    changeAccounts: (context, work, options) => run(database.auth, context, work, options),
  };
}

/** A row that was read for a change: its JSON text and the same parsed. */
export interface Loaded<T> {
  json: string;
  entity: T;
}

export function loaded<T>(json: string): Loaded<T> {
  // The text comes from the row's own JSON function, whose shape core's schema describes and a test compares.
  return { json, entity: JSON.parse(json) as T };
}

/** Throws request.precondition_failed with the present state where the caller read another version. */
export function checkVersion(current: Loaded<{ version: number }>, if_match: number | null): void {
  if (if_match === null || current.entity.version === if_match) return;
  throw new Problem('request.precondition_failed', {
    detail: `You read version ${if_match}; by now it is version ${current.entity.version}.`,
    extensions: { current: current.entity },
  });
}

/** The given fields that differ from the entity; null where none does. The same instant or the same UUID written otherwise does not differ. */
export function fieldsToSet<T extends object>(entity: T, given: Partial<T>): Partial<T> | null {
  const changed = changedBetween(entity, { ...entity, ...given });
  const entries = Object.entries(given).filter(([field]) => {
    const change = changed[field];
    return change !== undefined && !sameInstant(change.before, change.after) && !sameUuid(change.before, change.after);
  });
  // A subset of the fields that were given.
  return entries.length === 0 ? null : (Object.fromEntries(entries) as Partial<T>);
}

function sameUuid(a: unknown, b: unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' && isUuid(b) && a === b.toLowerCase();
}

function sameInstant(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string' || !a.includes('T') || !b.includes('T')) return false;
  const micro = (text: string) => `${Date.parse(text)}${/\.\d{3}(\d{0,3})/.exec(text)?.[1]?.padEnd(3, '0') ?? '000'}`;
  return !Number.isNaN(Date.parse(a)) && micro(a) === micro(b);
}
