// What the dead letters workbench reads.
import { queryOptions } from '@tanstack/react-query';
import type { Client } from '@taylordash/sdk/client';
import { keys } from '../api.ts';

/** What the workbench can show: what is to be worked on, and what was put away. */
export const shownStatuses = ['open', 'quarantined', 'discarded'] as const;
export type ShownStatus = (typeof shownStatuses)[number];

export function groupsQuery(api: Client, status: ShownStatus = 'open') {
  return queryOptions({
    queryKey: [...keys.dead_letters, 'groups', status],
    queryFn: async ({ signal }) => (await api.call('deadLetterGroups', { query: { status }, signal })).data,
    staleTime: 0,
    refetchInterval: 5000,
  });
}

export function replayQuery(api: Client, id: string) {
  return queryOptions({
    queryKey: ['dead_letter_replay', id],
    queryFn: async ({ signal }) => (await api.call('getReplay', { params: { id }, signal })).data,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? 400 : false),
  });
}
