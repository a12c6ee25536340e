// Decides about tasks: who may, what changes, which events tell of it, and what follows for the component.
import type { Task } from '@taylordash/core/entities';
import { changedBetween, type EventKind } from '@taylordash/core/events';
import { may } from '@taylordash/core/permissions';
import { appendedRank } from '@taylordash/core/rank';
import type { Database } from '../../db/database.ts';
import { checkChecklist } from '../../kernel/bounds.ts';
import {
  type Change,
  type ChangeMaker,
  checkVersion,
  fieldsToSet,
  type Loaded,
  loaded,
  type Written,
} from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import { authorise, type Context, readHandle } from '../../kernel/context.ts';
import { Problem } from '../../kernel/problem.ts';
import type { ComponentService } from '../components/service.ts';
import { dayAt, workOf } from './my-work-queries.ts';
import type { FoundTask, TaskFilter } from './queries.ts';
import * as queries from './queries.ts';

type Own = Omit<Task, 'id' | 'version' | 'created_at' | 'updated_at' | 'completed_at' | 'created_by'>;
export type NewTask = Pick<Own, 'name'> & Partial<Own>;
export type TaskPatch = Partial<Own>;

export interface TaskDependencies {
  database: Database;
  changes: ChangeMaker;
  components: ComponentService;
  clock: Clock;
}

export type TaskService = ReturnType<typeof taskService>;

export function taskService({ database, changes, components, clock }: TaskDependencies) {
  /** The project of a component that a task goes to, having made sure of the right; null for the inbox. */
  async function authoriseTarget(context: Context, component_id: string | null): Promise<string | null> {
    if (component_id === null) {
      if (!may(context.actor, 'write:tasks')) authorise(context, 'write:tasks', null);
      return null;
    }
    const project_id = await components.projectOf(database.app, component_id);
    if (project_id === null) {
      throw new Problem('component.not_found', { detail: `There is no component ${component_id}.` });
    }
    authorise(context, 'write:tasks', project_id);
    return project_id;
  }

  async function authoriseTask(context: Context, id: string): Promise<void> {
    const task = visible(context, await queries.findTask(database.app, id), id);
    if (task.project_id !== null) authorise(context, 'write:tasks', task.project_id);
    else if (!may(context.actor, 'write:tasks')) authorise(context, 'write:tasks', null);
  }

  return {
    list: (context: Context, filter: TaskFilter): Promise<string> =>
      queries.listTasks(readHandle(database, context), filter, context.actor.id),

    async listOf(context: Context, component_id: string, paging: { limit?: number; cursor?: string }): Promise<string> {
      await components.get(context, component_id);
      return queries.listComponentTasks(readHandle(database, context), component_id, paging);
    },

    async get(context: Context, id: string): Promise<Loaded<Task>> {
      return visible(context, await queries.findTask(readHandle(database, context), id), id).task;
    },

    async ofProject(context: Context, project_id: string): Promise<string> {
      const json = await queries.projectTasks(readHandle(database, context), project_id);
      if (json === null) throw new Problem('project.not_found', { detail: `There is no project ${project_id}.` });
      return json;
    },

    async myWork(context: Context): Promise<string> {
      const handle = readHandle(database, context);
      const today = await dayAt(handle, context.actor.id, new Date(clock.now()).toISOString());
      const work = await workOf(handle, context.actor.id);
      return `{"today":"${today ?? ''}","inbox":${work.inbox},"tasks":${work.tasks},"ready":${work.ready}}`;
    },

    async create(context: Context, component_id: string | null, input: NewTask): Promise<Written> {
      const project_id = await authoriseTarget(context, component_id);
      checkChecklist(input);
      return changes.change(context, async (change) => {
        const json = await queries.insertTask(change.tx, {
          rank: appendedRank(clock.now()),
          ...input,
          component_id,
          created_by: context.actor.id,
        });
        const { id } = loaded<Task>(json).entity;
        change.emit({ kind: 'task_created', project_id, entity_id: id, entity: json });
        if (component_id !== null) await components.followTasks(change, component_id);
        return { json, version: 1, location: `/api/v1/tasks/${id}` };
      });
    },

    async update(context: Context, id: string, input: TaskPatch, if_match: number | null): Promise<Written> {
      await authoriseTask(context, id);
      if (input.component_id !== undefined) await authoriseTarget(context, input.component_id);
      checkChecklist(input);
      return changes.change(context, async (change) => {
        const { task: before, project_id: from } = visible(context, await queries.lockTask(change.tx, id), id);
        checkVersion(before, if_match);
        const fields = fieldsToSet(before.entity, input);
        if (!fields) return { json: before.json, version: before.entity.version };
        const json = await queries.updateTask(change.tx, id, fields);
        const after = loaded<Task>(json).entity;
        const moved = after.component_id !== before.entity.component_id;
        // A task that leaves for the inbox is still told of in the project it leaves.
        const project_id =
          after.component_id === null ? from : await components.projectOf(change.tx, after.component_id);
        emitTaskChanges(change, before.entity, after, json, project_id);
        for (const component of new Set([before.entity.component_id, after.component_id])) {
          const counts = moved || fields.status !== undefined || fields.weight !== undefined;
          if (component !== null && counts) await components.followTasks(change, component);
        }
        return { json, version: after.version };
      });
    },

    async delete(context: Context, id: string, if_match: number | null): Promise<void> {
      await authoriseTask(context, id);
      await changes.change(context, async (change) => {
        const { task: before, project_id } = visible(context, await queries.lockTask(change.tx, id), id);
        checkVersion(before, if_match);
        await queries.deleteTask(change.tx, id);
        change.emit({ kind: 'task_deleted', project_id, entity_id: id, entity: before.json });
        if (before.entity.component_id !== null) await components.followTasks(change, before.entity.component_id);
        return {};
      });
    },
  };
}

/** The task, or task.not_found: also for what lies in somebody else's inbox. */
function visible(
  context: Context,
  found: FoundTask | null,
  id: string,
): { task: Loaded<Task>; project_id: string | null } {
  const task = found && loaded<Task>(found.json);
  const hidden =
    task?.entity.component_id === null && task.entity.created_by !== context.actor.id && context.actor.role !== 'admin';
  if (!found || !task || hidden) throw new Problem('task.not_found', { detail: `There is no task ${id}.` });
  return { task, project_id: found.project_id };
}

function emitTaskChanges({ emit }: Change, before: Task, after: Task, entity: string, project_id: string | null): void {
  const { assignee_id, status, completed_at, ...others } = changedBetween(before, after);
  const toldByOwnKind = status && (before.status === 'done' || after.status === 'done');
  const rest = { ...others, ...(status && !toldByOwnKind ? { status } : {}) };
  const tell = (kind: EventKind, changed: typeof others) =>
    emit({ kind, project_id, entity_id: after.id, entity, changed });
  if (Object.keys(rest).length > 0) tell('task_updated', rest);
  if (assignee_id) tell('task_assigned', { assignee_id });
  if (status && toldByOwnKind) {
    tell(after.status === 'done' ? 'task_completed' : 'task_reopened', {
      status,
      ...(completed_at ? { completed_at } : {}),
    });
  }
}
