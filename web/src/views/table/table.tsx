// The table: rows edited in their cells, found by keys, selected and changed many at once. Only the rows on the screen are there.
// biome-ignore-all lint/a11y/useSemanticElements: rows outside the screen are not there, and a <table> cannot place the others
import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, useCallback, useId, useMemo, useRef, useState } from 'react';
import { useApp } from '../../app-context.tsx';
import { useKeyList } from '../../frame/use-commands.ts';
import { viewStrings } from '../../strings/views.ts';
import { useHold } from '../../work/held.ts';
import type { Kind } from '../kind.ts';
import { useHoldUnderHand } from '../use-hold-under-hand.ts';
import { useRowHeight } from '../use-narrow.ts';
import type { Row, Rows } from '../use-rows.ts';
import { BulkBar } from './bulk-bar.tsx';
import { GroupRow } from './group-row.tsx';
import { gridTemplate, gridWidth, type Line, linesOf, selectWidth } from './lines.ts';
import { TableHead } from './table-head.tsx';
import { type RowCalls, TableRow } from './table-row.tsx';
import { useGridKeys } from './use-grid-keys.ts';
import { useSelection } from './use-selection.ts';

interface Props<R extends Row, P> {
  rows: Rows<R>;
  kind: Kind<R, P>;
  columns: readonly string[];
  sort: string;
  onSort: (sort: string) => void;
  title: string;
  labels: readonly string[];
  today: string;
}

export function Table<R extends Row, P>({ rows, kind, columns, sort, onSort, title, labels, today }: Props<R, P>) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const height = useRowHeight();
  // As tall as what is pressed in it: more under fingers.
  const headHeight = height > 40 ? 44 : 36;
  const [collapsed, setCollapsed] = useState<ReadonlySet<string | null>>(new Set());
  const lines = useMemo(() => linesOf(rows.groups, rows.group, collapsed), [rows.groups, rows.group, collapsed]);
  const visible = useMemo(
    () => [...new Set(lines.flatMap((line) => (line.kind === 'row' ? [line.row] : [])))],
    [lines],
  );
  const selection = useSelection(visible);
  const template = gridTemplate(columns);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 6,
    scrollPaddingStart: headHeight,
  });
  // The size of rows changes with density and pointer.
  const measured = useRef(height);
  if (measured.current !== height) {
    measured.current = height;
    virtual.measure();
  }
  const fieldAt = (column: number) => (column === 0 ? 'name' : (columns[column - 1] ?? ''));
  const rowAt = (line: number) => {
    const found = lines[line];
    return found?.kind === 'row' ? found.row : null;
  };
  const toggleGroup = (line: number, wanted?: boolean) => {
    const found = lines[line];
    if (found?.kind !== 'group') return;
    const next = new Set(collapsed);
    if (wanted ?? !found.collapsed) next.add(found.key);
    else next.delete(found.key);
    setCollapsed(next);
  };
  const grid = useGridKeys({
    lines: lines.length,
    columns: columns.length + 1,
    page: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / height) - 2),
    isGroup: (line) => lines[line]?.kind === 'group',
    canEdit: ({ column }) => kind.writes && kind.editors.has(fieldAt(column)),
    onShow: (line) => virtual.scrollToIndex(line, { align: 'auto' }),
    onToggleGroup: toggleGroup,
    onOpen: (line) => {
      const row = rowAt(line);
      if (row) kind.open(row.id);
    },
    onSelect: (line, how) => {
      const row = rowAt(line);
      if (!row) return;
      if (how === 'toggle') selection.toggle(row.id);
      else selection.extendTo(row.id);
    },
    onSelectAll: selection.all,
    onClear: () => {
      if (selection.ids.size === 0) return false;
      selection.clear();
      return true;
    },
    onDelete: (line) => {
      const row = rowAt(line);
      if (kind.writes && row) kind.remove(selection.rows.length > 0 ? selection.rows : [row]);
    },
  });
  // Rows are drawn again only for what is their own: what they call stays the same, and looks here for what is now.
  const latest = useRef({ grid, selection, rowAt, kind });
  latest.current = { grid, selection, rowAt, kind };
  const calls = useMemo(
    (): RowCalls => ({
      onCell(line, column, event) {
        const now = latest.current;
        if (event.target instanceof Element && event.target.closest('[role="dialog"], input')) return;
        const row = now.rowAt(line);
        if (row && (event.ctrlKey || event.metaKey)) now.selection.toggle(row.id);
        else if (row && event.shiftKey) now.selection.extendTo(row.id);
        else now.grid.edit({ line, column });
      },
      onSelect(line, event: MouseEvent) {
        const now = latest.current;
        const row = now.rowAt(line);
        if (!row) return;
        if (event.shiftKey) now.selection.extendTo(row.id);
        else now.selection.toggle(row.id);
      },
      onOpen(line) {
        const row = latest.current.rowAt(line);
        if (row) latest.current.kind.open(row.id);
      },
      onLeave(where) {
        latest.current.grid.leave(where);
        scroller.current?.focus({ preventScroll: true });
      },
    }),
    [],
  );
  const { active, editing } = grid;
  const { held } = useApp();
  useHoldUnderHand(scroller);
  useKeyList('page', viewStrings.table_keys);
  useHold(held, (active && editing && rowAt(active.line)?.id) || '', editing);
  const items = virtual.getVirtualItems();
  const pointed = active && items.some(({ index }) => index === active.line) ? active : null;
  const pointedId =
    pointed &&
    (lines[pointed.line]?.kind === 'group' ? `${id}-${pointed.line}` : `${id}-${pointed.line}-${pointed.column}`);
  const toggleAll = useCallback(
    () =>
      latest.current.selection.rows.length > 0 ? latest.current.selection.clear() : latest.current.selection.all(),
    [],
  );
  const line = (found: Line<R>, index: number, top: number) =>
    found.kind === 'group' ? (
      <GroupRow
        key={`group ${found.key}`}
        id={`${id}-${index}`}
        index={index}
        top={top}
        height={height}
        field={rows.group}
        line={found}
        columns={columns.length + 2}
        active={pointed?.line === index}
        onToggle={() => toggleGroup(index)}
      />
    ) : (
      <TableRow
        key={`${found.row.id} ${found.group}`}
        id={id}
        line={index}
        top={top}
        height={height}
        template={template}
        row={found.row}
        columns={columns}
        kind={kind}
        selected={selection.ids.has(found.row.id)}
        active={active?.line === index ? active.column : null}
        editing={editing && active?.line === index}
        labels={labels}
        today={today}
        calls={calls}
      />
    );
  return (
    <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
      <p id={`${id}-help`} className="sr-only">
        {viewStrings.table_help}
      </p>
      <div
        ref={scroller}
        role="grid"
        aria-label={title}
        aria-describedby={`${id}-help`}
        aria-rowcount={lines.length + 1}
        aria-colcount={columns.length + 2}
        aria-multiselectable
        aria-activedescendant={pointedId ?? undefined}
        tabIndex={0}
        onFocus={(event) => {
          if (event.target === scroller.current && !active && lines.length > 0) grid.setActive({ line: 0, column: 0 });
        }}
        onKeyDown={grid.onKeyDown}
        className="grid-focus min-h-0 flex-1 overflow-auto bg-surface-1 outline-none"
      >
        <div style={{ width: `max(100%, ${gridWidth(columns)}px)` }}>
          <TableHead
            columns={columns}
            template={template}
            height={headHeight}
            fields={rows.fields}
            sort={sort}
            onSort={onSort}
            selected={selection.rows.length === 0 ? 'none' : selection.rows.length === visible.length ? 'all' : 'some'}
            onSelectAll={toggleAll}
          />
          <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const found = lines[item.index];
              return found ? line(found, item.index, item.start) : null;
            })}
          </div>
        </div>
      </div>
      {selection.rows.length > 0 && (
        <BulkBar
          kind={kind}
          rows={selection.rows}
          labels={labels}
          today={today}
          onClear={selection.clear}
          left={selectWidth}
          height={headHeight}
        />
      )}
    </div>
  );
}
