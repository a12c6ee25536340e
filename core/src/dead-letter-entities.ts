// What the API says of dead letters beyond the letter itself: groups, selections, edits, dry runs, replays.
import { type Static, Type } from 'typebox';
import { bigId, moment, nullable, strict, topicFilter, uuid } from './schema.ts';
import { deadLetterStatuses } from './statuses.ts';

const path = Type.String({ minLength: 1, maxLength: 255 });

/** Puts the whole message, whatever it is, into a new envelope: `into` names the field of the payload that takes it. */
const wrapStep = strict({
  op: Type.Literal('wrap'),
  kind: Type.String({ minLength: 1, maxLength: 100, pattern: '^[a-z0-9_.]+$' }),
  into: Type.String({ minLength: 1, maxLength: 100 }),
});
const setStep = strict({ op: Type.Literal('set'), path, value: Type.Unknown() });
const renameStep = strict({ op: Type.Literal('rename'), path, to: path });
const removeStep = strict({ op: Type.Literal('remove'), path });

const editStep = Type.Union([wrapStep, setStep, renameStep, removeStep]);
export type EditStep = Static<typeof editStep>;
export const edit = Type.Array(editStep, { maxItems: 50 });
export type Edit = Static<typeof edit>;

const groupId = Type.String({ pattern: '^[0-9a-f]{32}$' });

/** Which letters: a filter, ids by hand, or both. */
export const letterFilter = {
  group: Type.Optional(groupId),
  reason_code: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  topic: Type.Optional(topicFilter),
  /** The name a client gave itself. */
  client: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  /** First failed at this moment or later. */
  from: Type.Optional(moment),
  /** First failed before this moment. */
  to: Type.Optional(moment),
};
export const letterSelection = strict(
  { ...letterFilter, ids: Type.Optional(Type.Array(bigId, { minItems: 1, maxItems: 1000, uniqueItems: true })) },
  { minProperties: 1 },
);
export type LetterSelection = Static<typeof letterSelection>;

const reasons = Type.Record(Type.String(), Type.Integer());
export const dryRunCounts = Type.Object({
  total: Type.Integer(),
  stored: Type.Integer(),
  duplicates: Type.Integer(),
  /** Would be carried out again; whether that works shows when it is done. */
  redone: Type.Integer(),
  failed: Type.Integer(),
  reasons,
});
export type DryRunCounts = Static<typeof dryRunCounts>;
export const dryRun = Type.Object({ id: uuid, counts: dryRunCounts, good_until: moment });
export type DryRun = Static<typeof dryRun>;

export const replayCounts = Type.Object({
  stored: Type.Integer(),
  duplicates: Type.Integer(),
  redone: Type.Integer(),
  failed: Type.Integer(),
  reasons,
});
export const deadLetterReplay = Type.Object({
  id: uuid,
  selection: letterSelection,
  edit,
  rate: Type.Integer(),
  status: Type.Enum(['running', 'stopped', 'finished']),
  /** by_hand or failures. */
  stop_reason: nullable(Type.String()),
  total: Type.Integer(),
  counts: replayCounts,
  created_by: nullable(uuid),
  created_at: moment,
  ended_at: nullable(moment),
});

export const letterGroup = Type.Object({
  id: groupId,
  reason_code: Type.String(),
  topic_pattern: Type.String(),
  /** An account's id, or the name the sender gave itself; empty where it has none. */
  sender: Type.String(),
  sender_name: nullable(Type.String()),
  cause: Type.String(),
  letters: Type.Integer(),
  attempts: Type.Integer(),
  first_failed_at: moment,
  last_failed_at: moment,
  /** Letters by the hour they last failed in, the last 24, oldest first. */
  by_hour: Type.Array(Type.Integer()),
  muted: Type.Boolean(),
});
export type LetterGroup = Static<typeof letterGroup>;

export const letterGroups = Type.Object({
  items: Type.Array(letterGroup),
  /** Groups beyond those listed. */
  more: Type.Boolean(),
  /** Where nothing is listed: events stored in the last 24 hours, at most 100,000 counted. */
  stored_last_day: nullable(Type.Integer()),
});
export const groupParams = strict({ id: groupId });
export const letterStatus = Type.Enum([...deadLetterStatuses]);
