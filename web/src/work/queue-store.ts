// Keeps what waits over a reload, per person and tab; what a tab leaves behind is taken over by one that lives.
import { newId } from './ids.ts';
import type { QueueItem, QueueStore, Refused } from './queue.ts';

export interface QueueStoreOptions {
  user_id: string;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;
  /** Missing over plain HTTP: then a tab is taken for gone when it said so, or was silent for a minute. */
  locks: Pick<LockManager, 'request'> | null;
  now: () => number;
  /** Calls back when another tab has kept something. */
  watch: (listener: () => void) => () => void;
}

interface Kept<I> {
  items: QueueItem<I>[];
  refused: Refused<I>[];
  /** Milliseconds since 1970 of the last sign of life. */
  at: number;
  closed: boolean;
}

const prefix = 'td.queue.';
const silentMs = 60_000;
const signOfLifeMs = 20_000;

export function createQueueStore<I>({ user_id, storage, locks, now, watch }: QueueStoreOptions): QueueStore<I> {
  const mine = `${prefix}${user_id}.${newId()}`;
  const asked = new Set<string>();
  const ended = new AbortController();
  const stops: (() => void)[] = [];
  let last: Pick<Kept<I>, 'items' | 'refused'> = { items: [], refused: [] };

  function write(closed: boolean): boolean {
    try {
      if (last.items.length === 0 && last.refused.length === 0) storage.removeItem(mine);
      else storage.setItem(mine, JSON.stringify({ ...last, at: now(), closed } satisfies Kept<I>));
      return true;
    } catch {
      return false;
    }
  }

  function read(key: string): Kept<I> | null {
    try {
      // Written by write() above, in some tab.
      return JSON.parse(storage.getItem(key) ?? 'null') as Kept<I> | null;
    } catch {
      return null;
    }
  }

  const others = () =>
    Array.from({ length: storage.length }, (_, place) => storage.key(place) ?? '').filter(
      (key) => key.startsWith(`${prefix}${user_id}.`) && key !== mine,
    );

  if (locks) {
    void locks
      .request(mine, { signal: ended.signal }, () => new Promise<void>((resolve) => stops.push(resolve)))
      .catch(() => {});
  }

  return {
    save(items, refused, leaving) {
      last = { items: [...items], refused: [...refused] };
      return write(leaving);
    },
    adopt(take) {
      const takeOver = (key: string) => {
        const kept = read(key);
        storage.removeItem(key);
        if (kept && !ended.signal.aborted) take(kept.items, kept.refused);
      };
      const look = () => {
        for (const key of others()) {
          if (locks && !asked.has(key)) {
            asked.add(key);
            // Granted once the tab that holds it is gone.
            void locks.request(key, { signal: ended.signal }, () => takeOver(key)).catch(() => {});
          }
          if (locks) continue;
          const kept = read(key);
          if (!kept || kept.closed || now() - kept.at > silentMs) takeOver(key);
        }
      };
      look();
      stops.push(watch(look));
      const timer = setInterval(() => {
        if (!locks) {
          if (last.items.length > 0) write(false);
          look();
        }
      }, signOfLifeMs);
      stops.push(() => clearInterval(timer));
    },
    close() {
      write(true);
      ended.abort();
      for (const stop of stops) stop();
    },
  };
}

/** The store of this browser, for one person. */
export function browserQueueStore<I>(user_id: string): QueueStore<I> {
  return createQueueStore<I>({
    user_id,
    storage: localStorage,
    locks: 'locks' in navigator ? navigator.locks : null,
    now: Date.now,
    watch(listener) {
      const heard = ({ key }: StorageEvent) => {
        if (key?.startsWith(prefix)) listener();
      };
      window.addEventListener('storage', heard);
      return () => window.removeEventListener('storage', heard);
    },
  });
}
