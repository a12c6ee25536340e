// The lines of a table: heads of groups that have rows, and their rows where they are not collapsed.
import { expect, it } from 'vitest';
import { linesOf } from './lines.ts';

const row = (id: string) => ({ id, name: id });
const field = { name: 'status', kind: 'choice', value: () => null } as const;
const groups = [
  { key: 'todo', rows: [row('a'), row('b')] },
  { key: 'done', rows: [] },
  { key: null, rows: [row('a')] },
];
const said = (collapsed: readonly (string | null)[], grouped = true) =>
  linesOf(groups, grouped ? field : null, new Set(collapsed)).map((line) =>
    line.kind === 'group' ? `${line.key} (${line.count}${line.collapsed ? ', collapsed' : ''})` : line.row.id,
  );

it('has a head for each group with rows, and none where nothing groups', () => {
  expect(said([])).toEqual(['todo (2)', 'a', 'b', 'null (1)', 'a']);
  expect(said(['todo'])).toEqual(['todo (2, collapsed)', 'null (1)', 'a']);
  expect(said([null])).toEqual(['todo (2)', 'a', 'b', 'null (1, collapsed)']);
  expect(said([], false)).toEqual(['a', 'b', 'a']);
});
