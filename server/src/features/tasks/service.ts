// Decides about tasks: who may, what changes, which events tell of it, and what follows for the component.
import { dayIn } from '@taylordash/core/days';
import type { Task } from '@taylordash/core/entities';
import type { Database } from '../../db/database.ts';
import type { ChangeMaker, Loaded, Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Context, readHandle } from '../../kernel/context.ts';
import { Problem } from '../../kernel/problem.ts';
import type { ComponentService } from '../components/service.ts';
import { workOf } from './my-work-queries.ts';
import { type NewTask, type TaskPatch, taskOperations, visible } from './operations.ts';
import type { TaskFilter } from './queries.ts';
import * as queries from './queries.ts';

export interface TaskDependencies {
  database: Database;
  changes: ChangeMaker;
  components: ComponentService;
  clock: Clock;
}

export type TaskService = ReturnType<typeof taskService>;

export function taskService({ database, changes, components, clock }: TaskDependencies) {
  const operations = taskOperations({ components, clock });

  return {
    /** The same inside a change of somebody else's: a bulk, an undo, quick add. */
    within: operations,

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
      const { time_zone } = await queries.profileOf(handle, context.actor.id);
      const work = await workOf(handle, context.actor.id);
      return `{"today":"${dayIn(time_zone, clock.now())}","inbox":${work.inbox},"tasks":${work.tasks},"ready":${work.ready}}`;
    },

    create: (context: Context, component_id: string | null, input: NewTask): Promise<Written> =>
      changes.change(context, (change) => operations.create(change, component_id, input)),

    update: (context: Context, id: string, input: TaskPatch, if_match: number | null): Promise<Written> =>
      changes.change(context, (change) => operations.update(change, id, input, if_match)),

    async delete(context: Context, id: string, if_match: number | null): Promise<void> {
      await changes.change(context, async (change) => {
        await operations.remove(change, id, if_match);
        return {};
      });
    },
  };
}
