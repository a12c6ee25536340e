// HTTP of tasks.
import type { Handlers } from '../../http/route.ts';
import type { QuickAddService } from './quick-add-service.ts';
import type { TaskService } from './service.ts';

type Names =
  | 'listTasks'
  | 'listComponentTasks'
  | 'createTask'
  | 'createInboxTask'
  | 'getTask'
  | 'updateTask'
  | 'deleteTask'
  | 'projectTasks'
  | 'myWork'
  | 'quickAdd';

export function taskRoutes(tasks: TaskService, quickAdd: QuickAddService): Pick<Handlers, Names> {
  return {
    listTasks: async ({ context, query }) => ({ json: await tasks.list(context, query) }),
    listComponentTasks: async ({ context, params, query }) => ({ json: await tasks.listOf(context, params.id, query) }),
    projectTasks: async ({ context, params }) => ({ json: await tasks.ofProject(context, params.id) }),
    quickAdd: ({ context, body }) => quickAdd.add(context, body),
    myWork: async ({ context }) => ({ json: await tasks.myWork(context) }),
    createTask: ({ context, params, body }) => tasks.create(context, params.id, body),
    createInboxTask: ({ context, body }) => tasks.create(context, body.component_id ?? null, body),
    async getTask({ context, params }) {
      const { json, entity } = await tasks.get(context, params.id);
      return { json, version: entity.version };
    },
    updateTask: ({ context, params, body, if_match }) => tasks.update(context, params.id, body, if_match),
    async deleteTask({ context, params, if_match }) {
      await tasks.delete(context, params.id, if_match);
      return {};
    },
  };
}
