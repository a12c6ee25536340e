// Shapes of changes: the operations of a bulk, what an undo meets, and how activity tells of a change.
import { type Static, Type } from 'typebox';
import { changedFields, eventActor } from './events.ts';
import { bigId, moment, nullable, strict, uuid } from './schema.ts';

const bulkOperations = [
  'create_component',
  'update_component',
  'delete_component',
  'add_dependency',
  'remove_dependency',
  'create_task',
  'update_task',
  'delete_task',
] as const;
export type BulkOperationName = (typeof bulkOperations)[number];

/** One operation; which fields it takes follows from `op`, and a wrong one is named with its place. */
export const bulkOperation = strict({
  op: Type.Enum([...bulkOperations]),
  /** What is changed, deleted or (for dependencies) waits; of something made, the id it shall have. */
  id: Type.Optional(uuid),
  /** Of a component that is made. */
  project_id: Type.Optional(uuid),
  /** Of a task that is made; null or left out: the caller's inbox. */
  component_id: Type.Optional(nullable(uuid)),
  depends_on_id: Type.Optional(uuid),
  /** As deleteComponent takes it. */
  dependents: Type.Optional(Type.Enum(['link', 'drop'])),
  /** Refuse the whole bulk where the entity's version is another by now. */
  if_match: Type.Optional(Type.Integer({ minimum: 1 })),
  /** As the body of the endpoint that makes or changes one. */
  fields: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type BulkOperation = Static<typeof bulkOperation>;

/**
 * A field that somebody changed after the change that is to be undone. Of something that undoing would delete, also `tasks`,
 * `dependencies` and `components`: how many (`now`) have come into it since.
 */
export const undoConflict = Type.Object({
  entity: Type.Enum(['project', 'component', 'task']),
  entity_id: uuid,
  /** Name of the entity now. */
  name: Type.String(),
  field: Type.String(),
  /** What undoing would put there; null where it would delete the entity. */
  restores: Type.Unknown(),
  /** What stands there now. */
  now: Type.Unknown(),
  changed_by: nullable(Type.String()),
  changed_at: nullable(moment),
});

export type UndoConflict = Static<typeof undoConflict>;

/** One change as its project's activity tells it; moves on the canvas are left out. */
export const activityEntry = Type.Object({
  change_id: uuid,
  trace_id: uuid,
  at: moment,
  actor: eventActor,
  /** The change that this one took back. */
  undoes: nullable(uuid),
  /** The change that took this one back, unless that was taken back itself. */
  undone_by: nullable(uuid),
  /** How many events it has; the first 20 are here. */
  events_total: Type.Integer(),
  /** How many of each kind, in the order in which they began. */
  counts: Type.Record(Type.String(), Type.Integer()),
  events: Type.Array(
    Type.Object({
      id: bigId,
      kind: Type.String(),
      entity_id: nullable(uuid),
      /** Of the component, task or project; of a dependency, of what waits. */
      name: Type.String(),
      /** Of a dependency: what is waited for. */
      other_name: nullable(Type.String()),
      /** The component that a task is in. */
      component_id: nullable(uuid),
      changed: changedFields,
    }),
  ),
});
export type ActivityEntry = Static<typeof activityEntry>;
