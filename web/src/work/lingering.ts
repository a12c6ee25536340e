// Moves stay on show over the server's word until the stream has told of them: only its order says whose move was the last.

export interface Lingering {
  /** The server has confirmed it under these ids. */
  confirmed: (key: string, change_ids: readonly string[]) => void;
  /** Calls `lift` once the stream has told of it; where it does not in time, `settle` first. */
  until: (key: string, lift: () => void, settle: () => void) => void;
  told: (change_id: string) => void;
}

const patienceMs = 3000;
/** Moves whose telling came before the answer, remembered. */
const mostTold = 200;

export function createLingering(): Lingering {
  const ids = new Map<string, readonly string[]>();
  const lifts = new Map<string, () => void>();
  const told = new Set<string>();
  return {
    confirmed: (key, change_ids) => void ids.set(key, change_ids),
    until(key, lift, settle) {
      const [change_id] = ids.get(key) ?? [];
      ids.delete(key);
      if (change_id === undefined || told.delete(change_id)) {
        lift();
        return;
      }
      const timer = setTimeout(() => {
        lifts.delete(change_id);
        settle();
        lift();
      }, patienceMs);
      lifts.set(change_id, () => {
        clearTimeout(timer);
        lift();
      });
    },
    told(change_id) {
      const lift = lifts.get(change_id);
      lifts.delete(change_id);
      if (lift) {
        lift();
        return;
      }
      told.add(change_id);
      for (const oldest of told) {
        if (told.size <= mostTold) return;
        told.delete(oldest);
      }
    },
  };
}
