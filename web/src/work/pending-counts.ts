// How tasks count at their components before the stream has told of it: each change counts once, whoever tells of it first.
import type { AnyTask } from './task-draft.ts';

/** What counts of a task at its component; undefined where it does not exist. */
export type Counted = Pick<AnyTask, 'component_id' | 'status'> | undefined;
/** Takes a task off where it counted and counts it where it is. */
export type Step = readonly [from: Counted, to: Counted];

export interface PendingCounts {
  /** Something is changed here: what that changes on show. */
  own: (id: string, known: Counted, after: Counted) => Step;
  /** The stream told of a task, which counts as told from now on: what of it was on show before. */
  told: (id: string, after: Counted) => Step | null;
  /** What is on show beyond what the stream told. */
  steps: () => Step[];
  forget: () => void;
}

export function createPendingCounts(): PendingCounts {
  const pending = new Map<string, { told: Counted; shown: Counted }>();
  const keep = (id: string, told: Counted, shown: Counted) => {
    if (same(told, shown)) pending.delete(id);
    else pending.set(id, { told: pick(told), shown: pick(shown) });
  };
  return {
    own(id, known, after) {
      const one = pending.get(id);
      keep(id, one ? one.told : known, after);
      return [one ? one.shown : known, after];
    },
    told(id, after) {
      const one = pending.get(id);
      if (!one) return null;
      keep(id, after, one.shown);
      return [after, one.told];
    },
    steps: () => [...pending.values()].map(({ told, shown }) => [told, shown]),
    forget: () => pending.clear(),
  };
}

const pick = (task: Counted): Counted => task && { component_id: task.component_id, status: task.status };
const same = (a: Counted, b: Counted) =>
  a?.component_id === b?.component_id && (a?.status === 'done') === (b?.status === 'done') && !a === !b;
