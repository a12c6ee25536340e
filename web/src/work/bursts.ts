// Tells single changes of others from floods of them: a flood is one notice, not a name on each entity.
import type { EventActor } from '@taylordash/core/events';
import type { Told } from './merge-event.ts';

/** What somebody did in one go. */
export interface Burst {
  name: string;
  /** `import`: everything was made; `delete`: everything was deleted. */
  what: 'import' | 'delete' | 'change';
  components: number;
  tasks: number;
}

export interface Bursts {
  /** True where the entities of this event are to carry a name; false in a flood. */
  shows: (actor: EventActor, told: Told, entity_ids: readonly string[], at: number) => boolean;
  stop: () => void;
}

/** More entities than this in a second by one person are a flood. */
export const mostNamed = 20;
const windowMs = 1000;
/** So long nothing more comes, then the flood is over. */
const quietMs = 700;

interface Flow {
  /** When each entity was touched, in the last second. */
  recent: { id: string; at: number }[];
  burst: { components: Set<string>; tasks: Set<string>; kinds: Set<string>; flooded: boolean };
  /** Events so far: no more of them since the timer began means that it is over. */
  count: number;
  timer: ReturnType<typeof setTimeout> | null;
}

export function createBursts(tell: (burst: Burst) => void): Bursts {
  const flows = new Map<string, Flow>();
  const fresh = (): Flow['burst'] => ({ components: new Set(), tasks: new Set(), kinds: new Set(), flooded: false });

  function end(actor: EventActor, flow: Flow): void {
    const { components, tasks, kinds, flooded } = flow.burst;
    flows.delete(actor.id ?? actor.name);
    if (!flooded) return;
    const every = (pattern: RegExp) => [...kinds].every((kind) => pattern.test(kind));
    const what = every(/_created$|_added$/) ? 'import' : every(/_deleted$|_removed$/) ? 'delete' : 'change';
    tell({ name: actor.name, what, components: components.size, tasks: tasks.size });
  }

  function waitFor(actor: EventActor, flow: Flow): ReturnType<typeof setTimeout> {
    const { count } = flow;
    return setTimeout(() => {
      if (flow.count === count) end(actor, flow);
      else flow.timer = waitFor(actor, flow);
    }, quietMs);
  }

  return {
    shows(actor, told, entity_ids, at) {
      // A gesture on the canvas moves many at once and shows by itself.
      if (told.kind === 'components_moved') return entity_ids.length <= mostNamed;
      const key = actor.id ?? actor.name;
      const flow = flows.get(key) ?? { recent: [], burst: fresh(), count: 0, timer: null };
      flows.set(key, flow);
      const { burst } = flow;
      burst.kinds.add(told.kind);
      if (told.kind.startsWith('component')) for (const id of entity_ids) burst.components.add(id);
      else if (told.kind.startsWith('task') && entity_ids[0] !== undefined) burst.tasks.add(entity_ids[0]);
      if (!burst.flooded) {
        flow.recent = [...flow.recent.filter((one) => one.at > at - windowMs), ...entity_ids.map((id) => ({ id, at }))];
        burst.flooded = new Set(flow.recent.map(({ id }) => id)).size > mostNamed;
      }
      flow.count += 1;
      flow.timer ??= waitFor(actor, flow);
      return !burst.flooded;
    },
    stop() {
      for (const { timer } of flows.values()) if (timer !== null) clearTimeout(timer);
      flows.clear();
    },
  };
}
