// Where a change that met another's waits until the person has chosen; the dialog looks here.
import type { AskConflict } from './changes.ts';
import type { Conflict } from './optimistic.ts';

export interface OpenConflict {
  name: string;
  conflicts: Conflict[];
  /** The fields of mine that shall stand. */
  resolve: (mine: ReadonlySet<string>) => void;
}

export interface ConflictDesk {
  ask: AskConflict;
  current: () => OpenConflict | null;
  watch: (listener: () => void) => () => void;
}

export function createConflictDesk(): ConflictDesk {
  const waiting: OpenConflict[] = [];
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const watcher of watchers) watcher();
  };
  return {
    ask: (name, conflicts) =>
      new Promise((resolve) => {
        const open: OpenConflict = {
          name,
          conflicts,
          resolve(mine) {
            waiting.splice(waiting.indexOf(open), 1);
            resolve(mine);
            tell();
          },
        };
        waiting.push(open);
        tell();
      }),
    current: () => waiting[0] ?? null,
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
  };
}
