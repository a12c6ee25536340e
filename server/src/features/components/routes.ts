// HTTP of components and dependencies.
import type { Handlers } from '../../http/route.ts';
import type { ProjectService } from '../projects/service.ts';
import type { ComponentService } from './service.ts';

type Names =
  | 'listComponents'
  | 'listProjectComponents'
  | 'createComponent'
  | 'getComponent'
  | 'updateComponent'
  | 'deleteComponent'
  | 'componentDeletion'
  | 'moveComponents'
  | 'addDependency'
  | 'removeDependency';

export function componentRoutes(components: ComponentService, projects: ProjectService): Pick<Handlers, Names> {
  return {
    listComponents: async ({ context, query }) => ({ json: await components.list(context, query) }),
    async listProjectComponents({ context, params, query }) {
      await projects.get(context, params.id);
      return { json: await components.list(context, { ...query, project_id: params.id }) };
    },
    createComponent: ({ context, params, body }) => components.create(context, params.id, body),
    async getComponent({ context, params }) {
      const { json, entity } = await components.get(context, params.id);
      return { json, version: entity.version };
    },
    updateComponent: ({ context, params, body, if_match }) => components.update(context, params.id, body, if_match),
    async deleteComponent({ context, params, query, if_match }) {
      await components.delete(context, params.id, query.dependents ?? 'drop', if_match);
      return {};
    },
    componentDeletion: async ({ context, params }) => ({ json: await components.deletion(context, params.id) }),
    moveComponents: async ({ context, body }) => ({
      body: { items: await components.move(context, body.project_id, body.positions) },
    }),
    async addDependency({ context, params }) {
      await components.addDependency(context, params.id, params.depends_on_id);
      return { body: { component_id: params.id, depends_on_id: params.depends_on_id } };
    },
    async removeDependency({ context, params }) {
      await components.removeDependency(context, params.id, params.depends_on_id);
      return {};
    },
  };
}
