// Endpoints of traces: everything that one request or message caused.
import { Type } from 'typebox';
import { bigId, moment, nullable, strict, uuid } from '../schema.ts';
import { endpoint } from './endpoint.ts';

const entry = Type.Object({
  type: Type.Enum(['event', 'dead_letter', 'sign_in']),
  id: Type.String(),
  at: moment,
  /** The event’s kind, the reason of a dead letter, or what happened to an account. */
  kind: Type.String(),
  topic: nullable(Type.String()),
  /** What it is about, by name. */
  name: nullable(Type.String()),
  source: nullable(Type.Enum(['server', 'mqtt', 'http'])),
  /** Who did it: an account’s name of then, or a client’s. */
  actor: nullable(Type.String()),
  actor_id: nullable(uuid),
  change_id: nullable(uuid),
  project_id: nullable(uuid),
});

export const getTrace = endpoint({
  method: 'GET',
  path: '/traces/{trace_id}',
  summary: 'Everything that one request or message caused, in the order of time',
  tag: 'traces',
  access: 'read:events',
  params: strict({ trace_id: uuid }),
  reply: {
    status: 200,
    schema: Type.Object({
      trace_id: uuid,
      /** There is more than this. */
      more: Type.Boolean(),
      entries: Type.Array(entry),
    }),
  },
  problems: ['trace.not_found'],
});

export const listTraces = endpoint({
  method: 'GET',
  path: '/traces',
  summary: 'Traces of late that caused much, or a dead letter',
  tag: 'traces',
  access: 'read:events',
  query: strict({
    /** Where to look: the events of this time. The last day, unless told otherwise. */
    from: Type.Optional(moment),
    to: Type.Optional(moment),
  }),
  reply: {
    status: 200,
    schema: Type.Object({
      /** How many of the newest events were looked through, and the first of them. */
      looked_at: Type.Integer(),
      items: Type.Array(
        Type.Object({
          trace_id: uuid,
          events: Type.Integer(),
          dead_letters: Type.Integer(),
          first_at: moment,
          last_at: moment,
          /** Of the first one. */
          kind: Type.String(),
          name: nullable(Type.String()),
          actor: nullable(Type.String()),
          first_event_id: nullable(bigId),
        }),
      ),
    }),
  },
});
