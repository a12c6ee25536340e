// HTTP of projects.
import type { Handlers } from '../../http/route.ts';
import { importAnswer, importAsLines } from './import-answer.ts';
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
    async importProject({ context, query: { progress, ...options }, body, reply }) {
      if (!progress) return importAnswer(await imports.import(context, body, options));
      // Before the first line goes out, so that it is answered with its own status.
      imports.authoriseImport(context);
      return importAsLines(reply, (onProgress) => imports.import(context, body, options, onProgress));
    },
    addExample: ({ context }) => imports.addGreenhouse(context),
  };
}
