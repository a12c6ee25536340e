// Endpoints of replays: stored events published again, to one MQTT client alone.
import { Type } from 'typebox';
import { eventReplay, eventReplayInput } from '../event-replays.ts';
import { cursor, limit, page, strict } from '../schema.ts';
import { endpoint } from './endpoint.ts';
import { byId } from './inputs.ts';

const common = { tag: 'events', access: 'admin' } as const;

export const startEventReplay = endpoint({
  method: 'POST',
  path: '/events/replays',
  summary: 'Publish stored events again, in order, on tracker/replies/{client_id}/replay/{topic}',
  ...common,
  body: eventReplayInput,
  reply: { status: 201, schema: eventReplay },
  problems: ['device.not_found', 'event.no_client', 'event.none_in_range'],
  idempotent: true,
});

export const listEventReplays = endpoint({
  method: 'GET',
  path: '/events/replays',
  summary: 'Replays of events, newest first',
  ...common,
  query: strict({ limit: Type.Optional(limit), cursor: Type.Optional(cursor) }),
  reply: { status: 200, schema: page(eventReplay) },
  problems: ['request.bad_cursor'],
});

export const getEventReplay = endpoint({
  method: 'GET',
  path: '/events/replays/{id}',
  summary: 'One replay of events and how far it is',
  ...common,
  params: byId,
  reply: { status: 200, schema: eventReplay },
  problems: ['event.no_replay'],
});

export const cancelEventReplay = endpoint({
  method: 'POST',
  path: '/events/replays/{id}/cancel',
  summary: 'End a replay of events before it is through',
  ...common,
  params: byId,
  reply: { status: 200, schema: eventReplay },
  problems: ['event.no_replay'],
});
