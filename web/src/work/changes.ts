// Every change a person can make to the work, shown at once and confirmed behind.

import type { QueryClient } from '@tanstack/react-query';
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { BodyOf } from '@taylordash/core/endpoints/endpoint';
import type { Component, Position, Project, Task } from '@taylordash/core/entities';
import type { Client } from '@taylordash/sdk/client';
import { keys } from '../api.ts';
import * as cached from './cache.ts';
import { type Conflict, createOptimistic, type Optimistic } from './optimistic.ts';

type Body<N extends 'createComponent' | 'createTask' | 'updateComponent' | 'updateTask' | 'updateProject'> = BodyOf<
  (typeof endpoints)[N]
>;
export type ComponentPatch = Body<'updateComponent'>;
export type TaskPatch = Body<'updateTask'>;
export type ProjectPatch = Body<'updateProject'>;

/** Asks the person which of their fields shall stand over another's. */
export type AskConflict = (name: string, conflicts: Conflict[]) => Promise<ReadonlySet<string>>;

export interface Changes {
  components: Optimistic<Component, ComponentPatch>;
  tasks: Optimistic<Task, TaskPatch>;
  projects: Optimistic<Project, ProjectPatch>;
  move: (project_id: string, positions: readonly { component: Component; position: Position }[]) => Promise<void>;
  createComponent: (project_id: string, body: Body<'createComponent'>) => Promise<Component>;
  deleteComponent: (component: Component, dependents: 'link' | 'drop') => Promise<void>;
  connect: (project_id: string, component_id: string, depends_on_id: string) => Promise<void>;
  disconnect: (project_id: string, component_id: string, depends_on_id: string) => Promise<void>;
  createTask: (component_id: string, body: Body<'createTask'>) => Promise<Task>;
  deleteTask: (task: Task) => Promise<void>;
  deleteProject: (project: Project) => Promise<void>;
}

export function createChanges(api: Client, cache: QueryClient, ask: AskConflict): Changes {
  const components = createOptimistic<Component, ComponentPatch>({
    show: (list) => cached.putComponents(cache, list),
    send: async (component, body) =>
      (await api.call('updateComponent', { params: { id: component.id }, body, if_match: component.version })).data,
    load: async (id) => (await api.call('getComponent', { params: { id } })).data,
    ask: (component, conflicts) => ask(component.name, conflicts),
  });
  const tasks = createOptimistic<Task, TaskPatch>({
    show: (list) => {
      for (const task of list) cached.putTask(cache, task, task);
    },
    send: async (task, body) =>
      (await api.call('updateTask', { params: { id: task.id }, body, if_match: task.version })).data,
    load: async (id) => (await api.call('getTask', { params: { id } })).data,
    ask: (task, conflicts) => ask(task.name, conflicts),
  });
  const projects = createOptimistic<Project, ProjectPatch>({
    show: (list) => {
      for (const project of list) cached.putProject(cache, project);
    },
    send: async (project, body) =>
      (await api.call('updateProject', { params: { id: project.id }, body, if_match: project.version })).data,
    load: async (id) => (await api.call('getProject', { params: { id } })).data,
    ask: (project, conflicts) => ask(project.name, conflicts),
  });

  /** Reads again what a failed change may have left wrong. */
  const reread = (project_id: string) => cache.invalidateQueries({ queryKey: keys.graph(project_id) });

  return {
    components,
    tasks,
    projects,
    async move(project_id, positions) {
      const body = {
        project_id,
        positions: positions.map(({ component, position }) => ({ id: component.id, position })),
      };
      const sent = api.call('moveComponents', { body });
      await components.during(
        positions.map(({ component, position }) => ({ entity: component, patch: { position } })),
        sent,
      );
      const { items } = (await sent).data;
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
      const { data } = await api.call('createComponent', { params: { id: project_id }, body });
      components.receive(data);
      for (const depends_on_id of body.depends_on ?? []) {
        cached.putDependency(cache, project_id, { component_id: data.id, depends_on_id });
      }
      return data;
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
        await api.call('deleteComponent', { params: { id }, query: { dependents } });
        components.forget(id);
      } catch (error) {
        await reread(project_id);
        throw error;
      }
    },
    async connect(project_id, component_id, depends_on_id) {
      cached.putDependency(cache, project_id, { component_id, depends_on_id });
      try {
        await api.call('addDependency', { params: { id: component_id, depends_on_id } });
      } catch (error) {
        cached.dropDependency(cache, project_id, { component_id, depends_on_id });
        throw error;
      }
    },
    async disconnect(project_id, component_id, depends_on_id) {
      cached.dropDependency(cache, project_id, { component_id, depends_on_id });
      try {
        await api.call('removeDependency', { params: { id: component_id, depends_on_id } });
      } catch (error) {
        cached.putDependency(cache, project_id, { component_id, depends_on_id });
        throw error;
      }
    },
    async createTask(component_id, body) {
      const { data } = await api.call('createTask', { params: { id: component_id }, body });
      cached.putTask(cache, data, undefined);
      tasks.receive(data);
      return data;
    },
    async deleteTask(task) {
      cached.dropTask(cache, task);
      try {
        await api.call('deleteTask', { params: { id: task.id } });
        tasks.forget(task.id);
      } catch (error) {
        cached.putTask(cache, task, undefined);
        throw error;
      }
    },
    async deleteProject(project) {
      cached.dropProject(cache, project.id);
      try {
        await api.call('deleteProject', { params: { id: project.id } });
        cache.removeQueries({ queryKey: keys.graph(project.id) });
      } finally {
        await cache.invalidateQueries({ queryKey: keys.projects });
      }
    },
  };
}
