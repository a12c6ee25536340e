// What an event changes in the query cache: the entity stands in its payload, so nothing has to be read again.

import type { QueryClient } from '@tanstack/react-query';
import type { StoredEvent, Task } from '@taylordash/core/entities';
import type { EventActor, EventKind, EventPayload } from '@taylordash/core/events';
import { keys } from '../api.ts';
import * as cached from './cache.ts';
import type { Changes } from './changes.ts';

type WorkKind = Extract<EventKind, `project_${string}` | `component${string}` | `task_${string}`>;
type Told = { [K in WorkKind]: { kind: K; payload: EventPayload<K> } }[WorkKind];

/** Puts what happened into the cache; answers who touched which entities. Outside events are hearsay: they change nothing. */
export function mergeEvent(
  event: StoredEvent,
  cache: QueryClient,
  changes: Changes,
): { actor: EventActor; entity_ids: string[] } | null {
  if (event.source !== 'server' || !/^(project|component|task)/.test(event.kind)) return null;
  // The server's own payloads keep to the table of kinds in core.
  const told = { kind: event.kind, payload: event.payload } as Told;
  const { actor } = told.payload;
  switch (told.kind) {
    case 'project_created':
      void cache.invalidateQueries({ queryKey: keys.projects });
      return null;
    case 'project_updated':
    case 'project_status_changed':
      changes.projects.receive(told.payload.entity);
      return { actor, entity_ids: [told.payload.entity.id] };
    case 'project_deleted':
      cached.dropProject(cache, told.payload.entity.id);
      // Where it is on show, reading it again says that it is gone.
      void cache.resetQueries({ queryKey: keys.graph(told.payload.entity.id) });
      return null;
    case 'component_created':
    case 'component_updated':
    case 'component_progress_updated':
    case 'component_status_changed':
      changes.components.receive(told.payload.entity);
      return { actor, entity_ids: [told.payload.entity.id] };
    case 'component_deleted':
      changes.components.forget(told.payload.entity.id);
      cached.dropComponent(cache, told.payload.entity.project_id, told.payload.entity.id);
      return null;
    case 'components_moved': {
      const { project_id, positions } = told.payload.entity;
      const places = new Map(positions.map(({ id, position }) => [id, position]));
      const nodes = cached.graphOf(cache, project_id)?.nodes ?? [];
      changes.components.receive(
        ...nodes.flatMap((node) => {
          const position = places.get(node.id);
          return position === undefined ? [] : [{ ...node, position }];
        }),
      );
      return { actor, entity_ids: [...places.keys()] };
    }
    case 'component_dependency_added':
      cached.putDependency(cache, told.payload.entity.project_id, edgeOf(told.payload.entity));
      return { actor, entity_ids: [told.payload.entity.component_id] };
    case 'component_dependency_removed':
      cached.dropDependency(cache, told.payload.entity.project_id, edgeOf(told.payload.entity));
      return { actor, entity_ids: [told.payload.entity.component_id] };
    case 'task_deleted':
      changes.tasks.forget(told.payload.entity.id);
      cached.dropTask(cache, told.payload.entity);
      return touchedBy(actor, told.payload.entity);
    case 'task_created':
    case 'task_updated':
    case 'task_assigned':
    case 'task_completed':
    case 'task_reopened': {
      const { entity, changed } = told.payload;
      if (cached.taskOf(cache, entity.id)) changes.tasks.receive(entity);
      else cached.putTask(cache, entity, told.kind === 'task_created' ? undefined : before(entity, changed));
      return touchedBy(actor, entity);
    }
  }
}

const edgeOf = ({ component_id, depends_on_id }: { component_id: string; depends_on_id: string }) => ({
  component_id,
  depends_on_id,
});

const touchedBy = (actor: EventActor, task: Task) => ({
  actor,
  entity_ids: task.component_id === null ? [task.id] : [task.id, task.component_id],
});

/** The task before this event, as far as counting goes. */
function before(task: Task, changed: EventPayload<'task_updated'>['changed']): Pick<Task, 'component_id' | 'status'> {
  const component = changed.component_id?.before;
  const status = changed.status?.before;
  return {
    component_id: typeof component === 'string' || component === null ? component : task.component_id,
    status: status === 'todo' || status === 'in_progress' || status === 'done' ? status : task.status,
  };
}
