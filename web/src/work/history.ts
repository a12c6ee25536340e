// What was done in this tab, gesture by gesture: taken back and done again, kept over a reload.
import type { UndoConflict } from '@taylordash/core/changes';
import { ApiProblem, type Client } from '@taylordash/sdk/client';

/** One gesture. Its key stands for it until the server has named its changes. */
export interface Done {
  key: string;
  /** In words: what undoing it is called. */
  label: string;
  /** In the order in which they were made; one, unless a gesture was too large for one. None: the server has not answered yet. */
  change_ids: readonly string[];
  /** Does it again, where the server never knew of it. */
  again?: () => Promise<unknown>;
}

/** Gestures that the server does not know of yet. */
export interface Unsent {
  /** Takes one out before it is sent and answers with how it is done again; null where that is too late. */
  drop: (key: string) => (() => Promise<unknown>) | null;
  /** Resolves once it is confirmed or refused: true; or waits for the connection: false. */
  settled: (key: string) => Promise<boolean>;
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
  /** A gesture on its way: it can be undone from now on. What was undone before can no longer be done again. */
  begin: (done: { key: string; label: string }) => void;
  /** Nothing came of it: it changed nothing, was refused or taken out. */
  forget: (key: string) => void;
  /** A change that the server has confirmed; of a gesture that began before, or of one that went another way. */
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
  /** How gestures are taken out that the server does not know of. */
  connect: (unsent: Unsent) => void;
  /** Forgets everything: somebody signed out. */
  clear: () => void;
  /** Who is signed in; what another person did in this tab is forgotten. */
  belongTo: (user_id: string) => void;
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
  user_id: string | null;
  undo: readonly Done[];
  redo: readonly Done[];
}

export function createHistory({ api, ask, storage, onUndone }: HistoryOptions): History {
  const watchers = new Set<() => void>();
  let stacks = read(storage);
  let state = stateOf(stacks);
  let turn: Promise<unknown> = Promise.resolve();
  let unsent: Unsent | null = null;
  let redoing = false;

  function set(next: Partial<Stacks>): void {
    const { user_id, undo, redo } = { ...stacks, ...next };
    stacks = { user_id, undo: undo.slice(-most), redo: redo.slice(-most) };
    state = stateOf(stacks);
    try {
      const known = (list: readonly Done[]) => list.filter(({ change_ids }) => change_ids.length > 0);
      storage?.setItem(storageKey, JSON.stringify({ user_id, undo: known(undo), redo: known(redo) } satisfies Stacks));
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

  /** What the server does not know of is taken out, or done again. Undefined: the server knows of it by now. */
  async function walkUnsent(done: Done): Promise<Undone | null | undefined> {
    const undone = { label: done.label, change_id: null, kept: [] };
    if (done.again) {
      set({ redo: stacks.redo.filter((other) => other !== done) });
      redoing = true;
      // What it begins is noted before it is sent.
      const doing = done.again();
      redoing = false;
      await doing;
      return undone;
    }
    if (done.change_ids.length > 0 || !unsent) return undefined;
    const again = unsent.drop(done.key) ?? ((await unsent.settled(done.key)) ? null : unsent.drop(done.key));
    if (!again) return undefined;
    set({ undo: stacks.undo.filter(({ key }) => key !== done.key), redo: [...stacks.redo, { ...done, again }] });
    return undone;
  }

  /** Moves a gesture from one stack to the other, reversed on the server. What can never be undone again leaves its stack as well. */
  function walk(from: 'undo' | 'redo', to: 'undo' | 'redo', pick: () => Done | undefined): Promise<Undone | null> {
    return inTurn(async () => {
      const picked = pick();
      if (!picked) return null;
      const early = await walkUnsent(picked);
      if (early !== undefined) return early;
      // The answer may have come meanwhile: what was picked is looked up again.
      const listed = stacks[from].find(({ key }) => key === picked.key);
      const done = listed ?? picked;
      if (done.change_ids.length === 0) return null;
      const leave = () => set({ [from]: stacks[from].filter((other) => other !== done) });
      try {
        const result = await takeBackAll(done);
        if (!result) return null;
        leave();
        if (result.by.change_ids.length > 0) set({ [to]: [...stacks[to], result.by] });
        return result.undone;
      } catch (error) {
        const final =
          error instanceof ApiProblem && error.body.status < 500 && ![401, 408, 429].includes(error.body.status);
        if (final) leave();
        throw error;
      }
    });
  }

  return {
    begin({ key, label }) {
      set({ undo: [...stacks.undo, { key, label, change_ids: [] }], redo: redoing ? stacks.redo : [] });
    },
    forget(key) {
      if (stacks.undo.some((done) => done.key === key)) {
        set({ undo: stacks.undo.filter((done) => done.key !== key) });
      }
    },
    record({ change_id, label, key = change_id }) {
      const place = stacks.undo.findIndex((done) => done.key === key);
      const begun = stacks.undo[place];
      if (begun) {
        const done = { ...begun, change_ids: [...begun.change_ids, change_id] };
        set({ undo: stacks.undo.with(place, done) });
      } else set({ undo: [...stacks.undo, { key, label, change_ids: [change_id] }], redo: [] });
    },
    connect(next) {
      unsent = next;
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
    clear: () => set({ user_id: null, undo: [], redo: [] }),
    belongTo(user_id) {
      if (stacks.user_id !== user_id) set({ user_id, ...(stacks.user_id === null ? {} : { undo: [], redo: [] }) });
    },
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
  return { user_id: null, undo: [], redo: [] };
}
