// What devices, signals and bindings look like on the wire.
import { type Static, Type } from 'typebox';
import { moment, nullable, strict, topicFilter, uuid, version } from './schema.ts';
import { componentStatuses } from './statuses.ts';

const filters = Type.Array(topicFilter, { maxItems: 50 });

export const deviceFields = {
  name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
  /** MQTT user name. */
  username: Type.String({ minLength: 1, maxLength: 50, pattern: '^[a-z0-9][a-z0-9_-]*$' }),
  enabled: Type.Boolean(),
  /** Topic filters of what it may publish, its last will included. */
  publish_filters: filters,
  /** Topic filters of what it may be sent, of what a viewer may see. */
  subscribe_filters: filters,
  /** The user whose rights its commands have; null: it may send none. */
  acts_as: nullable(uuid),
};
export const device = Type.Object({
  id: uuid,
  ...deviceFields,
  created_by: nullable(uuid),
  created_at: moment,
  updated_at: moment,
  version,
});
export type Device = Static<typeof device>;

/** What is known of a device from its messages, some seconds old at the most. */
export const deviceActivity = Type.Object({
  connected: Type.Boolean(),
  /** MQTT client id and address of its last connection. */
  client_id: nullable(Type.String()),
  address: nullable(Type.String()),
  connected_at: nullable(moment),
  last_message_at: nullable(moment),
  last_topic: nullable(Type.String()),
  /** Its usual time between two messages. */
  interval_seconds: nullable(Type.Number()),
  /** Its last message, where it has been silent for three times that. */
  quiet_since: nullable(moment),
  messages: Type.Integer(),
  messages_hour: Type.Integer(),
  /** Messages of each of the last 24 hours, the present one last. */
  hours: Type.Array(Type.Integer()),
  refused: Type.Integer(),
  last_refused_at: nullable(moment),
  last_refusal: nullable(Type.String()),
  /** Open ones. */
  dead_letters: Type.Integer(),
});
export const deviceWithActivity = Type.Object({ ...device.properties, activity: deviceActivity });
export type DeviceWithActivity = Static<typeof deviceWithActivity>;

/** How a device reaches the broker. */
export const brokerAddress = strict({
  /** Null with an external broker, whose accounts are its own. */
  port: nullable(Type.Integer()),
  tls_port: nullable(Type.Integer()),
  /** Addresses of this machine that the broker listens on; first the one to try. */
  hosts: Type.Array(Type.String()),
  /** Reached from this machine alone. */
  loopback_only: Type.Boolean(),
  /** May clients without an account connect from this machine? */
  anonymous: Type.Boolean(),
});
export type BrokerAddress = Static<typeof brokerAddress>;

const finite = Type.Number({ minimum: -1e15, maximum: 1e15 });

const targetKinds = ['metric', 'progress', 'status'] as const;
/** One flat shape, so that a wrong field gives one error; `targetFault` says what each kind needs. */
export const bindingTarget = Type.Object(
  {
    kind: Type.Enum([...targetKinds]),
    /** metric: where it is recorded. */
    service: Type.Optional(
      Type.String({ minLength: 1, maxLength: 50, pattern: '^[\\p{L}\\p{N}_][\\p{L}\\p{N}_.: -]*$' }),
    ),
    metric: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, pattern: '^[\\p{L}\\p{N}_][\\p{L}\\p{N}_.: -]*$' }),
    ),
    unit: Type.Optional(Type.String({ minLength: 1, maxLength: 20 })),
    /** progress and status: of which component. */
    component_id: Type.Optional(uuid),
    /** progress: the value that is 0 %, the value that is 100 %, and the smallest change in percent that counts. */
    from: Type.Optional(finite),
    to: Type.Optional(finite),
    step: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    /** status: values as text, each with its status; how long a value holds before it counts, in seconds. */
    map: Type.Optional(Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.Enum([...componentStatuses]))),
    hold: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
  },
  { additionalProperties: false },
);
export type BindingTarget = Static<typeof bindingTarget>;

export const bindingFields = {
  topic_filter: topicFilter,
  /** Where the value is in a JSON message: `state.temperature`, `values[0]`; empty: the message itself. */
  path: Type.String({ maxLength: 255 }),
  target: bindingTarget,
  enabled: Type.Boolean(),
};
export const binding = Type.Object({
  id: uuid,
  ...bindingFields,
  created_by: nullable(uuid),
  created_at: moment,
  updated_at: moment,
  version,
});
export type Binding = Static<typeof binding>;

export const bindingResult = Type.Object({
  last_value: nullable(Type.String()),
  last_read_at: nullable(moment),
  last_applied_at: nullable(moment),
  applied: Type.Integer(),
  unreadable: Type.Integer(),
  last_error: nullable(Type.String()),
});
export const bindingWithResult = Type.Object({ ...binding.properties, result: bindingResult });

export const signal = Type.Object({
  topic: Type.String(),
  device_id: nullable(uuid),
  /** The message as text, 4 KB at the most; null where it is none. */
  text: nullable(Type.String()),
  /** The bytes, where they are no text. */
  raw_base64: nullable(Type.String()),
  size: Type.Integer(),
  /** 0: not confirmed. */
  qos: Type.Integer(),
  retain: Type.Boolean(),
  messages: Type.Integer(),
  interval_seconds: nullable(Type.Number()),
  first_at: moment,
  last_at: moment,
});
export type Signal = Static<typeof signal>;
