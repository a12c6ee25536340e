// What dropping a card in a place means: which patch, and which rank where cards are sorted by hand. Pure.
import { appendedRank, rankBetween } from '@taylordash/core/rank';
import type { RowField } from '@taylordash/core/rows';
import type { Editors } from '../editors.ts';

/** The patch that takes a row from one column to another; null where cards cannot be moved between them. */
export function movePatch<R, P>(
  editors: Editors<R, P>,
  field: RowField<R>,
  row: R,
  from: string | null,
  to: string | null,
): P | null {
  // A shown state follows from more than one's own status.
  const editor = field.name === 'state' ? undefined : editors.get(field.name);
  if (!editor) return null;
  switch (editor.kind) {
    case 'pick':
      if (to !== null) return editor.patch(to);
      if (editor.clear !== undefined) return editor.patch(null);
      // No priority is a value of its own.
      return editor.options.some(({ key }) => key === '0') ? editor.patch('0') : null;
    case 'labels': {
      const rest = editor.value(row).filter((label) => label !== from && label !== to);
      return editor.patch(to === null ? rest : [...rest, to]);
    }
    case 'text': {
      const read = editor.read(to ?? '');
      return 'patch' in read ? read.patch : null;
    }
    default:
      return null;
  }
}

/** What a card that is made in a column is from the beginning; undefined where the column's value cannot be given to it. */
export function addPatch<R, P>(editors: Editors<R, P>, field: RowField<R>, key: string | null): P | null | undefined {
  // Blocking asks for a reason, and a shown state follows from other things.
  if (field.name === 'state' || field.kind === 'day' || key === 'blocked') return undefined;
  if (key === null) return null;
  const editor = editors.get(field.name);
  if (editor?.kind === 'labels') return editor.patch([key]);
  if (editor?.kind === 'pick') return editor.patch(key);
  if (editor?.kind !== 'text') return undefined;
  const read = editor.read(key);
  return 'patch' in read ? read.patch : undefined;
}

interface Ranked {
  id: string;
  rank: string | null;
}

/**
 * The ranks that put `id` at a place of a column, which is given in its order without it: one, or those of the whole column
 * where there is no room between its neighbours or somebody has none.
 */
export function ranksFor(column: readonly Ranked[], id: string, place: number, now: number): Map<string, string> {
  const before = column[place - 1];
  const after = column[place];
  const known = (one: Ranked | undefined) => one === undefined || one.rank !== null;
  const rank = known(before) && known(after) ? rankBetween(before?.rank ?? null, after?.rank ?? null) : null;
  if (rank !== null && rank.length <= 120) return new Map([[id, rank]]);
  const ids = column.map((one) => one.id);
  ids.splice(place, 0, id);
  return new Map(ids.map((one, at) => [one, appendedRank(now, at)]));
}
