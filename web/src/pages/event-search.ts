// What the address of the events page says: its filters, and which event is open.
import { isTopicFilter } from '@taylordash/core/topics';

export const eventSources = ['server', 'mqtt', 'http'] as const;

export interface EventSearch {
  topic?: string;
  kind?: string;
  source?: (typeof eventSources)[number];
  /** Measured values too, which else would bury what people and plugins do. */
  metrics?: true;
  open?: string;
}

/** What is listed where no topic is asked for: everything but the metrics. */
export const quietTopic = 'tracker/events/#';

/** What the server is asked for. */
export function toEventQuery({ metrics, open: _open, ...filters }: EventSearch): Omit<EventSearch, 'metrics' | 'open'> {
  return metrics === true || filters.topic !== undefined || filters.source !== undefined
    ? filters
    : { ...filters, topic: quietTopic };
}

export function readEventSearch(search: Record<string, unknown>): EventSearch {
  const source = eventSources.find((one) => one === search.source);
  const open = typeof search.open === 'number' ? String(search.open) : search.open;
  return {
    ...(typeof search.topic === 'string' && isTopicFilter(search.topic) ? { topic: search.topic.slice(0, 255) } : {}),
    ...(typeof search.kind === 'string' && search.kind !== '' ? { kind: search.kind.slice(0, 1000) } : {}),
    ...(source ? { source } : {}),
    ...(search.metrics === true ? { metrics: true as const } : {}),
    ...(typeof open === 'string' && /^\d{1,19}$/.test(open) ? { open } : {}),
  };
}
