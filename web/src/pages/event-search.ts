// What the address of the events page says: its filters, and which event is open.
import { isTopicFilter } from '@taylordash/core/topics';
import type { EventQuery } from '../api.ts';

export const eventSources = ['server', 'mqtt', 'http'] as const;

export interface EventSearch {
  topic?: string;
  kind?: string;
  source?: (typeof eventSources)[number];
  /** Measured values too, which else would bury what people and plugins do. */
  metrics?: true;
  /** Everything that one request or message caused. */
  trace?: string;
  /** Everything of one change. */
  change?: string;
  /** Everything that one person did. */
  actor?: string;
  open?: string;
}

/** What is listed where no topic is asked for: everything but the metrics. */
const quietTopic = 'tracker/events/#';

/** What the server is asked for. */
export function toEventQuery({ metrics, open: _open, trace, change, actor, ...filters }: EventSearch): EventQuery {
  const ids = {
    ...(trace === undefined ? {} : { trace_id: trace }),
    ...(change === undefined ? {} : { change_id: change }),
    ...(actor === undefined ? {} : { actor_id: actor }),
  };
  const chosen = filters.topic !== undefined || filters.source !== undefined || Object.keys(ids).length > 0;
  return metrics === true || chosen ? { ...filters, ...ids } : { ...filters, topic: quietTopic };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function readEventSearch(search: Record<string, unknown>): EventSearch {
  const source = eventSources.find((one) => one === search.source);
  const open = typeof search.open === 'number' ? String(search.open) : search.open;
  return {
    ...(typeof search.topic === 'string' && isTopicFilter(search.topic) ? { topic: search.topic.slice(0, 255) } : {}),
    ...(typeof search.kind === 'string' && search.kind !== '' ? { kind: search.kind.slice(0, 1000) } : {}),
    ...(source ? { source } : {}),
    ...(search.metrics === true ? { metrics: true as const } : {}),
    ...Object.fromEntries(
      (['trace', 'change', 'actor'] as const).flatMap((name) => {
        const id = search[name];
        return typeof id === 'string' && uuid.test(id) ? [[name, id.toLowerCase()]] : [];
      }),
    ),
    ...(typeof open === 'string' && /^\d{1,19}$/.test(open) ? { open } : {}),
  };
}
