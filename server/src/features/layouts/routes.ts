// HTTP of layouts.
import type { Handlers } from '../../http/route.ts';
import type { LayoutService } from './service.ts';

type Names = 'listLayouts' | 'createLayout' | 'getLayout' | 'updateLayout' | 'deleteLayout';

export function layoutRoutes(layouts: LayoutService): Pick<Handlers, Names> {
  return {
    listLayouts: async ({ context, query }) => ({ json: await layouts.list(context, query) }),
    createLayout: ({ context, body }) => layouts.create(context, body),
    async getLayout({ context, params }) {
      const { json, entity } = await layouts.get(context, params.id);
      return { json, version: entity.version };
    },
    updateLayout: ({ context, params, body, if_match }) => layouts.update(context, params.id, body, if_match),
    async deleteLayout({ context, params, if_match }) {
      await layouts.delete(context, params.id, if_match);
      return {};
    },
  };
}
