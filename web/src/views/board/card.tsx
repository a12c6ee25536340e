// One card: what it is called and what matters most of it. Drawn again only when something of its own changes.
import { memo, type ReactNode } from 'react';
import { viewStrings } from '../../strings/views.ts';
import { cx } from '../../ui/cx.ts';
import type { Kind } from '../kind.ts';
import { LiveMarks } from '../live-marks.tsx';
import type { Row } from '../use-rows.ts';

export const cardHeight = 84;
export const cardGap = 8;

interface Props<R extends Row, P> {
  id: string;
  row: R;
  kind: Kind<R, P>;
  top: number;
  /** Is it the one that Tab comes to? */
  tabbed: boolean;
  carried: boolean;
  help: string;
  place: number;
  of: number;
  onFocus: (place: number) => void;
  menu: (row: R) => ReactNode;
}

function CardPlain<R extends Row, P>({
  id,
  row,
  kind,
  top,
  tabbed,
  carried,
  help,
  place,
  of,
  onFocus,
  menu,
}: Props<R, P>) {
  const error = kind.errorOf(row.id, 'status');
  return (
    <li
      data-card={row.id}
      aria-setsize={of}
      aria-posinset={place + 1}
      className={cx(
        'group/card absolute inset-x-2 rounded-node border bg-surface-2 shadow-1',
        kind.open_id === row.id ? 'border-accent' : 'border-line hover:border-control',
        carried && 'opacity-40',
      )}
      style={{ transform: `translateY(${top}px)`, height: cardHeight }}
    >
      <button
        type="button"
        id={id}
        data-card-button
        tabIndex={tabbed ? 0 : -1}
        aria-describedby={help}
        onClick={() => kind.open(row.id)}
        onFocus={() => onFocus(place)}
        className="flex h-full w-full select-none flex-col justify-between rounded-node p-2.5 text-left"
      >
        <span className={cx('line-clamp-2 pr-7 text-14', 'break-words')}>{row.name}</span>
        {error === undefined ? (
          <span className="flex w-full min-w-0 items-center gap-2 overflow-hidden text-12 text-text-2">
            <LiveMarks id={row.id} />
            {kind.meta(row)}
          </span>
        ) : (
          <span className="truncate text-12 text-blocked">{error}</span>
        )}
      </button>
      {kind.writes && (
        <span
          data-card-menu
          className="absolute top-1 right-1 opacity-0 focus-within:opacity-100 group-focus-within/card:opacity-100 group-hover/card:opacity-100 pointer-coarse:opacity-100"
        >
          {menu(row)}
        </span>
      )}
    </li>
  );
}

// memo() forgets that the component is generic.
export const Card = memo(CardPlain) as typeof CardPlain;

/** The picture of a card under the pointer. */
export function CardPicture({ name }: { name: string }) {
  return (
    <div
      title={viewStrings.drag(name)}
      className="w-64 rotate-2 rounded-node border border-accent bg-surface-3 p-2.5 text-14 shadow-2"
    >
      <span className="line-clamp-2">{name}</span>
    </div>
  );
}
