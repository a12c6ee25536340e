// The building blocks of every schema: ids, times, bounded text, nullable values, strict objects.
import { type Static, type TObject, type TOptional, type TProperties, type TSchema, Type } from 'typebox';

/** Longest name of a project, component or task, in characters. */
const nameLength = 255;
/** Longest description, in characters: an event that carries one three times still fits the 256 KB of an event. */
const descriptionLength = 10_000;

/** The same schema, or null. One schema with two types, not a union, so that a wrong value gives one error. */
export function nullable<S extends TSchema>(schema: S) {
  const plain: { type?: unknown; enum?: unknown } = schema;
  return Type.Unsafe<Static<S> | null>({
    ...schema,
    ...(plain.type === undefined ? {} : { type: [plain.type, 'null'] }),
    ...(Array.isArray(plain.enum) ? { enum: [...plain.enum, null] } : {}),
  });
}

/** An object that refuses unknown fields. */
export function strict<P extends TProperties>(properties: P, options: { minProperties?: number } = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

type AllOptional<P extends TProperties> = { [K in keyof P]: TOptional<P[K]> };

/** Merge patch of an object's fields: each may be left out, at least one is given. */
export function patch<P extends TProperties>(properties: P): TObject<AllOptional<P>> {
  const optional = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, Type.Optional(value)]));
  // Object.fromEntries forgets the keys; each value was wrapped just above.
  return strict(optional as AllOptional<P>, { minProperties: 1 });
}

export const uuid = Type.String({ format: 'uuid' });
/** A moment in UTC with microseconds, as text: `2026-01-15T10:30:00.123456Z`. */
export const moment = Type.String({ format: 'date-time' });
/** A calendar day, `2026-01-15`. */
export const day = Type.String({ format: 'date' });
/** A number of events_mirror, dlq_events or a log, as text: they outgrow what JSON numbers hold exactly. */
export const bigId = Type.String({ pattern: '^[0-9]{1,19}$' });
/** A name that shows something: at least one character that is not white space. */
export const name = Type.String({ minLength: 1, maxLength: nameLength, pattern: '\\S' });
export const description = Type.String({ maxLength: descriptionLength });
/** Free JSON of an entity; the service bounds its size. */
export const metadata = Type.Record(Type.String(), Type.Unknown());
export const version = Type.Integer({ minimum: 1 });
/** How heavily something counts when progress is rolled up. */
export const weight = Type.Number({ minimum: 0, maximum: 1_000_000 });

export const limit = Type.Integer({ minimum: 1, maximum: 200, default: 50 });
/** Where a list goes on: opaque to callers. */
export const cursor = Type.String({ minLength: 1, maxLength: 1000 });
/** A topic filter as an input; `isTopicFilter` of topics.ts says whether it is one. */
export const topicFilter = Type.String({ minLength: 1, maxLength: 255 });
/** Text searched for, case-insensitively. */
export const q = Type.String({ minLength: 1, maxLength: 200 });
/** A filter of events, in the grammar of event-filter.ts. */
export const filterText = Type.String({ maxLength: 1000 });

/** One page of a list and where the next begins. */
export function page<S extends TSchema>(item: S) {
  return Type.Object({ items: Type.Array(item), next_cursor: nullable(Type.String()) });
}

/** What a reading includes of the events, so that a live view goes on from it and counts nothing twice. */
export const readingOf = {
  /** Id of the newest event in its past. */
  as_of: Type.String(),
  /** Changes in its past of which events are still to come. */
  untold: Type.Array(uuid),
};
