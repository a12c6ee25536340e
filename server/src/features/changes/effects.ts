// What a change did in the end, read from its events: what it made, what it deleted, which fields it left otherwise. Pure.
import type { Component, Position, Project, Task } from '@taylordash/core/entities';
import { type ChangedFields, changedBetween } from '@taylordash/core/events';

/** An event of the change that is looked at, in their order. */
export interface ChangeEvent {
  kind: string;
  project_id: string | null;
  entity_id: string | null;
  payload: { entity?: unknown; changed?: ChangedFields };
}

export interface Entities {
  project: Project;
  component: Component;
  task: Task;
}
export type EntityKind = keyof Entities;

/** What a change did to one entity. */
export interface Effect<K extends EntityKind> {
  id: string;
  project_id: string | null;
  /** It was not there before. */
  made: boolean;
  /** It was not there afterwards. */
  gone: boolean;
  /** The entity afterwards, or as it was when it was deleted; null where the events tell of its place alone. */
  entity: Entities[K] | null;
  /** Fields of what was there before and afterwards. */
  fields: ChangedFields;
}

export interface EdgeEffect {
  component_id: string;
  depends_on_id: string;
  project_id: string;
  component_name: string;
  depends_on_name: string;
  /** True: it was added; false: it was taken away. */
  added: boolean;
}

export interface Effects {
  project: Map<string, Effect<'project'>>;
  component: Map<string, Effect<'component'>>;
  task: Map<string, Effect<'task'>>;
  edges: EdgeEffect[];
}

/** The kinds that an undo knows how to take back. */
const known = /^(project|component|task)_(?!dependency_)|^components_moved$|^component_dependency_(added|removed)$/;

/** Null where the change touched something that cannot be taken back this way. */
export function effectsOf(events: readonly ChangeEvent[]): Effects | null {
  const effects: Effects = { project: new Map(), component: new Map(), task: new Map(), edges: [] };
  const edges = new Map<string, EdgeEffect & { before: boolean }>();
  for (const { kind, project_id, entity_id, payload } of events) {
    if (!known.test(kind) || entity_id === null || payload.entity === undefined) return null;
    const changed = payload.changed ?? {};
    if (kind === 'components_moved') readMove(effects.component, project_id, changed);
    else if (kind === 'component_dependency_added' || kind === 'component_dependency_removed') {
      // The payload of these kinds, as core's table has it; they are our own events.
      const { component_id, depends_on_id, ...others } = payload.entity as Omit<EdgeEffect, 'added'>;
      const added = kind === 'component_dependency_added';
      const key = `${component_id} ${depends_on_id}`;
      edges.set(key, { component_id, depends_on_id, ...others, added, before: edges.get(key)?.before ?? !added });
    } else if (kind.startsWith('project_')) read(effects.project, kind, project_id, entity_id, payload.entity, changed);
    else if (kind.startsWith('component_'))
      read(effects.component, kind, project_id, entity_id, payload.entity, changed);
    else read(effects.task, kind, project_id, entity_id, payload.entity, changed);
  }
  for (const { before, ...edge } of edges.values()) if (edge.added !== before) effects.edges.push(edge);
  return effects;
}

function read<K extends EntityKind>(
  into: Map<string, Effect<K>>,
  kind: string,
  project_id: string | null,
  id: string,
  given: unknown,
  changed: ChangedFields,
): void {
  // As above: the payload of a kind of ours.
  const entity = given as Entities[K];
  const before = into.get(id);
  const effect: Effect<K> = before ?? { id, project_id, made: false, gone: false, entity: null, fields: {} };
  effect.project_id = project_id ?? effect.project_id;
  if (kind.endsWith('_created')) {
    if (effect.gone && effect.entity && !effect.made) {
      mergeFields(effect.fields, changedBetween(effect.entity, entity));
      effect.gone = false;
    } else if (before === undefined || effect.gone) Object.assign(effect, { made: true, gone: false });
  } else if (kind.endsWith('_deleted')) effect.gone = true;
  else mergeFields(effect.fields, changed);
  effect.entity = entity;
  into.set(id, effect);
}

function readMove(into: Effects['component'], project_id: string | null, { positions }: ChangedFields): void {
  // As above.
  const [was, is] = [positions?.before, positions?.after] as { id: string; position: Position | null }[][];
  const stood = new Map(was?.map(({ id, position }) => [id, position]));
  for (const { id, position } of is ?? []) {
    const effect = into.get(id) ?? { id, project_id, made: false, gone: false, entity: null, fields: {} };
    mergeFields(effect.fields, { position: { before: stood.get(id) ?? null, after: position } });
    into.set(id, effect);
  }
}

function mergeFields(into: ChangedFields, changed: ChangedFields): void {
  for (const [field, { before, after }] of Object.entries(changed)) {
    const known = into[field];
    into[field] = { before: known ? known.before : before, after };
  }
}

/** What was there before the change deleted it. */
export function stateBefore<K extends EntityKind>({ entity, fields }: Effect<K>): Entities[K] | null {
  if (!entity) return null;
  const before = Object.entries(fields).map(([field, value]) => [field, value.before]);
  // The fields of this same entity with earlier values.
  return { ...entity, ...Object.fromEntries(before) } as Entities[K];
}
