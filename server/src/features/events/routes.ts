// HTTP of events and the live stream.
import { eventMatcher } from '@taylordash/core/event-matcher';
import { viewerTopicFilters } from '@taylordash/core/events';
import { isTopicFilter } from '@taylordash/core/topics';
import type { Hub } from '../../events/hub.ts';
import type { Handlers } from '../../http/route.ts';
import type { SignedIn } from '../../kernel/context.ts';
import { invalidField, Problem } from '../../kernel/problem.ts';
import type { FilterReader } from './filter-reader.ts';
import type { EventReplayService } from './replay-service.ts';
import type { EventService } from './service.ts';
import type { StatsService } from './stats-service.ts';

type ReplayNames = 'startEventReplay' | 'listEventReplays' | 'getEventReplay' | 'cancelEventReplay';

export function eventReplayRoutes(replays: EventReplayService): Pick<Handlers, ReplayNames> {
  return {
    startEventReplay: ({ context, body }) => replays.start(context, body),
    listEventReplays: async ({ query }) => ({ json: await replays.list(query) }),
    getEventReplay: async ({ params }) => ({ json: await replays.get(params.id) }),
    cancelEventReplay: async ({ context, params }) => ({ json: await replays.cancel(context, params.id) }),
  };
}

type Names = 'eventStats' | 'eventGaps' | 'listEvents' | 'getEvent' | 'publishEvent' | 'streamEvents';

export interface EventRouteOptions {
  events: EventService;
  filters: FilterReader;
  stats: StatsService;
  hub: Hub;
  /** Does this session still hold, with the right to read events? Asked each second of a stream. */
  stillAllowed(me: SignedIn): Promise<boolean>;
}

/** Live streams that one server serves at the most. */
const mostStreams = 2000;

export function eventRoutes({ events, filters, stats, hub, stillAllowed }: EventRouteOptions): Pick<Handlers, Names> {
  return {
    eventStats: async ({ context, query }) => ({ body: await stats.count(context, query) }),
    eventGaps: async ({ query }) => ({ json: await stats.gaps(query.limit) }),
    listEvents: async ({ context, query }) => ({ json: await events.list(context, query) }),
    getEvent: async ({ context, params }) => ({ json: await events.get(context, params.id) }),
    publishEvent: async ({ context, body }) => ({ body: await events.publish(context, body) }),

    async streamEvents({ me, context, query, request, reply }) {
      const topics = listOf(query.topics);
      const wrong = topics?.find((filter) => !isTopicFilter(filter));
      if (wrong !== undefined)
        throw invalidField('#/query/topics', `has ${JSON.stringify(wrong)}, which is no topic filter`);
      const { conditions } = await filters.read(context, query.filter);
      if (hub.count() >= mostStreams) throw new Problem('server.busy', { retry_after: 10 });
      const header = request.headers['last-event-id'];
      reply.hijack();
      const { raw } = reply;
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value);
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        // Proxies that collect answers before they pass them on are told not to.
        'x-accel-buffering': 'no',
      });
      hub.open({
        sink: raw,
        filter: {
          topics,
          kinds: listOf(query.kinds),
          project_id: query.project_id ?? null,
          matches: conditions.length === 0 ? null : eventMatcher(conditions),
          visible: me.actor.role === 'admin' ? null : viewerTopicFilters,
          reader_id: me.actor.role === 'admin' ? null : me.actor.id,
        },
        last_event_id: (typeof header === 'string' ? header : undefined) ?? query.after ?? null,
        ...(query.until === undefined ? {} : { until: BigInt(query.until) }),
        stillAllowed: () => stillAllowed(me),
      });
      return null;
    },
  };
}

function listOf(text: string | undefined): string[] | null {
  if (text === undefined) return null;
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
