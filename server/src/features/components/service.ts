// Decides about components: who may, what changes, which events tell of it.
import type { Component, Position } from '@taylordash/core/entities';
import { changedBetween } from '@taylordash/core/events';
import { sameJson } from '@taylordash/core/json';
import { trayType } from '@taylordash/core/statuses';
import type { Database } from '../../db/database.ts';
import type { Handle } from '../../db/transaction.ts';
import { checkMetadata } from '../../kernel/bounds.ts';
import {
  type Change,
  type ChangeMaker,
  checkVersion,
  fieldsToSet,
  type Loaded,
  loaded,
  type Written,
} from '../../kernel/change.ts';
import { authorise, type Context, readHandle } from '../../kernel/context.ts';
import { invalidField, Problem } from '../../kernel/problem.ts';
import { emitDependency, link, linkAround, linkNew } from './dependencies.ts';
import type { ComponentFilter } from './queries.ts';
import * as queries from './queries.ts';

type Own = Omit<Component, 'id' | 'project_id' | 'version' | 'created_at' | 'updated_at'>;
export type NewComponent = Pick<Own, 'name'> & Partial<Own> & { depends_on?: string[] };
export type ComponentPatch = Partial<Own>;
export type ComponentDetails = Component & { depends_on: string[]; dependents: string[] };

export interface ComponentDependencies {
  database: Database;
  changes: ChangeMaker;
}

export type ComponentService = ReturnType<typeof componentService>;

export function componentService({ database, changes }: ComponentDependencies) {
  /** The component's project, having made sure of the right to change it. */
  async function authoriseFor(context: Context, id: string): Promise<string> {
    const project_id = await queries.projectOf(database.app, id);
    if (project_id === null) throw notFound(id);
    authorise(context, 'write:projects', project_id);
    return project_id;
  }

  return {
    list: (context: Context, filter: ComponentFilter): Promise<string> =>
      queries.listComponents(readHandle(database, context), filter),

    async get(context: Context, id: string): Promise<Loaded<ComponentDetails>> {
      const json = await queries.findComponent(readHandle(database, context), id);
      if (json === null) throw notFound(id);
      return loaded<ComponentDetails>(json);
    },

    async deletion(context: Context, id: string): Promise<string> {
      const json = await queries.deletionOf(readHandle(database, context), id);
      if (json === null) throw notFound(id);
      return json;
    },

    create(context: Context, project_id: string, { depends_on = [], ...input }: NewComponent): Promise<Written> {
      authorise(context, 'write:projects', project_id);
      checkMetadata(input);
      return changes.change(context, async (change) => {
        const { tx, emit } = change;
        if (!(await queries.lockGraph(tx, project_id))) {
          throw new Problem('project.not_found', { detail: `There is no project ${project_id}.` });
        }
        if (input.type === trayType) await refuseSecondTray(tx, project_id, null);
        const json = await queries.insertComponent(tx, { project_id, ...settled(input) });
        const component = loaded<Component>(json).entity;
        emit({ kind: 'component_created', project_id, entity_id: component.id, entity: json });
        for (const prerequisite of depends_on) await linkNew(change, component, prerequisite);
        return { json, version: 1, location: `/api/v1/components/${component.id}` };
      });
    },

    async update(context: Context, id: string, input: ComponentPatch, if_match: number | null): Promise<Written> {
      const project_id = await authoriseFor(context, id);
      checkMetadata(input);
      return changes.change(context, async (change) => {
        const { tx } = change;
        if (input.type === trayType) {
          await queries.lockGraph(tx, project_id);
          await refuseSecondTray(tx, project_id, id);
          if ((await queries.dependenciesAt(tx, id)).length > 0)
            throw new Problem('component.tray_has_no_dependencies');
        }
        const before = await locked(tx, id);
        checkVersion(before, if_match);
        const wanted = fieldsToSet(before.entity, settled(input, before.entity));
        if (!wanted) return { json: before.json, version: before.entity.version };
        if (wanted.progress_mode === 'tasks') {
          const progress = await queries.progressByTasks(tx, id);
          if (progress !== null) wanted.progress = progress;
        }
        const json = await queries.updateComponent(tx, id, wanted);
        const after = loaded<Component>(json).entity;
        emitComponentChanges(change, before.entity, after, json);
        return { json, version: after.version };
      });
    },

    /** Moves components of one project. One event tells of the whole gesture. */
    async move(
      context: Context,
      given_project_id: string,
      given: readonly { id: string; position: Position | null }[],
    ): Promise<{ id: string; version: number }[]> {
      const project_id = given_project_id.toLowerCase();
      const places = given.map(({ id, position }) => ({ id: id.toLowerCase(), position }));
      authorise(context, 'write:projects', project_id);
      const ids = new Set(places.map(({ id }) => id));
      if (ids.size < places.length) throw invalidField('/positions', 'must name each component once');
      let moved: { id: string; version: number }[] = [];
      await changes.change(context, async ({ tx, emit }) => {
        const before = (await queries.lockComponents(tx, [...ids])).map((json) => loaded<Component>(json).entity);
        const known = new Set(before.filter((component) => component.project_id === project_id).map(({ id }) => id));
        const stranger = places.findIndex(({ id }) => !known.has(id));
        if (stranger >= 0) {
          const id = places[stranger]?.id ?? '';
          throw new Problem('component.not_found', {
            detail: `There is no component ${id} in this project.`,
            errors: [{ pointer: `/positions/${stranger}/id`, detail: 'is not a component of this project' }],
          });
        }
        const stood = new Map(before.map(({ id, position }) => [id, position]));
        const elsewhere = places.filter(({ id, position }) => !sameJson(stood.get(id), position));
        const versions = new Map(before.map(({ id, version }) => [id, version]));
        if (elsewhere.length > 0) {
          for (const { id, version } of await queries.placeComponents(tx, elsewhere)) versions.set(id, version);
          const was = elsewhere.map(({ id }) => ({ id, position: stood.get(id) ?? null }));
          emit({
            kind: 'components_moved',
            project_id,
            entity_id: project_id,
            entity: JSON.stringify({ project_id, positions: elsewhere }),
            changed: { positions: { before: was, after: elsewhere } },
          });
        }
        moved = places.map(({ id }) => ({ id, version: versions.get(id) ?? 1 }));
        return {};
      });
      return moved;
    },

    async delete(context: Context, id: string, dependents: 'link' | 'drop', if_match: number | null): Promise<void> {
      const project_id = await authoriseFor(context, id);
      await changes.change(context, async (change) => {
        const { tx, emit } = change;
        await queries.lockGraph(tx, project_id);
        const before = await locked(tx, id, queries.lockComponentToDelete);
        checkVersion(before, if_match);
        for (const task of await queries.tasksOf(tx, id)) {
          emit({ kind: 'task_deleted', project_id, entity_id: task.id, entity: task.json });
        }
        const dependencies = await queries.dependenciesAt(tx, id);
        for (const dependency of dependencies) emitDependency(change, 'component_dependency_removed', dependency);
        if (dependents === 'link') await linkAround(change, id, dependencies);
        emit({ kind: 'component_deleted', project_id, entity_id: id, entity: before.json });
        await queries.deleteComponent(tx, id);
        return {};
      });
    },

    /** Lets a component wait for another; nothing happens where it does already. */
    async addDependency(context: Context, id: string, depends_on_id: string): Promise<void> {
      const project_id = await authoriseFor(context, id);
      await changes.change(context, async (change) => {
        const { tx } = change;
        await queries.lockGraph(tx, project_id);
        const component = (await locked(tx, id)).entity;
        await link(change, component, depends_on_id);
        return {};
      });
    },

    async removeDependency(context: Context, id: string, depends_on_id: string): Promise<void> {
      const project_id = await authoriseFor(context, id);
      await changes.change(context, async (change) => {
        const { tx } = change;
        await queries.lockGraph(tx, project_id);
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
        return {};
      });
    },

    /** Follows a change of the component's tasks, where they drive its progress. Part of the change that touched the tasks. */
    async followTasks(change: Change, id: string): Promise<void> {
      const before = await locked(change.tx, id);
      if (before.entity.progress_mode !== 'tasks') return;
      const progress = (await queries.progressByTasks(change.tx, id)) ?? 0;
      if (progress === before.entity.progress) return;
      const json = await queries.updateComponent(change.tx, id, { progress });
      emitComponentChanges(change, before.entity, loaded<Component>(json).entity, json);
    },

    projectOf: (tx: Handle, id: string): Promise<string | null> => queries.projectOf(tx, id),
  };
}

function notFound(id: string): Problem {
  return new Problem('component.not_found', { detail: `There is no component ${id}.` });
}

async function locked(tx: Handle, id: string, lock = queries.lockComponent): Promise<Loaded<Component>> {
  const json = await lock(tx, id);
  if (json === null) throw notFound(id);
  return loaded<Component>(json);
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

async function refuseSecondTray(tx: Handle, project_id: string, id: string | null): Promise<void> {
  if (await queries.hasTray(tx, project_id, id)) throw new Problem('component.tray_exists');
}

function emitComponentChanges({ emit }: Change, before: Component, after: Component, entity: string): void {
  const { progress, status, position, ...others } = changedBetween(before, after);
  const { id: entity_id, project_id } = after;
  if (Object.keys(others).length > 0)
    emit({ kind: 'component_updated', project_id, entity_id, entity, changed: others });
  if (progress) emit({ kind: 'component_progress_updated', project_id, entity_id, entity, changed: { progress } });
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
