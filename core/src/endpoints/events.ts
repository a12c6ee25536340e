// Endpoints about events as a whole: how many there were when, and what was lost before it got here.
import { Type } from 'typebox';
import { filterText, limit, moment, nullable, strict, uuid } from '../schema.ts';
import { endpoint } from './endpoint.ts';

const ids = Type.Record(Type.String(), Type.Array(uuid));
const counted = Type.Array(Type.Object({ name: Type.String(), count: Type.Integer() }));

export const eventStats = endpoint({
  method: 'GET',
  path: '/events/stats',
  summary: 'How many events there were in each part of a time, by kind and by source',
  tag: 'events',
  access: 'read:events',
  query: strict({
    filter: Type.Optional(filterText),
    /** Everything that is kept, unless told otherwise. */
    from: Type.Optional(moment),
    to: Type.Optional(moment),
  }),
  reply: {
    status: 200,
    schema: Type.Object({
      from: moment,
      to: moment,
      /** Length of a bucket. */
      bucket_seconds: Type.Integer(),
      buckets: Type.Array(Type.Integer()),
      total: Type.Integer(),
      /** Too many to count: worked out from some of them. */
      estimated: Type.Boolean(),
      /** The most frequent ones, at most ten. */
      kinds: counted,
      sources: counted,
      /** What the names in the filter stand for. */
      names: Type.Object({ actor: ids, project: ids }),
    }),
  },
});

const range = Type.Object({ from: Type.Integer(), to: Type.Integer(), seen_at: moment });

const producer = Type.Object({
  source: Type.Enum(['server', 'mqtt', 'http']),
  /** The account, or the client’s name where it has none; empty where the broker tells neither. */
  publisher: Type.String(),
  producer_id: Type.String(),
  /** The client it last came by. */
  client_id: nullable(Type.String()),
  topic: Type.String(),
  /** Of the present numbering: its first number, and the one awaited next. */
  first: Type.Integer(),
  next: Type.Integer(),
  received: Type.Integer(),
  /** How many numbers have never come, over all numberings. */
  missing: Type.Integer(),
  /** Came again under another key. */
  repeated: Type.Integer(),
  /** How often the numbering began again. */
  restarts: Type.Integer(),
  last_seen_at: moment,
  /** When the last loss that still stands was noticed. */
  last_lost_at: nullable(moment),
  /** What is missing, the newest ranges of numbers first. */
  ranges: Type.Array(range),
});

export const eventGaps = endpoint({
  method: 'GET',
  path: '/events/gaps',
  summary: 'Producers that number their events, and which numbers never came; those that lost something first',
  tag: 'events',
  access: 'admin',
  query: strict({ limit: Type.Optional(limit) }),
  reply: {
    status: 200,
    schema: Type.Object({
      producers: Type.Integer(),
      missing: Type.Integer(),
      items: Type.Array(producer),
    }),
  },
});
