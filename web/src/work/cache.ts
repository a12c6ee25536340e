// Where entities stand in the query cache: found there, put there, taken out, each query written once for a whole batch.

import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Dependency, Project } from '@taylordash/core/entities';
import { type Component, type Graph, type GraphNode, keys, type MyWork, type ProjectPage } from '../api.ts';
import { type GraphDraft, graphDraft } from './graph-draft.ts';
import { type Counted, createPendingCounts, type Step } from './pending-counts.ts';
import type { Place } from './reading.ts';
import { type AnyTask, type Fits, type TaskDraft, taskDraft } from './task-draft.ts';
import { createToldSteps, type TaskTold } from './told-steps.ts';

/** What is cached, while one batch changes it. */
export interface Draft {
  /** The event that the following comes from: what was read with it passes it by. Null: a change of one's own. */
  event: Place | null;
  component: (id: string) => GraphNode | undefined;
  edges: (project_id: string) => readonly Dependency[];
  putComponent: (component: Component) => void;
  /** Answers with the tasks that went along. `version`: its last, where an event says. */
  dropComponent: (project_id: string, id: string, version?: number) => AnyTask[];
  putDependency: (project_id: string, edge: Dependency) => void;
  dropDependency: (project_id: string, edge: Dependency) => void;
  task: (id: string) => AnyTask | undefined;
  /**
   * The last version known here of what was deleted; null where nothing was. Events from before its deletion may still come in;
   * only where it was made again, it has a later version.
   */
  goneAt: (id: string) => number | null;
  /** Has the stream told that it was deleted? */
  toldGone: (id: string) => boolean;
  /** A change made here. `known` is what it was where no list here has it; undefined: it is new. */
  putTask: (task: AnyTask, known: Counted) => void;
  dropTask: (id: string) => void;
  /** An event tells of a task. */
  countTask: (told: TaskTold) => void;
  /** Counts in one project's graph alone, which was just read. */
  recount: (project_id: string, steps: readonly Step[]) => void;
  /** Steps that are on show in every graph beyond what the stream told. */
  pendingSteps: () => Step[];
  /** Puts a task into the lists alone. */
  listTask: (task: AnyTask, project_id: string | null) => void;
  /** `version`: its last, as the event says. */
  unlistTask: (id: string, version: number) => void;
  project: (id: string) => Project | undefined;
  putProject: (project: Project) => void;
  dropProject: (id: string) => void;
}

export interface Store {
  /** Runs work on what is cached; what it touched is written at the end. Inside another edit it is part of that. */
  edit: <T>(work: (draft: Draft) => T) => T;
  /** Events were missed: nothing that is remembered beside the queries holds any more. */
  forget: () => void;
}

/** Does a step count there? */
type Counts = (graph: GraphDraft, project_id: string, component_id: string) => boolean;

/** What was deleted is remembered, as events from before may still come in. */
const mostRemembered = 2000;

export function createStore(cache: QueryClient): Store {
  const counts = createPendingCounts();
  const told = createToldSteps();
  /** What was deleted, by its last version known here. */
  const gone = new Map<string, { version: number; told: boolean }>();
  let open: Draft | null = null;

  function leave(id: string, version: number, told: boolean): void {
    const before = gone.get(id);
    gone.set(id, { version: Math.max(version, before?.version ?? 0), told: told || before?.told === true });
    for (const oldest of gone.keys()) {
      if (gone.size <= mostRemembered) return;
      gone.delete(oldest);
    }
  }

  function begin(): { draft: Draft; write: () => void } {
    let graphs: Map<string, { before: Graph; now: GraphDraft }> | null = null;
    let tasks: TaskDraft | null = null;
    /** Components that stand in one's own work. */
    let ready: Set<string> | null = null;
    const allGraphs = () => {
      if (graphs) return graphs;
      graphs = new Map();
      for (const [[, id], before] of cache.getQueriesData<Graph>({ queryKey: ['graph'] })) {
        if (before && typeof id === 'string') graphs.set(id, { before, now: graphDraft(before) });
      }
      return graphs;
    };
    const allTasks = () => {
      tasks ??= taskDraft(cache);
      return tasks;
    };
    const fits: Fits = (includes) => draft.event === null || !includes(draft.event);
    const graphOf = (project_id: string) => {
      const graph = allGraphs().get(project_id)?.now;
      return graph && fits(graph.includes) ? graph : null;
    };
    const homeOf = (component_id: string) => {
      for (const [project_id, { now }] of allGraphs()) if (now.node(component_id)) return { project_id, graph: now };
      return null;
    };
    const count = (task: Counted, by: 1 | -1, counts: Counts) => {
      const component_id = task?.component_id ?? null;
      const home = component_id === null ? null : homeOf(component_id);
      if (!task || component_id === null || !home || !counts(home.graph, home.project_id, component_id)) return;
      home.graph.count(component_id, by, task.status === 'done' ? by : 0);
    };
    const step = ([from, to]: Step, counts: Counts = () => true) => {
      count(from, -1, counts);
      count(to, 1, counts);
    };
    /** Undefined where nothing here tells. */
    const projectOf = (task: AnyTask, known: Counted) => {
      if (task.component_id === null) return null;
      const home = homeOf(task.component_id)?.project_id;
      if (home !== undefined) return home;
      return known?.component_id === task.component_id ? (allTasks().projectOf(task.id) ?? undefined) : undefined;
    };
    const draft: Draft = {
      event: null,
      component: (id) => homeOf(id)?.graph.node(id),
      edges: (project_id) => allGraphs().get(project_id)?.now.edges() ?? [],
      goneAt: (id) => gone.get(id)?.version ?? null,
      toldGone: (id) => gone.get(id)?.told === true,
      putComponent(component) {
        gone.delete(component.id);
        const graph = graphOf(component.project_id);
        const fresh = graph && !graph.node(component.id) && !('tasks' in component);
        graph?.put(component);
        // What of one's own is on its way was passed over while there was nothing to count it at.
        if (fresh) for (const one of counts.steps()) step(one, (_graph, _id, at) => at === component.id);
        ready ??= new Set(cache.getQueryData<MyWork>(keys.myWork)?.ready.map(({ id }) => id));
        if (!ready.has(component.id)) return;
        cache.setQueryData<MyWork>(
          keys.myWork,
          (mine) =>
            mine && {
              ...mine,
              ready: mine.ready.map((one) => (one.id === component.id ? { ...one, ...component } : one)),
            },
        );
      },
      dropComponent(project_id, id, version) {
        leave(id, version ?? draft.component(id)?.version ?? 0, draft.event !== null);
        graphOf(project_id)?.drop(id);
        // Events tell of each of its tasks as well.
        return draft.event === null ? allTasks().dropOf(id) : [];
      },
      putDependency: (project_id, edge) => graphOf(project_id)?.putEdge(edge),
      dropDependency: (project_id, edge) => graphOf(project_id)?.dropEdge(edge),
      task: (id) => (gone.has(id) ? undefined : allTasks().find(id)),
      putTask(task, before) {
        const known = draft.task(task.id) ?? before;
        gone.delete(task.id);
        // Inside an event the event counts.
        if (draft.event === null) step(counts.own(task.id, known, task));
        allTasks().put(task, projectOf(task, known), fits);
      },
      dropTask(id) {
        const known = draft.task(id);
        if (known) leave(id, known.version, false);
        step(counts.own(id, known, undefined));
        // A list that was read meanwhile may have it again.
        allTasks().drop(id, fits);
      },
      countTask(one) {
        const { step: next, late } = told.next(one);
        step(next, (graph) => fits(graph.includes));
        const { id } = one.payload.entity;
        const shown = late ? null : counts.told(id, one.kind === 'task_deleted' ? undefined : one.payload.entity);
        if (shown) step(shown);
      },
      recount(project_id, steps) {
        for (const one of steps) step(one, (_graph, id) => id === project_id);
      },
      pendingSteps: counts.steps,
      listTask(task, project_id) {
        gone.delete(task.id);
        allTasks().put(task, project_id, fits);
      },
      unlistTask(id, version) {
        leave(id, version, true);
        step(counts.own(id, undefined, undefined));
        allTasks().drop(id, fits);
      },
      project(id) {
        const graph = allGraphs().get(id)?.now;
        if (graph) return graph.project();
        for (const [, data] of cache.getQueriesData<InfiniteData<ProjectPage>>({ queryKey: keys.projects })) {
          for (const page of data?.pages ?? []) {
            const found = page.items.find((item) => item.id === id);
            if (found) return found;
          }
        }
        return undefined;
      },
      putProject(project) {
        graphOf(project.id)?.putProject(project);
        changePages(cache, (items) =>
          items.some(({ id }) => id === project.id)
            ? items.map((item) => (item.id === project.id ? { ...item, ...project } : item))
            : items,
        );
      },
      dropProject: (id) =>
        changePages(cache, (items) =>
          items.some((item) => item.id === id) ? items.filter((item) => item.id !== id) : items,
        ),
    };
    return {
      draft,
      write() {
        for (const [id, { before, now }] of graphs ?? []) {
          const graph = now.graph();
          if (graph !== before) cache.setQueryData<Graph>(keys.graph(id), graph);
        }
        tasks?.write();
      },
    };
  }

  return {
    edit(work) {
      if (open) return work(open);
      const { draft, write } = begin();
      open = draft;
      try {
        return work(draft);
      } finally {
        open = null;
        write();
      }
    },
    forget() {
      counts.forget();
      told.forget();
      gone.clear();
    },
  };
}

type ProjectItems = ProjectPage['items'];

/** Changes the project lists; a page whose items stay the same array is left as it is. */
function changePages(cache: QueryClient, change: (items: ProjectItems) => ProjectItems): void {
  cache.setQueriesData<InfiniteData<ProjectPage>>({ queryKey: keys.projects }, (data) => {
    if (!data) return data;
    const pages = data.pages.map((page) => {
      const items = change(page.items);
      return items === page.items ? page : { ...page, items };
    });
    return pages.every((page, index) => page === data.pages[index]) ? data : { ...data, pages };
  });
}

/** The task as it was last known here. */
export function taskOf(cache: QueryClient, id: string): AnyTask | undefined {
  return taskDraft(cache).find(id);
}
