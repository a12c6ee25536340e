// What an event changes in the query cache: the entity stands in its payload, so nothing has to be read again.

import type { StoredEvent } from '@taylordash/core/entities';
import type { EventActor, EventKind, EventPayload } from '@taylordash/core/events';
import type { Draft } from './cache.ts';
import type { Work } from './changes.ts';
import { placeOf } from './reading.ts';
import type { AnyTask } from './task-draft.ts';

type WorkKind = Extract<EventKind, `project_${string}` | `component${string}` | `task_${string}`>;
export type Told = { [K in WorkKind]: { kind: K; payload: EventPayload<K> } }[WorkKind];

/** Who touched which entities. */
export interface Merged {
  actor: EventActor;
  entity_ids: string[];
}

/** What the event tells of the work; null where it tells nothing. Outside events are hearsay. */
export function toldBy(event: StoredEvent): Told | null {
  if (event.source !== 'server' || !/^(project|component|task)/.test(event.kind)) return null;
  // The server's own payloads keep to the table of kinds in core.
  return { kind: event.kind, payload: event.payload } as Told;
}

/** Puts what happened into the cache; answers who touched which entities. `without`: components of a move to leave out. */
export function mergeEvent(
  event: StoredEvent,
  told: Told,
  work: Pick<Work, 'components' | 'tasks' | 'projects'>,
  draft: Draft,
  without: (id: string) => boolean = () => false,
): Merged {
  draft.event = placeOf(event);
  try {
    return { actor: told.payload.actor, ...merge(event, told, work, draft, without) };
  } finally {
    draft.event = null;
  }
}

function merge(
  { project_id }: StoredEvent,
  told: Told,
  { components, tasks, projects }: Pick<Work, 'components' | 'tasks' | 'projects'>,
  draft: Draft,
  without: (id: string) => boolean,
): Omit<Merged, 'actor'> {
  switch (told.kind) {
    case 'project_created':
      return { entity_ids: [] };
    case 'project_updated':
    case 'project_status_changed':
      projects.receive(told.payload.entity);
      return { entity_ids: [told.payload.entity.id] };
    case 'project_deleted':
      draft.dropProject(told.payload.entity.id);
      return { entity_ids: [] };
    case 'component_created':
    case 'component_updated':
    case 'component_progress_updated':
    case 'component_status_changed':
      if (isLate(told, draft)) return { entity_ids: [] };
      // Made again after it was deleted.
      if (draft.goneAt(told.payload.entity.id) !== null) draft.putComponent(told.payload.entity);
      components.receive(told.payload.entity);
      return { entity_ids: [told.payload.entity.id] };
    case 'component_deleted':
      components.forget(told.payload.entity.id);
      draft.dropComponent(told.payload.entity.project_id, told.payload.entity.id, told.payload.entity.version);
      return { entity_ids: [told.payload.entity.id] };
    case 'components_moved': {
      const placed = told.payload.entity.positions.filter(({ id }) => !without(id));
      // The event does not carry the versions: what is known stays known under its own.
      components.receive(
        ...placed.flatMap(({ id, position }) => {
          const known = components.latest(id);
          return known ? [{ ...known, position }] : [];
        }),
      );
      return { entity_ids: placed.map(({ id }) => id) };
    }
    case 'component_dependency_added':
      draft.putDependency(told.payload.entity.project_id, edgeOf(told.payload.entity));
      return { entity_ids: [told.payload.entity.component_id] };
    case 'component_dependency_removed':
      draft.dropDependency(told.payload.entity.project_id, edgeOf(told.payload.entity));
      return { entity_ids: [told.payload.entity.component_id] };
    case 'task_deleted': {
      const { entity } = told.payload;
      draft.countTask(told);
      tasks.forget(entity.id);
      draft.unlistTask(entity.id, entity.version);
      return { entity_ids: touched(entity) };
    }
    case 'task_created':
    case 'task_updated':
    case 'task_assigned':
    case 'task_completed':
    case 'task_reopened': {
      const { entity } = told.payload;
      draft.countTask(told);
      const known = draft.task(entity.id)?.version ?? 0;
      if (isLate(told, draft) || known > entity.version) return { entity_ids: [] };
      draft.listTask(entity, project_id);
      if (tasks.covers(entity.id)) tasks.receive(entity);
      return { entity_ids: touched(entity) };
    }
  }
}

/** From before its deletion, which shows here already. Where it was made again, it is newer than what was deleted. */
export function isLate(
  { kind, payload: { entity } }: { kind: string; payload: { entity: { id: string; version: number } } },
  draft: Draft,
): boolean {
  const gone = draft.goneAt(entity.id);
  return gone !== null && (!kind.endsWith('_created') || entity.version <= gone);
}

const edgeOf = ({ component_id, depends_on_id }: { component_id: string; depends_on_id: string }) => ({
  component_id,
  depends_on_id,
});

const touched = (task: AnyTask) => (task.component_id === null ? [task.id] : [task.id, task.component_id]);
