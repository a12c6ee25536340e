// The fields of the filter of events with the values to propose: what there is, here and lately.
import { useQuery } from '@tanstack/react-query';
import { eventFields } from '@taylordash/core/event-filter';
import type { FilterField } from '@taylordash/core/filters';
import { useMemo } from 'react';
import { peopleQuery, type StoredEvent } from '../api.ts';
import { useApp, useMe } from '../app-context.tsx';
import type { EventStats } from './queries.ts';

const viewerKinds = ['project_*', 'component*', 'task_*'];
const everyKind = [...viewerKinds, 'login_*', 'user_*', 'layout_*', 'plugin_*', 'system_*'];
const mostProjects = 100;
const distinct = (values: readonly string[]) => [...new Set(values)];

export function useEventFields(stats: EventStats | undefined, events: readonly StoredEvent[]): FilterField[] {
  const { api } = useApp();
  const me = useMe();
  const people = useQuery(peopleQuery(api)).data;
  const projects = useQuery({
    queryKey: ['project_names'],
    queryFn: async ({ signal }) =>
      (await api.call('listProjects', { query: { limit: mostProjects }, signal })).data.items.map(({ name }) => name),
    staleTime: 60_000,
  }).data;
  return useMemo(() => {
    const frequent = stats?.kinds.map(({ name }) => name) ?? [];
    const topics = events.map(({ topic }) => topic);
    return eventFields({
      kind: distinct([...frequent, ...(me?.role === 'admin' ? everyKind : viewerKinds)]),
      topic: distinct(['tracker/events/#', 'tracker/metrics/#', ...topics]).slice(0, 50),
      actor: people?.map(({ username }) => username) ?? [],
      project: distinct(projects ?? []),
      client: distinct(events.flatMap(({ client_id }) => (client_id === null ? [] : [client_id]))).slice(0, 50),
    });
  }, [stats, people, projects, events, me?.role]);
}
