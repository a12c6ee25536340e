// Decides about traces: what belongs to one, and who sees which part of it.
import type { Database } from '../../db/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Context, readHandle } from '../../kernel/context.ts';
import { invalidField, Problem } from '../../kernel/problem.ts';
import * as queries from './queries.ts';

export type TraceService = ReturnType<typeof traceService>;

const mostEntries = 500;
const mostTraces = 50;
const day = 86_400_000;
/** What the list looks through: enough for what happened just now, little enough to be quick. */
const looks = { events: 5000, letters: 500 };

export function traceService({ database, clock }: { database: Database; clock: Clock }) {
  const viewerOf = (context: Context) => (context.actor.role === 'admin' ? null : context.actor.id);

  return {
    async get(context: Context, trace_id: string) {
      const handle = readHandle(database, context);
      const viewer_id = viewerOf(context);
      const most = mostEntries + 1;
      // Dead letters and sign-ins are the administrators'.
      const parts = await Promise.all([
        queries.eventsOf(handle, trace_id, viewer_id, most),
        ...(viewer_id === null
          ? [queries.lettersOf(database.app, trace_id, most), queries.signInsOf(database.app, trace_id, most)]
          : []),
      ]);
      const found = parts.flat();
      if (found.length === 0) {
        throw new Problem('trace.not_found', { detail: `There is nothing of the trace ${trace_id} that you may see.` });
      }
      // The sort keeps what happened at one moment in its order.
      const entries = found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
      return { trace_id, more: entries.length > mostEntries, entries: entries.slice(0, mostEntries) };
    },

    list(context: Context, { from, to }: { from?: string; to?: string }) {
      const end = to === undefined ? clock.now() + 1000 : Date.parse(to);
      const start = from === undefined ? end - day : Date.parse(from);
      if (start >= end) throw invalidField('#/query/to', 'must be later than from');
      const time = { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
      return queries.tracesOf(
        readHandle(database, context),
        { ...time, ...looks, viewer_id: viewerOf(context) },
        mostTraces,
      );
    },
  };
}
