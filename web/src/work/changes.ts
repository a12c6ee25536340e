// Every change a person can make to the work: shown at once, sent behind, kept while the server is away, taken back by history.

import type { QueryClient } from '@tanstack/react-query';
import type { Component, Position, Project, Task } from '@taylordash/core/entities';
import type { Client } from '@taylordash/sdk/client';
import { keys } from '../api.ts';
import { strings } from '../strings.ts';
import { createStore, type Store } from './cache.ts';
import type { OpenQuestion } from './desk.ts';
import type { History } from './history.ts';
import { newId } from './ids.ts';
import { labelOf, labelOfPatch } from './label.ts';
import { createLingering } from './lingering.ts';
import {
  type Body,
  type ComponentPatch,
  componentToBe,
  type Intent,
  makes,
  type Operation,
  type ProjectPatch,
  type TaskPatch,
  taskToBe,
  touches,
} from './operations.ts';
import { type Base, baseOf, createOverlay } from './overlay.ts';
import { createQueue, type Queue, type QueueItem, type Reason } from './queue.ts';
import { type AskConflict, type ConflictQuestion, createSender } from './send.ts';
import { type Overlays, showItem } from './showing.ts';
import type { AnyTask } from './task-draft.ts';

export type OpenConflict = OpenQuestion<ConflictQuestion, ReadonlySet<string>>;

/** What became of a gesture. */
export interface Saved {
  /** Stands for the gesture in history: `history.undoChange(key)`. */
  key: string;
  /** The same, where there is something to undo; null where nothing changed. */
  undo: string | null;
  /** True where it is kept until the server answers again. */
  waiting: boolean;
}

export interface Gesture {
  /** In words, as undo names it: "Delete 3 tasks". Without one it is named by what it does. */
  label?: string;
  operations: readonly Operation[];
}

interface Editable<E, P> {
  /**
   * Changes an entity. `entity` is as it was when the change began, so that another's change meanwhile is noticed. Rejects with
   * what the server refused it for, having put it back.
   */
  change: (entity: E, patch: P) => Promise<Saved>;
}

export interface Changes {
  components: Editable<Component, ComponentPatch>;
  tasks: Editable<AnyTask, TaskPatch>;
  projects: Editable<Project, ProjectPatch>;
  /** Several operations as one gesture: all or nothing, one undo. Rejects with what it was refused for, having put everything back. */
  apply: (gesture: Gesture) => Promise<Saved>;
  /** `recorded: false` for what no person did: it is not undone. */
  move: (
    project_id: string,
    positions: readonly { component: Component; position: Position }[],
    options?: { recorded?: boolean },
  ) => Promise<Saved>;
  /** An id in the body is taken; the component is on show under it at once. */
  createComponent: (project_id: string, body: Body<'createComponent'>) => Promise<Component>;
  deleteComponent: (component: Component, dependents: 'link' | 'drop') => Promise<Saved>;
  connect: (component_id: string, depends_on_id: string) => Promise<Saved>;
  disconnect: (component_id: string, depends_on_id: string) => Promise<Saved>;
  /** Without a component: into one's own inbox. */
  createTask: (component_id: string | null, body: Body<'createTask'>) => Promise<Task>;
  deleteTask: (task: AnyTask) => Promise<Saved>;
  deleteProject: (project: Project) => Promise<Saved>;
}

/** Changes with what the live connection and the frame need of them. */
export interface Work extends Overlays {
  changes: Changes;
  store: Store;
  queue: Queue<Intent>;
  /** The stream has told of this change. */
  told: (change_id: string) => void;
  /** Does again what was taken out of the queue or refused. */
  again: (item: QueueItem<Intent>) => Promise<Saved>;
}

export interface WorkOptions {
  api: Client;
  cache: QueryClient;
  ask: AskConflict;
  history: Pick<History, 'begin' | 'record' | 'forget'>;
  /** An error in words. */
  reason: (error: unknown) => Reason;
}

export function createWork({ api, cache, ask, history, reason }: WorkOptions): Work {
  const store = createStore(cache);
  const overlays: Overlays = {
    components: createOverlay<Component, ComponentPatch>({
      find: (id) => store.edit((draft) => draft.component(id)),
      isGone: (id) => store.edit((draft) => draft.goneAt(id) !== null),
      show: (list) =>
        store.edit((draft) => {
          for (const component of list) draft.putComponent(component);
        }),
    }),
    tasks: createOverlay<AnyTask, TaskPatch>({
      find: (id) => store.edit((draft) => draft.task(id)),
      isGone: (id) => store.edit((draft) => draft.goneAt(id) !== null),
      show: (list) =>
        store.edit((draft) => {
          for (const task of list) draft.putTask(task, task);
        }),
    }),
    projects: createOverlay<Project, ProjectPatch>({
      find: (id) => store.edit((draft) => draft.project(id)),
      show: (list) =>
        store.edit((draft) => {
          for (const project of list) draft.putProject(project);
        }),
    }),
  };
  const lingering = createLingering();
  /** Gestures that turned out to change nothing, until whoever made them is told. */
  const unchanged = new Set<string>();
  const send = createSender({ api, overlays, ask });
  const queue = createQueue<Intent>({
    touches,
    makes,
    show: (item) => {
      const showing = showItem(item, store, overlays);
      const { intent } = item;
      return {
        again: showing.again,
        done() {
          if (intent.do !== 'move') showing.done();
          else lingering.until(item.key, showing.done, () => placeKnown(intent.positions));
        },
        putBack() {
          showing.putBack();
          rereadAfter(intent);
        },
      };
    },
    async send(item) {
      const change_ids = await send(item);
      if (item.intent.do === 'move') lingering.confirmed(item.key, change_ids);
      if (item.intent.do === 'delete_project') {
        cache.removeQueries({ queryKey: keys.graph(item.intent.id) });
        void cache.invalidateQueries({ queryKey: keys.projects });
      }
      if (change_ids.length === 0) unchanged.add(item.key);
      const recorded = item.intent.do !== 'move' || item.intent.recorded;
      if (!recorded) return;
      for (const change_id of change_ids) history.record({ key: item.key, change_id, label: item.label });
      if (change_ids.length === 0) history.forget(item.key);
    },
    onGone: (item) => history.forget(item.key),
    reason,
  });

  function placeKnown(positions: readonly { id: string; position: Position }[]): void {
    const placed = positions.flatMap(({ id, position }) => {
      const known = overlays.components.latest(id);
      return known ? [{ ...known, position }] : [];
    });
    overlays.components.receive(...placed);
  }

  /** Reads again what a refused change may have left wrong. */
  function rereadAfter(intent: Intent): void {
    if (intent.do === 'delete_project') void cache.invalidateQueries({ queryKey: keys.projects });
    const structural =
      intent.do === 'operations' &&
      intent.operations.some(({ op }) => op !== 'update_component' && op !== 'update_task');
    if (!structural) return;
    void cache.invalidateQueries({
      predicate: ({ queryKey: [first] }) => first === 'graph' || first === 'project_tasks',
    });
  }

  async function perform(intent: Intent, label: string): Promise<Saved> {
    const item: QueueItem<Intent> = { key: newId(), label, made_at: new Date().toISOString(), intent, attempts: 0 };
    if (intent.do !== 'move' || intent.recorded) history.begin({ key: item.key, label });
    const ending = await queue.add(item);
    const { key } = item;
    const nothing = unchanged.delete(key) || ending === 'dropped';
    return { key, undo: nothing ? null : key, waiting: ending === 'waiting' };
  }

  const nameOf = (id: string): string | null =>
    store.edit((draft) => draft.component(id)?.name ?? draft.task(id)?.name ?? null);

  function operate(operations: readonly Operation[], label?: string, bases: Record<string, Base> = {}): Promise<Saved> {
    const merged = mergeUpdates(operations);
    const said = label ?? labelOf(merged, nameOf);
    const all: Record<string, Base> = {};
    for (const operation of merged) {
      if (operation.op !== 'update_component' && operation.op !== 'update_task') continue;
      const { id, op, fields } = operation;
      const entity = store.edit((draft) => (op === 'update_component' ? draft.component(id) : draft.task(id)));
      if (entity) all[id] = baseOf(entity, fields);
    }
    return perform({ do: 'operations', operations: merged, bases: { ...all, ...bases } }, said);
  }

  const changes: Changes = {
    components: {
      change: (entity, patch) =>
        operate([{ op: 'update_component', id: entity.id, fields: patch }], labelOfPatch(entity.name, patch), {
          [entity.id]: baseOf(entity, patch),
        }),
    },
    tasks: {
      change: (entity, patch) =>
        operate([{ op: 'update_task', id: entity.id, fields: patch }], labelOfPatch(entity.name, patch), {
          [entity.id]: baseOf(entity, patch),
        }),
    },
    projects: {
      change: (entity, patch) =>
        perform(
          { do: 'update_project', id: entity.id, patch, base: baseOf(entity, patch) },
          labelOfPatch(entity.name, patch),
        ),
    },
    apply: ({ label, operations }) => operate(operations, label),
    move(project_id, positions, { recorded = true } = {}) {
      const placed = positions.map(({ component, position }) => ({ id: component.id, position }));
      return perform({ do: 'move', project_id, positions: placed, recorded }, strings.gestures.move(placed.length));
    },
    async createComponent(project_id, body) {
      const id = body.id ?? newId();
      await operate([{ op: 'create_component', id, project_id, fields: body }]);
      return overlays.components.latest(id) ?? componentToBe(id, project_id, body, new Date().toISOString());
    },
    deleteComponent: ({ id }, dependents) => operate([{ op: 'delete_component', id, dependents }]),
    connect: (id, depends_on_id) => operate([{ op: 'add_dependency', id, depends_on_id }]),
    disconnect: (id, depends_on_id) => operate([{ op: 'remove_dependency', id, depends_on_id }]),
    async createTask(component_id, body) {
      const id = body.id ?? newId();
      await operate([{ op: 'create_task', id, component_id, fields: body }]);
      const made = overlays.tasks.latest(id) ?? taskToBe(id, component_id, body, new Date().toISOString());
      return { description: null, ...made };
    },
    deleteTask: ({ id }) => operate([{ op: 'delete_task', id }]),
    deleteProject: ({ id, name }) => perform({ do: 'delete_project', id }, strings.gestures.delete(name)),
  };
  return {
    ...overlays,
    changes,
    store,
    queue,
    told: lingering.told,
    again: ({ intent, label }) => perform(intent, label),
  };
}

/** Two changes of one entity in one gesture are one: the second would not know the version that the first one makes. */
function mergeUpdates(operations: readonly Operation[]): Operation[] {
  const merged: Operation[] = [];
  for (const operation of operations) {
    const same = merged.find((other) => other.op === operation.op && other.id === operation.id);
    const both = same?.op === 'update_component' && operation.op === 'update_component';
    if (both) same.fields = { ...same.fields, ...operation.fields };
    else if (same?.op === 'update_task' && operation.op === 'update_task') {
      same.fields = { ...same.fields, ...operation.fields };
    } else merged.push({ ...operation });
  }
  return merged;
}
