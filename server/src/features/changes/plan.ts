// What taking a change back would do now: what comes back, what goes, which fields are set, and where others came in between. Pure.
import type { Component, Position, Project, Task } from '@taylordash/core/entities';
import type { ChangedFields } from '@taylordash/core/events';
import { sameJson } from '@taylordash/core/json';
import {
  aroundComponents,
  componentConflicts,
  edgeKey,
  madeConflicts,
  type PlannedConflict,
  type Present,
  projectConflicts,
} from './conflicts.ts';
import { type EdgeEffect, type Effect, type Effects, type Entities, type EntityKind, stateBefore } from './effects.ts';

export interface FieldsOf<K extends EntityKind> {
  id: string;
  fields: Partial<Entities[K]>;
}

export interface UndoPlan {
  restore: { projects: Project[]; components: Component[]; tasks: Task[]; edges: EdgeEffect[] };
  set: { projects: FieldsOf<'project'>[]; components: FieldsOf<'component'>[]; tasks: FieldsOf<'task'>[] };
  move: { id: string; position: Position | null }[];
  remove: { projects: string[]; components: string[]; tasks: string[]; edges: EdgeEffect[] };
  /** Components whose tasks drive their progress, which the change had moved; and what it was, for where no task counts. */
  follow: { id: string; without: number }[];
  conflicts: PlannedConflict[];
  /** Names of what has gone since, so that nothing of it can be set. */
  missing: string[];
}

/** `overwrite` undoes where others came in between; without it theirs stays, and is listed. */
export function planUndo(effects: Effects, present: Present, overwrite: boolean): UndoPlan {
  const plan: UndoPlan = {
    restore: { projects: [], components: [], tasks: [], edges: [] },
    set: { projects: [], components: [], tasks: [] },
    move: [],
    remove: { projects: [], components: [], tasks: [], edges: [] },
    follow: [],
    conflicts: [],
    missing: [],
  };
  /** Adds the conflicts; true where what they are about is to be undone all the same. */
  const settle = (conflicts: readonly PlannedConflict[]): boolean => {
    plan.conflicts.push(...conflicts);
    return overwrite || conflicts.length === 0;
  };
  /** Projects made by the change: gone with all in them, or kept with all in them. */
  const whole = new Set<string>();
  for (const effect of effects.project.values()) {
    const now = present.project.get(effect.id);
    if (effect.made && now) {
      whole.add(effect.id);
      if (settle(projectConflicts(effect, now, effects, present))) plan.remove.projects.push(effect.id);
    } else if (effect.gone && !effect.made && !now) pushState(plan.restore.projects, effect);
    else if (!effect.made && !effect.gone) plan.set.projects.push(...setOf('project', effect, now, plan, overwrite));
  }
  const planned = <K extends EntityKind>(map: ReadonlyMap<string, Effect<K>>) =>
    [...map.values()].filter(({ project_id, made, gone }) => !(made && gone) && !whole.has(project_id ?? ''));

  const around = aroundComponents(effects, present);
  const keptTasks = new Set<string>();
  for (const effect of planned(effects.task)) {
    const now = present.task.get(effect.id);
    if (effect.made) {
      if (!now) continue;
      if (settle(madeConflicts('task', effect, now))) plan.remove.tasks.push(effect.id);
      else keptTasks.add(effect.id);
    } else if (effect.gone) {
      if (!now) pushState(plan.restore.tasks, effect);
    } else plan.set.tasks.push(...setOf('task', effect, now, plan, overwrite));
  }
  for (const effect of planned(effects.component)) {
    const now = present.component.get(effect.id);
    if (effect.made) {
      if (now && settle(componentConflicts(effect, now, effects, around, keptTasks)))
        plan.remove.components.push(effect.id);
    } else if (effect.gone) {
      if (!now) pushState(plan.restore.components, effect);
    } else plan.set.components.push(...setOf('component', effect, now, plan, overwrite));
  }
  planEdges(plan, effects, present, whole);
  return plan;
}

function pushState<K extends EntityKind>(into: Entities[K][], effect: Effect<K>): void {
  const state = stateBefore(effect);
  if (state) into.push(state);
}

function planEdges(plan: UndoPlan, effects: Effects, present: Present, whole: ReadonlySet<string>): void {
  const removed = new Set(plan.remove.components);
  const restored = new Set(plan.restore.components.map(({ id }) => id));
  const there = (id: string) => restored.has(id) || (present.component.has(id) && !removed.has(id));
  for (const edge of effects.edges) {
    if (whole.has(edge.project_id)) continue;
    const stands = present.edges.has(edgeKey(edge));
    if (edge.added && stands) plan.remove.edges.push(edge);
    if (edge.added || stands) continue;
    if (there(edge.component_id) && there(edge.depends_on_id)) plan.restore.edges.push(edge);
    else plan.missing.push(there(edge.component_id) ? edge.depends_on_name : edge.component_name);
  }
}

/** Which fields to set so that those the change touched are as before. */
function setOf<K extends EntityKind>(
  kind: K,
  effect: Effect<K>,
  now: Entities[K] | undefined,
  plan: UndoPlan,
  overwrite: boolean,
): FieldsOf<K>[] {
  if (!now) {
    if (effect.entity) plan.missing.push(effect.entity.name);
    return [];
  }
  const is: Record<string, unknown> = { ...now };
  const set: Record<string, unknown> = {};
  for (const [field, { before, after }] of Object.entries(effect.fields)) {
    if (!(field in is) || field === 'completed_at' || sameJson(is[field], before)) continue;
    const derived = kind === 'component' && field === 'progress' && is.progress_mode === 'tasks';
    if (!derived && !sameJson(is[field], after)) {
      plan.conflicts.push({
        ...{ entity: kind, entity_id: effect.id, name: now.name, field },
        ...{ restores: before, now: is[field] },
      });
      if (!overwrite) continue;
    }
    set[field] = before;
  }
  if (kind === 'component') settleComponent(effect.id, effect.fields, is, set, plan);
  if (kind === 'task' && set.status !== undefined) {
    // Done again: when it was done the first time. Where that was not kept, it is now.
    const completed_at = set.status === 'done' ? effect.fields.completed_at?.before : null;
    if (completed_at !== undefined) set.completed_at = completed_at;
  }
  // Names of fields that the events of this kind have, with values that stood there before.
  return Object.keys(set).length === 0 ? [] : [{ id: effect.id, fields: set as Partial<Entities[K]> }];
}

/** Progress that follows tasks follows them again, a reason belongs to what is blocked, and places go by one event for all. */
function settleComponent(
  id: string,
  changed: ChangedFields,
  is: Readonly<Record<string, unknown>>,
  set: Record<string, unknown>,
  plan: UndoPlan,
): void {
  if ((set.progress_mode ?? is.progress_mode) === 'tasks') {
    if (changed.progress || 'progress_mode' in set)
      plan.follow.push({ id, without: Number(changed.progress?.before ?? is.progress) });
    delete set.progress;
  }
  if ((set.status ?? is.status) !== 'blocked') {
    delete set.blocked_reason;
    if (is.blocked_reason !== null) set.blocked_reason = null;
  }
  if ('position' in set) {
    // A value that stood in this column.
    plan.move.push({ id, position: set.position as Position | null });
    delete set.position;
  }
}
