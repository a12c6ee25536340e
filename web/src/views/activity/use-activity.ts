// A project's activity page after page, and what its words need to know of people, components and days.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { dayTeller } from '@taylordash/core/days';
import { useMemo } from 'react';
import { type ActivityQuery, activityQuery, graphQuery } from '../../api.ts';
import { useApp, usePeople } from '../../app-context.tsx';
import { useDates } from '../../ui/dates.ts';
import type { Reader } from './values.ts';

export function useActivity(project_id: string, query: ActivityQuery) {
  const { api } = useApp();
  const pages = useInfiniteQuery(activityQuery(api, project_id, query));
  const entries = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data]);
  return { pages, entries };
}

export function useReader(project_id: string): Reader {
  const { api } = useApp();
  const graph = useQuery(graphQuery(api, project_id)).data;
  const person = usePeople();
  const dates = useDates();
  const components = useMemo(() => new Map(graph?.nodes.map(({ id, name }) => [id, name])), [graph]);
  return {
    person,
    component: (id) => components.get(id) ?? null,
    today: dates.today(),
    dayOf: dayTeller(dates.time_zone),
    clock: dates.clock,
  };
}
