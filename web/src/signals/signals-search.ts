// What the address of the Signals pages says: the time, the filter, and what is open.
import { isUuid } from '@taylordash/core/envelope';
import { eventFields, eventSources } from '@taylordash/core/event-filter';
import { parseFilter, printFilter, quoteValue } from '@taylordash/core/filters';
import { isTopicFilter } from '@taylordash/core/topics';
import type { EventQuery } from '../api.ts';

export const spans = ['hour', 'day', 'week', 'all'] as const;
export type Span = (typeof spans)[number];
const spanMs = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

/** One time for all tabs: a span up to now (the last day where none is said), or from one moment to another. */
export interface TimeSearch {
  time?: Span;
  from?: string;
  to?: string;
}

export interface EventSearch extends TimeSearch {
  /** In the grammar of events; where there is none, `quiet`. */
  filter?: string;
  open?: string;
}

/** What is shown where no filter is asked for: everything but measured values, which would bury what people and plugins do. */
export const quiet = '-topic:tracker/metrics/#';

export interface Times {
  from?: string;
  to?: string;
}

const minute = 60_000;

/** The moments that a time stands for, as whole minutes: the same question for a while. */
export function timesOf({ time, from, to }: TimeSearch, now: number): Times {
  if (from !== undefined || to !== undefined) {
    return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  }
  if (time === 'all') return {};
  return { from: new Date(Math.floor(now / minute) * minute - spanMs[time ?? 'day']).toISOString() };
}

const fields = eventFields();

/** The terms of a filter that are no mistakes: the rest still filters. */
export function soundFilter(text: string): string {
  return printFilter(parseFilter(text, fields).terms);
}

/** What the server is asked for. */
export function toEventQuery({ filter = quiet, ...time }: EventSearch, now: number): EventQuery {
  const sound = soundFilter(filter);
  return { ...(sound === '' ? {} : { filter: sound }), ...timesOf(time, now) };
}

export function readTimeSearch(search: Record<string, unknown>): TimeSearch {
  const time = spans.find((one) => one === search.time);
  const moment = (value: unknown) => {
    const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(at) ? undefined : new Date(at).toISOString();
  };
  const [from, to] = [moment(search.from), moment(search.to)];
  if (from !== undefined || to !== undefined) {
    return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  }
  return time === undefined || time === 'day' ? {} : { time };
}

/** How addresses once named what is now a field of the filter. */
const former = {
  topic: 'topic',
  kind: 'kind',
  source: 'source',
  ...{ trace: 'trace', trace_id: 'trace', change: 'change', change_id: 'change', actor: 'actor', actor_id: 'actor' },
  ...{ project: 'project', project_id: 'project', entity: 'entity', entity_id: 'entity' },
} as const;
const ids: readonly string[] = ['trace', 'change', 'actor', 'project', 'entity'];

function isSound(field: string, value: string): boolean {
  if (field === 'topic') return isTopicFilter(value);
  if (field === 'source') return eventSources.some((source) => source === value);
  return ids.includes(field) ? isUuid(value) : /^[a-z0-9_.,]+$/.test(value);
}

/** A filter from an address of old; null where it has none of its names. */
function formerFilter(search: Record<string, unknown>): string | null {
  const terms = Object.entries(former).flatMap(([name, field]) => {
    const value = search[name];
    if (typeof value !== 'string' || !isSound(field, value)) return [];
    return [{ field, text: `${field}:${field === 'kind' ? value : quoteValue(value.toLowerCase())}` }];
  });
  const narrow = terms.some(({ field }) => field !== 'kind');
  if (terms.length === 0) return search.metrics === true ? '' : null;
  return [...terms.map(({ text }) => text), ...(narrow || search.metrics === true ? [] : [quiet])].join(' ');
}

export function readEventSearch(search: Record<string, unknown>): EventSearch {
  const open = typeof search.open === 'number' ? String(search.open) : search.open;
  const old = typeof search.filter === 'string' ? null : formerFilter(search);
  const filter = typeof search.filter === 'string' ? search.filter.slice(0, 1000) : old;
  const time = readTimeSearch(search);
  // What an address of old leads to may be of any time.
  const whole = old !== null && Object.keys(time).length === 0 ? { time: 'all' as const } : time;
  return {
    ...whole,
    ...(filter === null || filter === quiet ? {} : { filter }),
    ...(typeof open === 'string' && /^\d{1,19}$/.test(open) ? { open } : {}),
  };
}
