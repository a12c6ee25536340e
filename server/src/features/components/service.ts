// Decides about components: who may, what changes, which events tell of it.
import type { listComponents } from '@taylordash/core/endpoints/components';
import type { QueryOf } from '@taylordash/core/endpoints/endpoint';
import type { Component, Position } from '@taylordash/core/entities';
import { shownStateNames } from '@taylordash/core/states';
import type { Database } from '../../db/database.ts';
import { idsAfter } from '../../db/row.ts';
import type { Handle } from '../../db/transaction.ts';
import { type ChangeMaker, type Loaded, loaded, type Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import { authorise, type Context, readHandle, todayOf } from '../../kernel/context.ts';
import { invalidField } from '../../kernel/problem.ts';
import { holdAll, holdGraph, notFound } from './held.ts';
import type { ComponentPatch, NewComponent } from './operations.ts';
import * as operations from './operations.ts';
import * as queries from './queries.ts';
import * as restoring from './restoring.ts';

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
    within: { ...operations, ...restoring, holdAll, holdGraph },

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

    async move(
      context: Context,
      project_id: string,
      given: readonly { id: string; position: Position | null }[],
    ): Promise<{ id: string; version: number }[]> {
      const places = given.map(({ id, position }) => ({ id: id.toLowerCase(), position }));
      let moved: { id: string; version: number }[] = [];
      await changes.change(context, async (change) => {
        moved = await operations.move(change, project_id.toLowerCase(), places);
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

    /** For other systems; see bus/status-topics.ts. */
    told: {
      statuses: (ids: readonly string[]) => queries.componentStatuses(database.app, ids),
      idsAfter: (after: string, limit: number) => idsAfter(database.app, 'components', after, limit),
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
