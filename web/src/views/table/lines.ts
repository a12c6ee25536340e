// The lines of a table: heads of groups and rows, one after the other, as they are scrolled through and counted.
import type { RowField, RowGroup } from '@taylordash/core/rows';
import type { Row } from '../use-rows.ts';

export type Line<R> =
  | { kind: 'group'; key: string | null; count: number; collapsed: boolean }
  /** `group` tells apart the places of a row that stands in several groups. */
  | { kind: 'row'; row: R; group: string | null };

export function linesOf<R extends Row>(
  groups: readonly RowGroup<R>[],
  field: RowField<R> | null,
  collapsed: ReadonlySet<string | null>,
): Line<R>[] {
  const lines: Line<R>[] = [];
  for (const { key, rows } of groups) {
    if (field) {
      if (rows.length === 0) continue;
      lines.push({ kind: 'group', key, count: rows.length, collapsed: collapsed.has(key) });
      if (collapsed.has(key)) continue;
    }
    for (const row of rows) lines.push({ kind: 'row', row, group: key });
  }
  return lines;
}

/** Widths in pixels; the name takes what is left. */
const columnWidths: Record<string, number> = {
  type: 130,
  status: 124,
  state: 150,
  progress: 110,
  assignee: 136,
  start: 120,
  due: 136,
  duration: 110,
  weight: 90,
  tasks: 110,
  created: 120,
  updated: 120,
  completed: 120,
  component: 170,
  priority: 116,
  label: 160,
  estimate: 92,
};
export const selectWidth = 44;
const nameWidth = 280;

export function gridTemplate(columns: readonly string[]): string {
  const rest = columns.map((column) => `${columnWidths[column] ?? 120}px`).join(' ');
  return `${selectWidth}px minmax(${nameWidth}px, 1fr) ${rest}`;
}

export function gridWidth(columns: readonly string[]): number {
  return selectWidth + nameWidth + columns.reduce((sum, column) => sum + (columnWidths[column] ?? 120), 0);
}
