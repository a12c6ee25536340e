// All events, live and newest first, through one filter and one time; what is being read stays where it is.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { parseEventFilter } from '@taylordash/core/event-filter';
import { withTerm } from '@taylordash/core/filters';
import { Activity, ArrowUp, Pause, Play, Repeat, Send } from 'lucide-react';
import { useMemo, useState } from 'react';
import { eventsQuery, type StoredEvent } from '../api.ts';
import { useApp, useMay, useMe } from '../app-context.tsx';
import { Page, PageHeader } from '../pages/page-header.tsx';
import { SignalTabs } from '../pages/signals-frame.tsx';
import { signalStrings as words } from '../strings/signals.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { faultOfField } from '../ui/form-dialog.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useReachEnd } from '../ui/use-reach-end.ts';
import { FilterBar } from '../views/filter-bar.tsx';
import { EventDetail } from './event-detail.tsx';
import { EventRow } from './event-row.tsx';
import { GapMeter } from './gap-meter.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { statsQuery } from './queries.ts';
import { Rates } from './rates.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { type EventSearch, quiet, soundFilter } from './signals-search.ts';
import { TimePicker } from './time-picker.tsx';
import { useActors } from './use-actors.ts';
import { useArrivals } from './use-arrivals.ts';
import { useEventFields } from './use-event-fields.ts';
import { useTimes } from './use-time.ts';

const none: readonly StoredEvent[] = [];

export function EventsPage() {
  const { api } = useApp();
  const me = useMe();
  const may = useMay();
  const { open, filter = quiet, ...time } = useSearch({ from: '/signed-in/signals/events' });
  const navigate = useNavigate();
  const [held, setHeld] = useState(false);
  const [paused, setPaused] = useState(false);
  const [publishing, setPublishing] = useState(false);
  const [replaying, setReplaying] = useState(false);
  const sound = soundFilter(filter);
  const times = useTimes(time);
  const list = useInfiniteQuery(eventsQuery(api, { ...(sound === '' ? {} : { filter: sound }), ...times }));
  const stats = useQuery(statsQuery(api, sound, times)).data;
  const { arrived, waiting, show } = useArrivals({
    ...{ filter: sound, names: stats?.names, time_zone: me?.time_zone ?? 'UTC', closed: times.to !== undefined },
    held: held || paused || open !== undefined,
  });
  const end = useReachEnd(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  });
  const go = (search: EventSearch) => {
    const { filter: text, ...rest } = { ...time, filter, ...search };
    void navigate({
      ...{ to: '/signals/events', replace: true },
      search: text === quiet ? rest : { ...rest, filter: text },
    });
  };
  const pages = list.data?.pages;
  const stored = useMemo(() => pages?.flatMap((page) => page.items) ?? none, [pages]);
  const known = new Set(stored.map((event) => event.id));
  const events = [...arrived.filter((event) => !known.has(event.id)), ...stored];
  const actors = useActors();
  const fields = useEventFields(stats, stored, actors);
  // What only the server can know: that nobody has this name.
  const refused = faultOfField(list.error, 'filter');
  const faults = useMemo(() => {
    const found = parseEventFilter(filter).faults;
    return refused === undefined ? found : [...found, { text: refused, start: 0, end: filter.length }];
  }, [filter, refused]);
  const topics = [...new Set([...stored.filter(({ source }) => source !== 'server').map(({ topic }) => topic)])];
  return (
    <Page>
      <PageHeader title={words.events} text={words.text}>
        {me?.role === 'admin' && (
          <Button onClick={() => setReplaying(true)}>
            <Repeat size={16} aria-hidden />
            {words.replay.open}
          </Button>
        )}
        {may('publish:events') && (
          <Button onClick={() => setPublishing(true)}>
            <Send size={16} aria-hidden />
            {words.publish}
          </Button>
        )}
      </PageHeader>
      <SignalTabs />
      <FilterBar
        text={filter}
        fields={fields}
        faults={faults}
        hint={words.filter_hint}
        onText={(text) => go({ ...(open === undefined ? {} : { open }), filter: text })}
      />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <TimePicker
          time={time}
          onTime={(next) =>
            void navigate({
              ...{ to: '/signals/events', replace: true },
              search: { ...next, ...(filter === quiet ? {} : { filter }) },
            })
          }
        />
        <div className="flex min-w-0 items-center gap-1">
          <GapMeter />
          {times.to === undefined && (
            <Button kind="plain" aria-pressed={paused} onClick={() => setPaused(!paused)}>
              {paused ? <Play size={16} aria-hidden /> : <Pause size={16} aria-hidden />}
              {paused ? words.resume : words.pause}
            </Button>
          )}
        </div>
      </div>
      <Rates
        stats={stats}
        filter={sound}
        open={times.to === undefined}
        onKind={(kind) => go({ filter: withTerm(filter, fields, 'kind', [kind]) })}
      />
      <div className="flex items-start gap-4">
        <div className="relative min-w-0 flex-1">
          {waiting > 0 && (
            <div className="sticky top-2 z-10 flex h-0 justify-center">
              <Button kind="primary" onClick={show} className="enter-fade -mt-1 shrink-0 rounded-full shadow-2">
                <ArrowUp size={16} aria-hidden />
                {words.fresh(waiting)}
              </Button>
            </div>
          )}
          {list.isPending && <SkeletonRows rows={12} height="h-10" />}
          {list.isError && events.length === 0 && refused === undefined && (
            <ErrorNotice error={list.error} retry={() => void list.refetch()} />
          )}
          {(list.isSuccess || refused !== undefined) && events.length === 0 && (
            <EmptyState icon={<Activity size={32} aria-hidden />} text={sound === '' ? words.none : words.none_found}>
              {(times.from !== undefined || times.to !== undefined) && (
                <Button
                  onClick={() =>
                    void navigate({ to: '/signals/events', replace: true, search: { filter, time: 'all' } })
                  }
                >
                  {words.show_all_times}
                </Button>
              )}
              {filter !== '' && <Button onClick={() => go({ filter: '' })}>{words.clear}</Button>}
            </EmptyState>
          )}
          {events.length > 0 && (
            <ul
              aria-label={words.list}
              className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
              onPointerEnter={() => setHeld(true)}
              onPointerLeave={() => setHeld(false)}
              onFocus={() => setHeld(true)}
              onBlur={() => setHeld(false)}
            >
              {events.map((event) => (
                <EventRow
                  key={event.id}
                  event={event}
                  actors={actors}
                  open={event.id === open}
                  beside={open !== undefined}
                  onOpen={() => go({ open: event.id })}
                />
              ))}
            </ul>
          )}
          {list.isFetchingNextPage && <SkeletonRows rows={3} height="h-10" />}
          {list.hasNextPage && <div ref={end} className="h-px" />}
        </div>
        {open !== undefined && (
          <EventDetail key={open} id={open} known={events.find((event) => event.id === open)} onClose={() => go({})} />
        )}
      </div>
      {replaying && (
        <ReplayDialog
          filter={sound}
          times={times}
          count={stats && words.total(stats.total, stats.estimated)}
          onClose={() => setReplaying(false)}
        />
      )}
      {publishing && (
        <PublishDialog
          topics={topics}
          kinds={(stats?.kinds ?? []).map(({ name }) => name)}
          onClose={() => setPublishing(false)}
          onPublished={({ id }) => go({ open: id })}
        />
      )}
    </Page>
  );
}
