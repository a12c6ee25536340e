// What the Signals pages read beside the events themselves.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { ReplyOf } from '@taylordash/core/endpoints/endpoint';
import type { Client } from '@taylordash/sdk/client';
import type { Times } from './signals-search.ts';

export type EventStats = ReplyOf<(typeof endpoints)['eventStats']>;
export type Gaps = ReplyOf<(typeof endpoints)['eventGaps']>;
export type Trace = ReplyOf<(typeof endpoints)['getTrace']>;
export type TraceEntry = Trace['entries'][number];

const statsEveryMs = 5000;
const gapsEveryMs = 10_000;
/** Before there was a first event. */
const ever = '2000-01-01T00:00:00Z';

export function statsQuery(api: Client, filter: string, times: Times) {
  const query = { ...(filter === '' ? {} : { filter }), ...times };
  return queryOptions({
    queryKey: ['event_stats', query],
    queryFn: async ({ signal }) => (await api.call('eventStats', { query, signal })).data,
    refetchInterval: times.to === undefined ? statsEveryMs : false,
    placeholderData: keepPreviousData,
    staleTime: statsEveryMs / 2,
  });
}

const lastMs = 60_000;

/** Events of the last minute. */
export function rateQuery(api: Client, filter: string) {
  return queryOptions({
    queryKey: ['event_rate', filter],
    queryFn: async ({ signal }) => {
      const query = { ...(filter === '' ? {} : { filter }), from: new Date(Date.now() - lastMs).toISOString() };
      return (await api.call('eventStats', { query, signal })).data.total / (lastMs / 1000);
    },
    refetchInterval: statsEveryMs,
    placeholderData: keepPreviousData,
    staleTime: statsEveryMs / 2,
  });
}

export function gapsQuery(api: Client) {
  return queryOptions({
    queryKey: ['event_gaps'],
    queryFn: async ({ signal }) => (await api.call('eventGaps', { query: { limit: 50 }, signal })).data,
    refetchInterval: gapsEveryMs,
    staleTime: gapsEveryMs / 2,
  });
}

export function traceQuery(api: Client, trace_id: string) {
  return queryOptions({
    queryKey: ['trace', trace_id],
    queryFn: async ({ signal }) => (await api.call('getTrace', { params: { trace_id }, signal })).data,
    refetchInterval: gapsEveryMs,
    staleTime: 0,
  });
}

export function tracesQuery(api: Client, query: Times) {
  return queryOptions({
    queryKey: ['traces', query],
    queryFn: async ({ signal }) => (await api.call('listTraces', { query: { from: ever, ...query }, signal })).data,
    refetchInterval: gapsEveryMs,
    staleTime: 0,
  });
}

export const replayKey = ['event_replays'] as const;
const replaysShown = 3;
const replayEveryMs = 500;

/** The last replays; again soon while one of them runs. */
export function eventReplaysQuery(api: Client) {
  return queryOptions({
    queryKey: replayKey,
    queryFn: async ({ signal }) =>
      (await api.call('listEventReplays', { query: { limit: replaysShown }, signal })).data.items,
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === 'running') === true ? replayEveryMs : gapsEveryMs,
    staleTime: 0,
  });
}
