// Endpoints of changes: several operations as one, what happened in a project, and taking a change back.
import { Type } from 'typebox';
import { mostOperations } from '../bulk.ts';
import { activityEntry, bulkOperation, undoConflict } from '../changes.ts';
import { cursor, limit, nullable, page, strict, uuid } from '../schema.ts';
import { endpoint } from './endpoint.ts';
import { byId } from './inputs.ts';

export const bulk = endpoint({
  method: 'POST',
  path: '/changes/bulk',
  summary: 'Up to 500 operations on components, dependencies and tasks in one transaction: all or nothing, one change',
  tag: 'changes',
  access: 'signed_in',
  body: strict({ operations: Type.Array(bulkOperation, { minItems: 1, maxItems: mostOperations }) }),
  reply: {
    status: 200,
    schema: Type.Object({
      /** Null where nothing changed. */
      change_id: nullable(uuid),
      /** One for each operation, in order: the component, task or dependency after it; null where it was deleted. */
      items: Type.Array(nullable(Type.Record(Type.String(), Type.Unknown()))),
    }),
  },
  problems: [
    'component.not_found',
    'task.not_found',
    'project.not_found',
    'component.dependency_cycle',
    'component.dependency_other_project',
    'component.dependency_not_found',
    'component.tray_exists',
    'component.tray_has_no_dependencies',
    'request.precondition_failed',
    'request.id_taken',
    'user.unknown',
  ],
  idempotent: true,
});

export const undoChange = endpoint({
  method: 'POST',
  path: '/changes/{id}/undo',
  summary: 'Take a change back, by a change of its own, which can be undone in turn (redo)',
  tag: 'changes',
  access: 'signed_in',
  params: byId,
  body: strict({
    /** Where somebody changed the same since: `ask` refuses with change.conflict, `overwrite` undoes anyway, `keep` leaves theirs. */
    conflicts: Type.Optional(Type.Enum(['ask', 'overwrite', 'keep'])),
  }),
  reply: {
    status: 200,
    schema: Type.Object({
      /** The change that undid it; null where nothing was left to undo. */
      change_id: nullable(uuid),
      /** What was kept as others had changed it. */
      kept: Type.Array(undoConflict),
    }),
  },
  problems: ['change.not_found', 'change.not_undoable', 'change.conflict'],
});

export const projectActivity = endpoint({
  method: 'GET',
  path: '/projects/{id}/activity',
  summary: 'What was changed in a project, newest first',
  tag: 'changes',
  access: 'read:projects',
  params: byId,
  query: strict({
    limit: Type.Optional(limit),
    cursor: Type.Optional(cursor),
    /** Only what touched this component (with its tasks) or task. */
    entity_id: Type.Optional(uuid),
    actor_id: Type.Optional(uuid),
  }),
  reply: { status: 200, schema: page(activityEntry) },
  problems: ['project.not_found', 'request.bad_cursor'],
});
