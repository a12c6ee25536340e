// What events tell of tasks, as steps of counting. One writing may be told in several events, among others' and in pieces.
import type { ChangedFields } from '@taylordash/core/events';
import type { Counted, Step } from './pending-counts.ts';
import type { AnyTask } from './task-draft.ts';

/** An event of a task. */
export interface TaskTold {
  kind: string;
  payload: { entity: AnyTask; changed: ChangedFields; change_id: string };
}

export interface ToldSteps {
  /** Each event once, in the order of the stream. `late`: a later writing of this task was told before. */
  next: (told: TaskTold) => { step: Step; late: boolean };
  forget: () => void;
}

/** Writings of which more events may come; they are told close together. */
const mostRemembered = 2000;

export function createToldSteps(): ToldSteps {
  /** The last writing of each task, and the task before as much of it as was told so far. */
  const writings = new Map<string, { change_id: string; version: number; before: Counted }>();
  return {
    next({ kind, payload: { entity, changed, change_id } }) {
      const { id, version } = entity;
      const last = writings.get(id);
      const late = last !== undefined && last.version > version;
      if (kind === 'task_deleted') return { step: [entity, undefined], late };
      // Every event has the task after the whole writing: what this one adds lies before what the others told.
      const goes_on = last?.change_id === change_id && last.version === version;
      const after = goes_on ? last.before : entity;
      const before = kind === 'task_created' ? undefined : after && beforeOf(after, changed);
      if (!late) {
        writings.delete(id);
        writings.set(id, { change_id, version, before });
        for (const oldest of writings.keys()) {
          if (writings.size <= mostRemembered) break;
          writings.delete(oldest);
        }
      }
      return { step: [before, after], late };
    },
    forget: () => writings.clear(),
  };
}

/** The task before these fields changed, as far as counting goes. */
function beforeOf(after: NonNullable<Counted>, changed: ChangedFields): Counted {
  const component = changed.component_id?.before;
  const status = changed.status?.before;
  return {
    component_id: typeof component === 'string' || component === null ? component : after.component_id,
    status: status === 'todo' || status === 'in_progress' || status === 'done' ? status : after.status,
  };
}
