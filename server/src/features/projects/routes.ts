// HTTP of projects.
import type { Handlers } from '../../http/route.ts';
import type { ImportService } from './import-service.ts';
import type { ProjectService } from './service.ts';

type Names =
  | 'listProjects'
  | 'createProject'
  | 'getProject'
  | 'updateProject'
  | 'deleteProject'
  | 'projectDeletion'
  | 'projectGraph'
  | 'exportProject'
  | 'importProject'
  | 'addExample';

export function projectRoutes(projects: ProjectService, imports: ImportService): Pick<Handlers, Names> {
  return {
    listProjects: async ({ context, query }) => ({ json: await projects.list(context, query) }),
    createProject: ({ context, body }) => projects.create(context, body),
    async getProject({ context, params }) {
      const { json, entity } = await projects.get(context, params.id);
      return { json, version: entity.version };
    },
    updateProject: ({ context, params, body, if_match }) => projects.update(context, params.id, body, if_match),
    async deleteProject({ context, params, if_match }) {
      await projects.delete(context, params.id, if_match);
      return {};
    },
    projectDeletion: async ({ context, params }) => ({ json: await projects.deletion(context, params.id) }),
    projectGraph: async ({ context, params }) => ({ json: await projects.graph(context, params.id) }),
    exportProject: async ({ context, params }) => ({ json: await imports.export(context, params.id) }),
    importProject: async ({ context, query, body, reply }) => imports.importOver(context, body, query, reply),
    addExample: ({ context }) => imports.addGreenhouse(context),
  };
}
