// The menu of a card: the way by taps and keys of what dragging does.

import { viewStrings as words } from '../../strings/views.ts';
import { MenuItem, MenuLabel, MenuLine, MoreMenu } from '../../ui/menu.tsx';
import type { Row } from '../use-rows.ts';

/** More would be no menu any more; the table and the editor have the others. */
const most = 30;

interface MenuProps<R> {
  row: R;
  column: number;
  names: readonly string[];
  title: string;
  can: (to: number) => boolean;
  ranked: boolean;
  onMove: (to: number, place: number) => void;
}

export function CardMenu<R extends Row>({ row, column, names, title, can, ranked, onMove }: MenuProps<R>) {
  const targets = names
    .slice(0, most)
    .map((name, to) => ({ name, to }))
    .filter(({ to }) => to === column || can(to));
  return (
    <MoreMenu label={words.card_actions(row.name)}>
      <MenuLabel>
        {words.move_to} · {title}
      </MenuLabel>
      {targets.map(({ to, name }) => (
        <MenuItem key={to} chosen={to === column} onSelect={() => onMove(to, 0)}>
          {name}
        </MenuItem>
      ))}
      {ranked && (
        <>
          <MenuLine />
          <MenuItem onSelect={() => onMove(column, 0)}>{words.move_first}</MenuItem>
          <MenuItem onSelect={() => onMove(column, Number.MAX_SAFE_INTEGER)}>{words.move_last}</MenuItem>
        </>
      )}
    </MoreMenu>
  );
}
