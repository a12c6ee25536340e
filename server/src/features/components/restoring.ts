// What an undo does to components and dependencies, having asked for the rights and settled what contradicts: back as they were.
import type { Component } from '@taylordash/core/entities';
import { insertRows } from '../../db/row.ts';
import type { Change } from '../../kernel/change.ts';
import { emitDependency } from './dependencies.ts';
import * as queries from './queries.ts';

/** Makes components again as they were, a version later. Their projects are there and held, their ids free. */
export async function restore(change: Change, components: readonly Component[]): Promise<void> {
  const projects = new Map(components.map(({ id, project_id }) => [id, project_id]));
  for (const { id, json } of await insertRows(change.tx, 'components', components)) {
    const project_id = projects.get(id) ?? null;
    change.held.components.set(id, { json, project_id });
    change.emit({ kind: 'component_created', project_id, entity_id: id, entity: json });
  }
}

/** Adds dependencies whose graphs are held; those that are there already stay as they are. */
export async function addDependencies(change: Change, rows: readonly queries.DependencyRow[]): Promise<void> {
  for (const [project_id, edges] of Map.groupBy(rows, (row) => row.project_id)) {
    const added = await queries.insertDependencies(change.tx, project_id, edges);
    const fresh = new Set(added.map((edge) => `${edge.component_id} ${edge.depends_on_id}`));
    for (const edge of edges) {
      if (!fresh.has(`${edge.component_id} ${edge.depends_on_id}`)) continue;
      emitDependency(change, 'component_dependency_added', edge);
    }
  }
}

/** Takes dependencies away whose graphs are held; those that are gone already are left out. */
export async function dropDependencies(change: Change, rows: readonly queries.DependencyRow[]): Promise<void> {
  for (const row of rows) {
    if (!(await queries.deleteDependency(change.tx, row.component_id, row.depends_on_id))) continue;
    emitDependency(change, 'component_dependency_removed', row);
  }
}

/** Every dependency of a project, `[dependent, depends_on]`. */
export const edgesOf = (change: Change, project_id: string) => queries.edgesOf(change.tx, project_id);

/** Does the project have a tray other than this component? */
export const hasOtherTray = (change: Change, project_id: string, id: string) =>
  queries.hasTray(change.tx, project_id, id);

/** Names of components by id. */
export const namesOf = (change: Change, ids: readonly string[]) => queries.namesOf(change.tx, ids);
