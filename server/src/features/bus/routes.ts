// HTTP of what concerns the bus as a whole.
import type { Handlers } from '../../http/route.ts';
import type { CommandAccountService } from './service.ts';

type Names = 'commandAccount' | 'setCommandAccount';

export function busRoutes(account: CommandAccountService): Pick<Handlers, Names> {
  return {
    commandAccount: async () => ({ body: await account.get() }),
    setCommandAccount: async ({ context, body }) => ({ body: await account.set(context, body.user_id) }),
  };
}
