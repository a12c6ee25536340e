// What was done in this tab, gesture by gesture: taken back and done again, kept over a reload.
import type { UndoConflict } from '@taylordash/core/changes';
import { ApiProblem, type Client } from '@taylordash/sdk/client';

/** One gesture. Its key stands for it until the server has named its changes. */
export interface Done {
  key: string;
  /** In words: what undoing it is called. */
  label: string;
  /** In the order in which they were made; one, unless a gesture was too large for one. */
  change_ids: readonly string[];
}

export interface Undone {
  label: string;
  /** Null: there was nothing left to take back. */
  change_id: string | null;
  /** What others had changed and was kept. */
  kept: readonly UndoConflict[];
}

/** What shall become of what others changed since; null leaves everything as it is. */
export type UndoAnswer = 'overwrite' | 'keep' | null;
export interface UndoQuestion {
  label: string;
  conflicts: readonly UndoConflict[];
}

/** What Ctrl Z and Ctrl Shift Z would take back and do again now, in words. */
export interface HistoryState {
  undo: string | null;
  redo: string | null;
}

export interface History {
  /** A gesture that the server has confirmed. What was undone before can no longer be done again. */
  record: (done: { change_id: string; label: string; key?: string }) => void;
  /** Takes the last gesture back; null where there is none, or where the person left it as it is. Throws what the server refused it for. */
  undo: () => Promise<Undone | null>;
  redo: () => Promise<Undone | null>;
  /** Takes one change back, named by its change_id or by the key of its gesture, wherever it is known from. */
  undoChange: (id: string, label?: string) => Promise<Undone | null>;
  canUndo: () => boolean;
  canRedo: () => boolean;
  state: () => HistoryState;
  subscribe: (listener: () => void) => () => void;
  /** Forgets everything: another person signed in. */
  clear: () => void;
}

export interface HistoryOptions {
  api: Pick<Client, 'call'>;
  ask: (question: UndoQuestion) => Promise<UndoAnswer>;
  /** Where it is kept over a reload of the tab. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
  /** Called after each undoing, for what no live stream tells. */
  onUndone?: () => void;
}

/** Gestures that are remembered. */
const most = 200;
const storageKey = 'td.history';

interface Stacks {
  undo: readonly Done[];
  redo: readonly Done[];
}

export function createHistory({ api, ask, storage, onUndone }: HistoryOptions): History {
  const watchers = new Set<() => void>();
  let stacks = read(storage);
  let state = stateOf(stacks);
  let turn: Promise<unknown> = Promise.resolve();

  function set(next: Stacks): void {
    stacks = { undo: next.undo.slice(-most), redo: next.redo.slice(-most) };
    state = stateOf(stacks);
    try {
      storage?.setItem(storageKey, JSON.stringify(stacks));
    } catch {
      // Full or forbidden: it lasts as long as the page then.
    }
    for (const watcher of watchers) watcher();
  }

  /** One after the other: the second Ctrl Z means what is on top after the first. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work, work);
    turn = mine.catch(() => {});
    return mine;
  }

  async function takeBack(change_id: string, label: string): Promise<Undone | null> {
    const call = (conflicts: 'ask' | 'overwrite' | 'keep') =>
      api.call('undoChange', { params: { id: change_id }, body: { conflicts } });
    try {
      return { label, ...(await call('ask')).data };
    } catch (error) {
      const conflicts = conflictsOf(error);
      if (!conflicts) throw error;
      const answer = await ask({ label, conflicts });
      return answer && { label, ...(await call(answer)).data };
    }
  }

  /** Takes a gesture back, its last change first; what that made can be taken back in turn. */
  async function takeBackAll(done: Done): Promise<{ undone: Undone; by: Done } | null> {
    const undone: Undone[] = [];
    for (const change_id of done.change_ids.toReversed()) {
      const one = await takeBack(change_id, done.label);
      if (!one) break;
      undone.push(one);
    }
    onUndone?.();
    const last = undone.at(-1);
    if (!last) return null;
    return {
      undone: { ...last, kept: undone.flatMap(({ kept }) => kept) },
      by: { ...done, change_ids: undone.flatMap(({ change_id }) => change_id ?? []) },
    };
  }

  /** Moves the top of one stack to the other, reversed on the server. What can never be undone again leaves its stack as well. */
  function walk(from: 'undo' | 'redo', to: 'undo' | 'redo', pick: () => Done | undefined): Promise<Undone | null> {
    return inTurn(async () => {
      const done = pick();
      if (!done) return null;
      const leave = () => set({ ...stacks, [from]: stacks[from].filter((other) => other !== done) });
      try {
        const result = await takeBackAll(done);
        if (!result) return null;
        leave();
        if (result.by.change_ids.length > 0) set({ ...stacks, [to]: [...stacks[to], result.by] });
        return result.undone;
      } catch (error) {
        if (error instanceof ApiProblem && error.body.status < 500 && error.body.status !== 429) leave();
        throw error;
      }
    });
  }

  return {
    record({ change_id, label, key = change_id }) {
      const same = stacks.undo.find((done) => done.key === key);
      const done = { key, label, change_ids: [...(same?.change_ids ?? []), change_id] };
      set({ undo: [...stacks.undo.filter((other) => other !== same), done], redo: [] });
    },
    undo: () => walk('undo', 'redo', () => stacks.undo.at(-1)),
    redo: () => walk('redo', 'undo', () => stacks.redo.at(-1)),
    undoChange(id, label = '') {
      const mine = () => stacks.undo.find((done) => done.key === id || done.change_ids.includes(id));
      return walk('undo', 'redo', () => mine() ?? { key: id, label, change_ids: [id] });
    },
    canUndo: () => state.undo !== null,
    canRedo: () => state.redo !== null,
    state: () => state,
    subscribe(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    clear: () => set({ undo: [], redo: [] }),
  };
}

function stateOf({ undo, redo }: Stacks): HistoryState {
  return { undo: undo.at(-1)?.label ?? null, redo: redo.at(-1)?.label ?? null };
}

function conflictsOf(error: unknown): UndoConflict[] | null {
  if (!(error instanceof ApiProblem) || error.body.code !== 'change.conflict') return null;
  const { conflicts } = error.body;
  // The extension of this problem, which core describes as undoConflict.
  return Array.isArray(conflicts) ? (conflicts as UndoConflict[]) : null;
}

function read(storage: HistoryOptions['storage']): Stacks {
  try {
    // Written by set() above.
    const kept = JSON.parse(storage?.getItem(storageKey) ?? 'null') as Stacks | null;
    if (kept && Array.isArray(kept.undo) && Array.isArray(kept.redo)) return kept;
  } catch {
    // Nobody else writes there; what cannot be read is forgotten.
  }
  return { undo: [], redo: [] };
}
