// The fields of the filter of events with the values to propose: what there is, here and lately.
import { useQuery } from '@tanstack/react-query';
import { eventFields } from '@taylordash/core/event-filter';
import type { FilterField } from '@taylordash/core/filters';
import { useMemo, useState } from 'react';
import type { StoredEvent } from '../api.ts';
import { useApp, useMe } from '../app-context.tsx';
import type { EventStats } from './queries.ts';

const viewerKinds = ['project_*', 'component*', 'task_*'];
const everyKind = [...viewerKinds, 'login_*', 'user_*', 'layout_*', 'plugin_*', 'system_*'];
const mostProjects = 100;
const mostSeen = 200;
const none: readonly string[] = [];
const distinct = (values: readonly string[]) => [...new Set(values)];

/** These, and those that were here before: what a filter being typed leaves out can still be proposed for it. */
function useSeen(all: readonly string[]): readonly string[] {
  const values = all.slice(0, mostSeen);
  const [seen, setSeen] = useState<readonly string[]>(values);
  if (values.some((value) => !seen.includes(value))) setSeen(distinct([...values, ...seen]).slice(0, mostSeen));
  return seen;
}

export function useEventFields(
  stats: EventStats | undefined,
  events: readonly StoredEvent[],
  actors: ReadonlyMap<string, string>,
): FilterField[] {
  const { api } = useApp();
  const me = useMe();
  const projects = useQuery({
    queryKey: ['project_names'],
    queryFn: async ({ signal }) =>
      (await api.call('listProjects', { query: { limit: mostProjects }, signal })).data.items.map(({ name }) => name),
    staleTime: 60_000,
  }).data;
  const kinds = useSeen(stats?.kinds.map(({ name }) => name) ?? none);
  const topics = useSeen(distinct(events.map(({ topic }) => topic)).slice(0, 50));
  const clients = useSeen(
    distinct(events.flatMap(({ client_id }) => (client_id === null ? [] : [client_id]))).slice(0, 50),
  );
  return useMemo(() => {
    return eventFields({
      kind: distinct([...kinds, ...(me?.role === 'admin' ? everyKind : viewerKinds)]),
      topic: distinct(['tracker/events/#', 'tracker/metrics/#', ...topics]),
      actor: distinct([...actors.values()]),
      project: distinct(projects ?? []),
      client: [...clients],
    });
  }, [kinds, topics, clients, actors, projects, me?.role]);
}
