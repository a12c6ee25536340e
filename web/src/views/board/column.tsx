// One column: its name and count, its cards (only those on the screen), and where a new one is made.
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import { viewStrings } from '../../strings/views.ts';
import { cx } from '../../ui/cx.ts';
import { AddRow } from '../add-row.tsx';
import type { Kind } from '../kind.ts';
import type { Row } from '../use-rows.ts';
import { Card, cardGap, cardHeight } from './card.tsx';

export const pitch = cardHeight + cardGap;

interface Props<R extends Row, P> {
  id: string;
  index: number;
  name: string;
  lead: ReactNode;
  rows: readonly R[];
  kind: Kind<R, P>;
  help: string;
  /** The place that Tab comes to, where it is in this column. */
  active: number | null;
  /** The card that is being carried, from wherever. */
  carried: string | null;
  /** Where it would drop, in this column; `whole`: sorted by something else, only the column counts. */
  drop: { place: number; whole: boolean } | null;
  onFocus: (column: number, place: number) => void;
  menu: (row: R) => ReactNode;
  add: ((name: string) => Promise<void>) | null;
}

export function Column<R extends Row, P>(props: Props<R, P>) {
  const { id, index, name, lead, rows, kind, help, active, carried, drop, onFocus, menu, add } = props;
  const list = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: () => pitch,
    overscan: 4,
    paddingStart: 4,
    paddingEnd: 4,
    // The card that has the focus stays, so that the focus is not lost to scrolling.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return active === null || shown.includes(active) || active >= rows.length
        ? shown
        : [...shown, active].sort((a, b) => a - b);
    },
  });
  const target = active ?? null;
  useEffect(() => {
    if (target !== null) virtual.scrollToIndex(target, { align: 'auto' });
  }, [target, virtual]);
  const dropPlace = drop?.whole === false ? drop.place : null;
  useEffect(() => {
    if (dropPlace !== null) virtual.scrollToIndex(Math.min(dropPlace, rows.length - 1), { align: 'auto' });
  }, [dropPlace, rows.length, virtual]);
  const focus = useCallback((place: number) => onFocus(index, place), [onFocus, index]);
  const carriedAt = carried === null ? -1 : rows.findIndex((row) => row.id === carried);
  const line = drop && !drop.whole ? drop.place + (carriedAt >= 0 && carriedAt < drop.place ? 1 : 0) : null;
  return (
    <section
      data-column={index}
      aria-label={viewStrings.column(name, rows.length)}
      className={cx(
        'flex h-full min-w-0 flex-col rounded-node border bg-surface-1',
        drop ? 'border-accent' : 'border-line',
        drop?.whole === true && 'bg-accent-quiet',
      )}
    >
      <h2 className="flex shrink-0 items-center gap-2 px-3 pt-2.5 pb-1.5 text-13 font-medium text-text-2 max-md:sr-only">
        {lead}
        <span className="truncate">{name}</span>
        <span className="font-normal text-text-3">{rows.length.toLocaleString('en')}</span>
      </h2>
      <div
        ref={list}
        data-cards
        tabIndex={rows.length > 0 ? -1 : undefined}
        className="min-h-0 flex-1 overflow-y-auto outline-none"
      >
        <ul aria-label={name} className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <Card
                key={row.id}
                id={`${id}-${row.id}`}
                row={row}
                kind={kind}
                top={item.start}
                tabbed={active === item.index}
                carried={carried === row.id}
                help={help}
                place={item.index}
                of={rows.length}
                onFocus={focus}
                menu={menu}
              />
            );
          })}
          {line !== null && (
            <li
              aria-hidden
              className="absolute inset-x-2 h-0.5 rounded-full bg-accent"
              style={{ transform: `translateY(${4 + line * pitch - cardGap / 2 - 1}px)` }}
            />
          )}
        </ul>
      </div>
      {add && (
        <div className="shrink-0 px-1 pb-1">
          <AddRow label={viewStrings.add_to(name)} add={add} />
        </div>
      )}
    </section>
  );
}
