// What boards and tables have to know of their rows: how they look, how they are edited, added and deleted.
import type { ReactNode } from 'react';
import type { Editors } from './editors.ts';
import type { RowsOf } from './settings.ts';
import type { Row } from './use-rows.ts';

/** A gesture in words: what undo calls it, and what the notice after it says. */
export interface Told {
  gesture: string;
  done: string;
}

export interface Kind<R extends Row, P> {
  of: RowsOf;
  writes: boolean;
  editors: Editors<R, P>;
  /** What a row shows in a field. */
  cell: (field: string, row: R) => ReactNode;
  /** What matters most of a row, in one line: on cards and phones. */
  meta: (row: R) => ReactNode;
  /** What stands before a row's name. */
  lead: (row: R) => ReactNode;
  /** Changes one field of one row at once; what is refused is said at that cell. */
  edit: (row: R, field: string, patch: P) => void;
  /** Changes many as one gesture that one undo takes back. */
  editAll: (changes: readonly { row: R; patch: P }[], told: Told) => void;
  /** Why the last change of this cell was refused. */
  errorOf: (id: string, field: string) => string | undefined;
  remove: (rows: readonly R[]) => void;
  /** How rows are sorted by hand; null where they are not. */
  rank: { of: (row: R) => string | null; patch: (rank: string, also: P | null) => P } | null;
  /** Makes one in a group; answers when it is there. Null where nothing can be made here. */
  add: ((name: string, patch: P | null) => Promise<void>) | null;
  open: (id: string) => void;
  open_id: string | null;
  /** Dialogs that its actions need. */
  dialogs: ReactNode;
}
