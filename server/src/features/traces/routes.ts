// HTTP of traces.
import type { Handlers } from '../../http/route.ts';
import type { TraceService } from './service.ts';

export function traceRoutes(traces: TraceService): Pick<Handlers, 'getTrace' | 'listTraces'> {
  return {
    getTrace: async ({ context, params }) => ({ body: await traces.get(context, params.trace_id) }),
    listTraces: async ({ context, query }) => ({ body: await traces.list(context, query) }),
  };
}
