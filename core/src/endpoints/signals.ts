// Endpoints of events and health.
import { Type } from 'typebox';
import { storedEvent } from '../entities.ts';
import { bigId, cursor, filterText, limit, moment, nullable, page, strict, topicFilter, uuid } from '../schema.ts';
import { endpoint } from './endpoint.ts';

const numbered = strict({ id: bigId });

const eventFilter = {
  filter: Type.Optional(filterText),
  /** MQTT topic filter, wildcards included. */
  topic: Type.Optional(topicFilter),
  /** Kinds, separated by commas. */
  kind: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
  source: Type.Optional(Type.Enum(['server', 'mqtt', 'http'])),
  trace_id: Type.Optional(uuid),
  change_id: Type.Optional(uuid),
  project_id: Type.Optional(uuid),
  entity_id: Type.Optional(uuid),
  actor_id: Type.Optional(uuid),
};

export const listEvents = endpoint({
  method: 'GET',
  path: '/events',
  summary: 'Events, newest first unless told otherwise',
  tag: 'events',
  access: 'read:events',
  query: strict({
    limit: Type.Optional(limit),
    cursor: Type.Optional(cursor),
    ...eventFilter,
    /** Stored from then on, and before then. */
    from: Type.Optional(moment),
    to: Type.Optional(moment),
    sort: Type.Optional(Type.Enum(['-id', 'id'])),
  }),
  reply: { status: 200, schema: page(storedEvent) },
  problems: ['request.bad_cursor'],
});

export const getEvent = endpoint({
  method: 'GET',
  path: '/events/{id}',
  summary: 'One event',
  tag: 'events',
  access: 'read:events',
  params: numbered,
  reply: { status: 200, schema: storedEvent },
  problems: ['event.not_found'],
});

export const streamEvents = endpoint({
  method: 'GET',
  path: '/events/stream',
  summary: 'Events as they are stored (server-sent events); goes on after Last-Event-ID',
  tag: 'events',
  access: 'read:events',
  query: strict({
    /** MQTT topic filters, separated by commas. */
    topics: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
    kinds: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
    project_id: Type.Optional(uuid),
    filter: Type.Optional(filterText),
    /** Where to go on, for clients that cannot set Last-Event-ID. */
    after: Type.Optional(bigId),
    /** The last id to be sent: the stream then ends with an event `end`. */
    until: Type.Optional(bigId),
  }),
  reply: { status: 200, schema: null, stream: true },
});

export const publishEvent = endpoint({
  method: 'POST',
  path: '/events',
  summary: 'Publish an event of your own',
  tag: 'events',
  access: 'publish:events',
  body: strict({
    topic: Type.String({ minLength: 1, maxLength: 255 }),
    kind: Type.String({ minLength: 1, maxLength: 100, pattern: '^[a-z0-9_.]+$' }),
    payload: Type.Record(Type.String(), Type.Unknown()),
    /** Made up where left out. */
    trace_id: Type.Optional(uuid),
    ts: Type.Optional(moment),
    idempotency_key: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** With `producer_seq`, one more for each event: losses are seen, by /events/gaps. */
    producer_id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    producer_seq: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  }),
  reply: {
    status: 202,
    schema: Type.Object({ trace_id: uuid, idempotency_key: Type.String(), duplicate: Type.Boolean() }),
  },
  problems: ['event.invalid', 'event.key_reused'],
});

export const live = endpoint({
  method: 'GET',
  path: '/health/live',
  summary: 'The process runs',
  tag: 'health',
  access: 'public',
  reply: { status: 200, schema: Type.Object({ status: Type.Literal('live') }) },
});

export const ready = endpoint({
  method: 'GET',
  path: '/health/ready',
  summary: 'Requests can be served',
  tag: 'health',
  access: 'public',
  reply: { status: 200, schema: Type.Object({ status: Type.Literal('ready') }) },
  problems: ['server.unavailable'],
});

const part = Type.Object({
  name: Type.String(),
  state: Type.Enum(['healthy', 'degraded', 'unavailable']),
  latency_ms: nullable(Type.Number()),
  detail: Type.String(),
});

export const stack = endpoint({
  method: 'GET',
  path: '/health/stack',
  summary: 'Each part of the system, its state and how fast it answers',
  tag: 'health',
  access: 'signed_in',
  reply: {
    status: 200,
    schema: Type.Object({
      state: Type.Enum(['healthy', 'degraded', 'unavailable']),
      version: Type.String(),
      started_at: moment,
      parts: Type.Array(part),
    }),
  },
});
