// What the page of retention reads, again every few seconds while it is looked at.
import { queryOptions } from '@tanstack/react-query';
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { ReplyOf } from '@taylordash/core/endpoints/endpoint';
import type { Client } from '@taylordash/sdk/client';

type Endpoints = typeof endpoints;
export type Retention = ReplyOf<Endpoints['getRetention']>;
export type Part = Retention['partitions'][number];
export type Archive = ReplyOf<Endpoints['listArchives']>['items'][number];

const everyMs = 10_000;

export const retentionKeys = { state: ['retention'], archives: ['retention_archives'] } as const;

export function retentionQuery(api: Client) {
  return queryOptions({
    queryKey: retentionKeys.state,
    queryFn: async ({ signal }) => (await api.call('getRetention', { signal })).data,
    refetchInterval: everyMs,
    staleTime: 0,
  });
}

export function archivesQuery(api: Client) {
  return queryOptions({
    queryKey: retentionKeys.archives,
    queryFn: async ({ signal }) => (await api.call('listArchives', { signal })).data.items,
    refetchInterval: everyMs,
    staleTime: 0,
  });
}
