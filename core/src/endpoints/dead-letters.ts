// Endpoints of dead letters: look, try, replay, discard.
import { Type } from 'typebox';
import {
  deadLetterReplay,
  dryRun,
  edit,
  groupParams,
  letterFilter,
  letterGroups,
  letterSelection,
  letterStatus,
} from '../dead-letter-entities.ts';
import { deadLetter } from '../entities.ts';
import { bigId, cursor, limit, page, strict } from '../schema.ts';
import { endpoint } from './endpoint.ts';
import { byId } from './inputs.ts';

const tag = 'dead letters';

export const listDeadLetters = endpoint({
  method: 'GET',
  path: '/dlq',
  summary: 'Dead letters, newest first',
  ...{ tag, access: 'admin' },
  query: strict({
    limit: Type.Optional(limit),
    cursor: Type.Optional(cursor),
    status: Type.Optional(letterStatus),
    ...letterFilter,
  }),
  reply: { status: 200, schema: page(deadLetter) },
  problems: ['request.bad_cursor'],
});

export const getDeadLetter = endpoint({
  method: 'GET',
  path: '/dlq/{id}',
  summary: 'One dead letter with its bytes',
  ...{ tag, access: 'admin' },
  params: strict({ id: bigId }),
  reply: { status: 200, schema: deadLetter },
  problems: ['dead_letter.not_found'],
});

export const deadLetterGroups = endpoint({
  method: 'GET',
  path: '/dlq/groups',
  summary: 'Dead letters by cause, the latest first',
  ...{ tag, access: 'admin' },
  query: strict({ status: Type.Optional(letterStatus) }),
  reply: { status: 200, schema: letterGroups },
});

export const muteDeadLetters = endpoint({
  method: 'PUT',
  path: '/dlq/groups/{id}/mute',
  summary: 'Count a group without a badge or a notice, or tell of it again',
  ...{ tag, access: 'admin' },
  params: groupParams,
  body: strict({ muted: Type.Boolean() }),
  reply: { status: 200, schema: Type.Object({ muted: Type.Boolean() }) },
  problems: ['dead_letter.no_group'],
});

export const dryRunDeadLetters = endpoint({
  method: 'POST',
  path: '/dlq/dry-run',
  summary: 'What a replay would do; good for a replay for five minutes',
  ...{ tag, access: 'admin' },
  body: strict({ selection: letterSelection, edit: Type.Optional(edit) }),
  reply: { status: 200, schema: dryRun },
  problems: ['dead_letter.none_selected'],
});

export const startReplay = endpoint({
  method: 'POST',
  path: '/dlq/replays',
  summary: 'Replay what a dry run of the last five minutes looked at',
  ...{ tag, access: 'admin' },
  body: strict({
    selection: letterSelection,
    edit: Type.Optional(edit),
    /** Letters a second. */
    rate: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
  }),
  reply: { status: 201, schema: deadLetterReplay },
  problems: ['dead_letter.no_dry_run', 'dead_letter.none_selected'],
  idempotent: true,
});

export const listReplays = endpoint({
  method: 'GET',
  path: '/dlq/replays',
  summary: 'Replays, newest first',
  ...{ tag, access: 'admin' },
  query: strict({ limit: Type.Optional(limit), cursor: Type.Optional(cursor) }),
  reply: { status: 200, schema: page(deadLetterReplay) },
  problems: ['request.bad_cursor'],
});

export const getReplay = endpoint({
  method: 'GET',
  path: '/dlq/replays/{id}',
  summary: 'One replay and how far it is',
  ...{ tag, access: 'admin' },
  params: byId,
  reply: { status: 200, schema: deadLetterReplay },
  problems: ['dead_letter.no_replay'],
});

export const stopReplay = endpoint({
  method: 'POST',
  path: '/dlq/replays/{id}/stop',
  summary: 'Stop a replay; what was not replayed is open again',
  ...{ tag, access: 'admin' },
  params: byId,
  reply: { status: 200, schema: deadLetterReplay },
  problems: ['dead_letter.no_replay'],
});

export const resumeReplay = endpoint({
  method: 'POST',
  path: '/dlq/replays/{id}/resume',
  summary: 'Go on with a replay that stopped',
  ...{ tag, access: 'admin' },
  params: byId,
  reply: { status: 200, schema: deadLetterReplay },
  problems: ['dead_letter.no_replay', 'dead_letter.replay_state'],
});

export const discardDeadLetters = endpoint({
  method: 'POST',
  path: '/dlq/discard',
  summary: 'Discard dead letters; for 30 days they can be restored',
  ...{ tag, access: 'admin' },
  body: strict({ selection: letterSelection, note: Type.Optional(Type.String({ maxLength: 1000 })) }),
  reply: {
    status: 200,
    /** `ids`: the first 1,000 of them, to restore. */
    schema: Type.Object({ discarded: Type.Integer(), ids: Type.Array(bigId) }),
  },
});

export const sendBadExample = endpoint({
  method: 'POST',
  path: '/dlq/example',
  summary: 'Send a message that cannot be understood, to see what becomes of it',
  ...{ tag, access: 'admin' },
  reply: { status: 204, schema: null },
});

export const restoreDeadLetters = endpoint({
  method: 'POST',
  path: '/dlq/restore',
  summary: 'Open dead letters again that were discarded or quarantined',
  ...{ tag, access: 'admin' },
  body: strict({ selection: letterSelection }),
  reply: {
    status: 200,
    /** `merged`: those that had come again meanwhile, and are one letter with these now. */
    schema: Type.Object({ restored: Type.Integer(), merged: Type.Integer() }),
  },
  problems: ['dead_letter.came_again'],
});
