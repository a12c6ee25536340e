// Tells a past: what each change of it left of projects, components and tasks, and the events that say so.
import type { Component, Project, Task } from '@taylordash/core/entities';
import { type ChangedFields, changedBetween, type EventKind } from '@taylordash/core/events';

/** When somebody did something, and as which change. */
export interface Gesture {
  /** Milliseconds since 1970. */
  at: number;
  change_id: string;
}

export interface PastEvent extends Gesture {
  kind: EventKind;
  entity_id: string;
  entity: object;
  changed: ChangedFields;
}

interface Entities {
  project: Project;
  component: Component;
  task: Task;
}
type Stamps = 'version' | 'created_at' | 'updated_at';

/** The kinds that tell of a change, in the order in which services emit them; without fields, the one for all others. */
const kinds: Record<keyof Entities, readonly (readonly [kind: EventKind, fields?: readonly string[]])[]> = {
  project: [['project_updated'], ['project_status_changed', ['status']]],
  component: [
    ['component_updated'],
    ['component_progress_updated', ['progress', 'progress_mode']],
    ['component_status_changed', ['status']],
  ],
  task: [['task_updated'], ['task_assigned', ['assignee_id']], ['task_completed', ['status', 'completed_at']]],
};

/** A moment as rows show it, so that a value of then and the same one of now are equal. */
export function moment(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z');
}

export type Story = ReturnType<typeof story>;

/** Everything is to be told in the order in which it happened. */
export function story() {
  const events: PastEvent[] = [];
  const states = {
    project: new Map<string, Project>(),
    component: new Map<string, Component>(),
    task: new Map<string, Task>(),
  };

  function tell(
    gesture: Gesture,
    kind: EventKind,
    entity_id: string,
    entity: object,
    changed: ChangedFields = {},
  ): void {
    events.push({ ...gesture, kind, entity_id, entity, changed });
  }
  /** The same map under the type of one of its kinds. */
  const of = <K extends keyof Entities>(what: K) => states[what] as Map<string, Entities[K]>;

  return {
    events,
    states,

    make<K extends keyof Entities>(
      gesture: Gesture,
      what: K,
      fields: Omit<Entities[K], Stamps> & { id: string },
    ): void {
      const made = { ...fields, version: 1, created_at: moment(gesture.at), updated_at: moment(gesture.at) };
      // Its own fields and the stamps that were left out of them.
      of(what).set(fields.id, made as unknown as Entities[K]);
      tell(gesture, `${what}_created`, fields.id, made);
    },

    change<K extends keyof Entities>(gesture: Gesture, what: K, id: string, fields: Partial<Entities[K]>): void {
      const before = of(what).get(id);
      if (!before) throw new Error(`the story changes a ${what} that is not there`);
      const after = { ...before, ...fields, version: before.version + 1, updated_at: moment(gesture.at) };
      const changed = Object.entries(changedBetween(before, after));
      if (changed.length === 0) return;
      of(what).set(id, after);
      const named = kinds[what].flatMap(([, own = []]) => own);
      for (const [kind, own] of kinds[what]) {
        const told = changed.filter(([field]) => (own ? own.includes(field) : !named.includes(field)));
        if (told.length > 0) tell(gesture, kind, id, after, Object.fromEntries(told));
      }
    },

    link(gesture: Gesture, { id, project_id, name }: Component, needed: Component): void {
      tell(gesture, 'component_dependency_added', id, {
        ...{
          component_id: id,
          depends_on_id: needed.id,
          project_id,
          component_name: name,
          depends_on_name: needed.name,
        },
      });
    },
  };
}
