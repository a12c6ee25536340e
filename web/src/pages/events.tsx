// All events, live and newest first; what is being read stays where it is.

import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { topicMatches } from '@taylordash/core/topics';
import { Activity, ArrowUp, Gauge } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type EventQuery, eventsQuery, type StoredEvent } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useReachEnd } from '../ui/use-reach-end.ts';
import { EventDetail } from './event-detail.tsx';
import { EventFilters, NarrowedTo } from './event-filters.tsx';
import { type EventSearch, toEventQuery } from './event-search.ts';
import { Page, PageHeader } from './page-header.tsx';
import { SignalTabs } from './signals-frame.tsx';

function fits(event: StoredEvent, { topic, kind, source, trace_id, change_id, actor_id }: EventQuery): boolean {
  if (topic !== undefined && !topicMatches(topic, event.topic)) return false;
  if (kind !== undefined && !kind.split(',').includes(event.kind)) return false;
  if (trace_id !== undefined && event.trace_id !== trace_id) return false;
  if (change_id !== undefined && event.change_id !== change_id) return false;
  if (actor_id !== undefined && event.actor_id !== actor_id) return false;
  return source === undefined || event.source === source;
}

/** Events that arrived since the list was read: shown at once at the top of the page, held back while one reads further down. */
function useArrivals(query: EventQuery, held: boolean) {
  const { live } = useApp();
  const [arrived, setArrived] = useState<readonly StoredEvent[]>([]);
  const [waiting, setWaiting] = useState<readonly StoredEvent[]>([]);
  const latest = useRef(query);
  latest.current = query;
  const filters = JSON.stringify(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other filters begin anew
  useEffect(() => {
    setArrived([]);
    setWaiting([]);
  }, [filters]);
  useEffect(
    () =>
      live.onEvent((event) => {
        if (fits(event, latest.current)) setWaiting((old) => [event, ...old].slice(0, most));
      }),
    [live],
  );
  const show = () => {
    setArrived((old) => [...waiting, ...old].slice(0, most));
    setWaiting([]);
  };
  useEffect(() => {
    if (!held && waiting.length > 0) show();
  });
  return { arrived, waiting: waiting.length, show };
}
const most = 1000;

export function EventsPage() {
  const { api } = useApp();
  const { open, ...query } = useSearch({ from: '/signed-in/signals/events' });
  const navigate = useNavigate();
  const [held, setHeld] = useState(false);
  const asked = toEventQuery(query);
  const list = useInfiniteQuery(eventsQuery(api, asked));
  const { arrived, waiting, show } = useArrivals(asked, held || open !== undefined);
  const end = useReachEnd(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  });
  const go = (search: EventSearch) => void navigate({ to: '/signals/events', search, replace: true });
  const stored = list.data?.pages.flatMap((page) => page.items) ?? [];
  const known = new Set(stored.map((event) => event.id));
  const events = [...arrived.filter((event) => !known.has(event.id)), ...stored];
  const quiet = asked.topic !== query.topic;
  const filtered = Object.keys(query).some((name) => name !== 'metrics');
  return (
    <Page>
      <PageHeader title={strings.signals.events} text={strings.events.text} />
      <SignalTabs />
      <EventFilters query={query} onChange={go} />
      <NarrowedTo query={query} onChange={go} />
      {(quiet || query.metrics === true) && (
        <p className="-my-1 flex items-center gap-2 text-13 text-text-3">
          <Gauge size={16} aria-hidden className="shrink-0" />
          {quiet ? strings.events.metrics_hidden : strings.events.metrics_shown}
          <button
            type="button"
            onClick={() => {
              const { metrics: _metrics, ...rest } = query;
              go(quiet ? { ...rest, metrics: true } : rest);
            }}
            className="press target rounded-control px-2 font-medium text-accent hover:bg-surface-2"
          >
            {quiet ? strings.events.metrics_show : strings.events.metrics_hide}
          </button>
        </p>
      )}
      <div className="flex items-start gap-4">
        <div className="relative min-w-0 flex-1">
          {waiting > 0 && (
            <div className="sticky top-2 z-10 flex h-0 justify-center">
              <Button kind="primary" onClick={show} className="enter-fade -mt-1 shrink-0 rounded-full shadow-2">
                <ArrowUp size={16} aria-hidden />
                {strings.events.fresh(waiting)}
              </Button>
            </div>
          )}
          {list.isPending && <SkeletonRows rows={12} height="h-10" />}
          {list.isError && events.length === 0 && <ErrorNotice error={list.error} retry={() => void list.refetch()} />}
          {list.isSuccess && events.length === 0 && (
            <EmptyState
              icon={<Activity size={32} aria-hidden />}
              text={filtered ? strings.events.none_found : strings.events.none}
            >
              {filtered && <Button onClick={() => go({})}>{strings.events.clear}</Button>}
            </EmptyState>
          )}
          {events.length > 0 && (
            <ul
              aria-label={strings.events.list}
              className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
              onPointerEnter={() => setHeld(true)}
              onPointerLeave={() => setHeld(false)}
              onFocus={() => setHeld(true)}
              onBlur={() => setHeld(false)}
            >
              {events.map((event) => (
                <Row
                  key={event.id}
                  event={event}
                  open={event.id === open}
                  beside={open !== undefined}
                  onOpen={() => go({ ...query, open: event.id })}
                />
              ))}
            </ul>
          )}
          {list.isFetchingNextPage && <SkeletonRows rows={3} height="h-10" />}
          {list.hasNextPage && <div ref={end} className="h-px" />}
        </div>
        {open !== undefined && (
          <EventDetail
            key={open}
            id={open}
            known={events.find((event) => event.id === open)}
            onClose={() => go(query)}
          />
        )}
      </div>
    </Page>
  );
}

/** The name of who did it, and of what it was done to, where the payload says so. */
function summary(event: StoredEvent): { actor: string | null; name: string | null } {
  const { actor, entity, name, value, unit }: Record<string, unknown> = event.payload;
  const nameOf = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return null;
    const { name }: { name?: unknown } = value;
    return typeof name === 'string' ? name : null;
  };
  const measured = typeof value === 'number' && typeof name === 'string';
  return {
    actor: nameOf(actor),
    name: measured
      ? `${name} ${value.toLocaleString('en')}${typeof unit === 'string' ? ` ${unit}` : ''}`
      : nameOf(entity),
  };
}

interface RowProps {
  event: StoredEvent;
  open: boolean;
  /** One is open beside the list, which leaves less room. */
  beside: boolean;
  onOpen: () => void;
}

function Row({ event, open, beside, onOpen }: RowProps) {
  const { actor, name } = summary(event);
  return (
    <li className="border-line border-b last:border-b-0">
      <button
        type="button"
        onClick={onOpen}
        aria-current={open ? 'true' : undefined}
        className={cx(
          'row flex w-full items-center gap-3 px-4 py-1 text-left -outline-offset-2 hover:bg-surface-2',
          open && 'bg-accent-quiet',
        )}
      >
        <span className="w-20 shrink-0 text-13 text-text-3">
          <RelativeTime at={event.created_at} />
        </span>
        <span className="min-w-0 flex-1 truncate">
          <span className="font-medium">{event.kind}</span>
          {name !== null && <span className="text-text-2"> · {name}</span>}
          {actor !== null && (
            <span className="text-text-3">
              {' '}
              {strings.events.by} {actor}
            </span>
          )}
        </span>
        {event.source !== 'server' && (
          <span className="tint-warning shrink-0 rounded-chip px-1.5 py-0.5 text-12 font-medium">
            {strings.events.outside}
          </span>
        )}
        <span className={cx('hidden max-w-96 truncate font-mono text-12 text-text-3', !beside && 'md:inline')}>
          {event.topic}
        </span>
      </button>
    </li>
  );
}
