// Every change a person can make to the work, shown at once and confirmed behind.

import type { QueryClient } from '@tanstack/react-query';
import type { Component, Position, Project, Task } from '@taylordash/core/entities';
import type { Client } from '@taylordash/sdk/client';
import { keys } from '../api.ts';
import { strings } from '../strings.ts';
import * as cached from './cache.ts';
import type { OpenQuestion } from './desk.ts';
import type { History } from './history.ts';
import { newId } from './ids.ts';
import { labelOfPatch } from './label.ts';
import {
  type Body,
  type ComponentPatch,
  componentToBe,
  type Operation,
  type ProjectPatch,
  type TaskPatch,
  taskToBe,
} from './operations.ts';
import { type Conflict, createOptimistic, type Optimistic } from './optimistic.ts';

export type { ComponentPatch, Operation, ProjectPatch, TaskPatch } from './operations.ts';

/** Asks the person which of their fields shall stand over another's. */
export interface ConflictQuestion {
  name: string;
  conflicts: Conflict[];
}
export type OpenConflict = OpenQuestion<ConflictQuestion, ReadonlySet<string>>;

/** What became of a gesture. */
export interface Saved {
  /** Stands for the gesture in history: `history.undoChange(key)`. */
  key: string;
  /** Null where nothing changed. */
  change_id: string | null;
}

export interface Gesture {
  /** In words, as undo names it: "Delete 3 tasks". */
  label: string;
  operations: readonly Operation[];
}

export interface Changes {
  components: Optimistic<Component, ComponentPatch>;
  tasks: Optimistic<Task, TaskPatch>;
  projects: Optimistic<Project, ProjectPatch>;
  /** Several operations as one gesture: all or nothing, one undo. Rejects with what it was refused for, having put everything back. */
  apply: (gesture: Gesture) => Promise<Saved>;
  /** `recorded: false` for what no person did: it is not undone. */
  move: (
    project_id: string,
    positions: readonly { component: Component; position: Position }[],
    options?: { recorded?: boolean },
  ) => Promise<void>;
  createComponent: (project_id: string, body: Body<'createComponent'>) => Promise<Component>;
  deleteComponent: (component: Component, dependents: 'link' | 'drop') => Promise<void>;
  connect: (project_id: string, component_id: string, depends_on_id: string) => Promise<void>;
  disconnect: (project_id: string, component_id: string, depends_on_id: string) => Promise<void>;
  createTask: (component_id: string, body: Body<'createTask'>) => Promise<Task>;
  deleteTask: (task: Task) => Promise<void>;
  deleteProject: (project: Project) => Promise<void>;
}

export interface ChangesOptions {
  api: Client;
  cache: QueryClient;
  ask: (question: ConflictQuestion) => Promise<ReadonlySet<string>>;
  record: History['record'];
}

export function createChanges({ api, cache, ask, record }: ChangesOptions): Changes {
  /** Puts a change into history; null: nothing changed. */
  const note = ({ change_id }: { change_id: string | null }, label: string): void => {
    if (change_id !== null) record({ change_id, label });
  };
  const components = createOptimistic<Component, ComponentPatch>({
    show: (list) => cached.putComponents(cache, list),
    async send(component, body) {
      const result = await api.call('updateComponent', {
        params: { id: component.id },
        body,
        if_match: component.version,
      });
      note(result, labelOfPatch(component.name, body));
      return result.data;
    },
    load: async (id) => (await api.call('getComponent', { params: { id } })).data,
    ask: (component, conflicts) => ask({ name: component.name, conflicts }),
  });
  const tasks = createOptimistic<Task, TaskPatch>({
    show: (list) => {
      for (const task of list) cached.putTask(cache, task, task);
    },
    async send(task, body) {
      const result = await api.call('updateTask', { params: { id: task.id }, body, if_match: task.version });
      note(result, labelOfPatch(task.name, body));
      return result.data;
    },
    load: async (id) => (await api.call('getTask', { params: { id } })).data,
    ask: (task, conflicts) => ask({ name: task.name, conflicts }),
  });
  const projects = createOptimistic<Project, ProjectPatch>({
    show: (list) => {
      for (const project of list) cached.putProject(cache, project);
    },
    async send(project, body) {
      const result = await api.call('updateProject', { params: { id: project.id }, body, if_match: project.version });
      note(result, labelOfPatch(project.name, body));
      return result.data;
    },
    load: async (id) => (await api.call('getProject', { params: { id } })).data,
    ask: (project, conflicts) => ask({ name: project.name, conflicts }),
  });

  /** Reads again what a failed change may have left wrong. */
  const reread = (project_id: string) => cache.invalidateQueries({ queryKey: keys.graph(project_id) });

  const nameOf = (project_id: string, id: string) =>
    cached.graphOf(cache, project_id)?.nodes.find((node) => node.id === id)?.name ?? strings.gestures.unknown;

  return {
    components,
    tasks,
    projects,
    async apply({ label, operations }) {
      const key = newId();
      const body = { operations: operations.map((operation) => ({ ...operation })) };
      const { data } = await api.call('bulk', { body, idempotency_key: key });
      record({ key, change_id: data.change_id, label });
      await cache.invalidateQueries({ predicate: ({ queryKey }) => /graph|tasks|my-work/.test(String(queryKey[0])) });
      return { key, change_id: data.change_id };
    },
    async move(project_id, positions, { recorded = true } = {}) {
      const body = {
        project_id,
        positions: positions.map(({ component, position }) => ({ id: component.id, position })),
      };
      const sent = api.call('moveComponents', { body });
      await components.during(
        positions.map(({ component, position }) => ({ entity: component, patch: { position } })),
        sent,
      );
      const result = await sent;
      if (recorded) note(result, strings.gestures.move(positions.length));
      const { items } = result.data;
      const versions = new Map(items.map((item) => [item.id, item.version]));
      const nodes = cached.graphOf(cache, project_id)?.nodes ?? [];
      components.receive(
        ...nodes.flatMap((node) => {
          const version = versions.get(node.id);
          return version !== undefined && version > node.version ? [{ ...node, version }] : [];
        }),
      );
    },
    async createComponent(project_id, body) {
      const id = body.id ?? newId();
      components.receive(componentToBe(id, project_id, body, new Date().toISOString()));
      for (const depends_on_id of body.depends_on ?? []) {
        cached.putDependency(cache, project_id, { component_id: id, depends_on_id });
      }
      try {
        const result = await api.call('createComponent', { params: { id: project_id }, body: { ...body, id } });
        note(result, strings.gestures.create(body.name));
        components.receive(result.data);
        return result.data;
      } catch (error) {
        components.forget(id);
        cached.dropComponent(cache, project_id, id);
        throw error;
      }
    },
    async deleteComponent(component, dependents) {
      const { project_id, id } = component;
      const graph = cached.graphOf(cache, project_id);
      const before = graph?.edges.filter((edge) => edge.component_id === id).map((edge) => edge.depends_on_id) ?? [];
      const after = graph?.edges.filter((edge) => edge.depends_on_id === id).map((edge) => edge.component_id) ?? [];
      cached.dropComponent(cache, project_id, id);
      if (dependents === 'link') {
        for (const component_id of after) {
          for (const depends_on_id of before) cached.putDependency(cache, project_id, { component_id, depends_on_id });
        }
      }
      try {
        const result = await api.call('deleteComponent', { params: { id }, query: { dependents } });
        note(result, strings.gestures.delete(component.name));
        components.forget(id);
      } catch (error) {
        await reread(project_id);
        throw error;
      }
    },
    async connect(project_id, component_id, depends_on_id) {
      cached.putDependency(cache, project_id, { component_id, depends_on_id });
      try {
        const result = await api.call('addDependency', { params: { id: component_id, depends_on_id } });
        note(result, strings.gestures.connect(nameOf(project_id, component_id), nameOf(project_id, depends_on_id)));
      } catch (error) {
        cached.dropDependency(cache, project_id, { component_id, depends_on_id });
        throw error;
      }
    },
    async disconnect(project_id, component_id, depends_on_id) {
      cached.dropDependency(cache, project_id, { component_id, depends_on_id });
      try {
        const result = await api.call('removeDependency', { params: { id: component_id, depends_on_id } });
        note(result, strings.gestures.disconnect(nameOf(project_id, component_id), nameOf(project_id, depends_on_id)));
      } catch (error) {
        cached.putDependency(cache, project_id, { component_id, depends_on_id });
        throw error;
      }
    },
    async createTask(component_id, body) {
      const id = body.id ?? newId();
      const shown = taskToBe(id, component_id, body, new Date().toISOString());
      cached.putTask(cache, shown, undefined);
      try {
        const result = await api.call('createTask', { params: { id: component_id }, body: { ...body, id } });
        note(result, strings.gestures.create(body.name));
        tasks.receive(result.data);
        return result.data;
      } catch (error) {
        cached.dropTask(cache, shown);
        throw error;
      }
    },
    async deleteTask(task) {
      cached.dropTask(cache, task);
      try {
        const result = await api.call('deleteTask', { params: { id: task.id } });
        note(result, strings.gestures.delete(task.name));
        tasks.forget(task.id);
      } catch (error) {
        cached.putTask(cache, task, undefined);
        throw error;
      }
    },
    async deleteProject(project) {
      cached.dropProject(cache, project.id);
      try {
        const result = await api.call('deleteProject', { params: { id: project.id } });
        note(result, strings.gestures.delete(project.name));
        cache.removeQueries({ queryKey: keys.graph(project.id) });
      } finally {
        await cache.invalidateQueries({ queryKey: keys.projects });
      }
    },
  };
}
