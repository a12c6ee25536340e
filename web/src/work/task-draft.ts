// Every cached list of tasks while one is being changed: a component's, a project's, one's own work, a task by itself.
import type { QueryClient } from '@tanstack/react-query';
import type { ProjectTask, Task } from '@taylordash/core/entities';
import { keys, type MyWork, type ProjectTasks } from '../api.ts';
import { type EntityList, entityList } from './entity-list.ts';
import { type Includes, includedIn } from './reading.ts';

/** A task as lists have it, with or without its description. */
export type AnyTask = ProjectTask & { description?: string | null };

/** Does what was read take the change? */
export type Fits = (includes: Includes) => boolean;

export interface TaskDraft {
  /** As any list here has it. */
  find: (id: string) => AnyTask | undefined;
  /** The project that lists it, where one is cached. */
  projectOf: (id: string) => string | null;
  /** `project_id` null: of no project; undefined: unknown. `fits` is asked of each project's list. */
  put: (task: AnyTask, project_id: string | null | undefined, fits: Fits) => void;
  drop: (id: string, fits: Fits) => void;
  /** Takes out the tasks of a component that goes, and answers with them. */
  dropOf: (component_id: string) => AnyTask[];
  write: () => void;
}

/** By rank, those without one last, as the server lists a component's tasks. */
const inOrder = (a: Task, b: Task) => byText(a.rank ?? '\x7f', b.rank ?? '\x7f') || byText(a.id, b.id);
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const idOf = ({ id }: { id: string }) => id;

export function taskDraft(cache: QueryClient): TaskDraft {
  const ofComponents = new Map<string, { data: Task[]; list: EntityList<Task> }>();
  for (const [[, id], data] of cache.getQueriesData<Task[]>({ queryKey: ['tasks'] })) {
    if (data && typeof id === 'string') ofComponents.set(id, { data, list: entityList(data, idOf) });
  }
  const ofProjects = new Map<string, { data: ProjectTasks; list: EntityList<ProjectTask>; includes: Includes }>();
  for (const [[, id], data] of cache.getQueriesData<ProjectTasks>({ queryKey: ['project_tasks'] })) {
    if (!data || typeof id !== 'string') continue;
    ofProjects.set(id, { data, list: entityList(data.tasks, idOf), includes: includedIn(data) });
  }
  const whole = new Map<string, Task>();
  for (const [[, id], data] of cache.getQueriesData<Task>({ queryKey: ['task'] })) {
    if (data && typeof id === 'string') whole.set(id, data);
  }
  const mine = cache.getQueryData<MyWork>(keys.myWork);
  const inbox = mine && entityList(mine.inbox, idOf);
  const assigned = mine && entityList(mine.tasks, idOf);

  function find(id: string): AnyTask | undefined {
    const alone = whole.get(id);
    if (alone) return alone;
    for (const { list } of ofComponents.values()) {
      const found = list.get(id);
      if (found) return found;
    }
    for (const { list } of ofProjects.values()) {
      const found = list.get(id);
      if (found) return found;
    }
    return assigned?.get(id) ?? inbox?.get(id);
  }

  return {
    find,
    projectOf(id) {
      for (const [project_id, { list }] of ofProjects) if (list.get(id)) return project_id;
      return null;
    },
    put(task, project_id, fits) {
      const alone = whole.get(task.id);
      if (alone) {
        const now = { ...alone, ...task };
        whole.set(task.id, now);
        cache.setQueryData<Task>(keys.task(task.id), now);
      }
      for (const [component_id, { list }] of ofComponents) {
        const old = list.get(task.id);
        if (component_id === task.component_id) list.put({ description: null, ...old, ...task });
        else if (old) list.drop(task.id);
      }
      const { description: _description, ...listed } = task;
      for (const [id, { list, includes }] of ofProjects) {
        if (!fits(includes)) continue;
        const here = project_id === undefined ? list.get(task.id) !== undefined : id === project_id;
        if (here) list.put({ ...list.get(task.id), ...listed });
        else list.drop(task.id);
      }
      const placed = assigned?.get(task.id);
      if (placed) assigned?.put({ ...placed, ...task });
      const unfiled = inbox?.get(task.id);
      if (unfiled && task.component_id !== null) inbox?.drop(task.id);
      else if (unfiled) inbox?.put({ ...unfiled, ...task });
    },
    drop(id, fits) {
      for (const { list } of ofComponents.values()) list.drop(id);
      for (const { list, includes } of ofProjects.values()) if (fits(includes)) list.drop(id);
      assigned?.drop(id);
      inbox?.drop(id);
    },
    dropOf(component_id) {
      const gone: AnyTask[] = [];
      for (const { list } of ofProjects.values()) {
        for (const task of list.items()) if (task.component_id === component_id) gone.push(task);
        for (const { id } of gone) list.drop(id);
      }
      for (const task of assigned?.items() ?? []) if (task.component_id === component_id) assigned?.drop(task.id);
      return gone;
    },
    write() {
      for (const [id, { data, list }] of ofComponents) {
        if (list.items() !== data) cache.setQueryData<Task[]>(keys.tasks(id), list.items().toSorted(inOrder));
      }
      for (const [id, { data, list }] of ofProjects) {
        const tasks = list.items();
        if (tasks !== data.tasks)
          cache.setQueryData<ProjectTasks>(keys.projectTasks(id), { ...data, tasks: [...tasks] });
      }
      if (!mine || !inbox || !assigned) return;
      const now = { inbox: inbox.items(), tasks: assigned.items() };
      if (now.inbox === mine.inbox && now.tasks === mine.tasks) return;
      cache.setQueryData<MyWork>(keys.myWork, { ...mine, inbox: [...now.inbox], tasks: [...now.tasks] });
    },
  };
}
