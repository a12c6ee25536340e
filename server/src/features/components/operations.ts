// What can be done to components inside a change: each authorises for itself, and keeps the rows that the change holds true.
import type { Component, Position } from '@taylordash/core/entities';
import { changedBetween } from '@taylordash/core/events';
import { sameJson } from '@taylordash/core/json';
import { trayName, trayType } from '@taylordash/core/statuses';
import { checkMetadata } from '../../kernel/bounds.ts';
import { type Change, checkVersion, fieldsToSet, type Loaded, loaded, type Written } from '../../kernel/change.ts';
import { authorise } from '../../kernel/context.ts';
import { invalidField, Problem } from '../../kernel/problem.ts';
import { emitDependency, link, linkAround, linkNew } from './dependencies.ts';
import { hold, holdAll, holdGraph, holdToDelete, notFound } from './held.ts';
import * as queries from './queries.ts';

type Own = Omit<Component, 'id' | 'project_id' | 'version' | 'created_at' | 'updated_at'>;
export type NewComponent = Pick<Own, 'name'> & Partial<Own> & { id?: string; depends_on?: string[] };
export type ComponentPatch = Partial<Own>;

/** The component's project, having made sure of the right to change it. */
async function authoriseFor(change: Change, id: string): Promise<string> {
  const project_id = change.held.components.get(id)?.project_id ?? (await queries.projectOf(change.tx, id));
  if (project_id === null) throw notFound(id);
  authorise(change.context, 'write:projects', project_id);
  return project_id;
}

export async function create(
  change: Change,
  project_id: string,
  { depends_on = [], ...input }: NewComponent,
): Promise<Written & { json: string }> {
  authorise(change.context, 'write:projects', project_id);
  checkMetadata(input);
  await holdGraph(change, project_id);
  if (input.type === trayType) await refuseSecondTray(change, project_id, null);
  // Follows its tasks until somebody sets its progress by hand.
  const progress_mode = input.progress ? 'manual' : 'tasks';
  const { json, entity: component } = await insert(change, { project_id, progress_mode, ...settled(input) });
  for (const prerequisite of depends_on) await linkNew(change, component, prerequisite.toLowerCase());
  return { json, version: 1, location: `/api/v1/components/${component.id}` };
}

/** Adds a row that is authorised and checked already. */
async function insert(
  { tx, held, emit }: Change,
  fields: Partial<Component> & { project_id: string },
): Promise<Loaded<Component>> {
  const { project_id } = fields;
  const made = loaded<Component>(await queries.insertComponent(tx, fields));
  const { id } = made.entity;
  held.components.set(id, { json: made.json, project_id });
  emit({ kind: 'component_created', project_id, entity_id: id, entity: made.json });
  return made;
}

/** The tray of a project, made where there is none: who may write tasks may put some there. */
export async function trayOf(change: Change, project_id: string): Promise<string> {
  authorise(change.context, 'write:tasks', project_id);
  const found = await queries.findTray(change.tx, project_id);
  if (found !== null) return found;
  await holdGraph(change, project_id);
  const meanwhile = await queries.findTray(change.tx, project_id);
  if (meanwhile !== null) return meanwhile;
  const fields = { project_id, name: trayName, type: trayType, progress_mode: 'tasks' } as const;
  return (await insert(change, fields)).entity.id;
}

export async function update(
  change: Change,
  id: string,
  input: ComponentPatch,
  if_match: number | null,
): Promise<Written & { json: string }> {
  const { tx } = change;
  const project_id = await authoriseFor(change, id);
  checkMetadata(input);
  if (input.type === trayType) {
    await holdGraph(change, project_id);
    await refuseSecondTray(change, project_id, id);
    if ((await queries.dependenciesAt(tx, id)).length > 0) throw new Problem('component.tray_has_no_dependencies');
  }
  const before = await hold(change, id);
  checkVersion(before, if_match);
  const wanted = fieldsToSet(
    before.entity,
    settled(reopened(change, byHand(input, before.entity), before.entity), before.entity),
  );
  if (!wanted) return { json: before.json, version: before.entity.version };
  if (wanted.progress_mode === 'tasks') {
    const progress = await queries.progressByTasks(tx, id);
    if (progress !== null) wanted.progress = progress;
  }
  const { json, entity } = await write(change, before, wanted);
  return { json, version: entity.version };
}

export async function remove(
  change: Change,
  id: string,
  dependents: 'link' | 'drop',
  if_match: number | null,
): Promise<void> {
  const { tx, emit, held } = change;
  const project_id = await authoriseFor(change, id);
  await holdGraph(change, project_id);
  const before = await holdToDelete(change, id);
  checkVersion(before, if_match);
  for (const task of await queries.tasksOf(tx, id)) {
    emit({ kind: 'task_deleted', project_id, entity_id: task.id, entity: task.json });
    held.tasks.delete(task.id);
  }
  const dependencies = await queries.dependenciesAt(tx, id);
  for (const dependency of dependencies) emitDependency(change, 'component_dependency_removed', dependency);
  if (dependents === 'link') await linkAround(change, id, dependencies);
  emit({ kind: 'component_deleted', project_id, entity_id: id, entity: before.json });
  await queries.deleteComponent(tx, id);
  held.components.delete(id);
}

/** Lets a component wait for another; nothing happens where it does already. */
export async function addDependency(change: Change, id: string, depends_on_id: string): Promise<void> {
  await holdGraph(change, await authoriseFor(change, id));
  await link(change, (await hold(change, id)).entity, depends_on_id);
}

export async function removeDependency(change: Change, id: string, depends_on_id: string): Promise<void> {
  const { tx } = change;
  const project_id = await authoriseFor(change, id);
  await holdGraph(change, project_id);
  const names = await queries.namesOf(tx, [id, depends_on_id]);
  if (!(await queries.deleteDependency(tx, id, depends_on_id))) {
    throw new Problem('component.dependency_not_found', { detail: 'The first does not wait for the second.' });
  }
  emitDependency(change, 'component_dependency_removed', {
    component_id: id,
    depends_on_id,
    project_id,
    component_name: names.get(id) ?? '',
    depends_on_name: names.get(depends_on_id) ?? '',
  });
}

/** Moves components of one project. One event tells of the whole gesture. Returns their versions. */
export async function move(
  change: Change,
  project_id: string,
  places: readonly { id: string; position: Position | null }[],
): Promise<{ id: string; version: number }[]> {
  const { tx, context, emit, held } = change;
  authorise(context, 'write:projects', project_id);
  const ids = new Set(places.map(({ id }) => id));
  if (ids.size < places.length) throw invalidField('/positions', 'must name each component once');
  await holdAll(change, ids);
  const before = new Map<string, Component>();
  for (const [index, { id }] of places.entries()) {
    const row = held.components.get(id);
    if (row?.project_id !== project_id) {
      throw new Problem('component.not_found', {
        detail: `There is no component ${id} in this project.`,
        errors: [{ pointer: `/positions/${index}/id`, detail: 'is not a component of this project' }],
      });
    }
    before.set(id, loaded<Component>(row.json).entity);
  }
  const elsewhere = places.filter(({ id, position }) => !sameJson(before.get(id)?.position, position));
  if (elsewhere.length > 0) {
    for (const { id, json } of await queries.placeComponents(tx, elsewhere))
      held.components.set(id, { json, project_id });
    const was = elsewhere.map(({ id }) => ({ id, position: before.get(id)?.position ?? null }));
    emit({
      kind: 'components_moved',
      project_id,
      entity_id: project_id,
      entity: JSON.stringify({ project_id, positions: elsewhere }),
      changed: { positions: { before: was, after: elsewhere } },
    });
  }
  return places.map(({ id }) => {
    const row = held.components.get(id);
    return { id, version: row ? loaded<Component>(row.json).entity.version : 1 };
  });
}

/**
 * Follows the component's tasks at the end of the change that touches them, where they drive its progress: once, however many it
 * touches. `without` is its progress where it has no task that counts.
 */
export function followTasks(change: Change, id: string, without = 0): void {
  change.atEnd(`progress of ${id}`, async () => {
    const before = await hold(change, id).catch((error: unknown) => {
      // It went in the same change, and its tasks with it.
      if (error instanceof Problem) return null;
      throw error;
    });
    if (before?.entity.progress_mode !== 'tasks') return;
    const progress = (await queries.progressByTasks(change.tx, id)) ?? without;
    if (progress !== before.entity.progress) await write(change, before, { progress });
  });
}

/** Sets fields of a held component and tells of them. */
export async function write(
  change: Change,
  before: Loaded<Component>,
  fields: ComponentPatch,
): Promise<Loaded<Component>> {
  const { id, project_id } = before.entity;
  const after = loaded<Component>(await queries.updateComponent(change.tx, id, fields));
  change.held.components.set(id, { json: after.json, project_id });
  emitComponentChanges(change, before.entity, after.entity, after.json);
  return after;
}

/** Who sets the progress of a component that follows its tasks takes it into their own hands. */
function byHand(input: ComponentPatch, before: Component): ComponentPatch {
  const set = input.progress !== undefined && input.progress !== before.progress && input.progress_mode === undefined;
  return set ? { ...input, progress_mode: 'manual' } : input;
}

/** A device that measures less than before, and less than all, says that what was completed is so no more. */
function reopened({ context }: Change, input: ComponentPatch, before: Component): ComponentPatch {
  const fallen = input.progress !== undefined && input.progress < Math.min(100, before.progress);
  const measured = context.event_actor?.type === 'device' && input.status === undefined;
  return fallen && measured && before.status === 'completed' ? { ...input, status: 'in_progress' } : input;
}

/** The fields as they go together: a reason belongs to what is blocked, and to nothing else. */
function settled<F extends ComponentPatch>(input: F, before?: Component): F {
  const status = input.status ?? before?.status ?? 'pending';
  if (status !== 'blocked' && before?.blocked_reason && input.blocked_reason === undefined)
    return { ...input, blocked_reason: null };
  if (status !== 'blocked' && typeof input.blocked_reason === 'string') {
    throw invalidField('/blocked_reason', 'belongs to a component whose status is blocked');
  }
  return input;
}

async function refuseSecondTray({ tx }: Change, project_id: string, id: string | null): Promise<void> {
  if (await queries.hasTray(tx, project_id, id)) throw new Problem('component.tray_exists');
}

function emitComponentChanges({ emit }: Change, before: Component, after: Component, entity: string): void {
  const { progress, progress_mode, status, position, ...rest } = changedBetween(before, after);
  const { id: entity_id, project_id } = after;
  // Who sets it by hand says one thing, not two.
  const mode = progress_mode ? { progress_mode } : {};
  const others = progress ? rest : { ...rest, ...mode };
  if (Object.keys(others).length > 0)
    emit({ kind: 'component_updated', project_id, entity_id, entity, changed: others });
  if (progress)
    emit({ kind: 'component_progress_updated', project_id, entity_id, entity, changed: { progress, ...mode } });
  if (status) emit({ kind: 'component_status_changed', project_id, entity_id, entity, changed: { status } });
  if (position) {
    const places = (value: unknown) => [{ id: entity_id, position: value }];
    emit({
      kind: 'components_moved',
      project_id,
      entity_id: project_id,
      entity: JSON.stringify({ project_id, positions: places(after.position) }),
      changed: { positions: { before: places(before.position), after: places(after.position) } },
    });
  }
}
