// Where entities stand in the query cache, and how one of them is put there, changed or taken out.

import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Dependency, Project, Task } from '@taylordash/core/entities';
import { type Component, type Graph, type GraphNode, keys, type ProjectPage } from '../api.ts';

type Update = (graph: Graph) => Graph;

export function updateGraph(cache: QueryClient, project_id: string, update: Update): void {
  cache.setQueryData<Graph>(keys.graph(project_id), (graph) => graph && update(graph));
}

export function graphOf(cache: QueryClient, project_id: string): Graph | undefined {
  return cache.getQueryData<Graph>(keys.graph(project_id));
}

/** Puts components into their project's graph, new or changed. All are of one project. */
export function putComponents(cache: QueryClient, components: readonly Component[]): void {
  const [first] = components;
  if (!first) return;
  updateGraph(cache, first.project_id, (graph) => {
    const fresh = new Map(components.map((component) => [component.id, component]));
    const nodes = graph.nodes.map((old) => {
      const component = fresh.get(old.id);
      fresh.delete(old.id);
      return component ? { ...old, ...component, tasks: old.tasks } : old;
    });
    return {
      ...graph,
      nodes: [...nodes, ...[...fresh.values()].map((one) => ({ ...one, tasks: { total: 0, done: 0 } }))],
    };
  });
}

export function dropComponent(cache: QueryClient, project_id: string, id: string): void {
  updateGraph(cache, project_id, (graph) => ({
    ...graph,
    nodes: graph.nodes.filter((node) => node.id !== id),
    edges: graph.edges.filter((edge) => edge.component_id !== id && edge.depends_on_id !== id),
  }));
}

const same = (a: Dependency, b: Dependency) => a.component_id === b.component_id && a.depends_on_id === b.depends_on_id;

export function putDependency(cache: QueryClient, project_id: string, edge: Dependency): void {
  updateGraph(cache, project_id, (graph) =>
    graph.edges.some((other) => same(other, edge)) ? graph : { ...graph, edges: [...graph.edges, edge] },
  );
}

export function dropDependency(cache: QueryClient, project_id: string, edge: Dependency): void {
  updateGraph(cache, project_id, (graph) => ({ ...graph, edges: graph.edges.filter((other) => !same(other, edge)) }));
}

function count(cache: QueryClient, component_id: string, total: number, done: number): void {
  if (total === 0 && done === 0) return;
  for (const [key, graph] of cache.getQueriesData<Graph>({ queryKey: ['graph'] })) {
    const index = graph?.nodes.findIndex((node) => node.id === component_id) ?? -1;
    const node: GraphNode | undefined = graph?.nodes[index];
    if (!graph || !node) continue;
    const tasks = { total: Math.max(0, node.tasks.total + total), done: Math.max(0, node.tasks.done + done) };
    cache.setQueryData<Graph>(key, { ...graph, nodes: graph.nodes.with(index, { ...node, tasks }) });
  }
}

const isDone = (task: Pick<Task, 'status'> | undefined) => (task?.status === 'done' ? 1 : 0);

/** The task as it was last known here. */
export function taskOf(cache: QueryClient, id: string): Task | undefined {
  for (const [, tasks] of cache.getQueriesData<Task[]>({ queryKey: ['tasks'] })) {
    const found = tasks?.find((task) => task.id === id);
    if (found) return found;
  }
  return undefined;
}

/**
 * Puts a task into its component's list and counts it there. `before` is what it was, where it is not in a list here; undefined:
 * it is new.
 */
export function putTask(
  cache: QueryClient,
  task: Task,
  before: Pick<Task, 'component_id' | 'status'> | undefined,
): void {
  const known = taskOf(cache, task.id) ?? before;
  if (known && known.component_id !== null && known.component_id !== task.component_id) {
    dropTask(cache, { ...task, component_id: known.component_id, status: known.status });
    putTask(cache, task, undefined);
    return;
  }
  if (task.component_id === null) return;
  count(cache, task.component_id, known ? 0 : 1, isDone(task) - isDone(known));
  cache.setQueryData<Task[]>(keys.tasks(task.component_id), (tasks) => {
    if (!tasks) return tasks;
    const index = tasks.findIndex((other) => other.id === task.id);
    return index < 0 ? [...tasks, task] : tasks.with(index, task);
  });
}

export function dropTask(cache: QueryClient, task: Pick<Task, 'id' | 'component_id' | 'status'>): void {
  if (task.component_id === null) return;
  const tasks = cache.getQueryData<Task[]>(keys.tasks(task.component_id));
  if (tasks && !tasks.some((other) => other.id === task.id)) return;
  count(cache, task.component_id, -1, -isDone(task));
  cache.setQueryData<Task[]>(
    keys.tasks(task.component_id),
    tasks?.filter((other) => other.id !== task.id),
  );
}

/** Puts a project's fields wherever it is shown; a new one appears with the lists' next reading. */
export function putProject(cache: QueryClient, project: Project): void {
  updateGraph(cache, project.id, (graph) => ({ ...graph, project }));
  cache.setQueriesData<InfiniteData<ProjectPage>>({ queryKey: keys.projects }, (data) => {
    if (!data?.pages.some((page) => page.items.some((item) => item.id === project.id))) return data;
    const pages = data.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (item.id === project.id ? { ...item, ...project } : item)),
    }));
    return { ...data, pages };
  });
}

export function dropProject(cache: QueryClient, id: string): void {
  cache.setQueriesData<InfiniteData<ProjectPage>>({ queryKey: keys.projects }, (data) =>
    data === undefined
      ? data
      : {
          ...data,
          pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) })),
        },
  );
}
