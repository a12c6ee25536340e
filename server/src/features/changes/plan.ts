// What taking a change back would do now: what comes back, what goes, which fields are set, and where others came in between. Pure.
import type { Component, Position, Project, Task } from '@taylordash/core/entities';
import type { ChangedFields } from '@taylordash/core/events';
import { sameJson } from '@taylordash/core/json';
import type { EdgeEffect, Effect, Effects, Entities, EntityKind } from './effects.ts';
import { stateBefore } from './effects.ts';

/** What stands there now, of all that the change touched, with what has come into what it made. */
export interface Present {
  project: ReadonlyMap<string, Project>;
  component: ReadonlyMap<string, Component>;
  task: ReadonlyMap<string, Task>;
  /** Edges of the projects that it touched, as `edgeKey`. */
  edges: ReadonlySet<string>;
}

/** A conflict without the words for who and when. */
export interface PlannedConflict {
  entity: EntityKind;
  entity_id: string;
  name: string;
  field: string;
  restores: unknown;
  now: unknown;
}

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

export const edgeKey = (edge: { component_id: string; depends_on_id: string }): string =>
  `${edge.component_id} ${edge.depends_on_id}`;

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
      if (now && settle(componentConflicts(effect, now, effects, present, keptTasks)))
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

/** What says nothing against deleting it again: where it stands, and what the server counts or follows. */
const unasked: ReadonlySet<string> = new Set([
  ...['id', 'version', 'created_at', 'updated_at', 'completed_at', 'created_by', 'project_id'],
  ...['position', 'pinned', 'rank'],
]);

/** Fields that are other than the change left them in something that it made: undoing would take them along. */
function madeConflicts<K extends EntityKind>(kind: K, effect: Effect<K>, now: Entities[K]): PlannedConflict[] {
  const left: Record<string, unknown> = { ...effect.entity };
  const derived = 'progress_mode' in now && now.progress_mode === 'tasks';
  return Object.entries(now).flatMap(([field, value]) => {
    if (unasked.has(field) || !(field in left) || sameJson(left[field], value)) return [];
    if (derived && (field === 'progress' || field === 'progress_mode')) return [];
    return [{ entity: kind, entity_id: effect.id, name: now.name, field, restores: null, now: value }];
  });
}

function componentConflicts(
  effect: Effect<'component'>,
  now: Component,
  effects: Effects,
  present: Present,
  keptTasks: ReadonlySet<string>,
): PlannedConflict[] {
  const { id } = effect;
  const conflict = (field: string, count: number): PlannedConflict[] =>
    count === 0 ? [] : [{ entity: 'component', entity_id: id, name: now.name, field, restores: null, now: count }];
  const strangers = [...present.task.values()].filter((task) => {
    if (task.component_id !== id) return false;
    const known = effects.task.get(task.id);
    // What the change made goes too, and what it filed here goes back.
    return !known || keptTasks.has(task.id) || !(known.made || 'component_id' in known.fields);
  });
  const own = new Set(effects.edges.map(edgeKey));
  const links = [...present.edges].filter((key) => !own.has(key) && key.split(' ').includes(id));
  return [
    ...madeConflicts('component', effect, now),
    ...conflict('tasks', strangers.length),
    ...conflict('dependencies', links.length),
  ];
}

/** Most conflicts within a project that are told one by one. */
const mostTold = 100;

function projectConflicts(
  effect: Effect<'project'>,
  now: Project,
  effects: Effects,
  present: Present,
): PlannedConflict[] {
  const { id } = effect;
  const conflict = (field: string, count: number): PlannedConflict[] =>
    count === 0 ? [] : [{ entity: 'project', entity_id: id, name: now.name, field, restores: null, now: count }];
  const within: PlannedConflict[] = [];
  const strangers = { components: 0, tasks: 0 };
  const inside = new Set<string>();
  for (const component of present.component.values()) {
    if (component.project_id !== id) continue;
    inside.add(component.id);
    const known = effects.component.get(component.id);
    if (known?.made) within.push(...madeConflicts('component', known, component));
    else strangers.components++;
  }
  for (const task of present.task.values()) {
    if (task.component_id === null || !inside.has(task.component_id)) continue;
    const known = effects.task.get(task.id);
    if (known?.made) within.push(...madeConflicts('task', known, task));
    else strangers.tasks++;
  }
  const own = new Set(effects.edges.map(edgeKey));
  const links = [...present.edges].filter((key) => !own.has(key) && inside.has(key.split(' ')[0] ?? ''));
  return [
    ...madeConflicts('project', effect, now),
    ...conflict('components', strangers.components),
    ...conflict('tasks', strangers.tasks),
    ...conflict('dependencies', links.length),
    ...within.slice(0, mostTold),
  ];
}
