// Which rows are selected, by id: one by one, a stretch from the last one, or all.
import { useCallback, useMemo, useState } from 'react';
import type { Row } from '../use-rows.ts';

export interface Selection<R extends Row> {
  ids: ReadonlySet<string>;
  /** Those that are still there, in order. */
  rows: readonly R[];
  toggle: (id: string) => void;
  /** Everything from the last one that was toggled to this one. */
  extendTo: (id: string) => void;
  all: () => void;
  clear: () => void;
}

/** `rows` are those that one sees, in order; a row in several groups counts once. */
export function useSelection<R extends Row>(rows: readonly R[]): Selection<R> {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string | null>(null);
  const toggle = useCallback((id: string) => {
    setAnchor(id);
    setIds((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const extendTo = useCallback(
    (id: string) => {
      const from = rows.findIndex((row) => row.id === anchor);
      const to = rows.findIndex((row) => row.id === id);
      if (from < 0 || to < 0) {
        toggle(id);
        return;
      }
      const stretch = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
      setIds((old) => new Set([...old, ...stretch.map((row) => row.id)]));
    },
    [rows, anchor, toggle],
  );
  const all = useCallback(() => setIds(new Set(rows.map(({ id }) => id))), [rows]);
  const clear = useCallback(() => setIds(new Set()), []);
  return useMemo(
    () => ({ ids, rows: ids.size === 0 ? [] : rows.filter(({ id }) => ids.has(id)), toggle, extendTo, all, clear }),
    [ids, rows, toggle, extendTo, all, clear],
  );
}
