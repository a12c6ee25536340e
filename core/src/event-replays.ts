// What the API says of replays of stored events to one MQTT client.
import { type Static, Type } from 'typebox';
import { bigId, filterText, moment, nullable, strict, topicFilter, uuid } from './schema.ts';

/** Which events, apart from their numbers. All of it must hold. */
const wanted = {
  /** In the grammar of event-filter.ts. */
  filter: Type.Optional(filterText),
  topics: Type.Optional(Type.Array(topicFilter, { minItems: 1, maxItems: 50 })),
  kinds: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9_.]{1,100}$' }), { minItems: 1, maxItems: 50 })),
  /** Stored at this moment or later. */
  from: Type.Optional(moment),
  /** Stored before this moment. */
  to: Type.Optional(moment),
};

export const eventReplayInput = strict({
  /** The MQTT client that gets them; else the one that this device last came by. */
  client_id: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  device_id: Type.Optional(uuid),
  ...wanted,
  from_id: Type.Optional(bigId),
  to_id: Type.Optional(bigId),
  /** Events a second. */
  rate: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
});
export type EventReplayInput = Static<typeof eventReplayInput>;

export const eventReplay = Type.Object({
  id: uuid,
  client_id: Type.String(),
  device_id: nullable(uuid),
  asked: strict(wanted),
  /** The range by numbers, both ends included, as it was when it began. */
  from_id: bigId,
  to_id: bigId,
  /** Everything up to here was sent. */
  position: bigId,
  sent: Type.Integer(),
  rate: Type.Integer(),
  status: Type.Enum(['running', 'cancelled', 'finished']),
  created_by: nullable(uuid),
  created_at: moment,
  ended_at: nullable(moment),
});
export type EventReplay = Static<typeof eventReplay>;
