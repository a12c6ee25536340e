// What the pages of devices read: devices, values and bindings, again every few seconds while they are looked at.
import { queryOptions } from '@tanstack/react-query';
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { ReplyOf } from '@taylordash/core/endpoints/endpoint';
import type { Client } from '@taylordash/sdk/client';

type Endpoints = typeof endpoints;
export type Device = ReplyOf<Endpoints['getDevice']>;
export type NewDevice = ReplyOf<Endpoints['createDevice']>;
export type Signal = ReplyOf<Endpoints['listSignals']>['items'][number];
export type Binding = ReplyOf<Endpoints['listBindings']>['items'][number];

/** Messages are counted in the server every two seconds. */
const everyMs = 2000;

export const deviceKeys = {
  devices: ['devices'],
  device: (id: string) => ['devices', id],
  signals: ['signals'],
  bindings: ['bindings'],
  broker: ['device_broker'],
} as const;

type Cursored<T> = { items: T[]; next_cursor: string | null };

/** Every page of a list: a household has few devices. */
async function all<T>(read: (cursor: object) => Promise<{ data: Cursored<T> }>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const { data }: { data: Cursored<T> } = await read(cursor === null ? {} : { cursor });
    items.push(...data.items);
    cursor = data.next_cursor;
  } while (cursor !== null && items.length < mostItems);
  return items;
}
const mostItems = 2000;

export function devicesQuery(api: Client) {
  return queryOptions({
    queryKey: deviceKeys.devices,
    queryFn: ({ signal }) => all((more) => api.call('listDevices', { query: { limit: 200, ...more }, signal })),
    refetchInterval: everyMs,
    staleTime: 0,
  });
}

export function deviceQuery(api: Client, id: string) {
  return queryOptions({
    queryKey: deviceKeys.device(id),
    queryFn: async ({ signal }) => (await api.call('getDevice', { params: { id }, signal })).data,
    refetchInterval: everyMs,
    staleTime: 0,
  });
}

export function signalsQuery(api: Client, filter: { device_id?: string; topic?: string }) {
  return queryOptions({
    queryKey: [...deviceKeys.signals, filter],
    queryFn: ({ signal }) =>
      all((more) => api.call('listSignals', { query: { limit: 200, ...filter, ...more }, signal })),
    refetchInterval: everyMs,
    staleTime: 0,
    placeholderData: (old) => old,
    retry: false,
  });
}

export function bindingsQuery(api: Client) {
  return queryOptions({
    queryKey: deviceKeys.bindings,
    queryFn: ({ signal }) => all((more) => api.call('listBindings', { query: { limit: 200, ...more }, signal })),
    refetchInterval: everyMs,
    staleTime: 0,
  });
}

/** Of one component; looked up once, as they seldom change. */
export function componentBindingsQuery(api: Client, component_id: string) {
  return queryOptions({
    queryKey: [...deviceKeys.bindings, component_id],
    queryFn: async ({ signal }) => (await api.call('listBindings', { query: { component_id }, signal })).data.items,
  });
}

export function brokerQuery(api: Client) {
  return queryOptions({
    queryKey: deviceKeys.broker,
    queryFn: async ({ signal }) => (await api.call('deviceBroker', { signal })).data,
  });
}
