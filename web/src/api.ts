// What the pages read: each query's key and function, over the typed client.

import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { QueryOf, ReplyOf } from '@taylordash/core/endpoints/endpoint';
import type { Component, StoredEvent, Task, UserWithGrants } from '@taylordash/core/entities';
import { ApiProblem, type Client } from '@taylordash/sdk/client';

type Endpoints = typeof endpoints;
export type Graph = ReplyOf<Endpoints['projectGraph']>;
export type GraphNode = Graph['nodes'][number];
export type ProjectPage = ReplyOf<Endpoints['listProjects']>;
export type ProjectRow = ProjectPage['items'][number];
export type ProjectQuery = Omit<QueryOf<Endpoints['listProjects']>, 'cursor' | 'limit'>;
export type EventQuery = Omit<QueryOf<Endpoints['listEvents']>, 'cursor' | 'limit'>;
export type DeadLetterQuery = Omit<QueryOf<Endpoints['listDeadLetters']>, 'cursor' | 'limit'>;
export type MyWork = ReplyOf<Endpoints['myWork']>;
export type ProjectTasks = ReplyOf<Endpoints['projectTasks']>;
export type ActivityQuery = Omit<QueryOf<Endpoints['projectActivity']>, 'cursor' | 'limit'>;
export type { Component, StoredEvent, Task, UserWithGrants };

/** The cache of everything read. It goes stale only when the live stream cannot vouch for it: live.ts says when. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5 * 60_000,
        gcTime: 30 * 60_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && !(error instanceof ApiProblem && error.body.status < 500),
      },
    },
  });
}

export const keys = {
  me: ['me'],
  projects: ['projects'],
  graph: (project_id: string) => ['graph', project_id],
  tasks: (component_id: string) => ['tasks', component_id],
  myWork: ['my-work'],
  /** All tasks of a project, without their descriptions. */
  projectTasks: (project_id: string) => ['project_tasks', project_id],
  /** One task, whole. */
  task: (id: string) => ['task', id],
  layouts: ['layouts'],
  activity: (project_id: string) => ['activity', project_id],
  events: ['events'],
  dead_letters: ['dead_letters'],
  users: ['users'],
} as const;

export function setupQuery(api: Client) {
  return queryOptions({
    queryKey: ['setup'],
    queryFn: async ({ signal }) => (await api.call('setupStatus', { signal })).data,
    staleTime: 0,
  });
}

export function meQuery(api: Client) {
  return queryOptions({ queryKey: keys.me, queryFn: async () => (await api.call('me', {})).data });
}

export function peopleQuery(api: Client) {
  return queryOptions({
    queryKey: ['people'],
    queryFn: async ({ signal }) => (await api.call('listPeople', { signal })).data.items,
  });
}

export function projectsQuery(api: Client, query: ProjectQuery) {
  return infiniteQueryOptions({
    queryKey: [...keys.projects, query],
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) =>
      (
        await api.call('listProjects', {
          query: { ...query, include: 'counts', ...(pageParam === '' ? {} : { cursor: pageParam }) },
          signal,
        })
      ).data,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function graphQuery(api: Client, project_id: string) {
  return queryOptions({
    queryKey: keys.graph(project_id),
    queryFn: async ({ signal }) => (await api.call('projectGraph', { params: { id: project_id }, signal })).data,
    // Comparing thousands of nodes field by field at each change costs more than it saves: work/cache.ts keeps what is unchanged.
    structuralSharing: false,
  });
}

/** All tasks of a component, page after page: a component has few. */
export function tasksQuery(api: Client, component_id: string) {
  return queryOptions({
    queryKey: keys.tasks(component_id),
    queryFn: async ({ signal }) => {
      const all: Task[] = [];
      let cursor: string | null = null;
      do {
        const { data }: { data: { items: Task[]; next_cursor: string | null } } = await api.call('listComponentTasks', {
          params: { id: component_id },
          query: { limit: 200, ...(cursor === null ? {} : { cursor }) },
          signal,
        });
        all.push(...data.items);
        cursor = data.next_cursor;
      } while (cursor !== null);
      return all;
    },
  });
}

export function myWorkQuery(api: Client) {
  return queryOptions({
    queryKey: keys.myWork,
    queryFn: async ({ signal }) => (await api.call('myWork', { signal })).data,
    structuralSharing: false,
  });
}

/** Every task of a project in one answer: boards and tables. */
export function projectTasksQuery(api: Client, project_id: string) {
  return queryOptions({
    queryKey: keys.projectTasks(project_id),
    queryFn: async ({ signal }) => (await api.call('projectTasks', { params: { id: project_id }, signal })).data,
    structuralSharing: false,
  });
}

export function taskQuery(api: Client, id: string) {
  return queryOptions({
    queryKey: keys.task(id),
    queryFn: async ({ signal }) => (await api.call('getTask', { params: { id }, signal })).data,
  });
}

/** Own and shared views, those of this project and those of all. */
export function layoutsQuery(api: Client, project_id: string) {
  return queryOptions({
    queryKey: [...keys.layouts, project_id],
    queryFn: async ({ signal }) => {
      const { data } = await api.call('listLayouts', { query: { project_id, limit: 200 }, signal });
      return data.items;
    },
  });
}

export function activityQuery(api: Client, project_id: string, query: ActivityQuery) {
  return infiniteQueryOptions({
    queryKey: [...keys.activity(project_id), query],
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) =>
      (
        await api.call('projectActivity', {
          params: { id: project_id },
          query: { ...query, ...(pageParam === '' ? {} : { cursor: pageParam }) },
          signal,
        })
      ).data,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
}

export function eventsQuery(api: Client, query: EventQuery) {
  return infiniteQueryOptions({
    queryKey: [...keys.events, query],
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) =>
      (
        await api.call('listEvents', {
          query: { ...query, ...(pageParam === '' ? {} : { cursor: pageParam }) },
          signal,
        })
      ).data,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
}

export function deadLettersQuery(api: Client, query: DeadLetterQuery) {
  return infiniteQueryOptions({
    queryKey: [...keys.dead_letters, query],
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) =>
      (
        await api.call('listDeadLetters', {
          query: { ...query, ...(pageParam === '' ? {} : { cursor: pageParam }) },
          signal,
        })
      ).data,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
}

export function usersQuery(api: Client, query: { q?: string }) {
  return infiniteQueryOptions({
    queryKey: [...keys.users, query],
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) =>
      (await api.call('listUsers', { query: { ...query, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal }))
        .data,
    getNextPageParam: (page) => page.next_cursor,
  });
}
