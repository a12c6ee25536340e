// Endpoints of devices, the signals that come from them, and bindings.
import { Type } from 'typebox';
import {
  bindingFields,
  bindingWithResult,
  brokerAddress,
  deviceFields,
  deviceWithActivity,
  signal,
} from '../device-entities.ts';
import { nullable, page, patch, strict, topicFilter, uuid } from '../schema.ts';
import { endpoint } from './endpoint.ts';
import { byId, newId, optional, paging } from './inputs.ts';

const { name, username, ...others } = deviceFields;
/** The password, shown once: only its hash is kept. */
const withPassword = Type.Object({ device: deviceWithActivity, password: Type.String() });

export const listDevices = endpoint({
  method: 'GET',
  path: '/devices',
  summary: 'Devices by name, with when they were last heard',
  tag: 'devices',
  access: 'read:metrics',
  query: strict(paging),
  reply: { status: 200, schema: page(deviceWithActivity) },
  problems: ['request.bad_cursor'],
});

export const createDevice = endpoint({
  method: 'POST',
  path: '/devices',
  summary: 'Make an account for a device; its password is in this answer alone',
  tag: 'devices',
  access: 'admin',
  body: strict({ id: newId, name, username: Type.Optional(username), ...optional(others) }),
  reply: { status: 201, schema: withPassword },
  problems: ['request.id_taken', 'device.username_taken', 'user.unknown'],
  etag: true,
});

export const getDevice = endpoint({
  method: 'GET',
  path: '/devices/{id}',
  summary: 'One device',
  tag: 'devices',
  access: 'read:metrics',
  params: byId,
  reply: { status: 200, schema: deviceWithActivity },
  problems: ['device.not_found'],
  etag: true,
});

export const updateDevice = endpoint({
  method: 'PATCH',
  path: '/devices/{id}',
  summary: 'Change a device; what it may do changes at once',
  tag: 'devices',
  access: 'admin',
  params: byId,
  body: patch({ name, ...others }),
  reply: { status: 200, schema: deviceWithActivity },
  problems: ['device.not_found', 'request.precondition_failed', 'user.unknown'],
  etag: true,
});

export const deleteDevice = endpoint({
  method: 'DELETE',
  path: '/devices/{id}',
  summary: 'Delete a device; its connections and sessions end, its events stay',
  tag: 'devices',
  access: 'admin',
  params: byId,
  reply: { status: 204, schema: null },
  problems: ['device.not_found', 'request.precondition_failed'],
  etag: true,
});

export const renewDevicePassword = endpoint({
  method: 'POST',
  path: '/devices/{id}/password',
  summary: 'Give a device a new password; the old one ends with its connections',
  tag: 'devices',
  access: 'admin',
  params: byId,
  reply: { status: 200, schema: withPassword },
  problems: ['device.not_found'],
  etag: true,
});

export const deviceBroker = endpoint({
  method: 'GET',
  path: '/devices/broker',
  summary: 'How a device reaches the embedded broker',
  tag: 'devices',
  access: 'read:metrics',
  reply: { status: 200, schema: brokerAddress },
});

export const listSignals = endpoint({
  method: 'GET',
  path: '/signals',
  summary: 'The last message of each topic, by topic',
  tag: 'devices',
  access: 'read:metrics',
  query: strict({
    limit: paging.limit,
    cursor: paging.cursor,
    /** MQTT topic filter, wildcards included. */
    topic: Type.Optional(topicFilter),
    device_id: Type.Optional(uuid),
  }),
  reply: { status: 200, schema: page(signal) },
  problems: ['request.bad_cursor'],
});

export const listBindings = endpoint({
  method: 'GET',
  path: '/bindings',
  summary: 'Bindings by topic filter, with how they do',
  tag: 'devices',
  access: 'read:metrics',
  query: strict({ limit: paging.limit, cursor: paging.cursor, component_id: Type.Optional(uuid) }),
  reply: { status: 200, schema: page(bindingWithResult) },
  problems: ['request.bad_cursor'],
});

const { topic_filter, target, path, enabled } = bindingFields;
const bindingProblems = ['binding.invalid', 'component.not_found'] as const;

export const createBinding = endpoint({
  method: 'POST',
  path: '/bindings',
  summary: 'Bind a value on a topic to a metric, a progress or a status',
  tag: 'devices',
  access: 'admin',
  body: strict({ id: newId, topic_filter, target, path: Type.Optional(path), enabled: Type.Optional(enabled) }),
  reply: { status: 201, schema: bindingWithResult },
  problems: ['request.id_taken', ...bindingProblems],
  etag: true,
  idempotent: true,
});

export const updateBinding = endpoint({
  method: 'PATCH',
  path: '/bindings/{id}',
  summary: 'Change a binding',
  tag: 'devices',
  access: 'admin',
  params: byId,
  body: patch(bindingFields),
  reply: { status: 200, schema: bindingWithResult },
  problems: ['binding.not_found', 'request.precondition_failed', ...bindingProblems],
  etag: true,
});

export const deleteBinding = endpoint({
  method: 'DELETE',
  path: '/bindings/{id}',
  summary: 'Delete a binding',
  tag: 'devices',
  access: 'admin',
  params: byId,
  reply: { status: 204, schema: null },
  problems: ['binding.not_found', 'request.precondition_failed'],
  etag: true,
});

export const tryBinding = endpoint({
  method: 'POST',
  path: '/bindings/try',
  summary: 'What a binding would read from the last messages, without keeping it',
  tag: 'devices',
  access: 'admin',
  body: strict({ topic_filter, target, path: Type.Optional(path) }),
  reply: {
    status: 200,
    schema: Type.Object({
      items: Type.Array(
        Type.Object({
          topic: Type.String(),
          value: nullable(Type.String()),
          /** What it would become: a number, a percentage or a status, as text. */
          result: nullable(Type.String()),
          /** Why it cannot be read. */
          reason: nullable(Type.String()),
        }),
      ),
    }),
  },
  problems: bindingProblems,
});
