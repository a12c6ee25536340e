// What a gesture shows before the server has answered, and how that is put back.
import type { Component, Project } from '@taylordash/core/entities';
import type { Draft, Store } from './cache.ts';
import {
  type ComponentPatch,
  componentToBe,
  type Intent,
  type Operation,
  type ProjectPatch,
  type TaskPatch,
  taskToBe,
} from './operations.ts';
import type { Overlay } from './overlay.ts';
import type { QueueItem, Showing } from './queue.ts';
import type { AnyTask } from './task-draft.ts';

export interface Overlays {
  components: Overlay<Component, ComponentPatch>;
  tasks: Overlay<AnyTask, TaskPatch>;
  projects: Overlay<Project, ProjectPatch>;
}

/** Lays what the item does over the cache. What concerns something that is not cached yet is laid when it is read. */
export function showItem({ intent, made_at }: QueueItem<Intent>, store: Store, overlays: Overlays): Showing {
  /** Of each operation: how it is taken off again, once it is on. */
  const off = new Map<number, { settle: () => void; putBack: () => void }>();

  function lay<E extends { id: string; version: number }, P extends Partial<E>>(
    place: number,
    overlay: Overlay<E, P>,
    id: string,
    patch: P,
  ): void {
    const entity = overlay.latest(id);
    if (off.has(place) || !entity) return;
    const lift = overlay.lay([{ entity, patch }]);
    off.set(place, { settle: lift, putBack: lift });
  }

  function once(place: number, putBack: () => void): void {
    if (!off.has(place)) off.set(place, { settle() {}, putBack });
  }

  function showOperation(draft: Draft, operation: Operation, place: number): void {
    const { id } = operation;
    switch (operation.op) {
      case 'update_component':
        lay(place, overlays.components, id, operation.fields);
        return;
      case 'update_task':
        lay(place, overlays.tasks, id, operation.fields);
        return;
      case 'create_component': {
        const { project_id, fields } = operation;
        const made = componentToBe(id, project_id, fields, made_at);
        if (!draft.component(id)) draft.putComponent(made);
        if (overlays.components.covers(id)) overlays.components.receive(made);
        for (const depends_on_id of fields.depends_on ?? []) {
          draft.putDependency(project_id, { component_id: id, depends_on_id });
        }
        once(place, () => {
          overlays.components.forget(id);
          store.edit((now) => now.dropComponent(project_id, id));
        });
        return;
      }
      case 'create_task':
        if (!draft.task(id)) draft.putTask(taskToBe(id, operation.component_id, operation.fields, made_at), undefined);
        once(place, () => {
          overlays.tasks.forget(id);
          store.edit((now) => now.dropTask(id));
        });
        return;
      case 'delete_task': {
        const task = draft.task(id);
        draft.dropTask(id);
        if (task) once(place, () => store.edit((now) => now.toldGone(id) || now.putTask(task, undefined)));
        return;
      }
      case 'add_dependency':
      case 'remove_dependency': {
        const project_id = draft.component(id)?.project_id;
        if (project_id === undefined) return;
        const edge = { component_id: id, depends_on_id: operation.depends_on_id };
        const put = (now: Draft) => now.putDependency(project_id, edge);
        const drop = (now: Draft) => now.dropDependency(project_id, edge);
        const [show, putBack] = operation.op === 'add_dependency' ? [put, drop] : [drop, put];
        show(draft);
        once(place, () => store.edit(putBack));
        return;
      }
      case 'delete_component':
        showDeletion(draft, id, operation.dependents ?? 'drop', place);
    }
  }

  function showDeletion(draft: Draft, id: string, dependents: 'link' | 'drop', place: number): void {
    const component = draft.component(id);
    if (!component) return;
    const { project_id } = component;
    const edges = draft.edges(project_id).filter((edge) => edge.component_id === id || edge.depends_on_id === id);
    const tasks = draft.dropComponent(project_id, id);
    const linked = (dependents === 'link' ? edges : []).flatMap(({ component_id, depends_on_id }) =>
      depends_on_id === id
        ? edges
            .filter((edge) => edge.component_id === id)
            .map((edge) => ({ component_id, depends_on_id: edge.depends_on_id }))
        : [],
    );
    const known = new Set(draft.edges(project_id).map((edge) => `${edge.component_id} ${edge.depends_on_id}`));
    const fresh = linked.filter((edge) => !known.has(`${edge.component_id} ${edge.depends_on_id}`));
    for (const edge of fresh) draft.putDependency(project_id, edge);
    once(place, () =>
      store.edit((now) => {
        if (now.toldGone(id)) return;
        now.putComponent(component);
        for (const edge of fresh) now.dropDependency(project_id, edge);
        for (const edge of edges) now.putDependency(project_id, edge);
        for (const task of tasks) now.putTask(task, task);
      }),
    );
  }

  function show(draft: Draft): void {
    switch (intent.do) {
      case 'operations':
        for (const [place, operation] of intent.operations.entries()) showOperation(draft, operation, place);
        return;
      case 'move':
        for (const [place, { id, position }] of intent.positions.entries()) {
          lay(place, overlays.components, id, { position });
        }
        return;
      case 'update_project':
        lay(0, overlays.projects, intent.id, intent.patch);
        return;
      case 'delete_project':
        draft.dropProject(intent.id);
    }
  }

  const takeOff = (how: 'settle' | 'putBack') =>
    store.edit(() => {
      for (const place of [...off.keys()].toReversed()) off.get(place)?.[how]();
      off.clear();
    });

  store.edit(show);
  return { done: () => takeOff('settle'), putBack: () => takeOff('putBack'), again: () => store.edit(show) };
}
