// Where others came in between: what undoing would take along that they changed, or put into what the change had made. Pure.
import type { Component, Project, Task } from '@taylordash/core/entities';
import { sameJson } from '@taylordash/core/json';
import type { Effect, Effects, Entities, EntityKind } from './effects.ts';

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

export const edgeKey = (edge: { component_id: string; depends_on_id: string }): string =>
  `${edge.component_id} ${edge.depends_on_id}`;

/** What says nothing against deleting it again: where it stands, and what the server counts or follows. */
const unasked: ReadonlySet<string> = new Set([
  ...['id', 'version', 'created_at', 'updated_at', 'completed_at', 'created_by', 'project_id'],
  ...['position', 'pinned', 'rank'],
]);

/** Fields that are other than the change left them in something that it made: undoing would take them along. */
export function madeConflicts<K extends EntityKind>(kind: K, effect: Effect<K>, now: Entities[K]): PlannedConflict[] {
  const left: Record<string, unknown> = { ...effect.entity };
  const derived = 'progress_mode' in now && now.progress_mode === 'tasks';
  return Object.entries(now).flatMap(([field, value]) => {
    if (unasked.has(field) || !(field in left) || sameJson(left[field], value)) return [];
    if (derived && (field === 'progress' || field === 'progress_mode')) return [];
    return [{ entity: kind, entity_id: effect.id, name: now.name, field, restores: null, now: value }];
  });
}

/** The tasks in each component, and the edges at it that are not the change's own. */
interface Around {
  tasks: ReadonlyMap<string | null, readonly Task[]>;
  edges: ReadonlyMap<string, readonly string[]>;
}

export function aroundComponents(effects: Effects, present: Present): Around {
  const edges = new Map<string, string[]>();
  for (const key of strangerEdges(effects, present)) {
    for (const id of key.split(' ')) edges.set(id, [...(edges.get(id) ?? []), key]);
  }
  return { tasks: Map.groupBy(present.task.values(), ({ component_id }) => component_id), edges };
}

function strangerEdges(effects: Effects, present: Present): string[] {
  const own = new Set(effects.edges.map(edgeKey));
  return [...present.edges].filter((key) => !own.has(key));
}

/** What others changed of a component that undoing would delete, or put into it. */
export function componentConflicts(
  effect: Effect<'component'>,
  now: Component,
  effects: Effects,
  around: Around,
  keptTasks: ReadonlySet<string>,
): PlannedConflict[] {
  const { id } = effect;
  const conflict = (field: string, count: number): PlannedConflict[] =>
    count === 0 ? [] : [{ entity: 'component', entity_id: id, name: now.name, field, restores: null, now: count }];
  const strangers = (around.tasks.get(id) ?? []).filter((task) => {
    const known = effects.task.get(task.id);
    // What the change made goes too, and what it filed here goes back.
    return !known || keptTasks.has(task.id) || !(known.made || 'component_id' in known.fields);
  });
  return [
    ...madeConflicts('component', effect, now),
    ...conflict('tasks', strangers.length),
    ...conflict('dependencies', around.edges.get(id)?.length ?? 0),
  ];
}

/** Most conflicts within a project that are told one by one. */
const mostTold = 100;

/** The same of a whole project. */
export function projectConflicts(
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
  const links = strangerEdges(effects, present).filter((key) => inside.has(key.split(' ')[0] ?? ''));
  return [
    ...madeConflicts('project', effect, now),
    ...conflict('components', strangers.components),
    ...conflict('tasks', strangers.tasks),
    ...conflict('dependencies', links.length),
    ...within.slice(0, mostTold),
  ];
}
