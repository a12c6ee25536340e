// HTTP of what concerns the bus as a whole.
import type { Handlers } from '../../http/route.ts';
import type { BusService } from './service.ts';

type Names = 'busSettings' | 'setBusSettings' | 'brokerTest' | 'runBrokerTest';

/** `followed` is called after a change of the topics that are looked at. */
export function busRoutes(bus: BusService, followed: () => Promise<void>): Pick<Handlers, Names> {
  return {
    busSettings: async () => ({ body: await bus.settings() }),
    async setBusSettings({ context, body }) {
      const settings = await bus.set(context, body);
      await followed();
      return { body: settings };
    },
    brokerTest: async () => ({ body: await bus.lastTest() }),
    runBrokerTest: async ({ context }) => ({ body: await bus.runTest(context) }),
  };
}
