// What was changed here lies over what the server said, until the server agrees or says why not.
import { sameJson } from '@taylordash/core/json';

interface Entity {
  id: string;
  version: number;
}

export interface Conflict {
  field: string;
  mine: unknown;
  theirs: unknown;
}

/** How an entity was when a change of it began: its version, and the fields that the change touches. */
export interface Base {
  version: number;
  fields: Readonly<Record<string, unknown>>;
}

export interface OverlayOptions<E extends Entity> {
  /** Shows entities, all at once. */
  show: (entities: E[]) => void;
  /** As it is shown now. */
  find: (id: string) => E | undefined;
  /** Was it deleted? */
  isGone?: (id: string) => boolean;
}

export interface Overlay<E extends Entity, P extends Partial<E>> {
  /** Lays a patch over each entity; lifted by the function it answers with. */
  lay: (laid: readonly { entity: E; patch: P }[]) => () => void;
  /** What the server says entities are; what is older than what is known is passed over. */
  receive: (...entities: E[]) => void;
  /** What the server last said: what is shown, without what lies over it. */
  latest: (id: string) => E | undefined;
  /** Does something lie over it? */
  covers: (id: string) => boolean;
  /** What was read anew, where something lies over it. */
  reread: (entity: E) => void;
  forget: (id: string) => void;
}

export function createOverlay<E extends Entity, P extends Partial<E>>(options: OverlayOptions<E>): Overlay<E, P> {
  /** What the server said, of entities that something lies over; of all others that is what is shown. */
  const known = new Map<string, E>();
  const pending = new Map<string, P[]>();

  const shown = (base: E): E => Object.assign({}, base, ...(pending.get(base.id) ?? []));
  /** Nothing brings back what was deleted meanwhile: neither a late answer nor a patch that is lifted. */
  const show = (entities: E[]) => {
    const there = entities.filter(({ id }) => options.isGone?.(id) !== true);
    if (there.length > 0) options.show(there);
  };
  const latest = (id: string) => known.get(id) ?? options.find(id);

  function receive(...entities: E[]): void {
    const fresh = entities.filter(({ id, version }) => version >= (latest(id)?.version ?? 0));
    for (const entity of fresh)
      if (pending.has(entity.id)) known.set(entity.id, { ...known.get(entity.id), ...entity });
    show(fresh.map(shown));
  }

  function lay(laid: readonly { entity: E; patch: P }[]): () => void {
    for (const { entity, patch } of laid) {
      // What is shown is what the server said only while nothing lies over it.
      if (!pending.has(entity.id)) known.set(entity.id, newer(options.find(entity.id), entity));
      pending.set(entity.id, [...(pending.get(entity.id) ?? []), patch]);
    }
    const showLaid = () => {
      const bases = laid.flatMap(({ entity }) => known.get(entity.id) ?? []);
      show(bases.map(shown));
    };
    showLaid();
    return () => {
      for (const { entity, patch } of laid) {
        const rest = (pending.get(entity.id) ?? []).filter((other) => other !== patch);
        if (rest.length === 0) pending.delete(entity.id);
        else pending.set(entity.id, rest);
      }
      showLaid();
      for (const { entity } of laid) if (!pending.has(entity.id)) known.delete(entity.id);
    };
  }

  return {
    lay,
    receive,
    latest,
    covers: (id) => pending.has(id),
    reread(entity) {
      if (!pending.has(entity.id)) return;
      known.set(entity.id, newer(known.get(entity.id), entity));
      const base = known.get(entity.id);
      if (base) show([shown(base)]);
    },
    forget(id) {
      known.delete(id);
      pending.delete(id);
    },
  };
}

function newer<E extends Entity>(a: E | undefined, b: E): E {
  return a === undefined || a.version <= b.version ? { ...a, ...b } : { ...b, ...a };
}

const equal = (a: unknown, b: unknown) => sameJson(a ?? null, b ?? null) || sameInstant(a, b);

/** The server writes an instant its own way. */
function sameInstant(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string' || !a.includes('T') || !b.includes('T')) return false;
  return Date.parse(a) === Date.parse(b);
}

/** How the fields of a patch were, for noticing later that somebody else changed one. */
export function baseOf(entity: Entity, patch: object): Base {
  const all = new Map<string, unknown>(Object.entries(entity));
  return {
    version: entity.version,
    fields: Object.fromEntries(Object.keys(patch).map((field) => [field, all.get(field) ?? null])),
  };
}

/** The fields that somebody else changed to something else since the change began. */
export function conflictsOf(base: Base, theirs: Entity, patch: object): Conflict[] {
  // Version 0 is what was made here and nobody else knew yet: what differs is what the server added.
  if (base.version === 0 || theirs.version <= base.version) return [];
  const theirFields = new Map<string, unknown>(Object.entries(theirs));
  return Object.entries(patch)
    .filter(
      ([field, mine]) =>
        theirFields.has(field) &&
        !equal(theirFields.get(field), base.fields[field]) &&
        !equal(theirFields.get(field), mine),
    )
    .map(([field, mine]) => ({ field, mine, theirs: theirFields.get(field) }));
}
