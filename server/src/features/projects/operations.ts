// What can be done to one project inside a change: each authorises for itself; restoring and writing are undo's, which has asked.
import type { Project } from '@taylordash/core/entities';
import { changedBetween } from '@taylordash/core/events';
import { insertRows } from '../../db/row.ts';
import { checkMetadata } from '../../kernel/bounds.ts';
import { type Change, checkVersion, fieldsToSet, type Loaded, loaded, type Written } from '../../kernel/change.ts';
import { authorise } from '../../kernel/context.ts';
import { Problem } from '../../kernel/problem.ts';
import * as queries from './queries.ts';

export type ProjectPatch = Partial<Omit<Project, 'id' | 'version' | 'created_at' | 'updated_at'>>;

/** `example_client_id`: what the device of the greenhouse example calls itself on the broker. */
export function projectOperations(example_client_id: string) {
  /** Sets fields of a locked project and tells of them. */
  async function write(change: Change, before: Loaded<Project>, fields: ProjectPatch): Promise<Loaded<Project>> {
    const { id } = before.entity;
    const after = loaded<Project>(await queries.updateProject(change.tx, id, fields));
    const { status, ...others } = changedBetween(before.entity, after.entity);
    const told = { project_id: id, entity_id: id, entity: after.json };
    if (Object.keys(others).length > 0) change.emit({ kind: 'project_updated', ...told, changed: others });
    if (status) change.emit({ kind: 'project_status_changed', ...told, changed: { status } });
    return after;
  }

  return {
    write,

    /** The project under the lock that holds its graph too; null where there is none. */
    async hold(change: Change, id: string): Promise<Loaded<Project> | null> {
      const json = await queries.lockProject(change.tx, id);
      if (json === null) return null;
      change.graphs.add(id);
      return loaded<Project>(json);
    },

    async update(
      change: Change,
      id: string,
      input: ProjectPatch,
      if_match: number | null,
    ): Promise<Written & { json: string }> {
      authorise(change.context, 'write:projects', id);
      checkMetadata(input);
      const before = found(await queries.lockProject(change.tx, id), id);
      checkVersion(before, if_match);
      const fields = fieldsToSet(before.entity, input);
      if (!fields) return { json: before.json, version: before.entity.version };
      const { json, entity } = await write(change, before, fields);
      return { json, version: entity.version };
    },

    async remove(change: Change, id: string, if_match: number | null): Promise<void> {
      const { tx, emit, context } = change;
      authorise(context, 'write:projects', id);
      const before = found(await queries.lockProject(tx, id), id);
      checkVersion(before, if_match);
      await queries.lockComponentsToDelete(tx, id);
      for (const row of await queries.contentsOf(tx, id)) {
        emit({ kind: deletedKinds[row.kind], project_id: id, entity_id: row.id, entity: row.json });
      }
      emit({ kind: 'project_deleted', project_id: id, entity_id: id, entity: before.json });
      await queries.deleteProject(tx, id);
      if (before.entity.metadata.example === 'greenhouse') {
        await queries.discardExampleLetters(tx, example_client_id, context.actor.id);
      }
    },

    /** Makes projects again as they were, a version later. Their ids are free. */
    async restore(change: Change, projects: readonly Project[]): Promise<void> {
      for (const { id, json } of await insertRows(change.tx, 'projects', projects)) {
        change.graphs.add(id);
        change.emit({ kind: 'project_created', project_id: id, entity_id: id, entity: json });
      }
    },

    contents: (change: Change, id: string) => queries.contentsOf(change.tx, id),
  };
}

const deletedKinds = {
  task: 'task_deleted',
  dependency: 'component_dependency_removed',
  component: 'component_deleted',
} as const;

export function existing(json: string | null, id: string): string {
  if (json === null) throw new Problem('project.not_found', { detail: `There is no project ${id}.` });
  return json;
}

export function found(json: string | null, id: string): Loaded<Project> {
  return loaded<Project>(existing(json, id));
}
