// The table on a phone: two lines a row, opened by a tap, selected by its box.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useMemo, useRef } from 'react';
import { viewStrings } from '../strings/views.ts';
import { cx } from '../ui/cx.ts';
import { sayGroup } from './format.ts';
import type { Kind } from './kind.ts';
import { LiveMarks } from './live-marks.tsx';
import { BulkBar } from './table/bulk-bar.tsx';
import { linesOf } from './table/lines.ts';
import { useSelection } from './table/use-selection.ts';
import type { Row, Rows } from './use-rows.ts';

interface Props<R extends Row, P> {
  rows: Rows<R>;
  kind: Kind<R, P>;
  title: string;
  labels: readonly string[];
  today: string;
}

const none: ReadonlySet<string | null> = new Set();
const rowHeight = 68;
const groupHeight = 40;
const barHeight = 52;

export function RowList<R extends Row, P>({ rows, kind, title, labels, today }: Props<R, P>) {
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(rows.groups, rows.group, none), [rows.groups, rows.group]);
  const visible = useMemo(
    () => [...new Set(lines.flatMap((line) => (line.kind === 'row' ? [line.row] : [])))],
    [lines],
  );
  const selection = useSelection(visible);
  const selecting = selection.rows.length > 0;
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'group' ? groupHeight : rowHeight),
    overscan: 6,
    paddingStart: selecting ? barHeight : 0,
  });
  // The bar takes its place at the top, and no row moves under the finger.
  useLayoutEffect(() => {
    scroller.current?.scrollBy(0, selecting ? barHeight : -barHeight);
  }, [selecting]);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
      <div ref={scroller} data-row-list tabIndex={0} className="min-h-0 flex-1 overflow-y-auto bg-surface-1">
        <ul aria-label={title} className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            const place = { transform: `translateY(${item.start}px)`, height: item.size };
            if (line.kind === 'group') {
              return (
                <li
                  key={`group ${line.key}`}
                  className="absolute inset-x-0 flex items-center gap-2 border-line border-b bg-surface-0 px-4 text-13 font-medium text-text-2"
                  style={place}
                >
                  {rows.group ? sayGroup(rows.group, line.key) : ''}
                  <span className="font-normal text-text-3">{line.count.toLocaleString('en')}</span>
                </li>
              );
            }
            const { row } = line;
            const selected = selection.ids.has(row.id);
            return (
              <li
                key={`${row.id} ${line.group}`}
                aria-setsize={lines.length}
                aria-posinset={item.index + 1}
                className={cx(
                  'absolute inset-x-0 flex items-center border-line border-b pr-4',
                  selected || kind.open_id === row.id ? 'bg-accent-quiet' : 'bg-surface-1',
                )}
                style={place}
              >
                <label className="flex size-[44px] shrink-0 items-center justify-center">
                  <span className="sr-only">{viewStrings.select_row(row.name)}</span>
                  <input
                    type="checkbox"
                    checked={selected}
                    onChange={() => selection.toggle(row.id)}
                    className="size-5 accent-accent"
                  />
                </label>
                <button
                  type="button"
                  onClick={() => kind.open(row.id)}
                  className="flex h-full min-w-0 flex-1 flex-col justify-center gap-1 text-left"
                >
                  <span className="flex w-full items-center gap-2 font-medium">
                    {kind.lead(row)}
                    <span className="min-w-0 flex-1 truncate">{row.name}</span>
                    <LiveMarks id={row.id} />
                  </span>
                  <span className="flex w-full items-center gap-2 overflow-hidden whitespace-nowrap text-12 text-text-3">
                    {kind.meta(row)}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      {selection.rows.length > 0 && (
        <BulkBar
          kind={kind}
          rows={selection.rows}
          labels={labels}
          today={today}
          onClear={selection.clear}
          left={0}
          height={barHeight}
        />
      )}
    </div>
  );
}
