// Locks of components inside a change: taken once, in one order, and remembered with the row.
import type { Component } from '@taylordash/core/entities';
import { type Change, type Loaded, loaded } from '../../kernel/change.ts';
import { Problem } from '../../kernel/problem.ts';
import * as queries from './queries.ts';

export function notFound(id: string): Problem {
  return new Problem('component.not_found', { detail: `There is no component ${id}.` });
}

/** The component under a lock on its row. */
export async function hold(change: Change, id: string): Promise<Loaded<Component>> {
  const known = change.held.components.get(id);
  return known ? loaded<Component>(known.json) : keep(change, id, await queries.lockComponent(change.tx, id));
}

/** The same under the lock that its deletion needs. */
export async function holdToDelete(change: Change, id: string): Promise<Loaded<Component>> {
  return keep(change, id, await queries.lockComponentToDelete(change.tx, id));
}

function keep(change: Change, id: string, json: string | null): Loaded<Component> {
  if (json === null) throw notFound(id);
  const row = loaded<Component>(json);
  change.held.components.set(id, { json, project_id: row.entity.project_id });
  return row;
}

/** Several at once, in the order of their ids; those that do not exist are left out. */
export async function holdAll(change: Change, ids: Iterable<string>, options?: { to_delete?: boolean }): Promise<void> {
  const unheld = [...new Set(ids)].filter((id) => !change.held.components.has(id));
  if (unheld.length === 0) return;
  for (const { id, ...row } of await queries.lockComponents(change.tx, unheld, options))
    change.held.components.set(id, row);
}

/** See queries.lockGraph. Throws project.not_found. */
export async function holdGraph(change: Change, project_id: string): Promise<void> {
  if (change.graphs.has(project_id)) return;
  if (!(await queries.lockGraph(change.tx, project_id))) {
    throw new Problem('project.not_found', { detail: `There is no project ${project_id}.` });
  }
  change.graphs.add(project_id);
}
