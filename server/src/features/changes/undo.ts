// Takes a change back inside a change of its own: locks what it touched, plans, asks for the rights, and carries the plan out.
import type { Component, Project, Task } from '@taylordash/core/entities';
import { adjacency, closingEdges, closingLoop } from '@taylordash/core/graph';
import { may } from '@taylordash/core/permissions';
import { trayType } from '@taylordash/core/statuses';
import { type Change, loaded } from '../../kernel/change.ts';
import { authorise } from '../../kernel/context.ts';
import { Problem } from '../../kernel/problem.ts';
import type { ComponentService } from '../components/service.ts';
import type { ProjectService } from '../projects/service.ts';
import type { TaskService } from '../tasks/service.ts';
import { edgeKey, type Present } from './conflicts.ts';
import type { EdgeEffect, Effects } from './effects.ts';
import { planUndo, type UndoPlan } from './plan.ts';
import * as queries from './queries.ts';
import { ownComponents, ownTasks } from './still-its-own.ts';

export interface UndoDependencies {
  projects: ProjectService;
  components: ComponentService;
  tasks: TaskService;
}

export type OnConflict = 'ask' | 'overwrite' | 'keep';

/** Thrown to leave the transaction: what is to be asked. */
export class Asked extends Error {
  readonly plan: UndoPlan;
  constructor(plan: UndoPlan) {
    super('others came in between');
    this.plan = plan;
  }
}

export function notUndoable(detail: string): Problem {
  return new Problem('change.not_undoable', { detail });
}

/** Returns what was left as others had made it. Throws Asked where `ask` meets others' work. */
export async function takeBack(
  services: UndoDependencies,
  change: Change,
  effects: Effects,
  onConflict: OnConflict,
): Promise<UndoPlan> {
  authoriseEffects(change, effects);
  const present = await presentOf(services, change, effects);
  const plan = planUndo(effects, present, onConflict === 'overwrite');
  await authoriseMoves(services, change, plan, present);
  if (onConflict === 'ask' && plan.conflicts.length > 0) throw new Asked(plan);
  if (isEmpty(plan) && plan.conflicts.length === 0 && plan.missing.length > 0) {
    throw notUndoable(`“${plan.missing[0]}” is not there any more.`);
  }
  await carryOut(services, change, plan, present);
  return plan;
}

function isEmpty({ restore, set, move, remove }: UndoPlan): boolean {
  return (
    [restore, set, remove].flatMap((part) => Object.values(part)).every(({ length }) => length === 0) &&
    move.length === 0
  );
}

/** The rights that the opposite of each effect needs; what lies in somebody else's inbox is not there at all. */
function authoriseEffects({ context }: Change, { project, component, task, edges }: Effects): void {
  const asked = new Set<string | null>();
  for (const { id, gone } of project.values()) asked.add(gone ? null : id);
  const inProject = [...component.values(), ...edges].map(({ project_id }) => project_id);
  for (const id of inProject) if (id !== null && !project.has(id)) asked.add(id);
  for (const id of asked) authorise(context, 'write:projects', id);
  for (const { project_id, entity } of task.values()) {
    const inside = entity?.component_id ? component.get(entity.component_id) : undefined;
    // It comes and goes with its component.
    if (inside?.made || inside?.gone || (project_id !== null && project.has(project_id))) continue;
    if (project_id !== null) authorise(context, 'write:tasks', project_id);
    else if (entity?.created_by !== context.actor.id && context.actor.role !== 'admin') throw changeNotFound();
    else if (!may(context.actor, 'write:tasks')) authorise(context, 'write:tasks', null);
  }
}

export function changeNotFound(): Problem {
  return new Problem('change.not_found', { detail: 'There is no such change that you could take back.' });
}

/** A task that comes or goes back to another project, or has wandered to one since, needs the right there too. */
async function authoriseMoves(
  { components }: UndoDependencies,
  { context, tx }: Change,
  plan: UndoPlan,
  present: Present,
): Promise<void> {
  const touched = plan.set.tasks.flatMap(({ id, fields }) => [present.task.get(id)?.component_id, fields.component_id]);
  const removed = plan.remove.tasks.map((id) => present.task.get(id)?.component_id);
  const restored = plan.restore.tasks.map(({ component_id }) => component_id);
  const ids = [...new Set([...touched, ...removed, ...restored].filter((id) => typeof id === 'string'))];
  if (ids.length === 0) return;
  const own = new Set(plan.remove.components);
  for (const [id, project_id] of await components.projectsOf(tx, ids)) {
    if (!own.has(id)) authorise(context, 'write:tasks', project_id);
  }
}

/** Locks, in the order of all changes, what the change touched, and reads it. */
async function presentOf(
  { projects, components, tasks }: UndoDependencies,
  change: Change,
  effects: Effects,
): Promise<Present> {
  const project = new Map<string, Project>();
  const graphs = new Set(effects.project.keys());
  for (const { project_id } of effects.edges) graphs.add(project_id);
  for (const { project_id, made, gone } of effects.component.values()) {
    if (project_id !== null && (made || gone)) graphs.add(project_id);
  }
  for (const id of [...graphs].sort()) {
    const row = await projects.within.hold(change, id);
    if (row) project.set(id, row.entity);
  }
  const wholes = [...effects.project.values()].filter(({ id, made }) => made && project.has(id));
  const component_ids = new Set(effects.component.keys());
  for (const { component_id, depends_on_id } of effects.edges) component_ids.add(component_id).add(depends_on_id);
  for (const { entity, fields } of effects.task.values()) {
    for (const id of [entity?.component_id, fields.component_id?.before])
      if (typeof id === 'string') component_ids.add(id);
  }
  const inside: { component: string[]; task: string[] } = { component: [], task: [] };
  for (const { id: project_id } of wholes) {
    for (const { kind, id } of await projects.within.contents(change, project_id))
      if (kind !== 'dependency') inside[kind].push(id);
  }
  const made = [...effects.component.values()].filter((effect) => effect.made).map(({ id }) => id);
  await components.within.holdAll(change, [...component_ids, ...inside.component], { to_delete: made.length > 0 });
  await tasks.within.holdAll(change, [...effects.task.keys(), ...inside.task], made);
  const edges = new Set<string>();
  for (const id of graphs) {
    for (const [component_id, depends_on_id] of await components.within.edgesOf(change, id)) {
      edges.add(edgeKey({ component_id, depends_on_id }));
    }
  }
  const rows = <T>(held: Change['held']['tasks']) =>
    new Map([...held].map(([id, { json }]) => [id, loaded<T>(json).entity]));
  return {
    project,
    component: ownComponents(effects, rows<Component>(change.held.components)),
    task: ownTasks(change.context.actor, effects, rows<Task>(change.held.tasks)),
    edges,
  };
}

async function carryOut(
  { projects, components, tasks }: UndoDependencies,
  change: Change,
  plan: UndoPlan,
  present: Present,
): Promise<void> {
  const { restore, set, move, remove } = plan;
  await forgetUnknownPeople(change, plan);
  await refuseImpossible({ projects, components, tasks }, change, plan, present);
  if (restore.projects.length > 0) await projects.within.restore(change, restore.projects);
  if (restore.components.length > 0) await components.within.restore(change, restore.components);
  if (restore.tasks.length > 0) {
    const placed = restore.tasks.map(({ component_id }) => component_id).filter((id) => id !== null);
    const where = await components.projectsOf(change.tx, [...new Set(placed)]);
    await tasks.within.restore(change, restore.tasks, ({ component_id }) => where.get(component_id ?? '') ?? null);
  }
  for (const { id, fields } of set.projects) {
    const before = await projects.within.hold(change, id);
    if (before) await projects.within.write(change, before, fields);
  }
  for (const { id, fields } of set.components) {
    const row = change.held.components.get(id);
    if (row) await components.within.write(change, loaded<Component>(row.json), fields);
  }
  for (const { id, fields } of set.tasks) {
    const row = change.held.tasks.get(id);
    if (row) await tasks.within.write(change, { task: loaded<Task>(row.json), project_id: row.project_id }, fields);
  }
  for (const [project_id, places] of Map.groupBy(move, ({ id }) => change.held.components.get(id)?.project_id ?? '')) {
    await components.within.move(change, project_id, places);
  }
  await components.within.dropDependencies(change, remove.edges);
  await components.within.addDependencies(change, restore.edges);
  for (const id of remove.tasks) await tasks.within.remove(change, id, null);
  for (const id of remove.components) await components.within.remove(change, id, 'drop', null);
  for (const id of remove.projects) await projects.within.remove(change, id, null);
  for (const { id, without } of plan.follow) components.within.followTasks(change, id, without);
}

const people = ['owner_id', 'assignee_id', 'created_by'] as const;

/** Nobody is named who has no account any more. */
async function forgetUnknownPeople(change: Change, { restore, set }: UndoPlan): Promise<void> {
  const naming: Partial<Record<(typeof people)[number], string | null>>[] = [
    ...[...restore.projects, ...restore.components, ...restore.tasks],
    ...[...set.projects, ...set.components, ...set.tasks].map(({ fields }) => fields),
  ];
  const named = new Set(
    naming.flatMap((row) => people.map((field) => row[field])).filter((id) => typeof id === 'string'),
  );
  if (named.size === 0) return;
  const known = await queries.knownUsers(change.tx, [...named]);
  for (const row of naming) {
    for (const field of people) if (typeof row[field] === 'string' && !known.has(row[field])) row[field] = null;
  }
}

/** Throws change.not_undoable where what comes back has no place any more. */
async function refuseImpossible(
  { components }: UndoDependencies,
  change: Change,
  { restore, set, remove }: UndoPlan,
  present: Present,
): Promise<void> {
  const back = {
    projects: new Set(restore.projects.map(({ id }) => id)),
    components: new Set(restore.components.map(({ id }) => id)),
  };
  for (const { id, name } of [...restore.components, ...restore.tasks]) {
    if (change.held.components.has(id) || change.held.tasks.has(id))
      throw notUndoable(`“${name}” cannot come back: something else has its id by now.`);
  }
  for (const { id, fields } of set.components) {
    if (fields.project_id === undefined) continue;
    throw notUndoable(
      `“${present.component.get(id)?.name}” is in another project by now, and components stay in theirs.`,
    );
  }
  for (const { name, project_id } of restore.components) {
    if (!back.projects.has(project_id) && !present.project.has(project_id))
      throw notUndoable(`“${name}” belongs to a project that was deleted since. Take that back first.`);
  }
  const filed = [
    ...restore.tasks,
    ...set.tasks.map(({ id, fields }) => ({
      name: present.task.get(id)?.name ?? '',
      component_id: fields.component_id ?? null,
    })),
  ];
  for (const { name, component_id } of filed) {
    if (component_id !== null && !back.components.has(component_id) && !present.component.has(component_id))
      throw notUndoable(`“${name}” was in a component that was deleted since. Take that back first.`);
  }
  const edges = new Map<string, EdgeEffect | null>([...present.edges].map((key) => [key, null]));
  for (const edge of remove.edges) edges.delete(edgeKey(edge));
  for (const edge of restore.edges) edges.set(edgeKey(edge), edge);
  const trays = [
    ...restore.components.filter(({ type }) => type === trayType),
    ...set.components.filter(({ fields }) => fields.type === trayType).map(({ id }) => present.component.get(id)),
  ];
  for (const tray of trays) {
    if (!tray) continue;
    if (await components.within.hasOtherTray(change, tray.project_id, tray.id))
      throw notUndoable('Its project has another tray of unsorted tasks by now.');
    if ([...edges.keys()].some((key) => key.split(' ').includes(tray.id)))
      throw notUndoable(`“${tray.name}” has dependencies by now, which a tray of unsorted tasks cannot have.`);
  }
  await refuseLoops(components, change, restore.edges, edges, present);
}

async function refuseLoops(
  components: ComponentService,
  change: Change,
  restored: readonly EdgeEffect[],
  edges: ReadonlyMap<string, EdgeEffect | null>,
  present: Present,
): Promise<void> {
  if (restored.length === 0) return;
  for (const { component_id, depends_on_id } of restored) {
    for (const id of [component_id, depends_on_id]) {
      const now = present.component.get(id);
      if (now?.type === trayType)
        throw notUndoable(`“${now.name}” is the tray of unsorted tasks by now and can have no dependencies.`);
    }
  }
  const pairs = [...edges.keys()].map((key): [string, string] => {
    const [dependent = '', depends_on = ''] = key.split(' ');
    return [dependent, depends_on];
  });
  const nodes = restored.map(({ component_id }) => component_id);
  if (closingEdges(nodes, pairs).length === 0) return;
  const neighbours = adjacency(pairs);
  for (const edge of restored) {
    const loop = closingLoop(neighbours, [edge.component_id, edge.depends_on_id]);
    if (!loop) continue;
    const names = await components.within.namesOf(change, loop);
    const path = loop.map(
      (id) => names.get(id) ?? (id === edge.component_id ? edge.component_name : edge.depends_on_name),
    );
    throw notUndoable(`It would close a loop: ${path.join(' → ')}.`);
  }
}
