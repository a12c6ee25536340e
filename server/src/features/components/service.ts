// Decides about components: who may, what changes, which events tell of it.
import type { listComponents } from '@taylordash/core/endpoints/components';
import type { QueryOf } from '@taylordash/core/endpoints/endpoint';
import type { Component, Position } from '@taylordash/core/entities';
import { sameJson } from '@taylordash/core/json';
import { shownStateNames } from '@taylordash/core/states';
import type { Database } from '../../db/database.ts';
import type { Handle } from '../../db/transaction.ts';
import { type ChangeMaker, type Loaded, loaded, type Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import { authorise, type Context, readHandle, todayOf } from '../../kernel/context.ts';
import { invalidField, Problem } from '../../kernel/problem.ts';
import { holdAll, holdGraph, notFound } from './held.ts';
import type { ComponentPatch, NewComponent } from './operations.ts';
import * as operations from './operations.ts';
import * as queries from './queries.ts';

export type ComponentDetails = Component & { depends_on: string[]; dependents: string[] };

export interface ComponentDependencies {
  database: Database;
  changes: ChangeMaker;
  clock: Clock;
}

export type ComponentService = ReturnType<typeof componentService>;

export function componentService({ database, changes, clock }: ComponentDependencies) {
  return {
    /** The same inside a change of somebody else's: a bulk, an undo, a change of tasks. */
    within: { ...operations, holdAll, holdGraph },

    list(context: Context, { state, ...filter }: QueryOf<typeof listComponents>): Promise<string> {
      const states = state === undefined ? {} : { states: statesOf(state) };
      return queries.listComponents(readHandle(database, context), { ...filter, ...states }, todayOf(context, clock));
    },

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

    create(context: Context, project_id: string, input: NewComponent): Promise<Written> {
      authorise(context, 'write:projects', project_id);
      return changes.change(context, (change) => operations.create(change, project_id, input));
    },

    update: (context: Context, id: string, input: ComponentPatch, if_match: number | null): Promise<Written> =>
      changes.change(context, (change) => operations.update(change, id, input, if_match)),

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
        const before = (await queries.lockComponents(tx, [...ids])).map(({ json }) => loaded<Component>(json).entity);
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
      await changes.change(context, async (change) => {
        await operations.remove(change, id, dependents, if_match);
        return {};
      });
    },

    async addDependency(context: Context, id: string, depends_on_id: string): Promise<void> {
      await changes.change(context, async (change) => {
        await operations.addDependency(change, id, depends_on_id);
        return {};
      });
    },

    async removeDependency(context: Context, id: string, depends_on_id: string): Promise<void> {
      await changes.change(context, async (change) => {
        await operations.removeDependency(change, id, depends_on_id);
        return {};
      });
    },

    projectOf: (tx: Handle, id: string): Promise<string | null> => queries.projectOf(tx, id),
    projectsOf: (tx: Handle, ids: readonly string[]): Promise<Map<string, string>> => queries.projectsOf(tx, ids),
  };
}

function statesOf(text: string): string[] {
  const states = text.split(',');
  const known: readonly string[] = shownStateNames;
  if (states.every((state) => known.includes(state))) return states;
  throw invalidField('#/query/state', `must be one or more of ${known.join(', ')}, with commas between`);
}
