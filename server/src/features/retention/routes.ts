// HTTP of history and its end.
import type { Handlers } from '../../http/route.ts';
import type { HistoryService } from '../history/service.ts';
import type { RetentionService } from './service.ts';

type Names =
  | 'verifyProject'
  | 'getRetention'
  | 'setEventRetention'
  | 'runRetention'
  | 'listArchives'
  | 'verifyArchive'
  | 'restoreArchive'
  | 'releaseArchive';

export function retentionRoutes(retention: RetentionService, history: HistoryService): Pick<Handlers, Names> {
  return {
    verifyProject: async ({ params }) => ({ body: await history.verify(params.id) }),
    getRetention: async () => ({ body: await retention.state() }),
    setEventRetention: async ({ context, body }) => ({ body: await retention.setPolicy(context, body) }),
    runRetention: async () => ({ body: await retention.run() }),
    listArchives: async () => ({ body: { items: await retention.listArchives() } }),
    verifyArchive: async ({ params }) => ({ body: await retention.verifyArchive(params.name) }),
    restoreArchive: async ({ params }) => ({ body: await retention.restore(params.name) }),
    async releaseArchive({ params }) {
      await retention.release(params.name);
      return {};
    },
  };
}
