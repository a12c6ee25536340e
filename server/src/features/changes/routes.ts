// HTTP of changes.
import type { Handlers } from '../../http/route.ts';
import type { ChangeService } from './service.ts';

type Names = 'bulk' | 'undoChange' | 'projectActivity';

export function changeRoutes(changes: ChangeService): Pick<Handlers, Names> {
  return {
    async bulk({ context, body }) {
      const { json = '[]', change_id = null } = await changes.bulk(context, body.operations);
      return { json: `{"change_id":${JSON.stringify(change_id)},"items":${json}}` };
    },
    projectActivity: async ({ context, params, query }) => ({
      json: await changes.activity(context, params.id, query),
    }),
    undoChange: async ({ context, params, body }) => ({
      body: await changes.undo(context, params.id, body.conflicts ?? 'ask'),
    }),
  };
}
