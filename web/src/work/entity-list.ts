// A list of entities while it is being changed: copied once, found by id, handed back as it was where nothing changed.

/** Looking through a list this often costs more than an index of it. */
const looksWithoutIndex = 8;

export interface EntityList<T extends object> {
  get: (id: string) => T | undefined;
  /** Replaces the entity in its place, or appends it. */
  put: (entity: T) => void;
  drop: (id: string) => void;
  /** The list as it is now; the very array it began with where nothing changed. */
  items: () => readonly T[];
}

export function entityList<T extends object>(list: readonly T[], idOf: (entity: T) => string): EntityList<T> {
  // A dropped entity leaves a hole until the end, so that dropping thousands stays linear.
  let items: (T | undefined)[] | null = null;
  let holes = false;
  let index: Map<string, number> | null = null;
  let looks = 0;
  // One entity is looked for several times in a row.
  let last = { id: '', place: -1 };

  function find(id: string): number {
    if (last.id !== id) last = { id, place: search(id) };
    return last.place;
  }

  function search(id: string): number {
    const now = items ?? list;
    if (!index && looks < looksWithoutIndex) {
      looks += 1;
      for (let place = 0; place < now.length; place += 1) {
        const one = now[place];
        if (one !== undefined && idOf(one) === id) return place;
      }
      return -1;
    }
    if (!index) {
      index = new Map();
      for (const [place, one] of now.entries()) if (one !== undefined) index.set(idOf(one), place);
    }
    return index.get(id) ?? -1;
  }

  return {
    get: (id) => (items ?? list)[find(id)],
    put(entity) {
      const id = idOf(entity);
      const place = find(id);
      items ??= [...list];
      if (place >= 0) items[place] = entity;
      else {
        items.push(entity);
        index?.set(id, items.length - 1);
        last = { id, place: items.length - 1 };
      }
    },
    drop(id) {
      const place = find(id);
      if (place < 0) return;
      items ??= [...list];
      items[place] = undefined;
      index?.delete(id);
      last = { id, place: -1 };
      holes = true;
    },
    items() {
      if (items === null) return list;
      // Without holes, and handed out only to be read.
      if (holes) return items.filter((one) => one !== undefined);
      return items as readonly T[];
    },
  };
}
