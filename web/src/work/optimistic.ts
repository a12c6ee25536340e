// Changes that show at once: what was typed lies over what the server said until the server agrees, or says why not.
import { ApiProblem } from '@taylordash/sdk/client';

interface Entity {
  id: string;
  version: number;
}

export interface Conflict {
  field: string;
  mine: unknown;
  theirs: unknown;
}

export interface OptimisticOptions<E extends Entity, P extends Partial<E>> {
  /** Shows entities, all at once. */
  show: (entities: E[]) => void;
  send: (entity: E, patch: P) => Promise<E>;
  load: (id: string) => Promise<E>;
  /** Both changed the same fields: which of mine shall stand? Null: none. */
  ask: (entity: E, conflicts: Conflict[]) => Promise<ReadonlySet<string>>;
}

export interface Optimistic<E extends Entity, P extends Partial<E>> {
  /** Changes an entity; rejects with what the server refused it for, having put it back. */
  change: (entity: E, patch: P) => Promise<void>;
  /** What the server says entities are; what is older than what is known is passed over. */
  receive: (...entities: E[]) => void;
  /** Lays a patch over each entity while `work` is under way, for changes that go another way than `send`. */
  during: (laid: readonly { entity: E; patch: P }[], work: Promise<unknown>) => Promise<void>;
  forget: (id: string) => void;
}

const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export function createOptimistic<E extends Entity, P extends Partial<E>>(
  options: OptimisticOptions<E, P>,
): Optimistic<E, P> {
  const known = new Map<string, E>();
  const pending = new Map<string, P[]>();
  const queues = new Map<string, Promise<unknown>>();

  function showNow(ids: readonly string[]): void {
    const bases = ids.flatMap((id) => known.get(id) ?? []);
    if (bases.length > 0) options.show(bases.map((base) => Object.assign({}, base, ...(pending.get(base.id) ?? []))));
  }

  function receive(...entities: E[]): void {
    const fresh = entities.filter(({ id, version }) => version >= (known.get(id)?.version ?? 0));
    for (const entity of fresh) known.set(entity.id, entity);
    showNow(fresh.map(({ id }) => id));
  }

  function lay(laid: readonly { entity: E; patch: P }[]): () => void {
    const ids = laid.map(({ entity }) => entity.id);
    for (const { entity, patch } of laid) {
      const old = known.get(entity.id);
      // What is shown is what the server said only while nothing lies over it.
      if (!pending.has(entity.id) && (!old || old.version <= entity.version)) known.set(entity.id, entity);
      pending.set(entity.id, [...(pending.get(entity.id) ?? []), patch]);
    }
    showNow(ids);
    return () => {
      for (const { entity, patch } of laid) {
        const rest = (pending.get(entity.id) ?? []).filter((other) => other !== patch);
        if (rest.length === 0) pending.delete(entity.id);
        else pending.set(entity.id, rest);
      }
      showNow(ids);
    };
  }

  /** One after the other, so that a second change knows the version that the first one made. */
  function inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turn = (queues.get(id) ?? Promise.resolve()).then(work, work);
    queues.set(id, turn);
    return turn;
  }

  async function sendAgreed(base: E, patch: P): Promise<E> {
    const current = known.get(base.id) ?? base;
    // What arrived by the stream while this was being typed is another's change as well, though the server would not refuse.
    if (conflictsOf(base, current, patch).length > 0) return settle(base, current, patch);
    try {
      return await options.send(current, patch);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.body.code !== 'request.precondition_failed') throw error;
    }
    const theirs = await options.load(base.id);
    known.set(base.id, theirs);
    return settle(base, theirs, patch);
  }

  function conflictsOf(base: E, theirs: E, patch: P): Conflict[] {
    if (theirs.version <= base.version) return [];
    const theirFields = new Map<string, unknown>(Object.entries(theirs));
    const baseFields = new Map<string, unknown>(Object.entries(base));
    return Object.entries(patch)
      .filter(
        ([field, mine]) =>
          !equal(theirFields.get(field), baseFields.get(field)) && !equal(theirFields.get(field), mine),
      )
      .map(([field, mine]) => ({ field, mine, theirs: theirFields.get(field) }));
  }

  async function settle(base: E, theirs: E, patch: P): Promise<E> {
    const conflicts = conflictsOf(base, theirs, patch);
    if (conflicts.length === 0) return sendAgreed(theirs, patch);
    const chosen = await options.ask(theirs, conflicts);
    const lost = new Set(conflicts.map(({ field }) => field).filter((field) => !chosen.has(field)));
    const kept = Object.fromEntries(Object.entries(patch).filter(([field]) => !lost.has(field)));
    if (Object.keys(kept).length === 0) return theirs;
    // Some fields of a P are a P: every one of them may be left out.
    return sendAgreed(theirs, kept as P);
  }

  return {
    receive,
    async change(entity, patch) {
      const lift = lay([{ entity, patch }]);
      try {
        const after = await inTurn(entity.id, () => sendAgreed(entity, patch));
        const old = known.get(after.id);
        if (!old || old.version <= after.version) known.set(after.id, after);
      } finally {
        lift();
      }
    },
    async during(laid, work) {
      const lift = lay(laid);
      try {
        await work;
        for (const { entity, patch } of laid) {
          const base = known.get(entity.id);
          if (base) known.set(entity.id, { ...base, ...patch });
        }
      } finally {
        lift();
      }
    },
    forget(id) {
      known.delete(id);
      pending.delete(id);
    },
  };
}
