// HTTP of dead letters.
import type { Handlers } from '../../http/route.ts';
import type { ReplayService } from './replay-service.ts';
import type { DeadLetterService } from './service.ts';

type Names =
  | 'listDeadLetters'
  | 'getDeadLetter'
  | 'deadLetterGroups'
  | 'muteDeadLetters'
  | 'dryRunDeadLetters'
  | 'startReplay'
  | 'listReplays'
  | 'getReplay'
  | 'stopReplay'
  | 'resumeReplay'
  | 'discardDeadLetters'
  | 'restoreDeadLetters'
  | 'sendBadExample';

export function deadLetterRoutes(letters: DeadLetterService, replays: ReplayService): Pick<Handlers, Names> {
  return {
    listDeadLetters: async ({ query }) => ({ json: await letters.list(query) }),
    getDeadLetter: async ({ params }) => ({ json: await letters.get(params.id) }),
    deadLetterGroups: async ({ query }) => ({ body: await letters.groups(query.status) }),
    muteDeadLetters: async ({ context, params, body }) => ({
      body: await letters.mute(context, params.id, body.muted),
    }),
    dryRunDeadLetters: async ({ context, body }) => ({ json: await replays.dryRun(context, body) }),
    startReplay: ({ context, body }) => replays.start(context, body),
    listReplays: async ({ query }) => ({ json: await replays.list(query) }),
    getReplay: async ({ params }) => ({ json: await replays.get(params.id) }),
    stopReplay: async ({ context, params }) => ({ json: await replays.stop(context, params.id) }),
    resumeReplay: async ({ context, params }) => ({ json: await replays.resume(context, params.id) }),
    discardDeadLetters: async ({ context, body }) => ({
      body: await letters.discard(context, body.selection, body.note ?? null),
    }),
    async sendBadExample() {
      await letters.sendExample();
      return {};
    },
    restoreDeadLetters: async ({ context, body }) => ({ body: await letters.restore(context, body.selection) }),
  };
}
