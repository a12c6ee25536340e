// The table by keyboard: which cell is active, and what each key does there. The grid itself has the focus, its cells are pointed to.
import { type KeyboardEvent, useState } from 'react';
import { isTyping } from '../../ui/typing.ts';
import type { Leave } from '../cell-editor.tsx';

export interface ActiveCell {
  line: number;
  /** 0 is the name. */
  column: number;
}

interface Options {
  lines: number;
  columns: number;
  /** Rows of one screen, for Page Up and Page Down. */
  page: () => number;
  isGroup: (line: number) => boolean;
  canEdit: (cell: ActiveCell) => boolean;
  onShow: (line: number) => void;
  onToggleGroup: (line: number, collapsed?: boolean) => void;
  onOpen: (line: number) => void;
  onSelect: (line: number, how: 'toggle' | 'extend') => void;
  onSelectAll: () => void;
  onClear: () => boolean;
  onDelete: (line: number) => void;
}

export function useGridKeys(options: Options) {
  const [active, setActive] = useState<ActiveCell | null>(null);
  const [editing, setEditing] = useState(false);
  const go = (line: number, column: number) => {
    const next = {
      line: Math.max(0, Math.min(options.lines - 1, line)),
      column: Math.max(0, Math.min(options.columns - 1, column)),
    };
    setEditing(false);
    setActive(next);
    options.onShow(next.line);
    return next;
  };

  /** Goes on after an edit: to the next cell that can be edited, over the end of the row. */
  const leave = (where: Leave) => {
    setEditing(false);
    if (!active || where === 'stay') return;
    if (where === 'down') {
      go(active.line + 1, active.column);
      return;
    }
    const step = where === 'next' ? 1 : -1;
    let { line, column } = active;
    for (let tries = 0; tries < options.columns * 3; tries++) {
      column += step;
      if (column < 0 || column >= options.columns) {
        line += step;
        column = step > 0 ? 0 : options.columns - 1;
      }
      if (line < 0 || line >= options.lines) return;
      if (!options.isGroup(line) && options.canEdit({ line, column })) {
        go(line, column);
        setEditing(true);
        return;
      }
    }
  };

  const edit = (cell: ActiveCell) => {
    setActive(cell);
    if (!options.isGroup(cell.line) && options.canEdit(cell)) setEditing(true);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isTyping(event.target) || options.lines === 0) return;
    const { line, column } = active ?? { line: 0, column: 0 };
    const mod = event.ctrlKey || event.metaKey;
    const isGroup = options.isGroup(line);
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(line + (active ? 1 : 0), column),
      ArrowUp: () => go(line - 1, column),
      ArrowLeft: () => (isGroup ? options.onToggleGroup(line, true) : go(line, column - 1)),
      ArrowRight: () => (isGroup ? options.onToggleGroup(line, false) : go(line, column + 1)),
      Home: () => go(mod ? 0 : line, 0),
      End: () => go(mod ? options.lines - 1 : line, options.columns - 1),
      PageDown: () => go(line + options.page(), column),
      PageUp: () => go(line - options.page(), column),
      Enter: () => {
        if (isGroup) options.onToggleGroup(line);
        else if (mod) options.onOpen(line);
        else if (options.canEdit({ line, column })) edit({ line, column });
        else options.onOpen(line);
      },
      F2: () => edit({ line, column }),
      ' ': () => (isGroup ? options.onToggleGroup(line) : options.onSelect(line, event.shiftKey ? 'extend' : 'toggle')),
      Delete: () => {
        if (!isGroup) options.onDelete(line);
      },
      a: () => {
        if (mod) options.onSelectAll();
      },
    };
    if (event.key === 'Escape') {
      if (options.onClear()) {
        event.preventDefault();
        event.stopPropagation();
      }
      return;
    }
    if (event.altKey || (event.key === 'a' && !mod)) return;
    const run = moves[event.key];
    if (!run) return;
    event.preventDefault();
    if (event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      if (!isGroup) options.onSelect(line, 'extend');
      const next = go(line + (event.key === 'ArrowDown' ? 1 : -1), column);
      if (!options.isGroup(next.line)) options.onSelect(next.line, 'extend');
      return;
    }
    run();
  };

  return { active, editing, setActive, edit, leave, onKeyDown };
}
