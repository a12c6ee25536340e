// HTTP of health.
import type { Handlers } from '../../http/route.ts';
import type { HealthService } from './service.ts';

export function healthRoutes(health: HealthService): Pick<Handlers, 'live' | 'ready' | 'stack'> {
  return {
    live: async () => ({ body: { status: 'live' } }),
    async ready() {
      await health.ready();
      return { body: { status: 'ready' } };
    },
    stack: async () => ({ body: await health.stack() }),
  };
}
