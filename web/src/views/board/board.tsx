// The board: columns by status or another field, cards carried between them by mouse, finger, keys or menu.
import { useVirtualizer } from '@tanstack/react-virtual';
import type { RowField } from '@taylordash/core/rows';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { useApp } from '../../app-context.tsx';
import { useKeyList } from '../../frame/use-commands.ts';
import { viewStrings as words } from '../../strings/views.ts';
import { cx } from '../../ui/cx.ts';
import { useHold } from '../../work/held.ts';
import { fieldTitle, sayGroup } from '../format.ts';
import type { Kind } from '../kind.ts';
import { useHoldUnderHand } from '../use-hold-under-hand.ts';
import type { Row, Rows } from '../use-rows.ts';
import { CardPicture } from './card.tsx';
import { CardMenu } from './card-menu.tsx';
import { Column, pitch } from './column.tsx';
import { ColumnLead } from './column-lead.tsx';
import { addPatch, movePatch, ranksFor } from './moves.ts';
import { useBoardKeys } from './use-board-keys.ts';
import { type Carried, type Place, useCardDrag } from './use-card-drag.ts';

interface Props<R extends Row, P> {
  rows: Rows<R>;
  field: RowField<R>;
  kind: Kind<R, P>;
  /** Cards are sorted by hand: the place in a column counts. Null where they are not. */
  rank: Kind<R, P>['rank'];
  narrow: boolean;
}

const columnWidth = 304;
const collapsedWidth = 52;

export function Board<R extends Row, P>({ rows, field, kind, rank, narrow }: Props<R, P>) {
  const id = useId();
  const board = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  const [opened, setOpened] = useState<ReadonlySet<string | null>>(new Set());
  const [width, setWidth] = useState(360);
  const [shown, setShown] = useState(0);
  const { groups } = rows;
  const names = groups.map(({ key }) => sayGroup(field, key));
  const name = (column: number) => names[column] ?? '';
  const movable = kind.writes && field.name !== 'state' && (kind.editors.has(field.name) || rank !== null);
  const rowAt = ({ column, place }: Place) => groups[column]?.rows[place] ?? null;

  /** Carries a card out of one column into a place of another, as one gesture. */
  const move = (row: R, from: number, to: number, place: number) => {
    const source = groups[from];
    const target = groups[to];
    if (!source || !target) return;
    const patch = from === to ? null : movePatch(kind.editors, field, row, source.key, target.key);
    if (patch === null && from !== to) return;
    const others = target.rows.filter((one) => one.id !== row.id);
    const wasAt = source.rows.findIndex((one) => one.id === row.id);
    const at = Math.min(place, others.length);
    if (from === to && (rank === null || wasAt === at)) return;
    const ranks = rank
      ? ranksFor(
          others.map((one) => ({ id: one.id, rank: rank.of(one) })),
          row.id,
          at,
          Date.now(),
        )
      : new Map<string, string>();
    const own = ranks.get(row.id);
    const moved = rank && own !== undefined ? rank.patch(own, patch) : patch;
    if (moved === null) return;
    const changes: { row: R; patch: P }[] = [{ row, patch: moved }];
    for (const one of others) {
      const next = ranks.get(one.id);
      if (rank && next !== undefined) changes.push({ row: one, patch: rank.patch(next, null) });
    }
    kind.editAll(changes, {
      gesture: from === to ? words.sorted_gesture(row.name) : words.moved_gesture(row.name, name(to)),
      done: from === to ? words.sorted(row.name) : words.moved_to(row.name, name(to)),
    });
  };
  const drop = ({ id: card, from, column, place }: Carried) => {
    const row = groups[from]?.rows.find((one) => one.id === card);
    if (!row) return;
    move(row, from, column, place);
    setSaid(words.dropped(row.name, name(column)));
  };
  const drag = useCardDrag({
    board,
    enabled: movable,
    pitch,
    onMove: (x, y) => {
      if (picture.current) picture.current.style.transform = `translate(${x + 8}px, ${y + 8}px)`;
    },
    onDrop: drop,
  });
  const focusCard = (card: string | undefined) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => document.getElementById(`${id}-${card}`)?.focus({ preventScroll: true })),
    );
  const keys = useBoardKeys({
    counts: groups.map((group) => group.rows.length),
    cardAt: (at) => rowAt(at)?.id ?? null,
    canLift: movable,
    onFocus: (at) => {
      columns.scrollToIndex(at.column, { align: 'auto' });
      focusCard(rowAt(at)?.id);
    },
    onOpen: (at) => {
      const row = rowAt(at);
      if (row) kind.open(row.id);
    },
    onDelete: (at) => {
      const row = rowAt(at);
      if (row && kind.writes) kind.remove([row]);
    },
    onLift: (now) => {
      const count = groups[now.column]?.rows.length ?? 0;
      setSaid(words.lifted(rowAt(now)?.name ?? '', name(now.column), now.place + 1, count));
    },
    onCarry: (now) => {
      columns.scrollToIndex(now.column, { align: 'auto' });
      const count = (groups[now.column]?.rows.length ?? 0) + (now.column === now.from ? 0 : 1);
      setSaid(words.carried(name(now.column), now.place + 1, count));
    },
    onDrop: (now) => {
      drop(now);
      landed.current = now;
    },
    onBack: (now) => setSaid(words.put_back(groups[now.from]?.rows.find((row) => row.id === now.id)?.name ?? '')),
  });
  // A card that was dropped by keys keeps the focus, where it is as soon as it is there.
  const landed = useRef<Carried | null>(null);
  useEffect(() => {
    const now = landed.current;
    const place = now ? (groups[now.column]?.rows.findIndex((row) => row.id === now.id) ?? -1) : -1;
    if (!now || place < 0) return;
    landed.current = null;
    keys.setActive({ column: now.column, place });
    focusCard(now.id);
  });
  const carried = drag.carried ?? keys.lifted;
  const { held } = useApp();
  useHoldUnderHand(board);
  useKeyList('page', words.board_keys);
  useHold(held, carried?.id ?? '', carried !== null);
  const carriedRow = carried && groups[carried.from]?.rows.find((row) => row.id === carried.id);
  const isCollapsed = (index: number) =>
    !narrow &&
    groups.length * columnWidth > width &&
    groups[index]?.rows.length === 0 &&
    !opened.has(groups[index]?.key ?? null);
  const columns = useVirtualizer({
    horizontal: true,
    count: groups.length,
    getScrollElement: () => board.current,
    estimateSize: (index) => (narrow ? width : isCollapsed(index) ? collapsedWidth : columnWidth),
    overscan: 2,
  });
  const sizes = groups.map((_, index) => Number(isCollapsed(index))).join('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what columns measure follows from these
  useEffect(() => columns.measure(), [columns, sizes, width, narrow]);
  useEffect(() => {
    const element = board.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const onFocus = useCallback((column: number, place: number) => keys.setActive({ column, place }), [keys.setActive]);
  // Cards are drawn again only for what is their own: their menu looks here for what is now.
  const latest = useRef({ groups, move, names });
  latest.current = { groups, move, names };
  const hasRank = rank !== null;
  const menuIn = useCallback(
    (column: number) => (row: R) => (
      <CardMenu
        row={row}
        column={column}
        names={latest.current.names}
        title={fieldTitle(field.name)}
        can={(to) => {
          const [source, target] = [latest.current.groups[column], latest.current.groups[to]];
          return (
            source !== undefined &&
            target !== undefined &&
            movePatch(kind.editors, field, row, source.key, target.key) !== null
          );
        }}
        ranked={hasRank}
        onMove={(to, place) => latest.current.move(row, column, to, place)}
      />
    ),
    [field, kind.editors, hasRank],
  );
  const activeAt =
    (groups[keys.active.column]?.rows.length ?? 0) > 0
      ? keys.active
      : { column: groups.findIndex((group) => group.rows.length > 0), place: 0 };
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <p id={`${id}-help`} className="sr-only">
        {words.board_help}
      </p>
      <p role="status" className="sr-only">
        {said}
      </p>
      {narrow && (
        <nav aria-label={fieldTitle(field.name)} className="flex shrink-0 gap-1 overflow-x-auto px-2 pt-2">
          {groups.map((group, index) => (
            <button
              key={group.key}
              type="button"
              aria-current={shown === index || undefined}
              onClick={() => columns.scrollToIndex(index, { align: 'start', behavior: 'smooth' })}
              className={cx(
                'press target shrink-0 rounded-control px-3 text-13',
                shown === index ? 'bg-accent-quiet font-medium text-text' : 'text-text-2',
              )}
            >
              {names[index]} <span className="text-text-3">{group.rows.length.toLocaleString('en')}</span>
            </button>
          ))}
        </nav>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset has a layout of its own */}
      <div
        ref={board}
        role="group"
        aria-label={words.board_label(words[kind.of].toLowerCase(), fieldTitle(field.name).toLowerCase())}
        onPointerDown={drag.onPointerDown}
        onKeyDown={keys.onKeyDown}
        onScroll={() => {
          if (narrow) setShown(Math.round((board.current?.scrollLeft ?? 0) / Math.max(1, width)));
        }}
        className={cx('relative min-h-0 flex-1 overflow-x-auto overflow-y-hidden', narrow && 'snap-x snap-mandatory')}
      >
        <div className="relative h-full" style={{ width: columns.getTotalSize() }}>
          {columns.getVirtualItems().map((item) => {
            const group = groups[item.index];
            if (!group) return null;
            const over = carried?.column === item.index ? carried : null;
            const patch = kind.add ? addPatch(kind.editors, field, group.key) : null;
            return (
              <div
                key={group.key ?? '-'}
                className={cx('absolute top-0 left-0 h-full p-2', narrow && 'snap-start')}
                style={{ transform: `translateX(${item.start}px)`, width: item.size }}
              >
                {isCollapsed(item.index) ? (
                  <button
                    type="button"
                    data-column={item.index}
                    onClick={() => setOpened(new Set([...opened, group.key]))}
                    title={words.expand(name(item.index))}
                    className={cx(
                      'press flex h-full w-full items-center rounded-node border bg-surface-1 py-3 text-13 text-text-2 [writing-mode:vertical-rl] hover:text-text',
                      over ? 'border-accent bg-accent-quiet' : 'border-line',
                    )}
                  >
                    {name(item.index)} <span className="pt-2 text-text-3">0</span>
                  </button>
                ) : (
                  <Column
                    id={id}
                    index={item.index}
                    name={name(item.index)}
                    lead={<ColumnLead field={field.name} value={group.key} />}
                    rows={group.rows}
                    kind={kind}
                    help={`${id}-help`}
                    active={activeAt.column === item.index ? activeAt.place : null}
                    carried={carried?.from === item.index ? carried.id : null}
                    drop={over && { place: over.place, whole: rank === null }}
                    onFocus={onFocus}
                    menu={menuIn(item.index)}
                    add={
                      kind.add && patch !== undefined ? (text) => kind.add?.(text, patch) ?? Promise.resolve() : null
                    }
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
      <div
        ref={picture}
        aria-hidden
        className={cx('pointer-events-none fixed top-0 left-0 z-50', drag.carried === null && 'hidden')}
      >
        {drag.carried && carriedRow && <CardPicture name={carriedRow.name} />}
      </div>
    </div>
  );
}
