// Writes events into the outbox, in the transaction of the change they tell of. The leader moves them on after the commit.
import { randomUUID } from 'node:crypto';
import { type ChangedFields, type EventActor, type EventKind, eventKinds } from '@taylordash/core/events';
import { type RawBuilder, sql } from 'kysely';
import type { Handle } from '../db/transaction.ts';
import type { Clock } from './clock.ts';

export interface EventDraft {
  kind: EventKind;
  /** The payload as JSON text. */
  payload: string;
  project_id: string | null;
  entity_id: string | null;
  /** Of what happened earlier than now: when, in milliseconds since 1970, and the change it belonged to. */
  at?: number;
  change_id?: string;
}

/** Who changes, in which change, and which one that takes back. */
export interface ChangeSource {
  actor: EventActor;
  change_id: string;
  undoes?: string;
}

/** What stands before and after the entity in the payload of a change. */
function aroundEntity(source: ChangeSource, changed: ChangedFields): [before: string, after: string] {
  const { actor, change_id, undoes } = source;
  const taken_back = undoes === undefined ? '' : `"undoes":"${undoes}",`;
  return [
    `{"actor":${JSON.stringify(actor)},"change_id":"${change_id}",${taken_back}"entity":`,
    `,"changed":${JSON.stringify(changed)}}`,
  ];
}

/** The payload of a change to an entity; the entity comes as the JSON text that SQL built. */
export function changePayload(source: ChangeSource, entity: string, changed: ChangedFields): string {
  return aroundEntity(source, changed).join(entity);
}

/** An envelope up to its payload, under a key of its own; a closing brace ends it. */
function envelopeStart(trace_id: string, ts: string, kind: EventKind): string {
  return `{"trace_id":"${trace_id}","ts":"${ts}","kind":"${kind}","idempotency_key":"${randomUUID()}","payload":`;
}

export interface EventOrigin {
  trace_id: string;
  change_id: string | null;
  actor_id: string | null;
  /** Milliseconds since 1970. */
  at: number;
}

/** Who does what TaylorDash does of itself. */
export const systemActor: EventActor = { id: null, name: 'TaylorDash', type: 'system' };

/** The same as an origin, now, under a trace of its own. */
export function systemOrigin(clock: Clock, change_id: string | null = null): EventOrigin {
  return { trace_id: randomUUID(), change_id, actor_id: null, at: clock.now() };
}

/** Most events that one statement carries. */
const batchSize = 1000;

/** Adds the drafts in their order; one insert for up to a thousand. */
export async function writeToOutbox(tx: Handle, origin: EventOrigin, drafts: readonly EventDraft[]): Promise<void> {
  for (let start = 0; start < drafts.length; start += batchSize) {
    const batch = drafts.slice(start, start + batchSize);
    const topics = batch.map((draft) => eventKinds[draft.kind].topic);
    const times = batch.map((draft) => new Date(draft.at ?? origin.at).toISOString());
    const payloads = batch.map(
      (draft, index) => `${envelopeStart(origin.trace_id, times[index] ?? '', draft.kind)}${draft.payload}}`,
    );
    await sql`
      insert into taylordash.outbox (topic, payload, source, change_id, project_id, entity_id, actor_id, created_at)
      select t.topic, t.payload::jsonb, 'server', t.change_id, t.project_id, t.entity_id, ${origin.actor_id}::uuid,
        ${new Date(origin.at).toISOString()}::timestamptz
      from unnest(${topics}::text[], ${payloads}::text[], ${batch.map((draft) => draft.project_id)}::uuid[],
        ${batch.map((draft) => draft.entity_id)}::uuid[], ${batch.map((draft) => draft.change_id ?? origin.change_id)}::uuid[])
        with ordinality as t (topic, payload, project_id, entity_id, change_id, position)
      order by t.position`.execute(tx);
  }
}

/**
 * The insert of one event about a row that the same statement made: the relation `made` has its `id`, `project_id` and `json`.
 * For what is made often: one round trip instead of four.
 */
export function tellOfMade(
  origin: EventOrigin & { change_id: string },
  kind: EventKind,
  actor: EventActor,
): RawBuilder<unknown> {
  const ts = new Date(origin.at).toISOString();
  const [before, after] = aroundEntity({ actor, change_id: origin.change_id }, {});
  const start = envelopeStart(origin.trace_id, ts, kind) + before;
  const end = `${after}}`;
  return sql`
    insert into taylordash.outbox (topic, payload, source, change_id, project_id, entity_id, actor_id, created_at)
    select ${eventKinds[kind].topic}, (${start}::text || made.json || ${end}::text)::jsonb, 'server', ${origin.change_id}::uuid,
      made.project_id, made.id, ${origin.actor_id}::uuid, ${ts}::timestamptz
    from made`;
}
