// The rules of dependencies: who may be linked, what a link would close, and what is left when a component goes.
import type { Component } from '@taylordash/core/entities';
import { adjacency, closingLoop } from '@taylordash/core/graph';
import { trayType } from '@taylordash/core/statuses';
import type { Handle } from '../../db/transaction.ts';
import type { Change } from '../../kernel/change.ts';
import { Problem } from '../../kernel/problem.ts';
import { hold } from './held.ts';
import * as queries from './queries.ts';

export function emitDependency(
  { emit }: Change,
  kind: 'component_dependency_added' | 'component_dependency_removed',
  row: queries.DependencyRow,
): void {
  emit({ kind, project_id: row.project_id, entity_id: row.component_id, entity: JSON.stringify(row) });
}

/** A new component has no dependents, so nothing that it waits for can close a cycle. */
export async function linkNew(change: Change, component: Component, depends_on_id: string): Promise<void> {
  const target = await linkTarget(change, component, depends_on_id);
  await insertLink(change, component, target);
}

/** Adds a dependency under the lock on the graph, or refuses it with the loop that it would close. */
export async function link(change: Change, component: Component, depends_on_id: string): Promise<void> {
  const { tx } = change;
  const target = await linkTarget(change, component, depends_on_id);
  if (await queries.dependsOn(tx, depends_on_id, component.id)) throw await cycleProblem(tx, component, depends_on_id);
  await insertLink(change, component, target);
}

async function linkTarget(change: Change, component: Component, depends_on_id: string): Promise<Component> {
  const target = (await hold(change, depends_on_id)).entity;
  if (target.project_id !== component.project_id) throw new Problem('component.dependency_other_project');
  if (component.type === trayType || target.type === trayType) throw new Problem('component.tray_has_no_dependencies');
  return target;
}

async function insertLink(change: Change, component: Component, target: Component): Promise<void> {
  const { project_id } = component;
  if (!(await queries.insertDependency(change.tx, component.id, target.id, project_id))) return;
  emitDependency(change, 'component_dependency_added', {
    component_id: component.id,
    depends_on_id: target.id,
    project_id,
    component_name: component.name,
    depends_on_name: target.name,
  });
}

async function cycleProblem(tx: Handle, component: Component, depends_on_id: string): Promise<Problem> {
  const edges = await queries.edgesOf(tx, component.project_id);
  const loop = closingLoop(adjacency(edges), [component.id, depends_on_id]) ?? [component.id, component.id];
  const names = await queries.namesOf(tx, loop);
  const path = loop.map((id) => ({ id, name: names.get(id) ?? '' }));
  return new Problem('component.dependency_cycle', {
    detail: `Closes a loop: ${path.map(({ name }) => name).join(' → ')}.`,
    extensions: { path },
  });
}

/** What waited for the component waits for its prerequisites instead. */
export async function linkAround(
  change: Change,
  id: string,
  dependencies: readonly queries.DependencyRow[],
): Promise<void> {
  const dependents = dependencies.filter((row) => row.depends_on_id === id);
  const prerequisites = dependencies.filter((row) => row.component_id === id);
  for (const { component_id, component_name, project_id } of dependents) {
    for (const { depends_on_id, depends_on_name } of prerequisites) {
      if (!(await queries.insertDependency(change.tx, component_id, depends_on_id, project_id))) continue;
      emitDependency(change, 'component_dependency_added', {
        component_id,
        component_name,
        depends_on_id,
        depends_on_name,
        project_id,
      });
    }
  }
}
