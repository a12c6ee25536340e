// Holds back what others change under one's pointer, focus or drag, until it is let go.
import type { StoredEvent } from '@taylordash/core/entities';
import { useEffect, useSyncExternalStore } from 'react';

export interface Held {
  /** Nothing of others moves this entity until the function it answers with is called. Holding nests. */
  hold: (entity_id: string) => () => void;
  isHeld: (entity_id: string) => boolean;
  /** Keeps an event for later. */
  keep: (entity_id: string, event: StoredEvent) => void;
  /** Is it kept for later? */
  keeps: (event: StoredEvent) => boolean;
  /** How many updates wait for this entity to be let go. */
  count: (entity_id: string) => number;
  watch: (listener: () => void) => () => void;
  /** Takes what was held back, in order, once it is let go. */
  onRelease: (listener: (events: StoredEvent[]) => void) => () => void;
}

export function createHeld(): Held {
  const holds = new Map<string, number>();
  const kept = new Map<string, StoredEvent[]>();
  const watchers = new Set<() => void>();
  const releases = new Set<(events: StoredEvent[]) => void>();
  const tell = () => {
    for (const watcher of watchers) watcher();
  };
  return {
    hold(id) {
      holds.set(id, (holds.get(id) ?? 0) + 1);
      let open = true;
      return () => {
        if (!open) return;
        open = false;
        const left = (holds.get(id) ?? 1) - 1;
        if (left > 0) {
          holds.set(id, left);
          return;
        }
        holds.delete(id);
        const events = kept.get(id);
        if (!events) return;
        kept.delete(id);
        for (const release of releases) release(events);
        tell();
      };
    },
    isHeld: (id) => holds.has(id),
    keep(id, event) {
      const events = kept.get(id);
      if (events) events.push(event);
      else kept.set(id, [event]);
      tell();
    },
    keeps: (event) => event.entity_id !== null && kept.get(event.entity_id)?.includes(event) === true,
    count: (id) => new Set(kept.get(id)?.map(({ change_id, id: event_id }) => change_id ?? event_id)).size,
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    onRelease(listener) {
      releases.add(listener);
      return () => releases.delete(listener);
    },
  };
}

/** Holds an entity while `holding` is true. */
export function useHold(held: Held, entity_id: string, holding: boolean): void {
  useEffect(() => (holding ? held.hold(entity_id) : undefined), [held, entity_id, holding]);
}

/** How many updates of others wait for this entity to be let go: "2 updates". */
export function useHeldUpdates(held: Held, entity_id: string): number {
  return useSyncExternalStore(held.watch, () => held.count(entity_id));
}
