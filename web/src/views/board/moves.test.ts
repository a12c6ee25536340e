// Cards carried on the board: the patch that a column means, and ranks that put a card exactly where it was dropped.
import type { ProjectTask } from '@taylordash/core/entities';
import { type RowNames, taskFields } from '@taylordash/core/row-fields';
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { taskEditors } from '../editors.ts';
import { addPatch, movePatch, ranksFor } from './moves.ts';

const names: RowNames = {
  people: new Map([['p1', 'ada']]),
  me: null,
  components: new Map([['c1', 'Pump']]),
  time_zone: 'UTC',
  today: '2026-05-14',
  now: '2026-05-14T00:00:00Z',
};
const fields = taskFields([], names);
const editors = taskEditors(names);
const task: ProjectTask = {
  ...{ id: 't', component_id: 'c1', name: 'T', status: 'todo', assignee_id: null, due_date: null, due_is_date: false },
  ...{ priority: 0, weight: 1, rank: null, labels: ['a', 'b'], checklist: [], estimate_minutes: null, repeats: null },
  ...{ completed_at: null, created_by: null, created_at: '', updated_at: '', version: 1 },
};
const field = (name: string) => {
  const found = fields.find((one) => one.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};

test.each([
  ['status', 'todo', 'done', { status: 'done' }],
  ['assignee', null, 'p1', { assignee_id: 'p1' }],
  ['assignee', 'p1', null, { assignee_id: null }],
  ['priority', '1', null, { priority: 0 }],
  ['component', 'c1', 'c2', { component_id: 'c2' }],
  ['label', 'a', 'c', { labels: ['b', 'c'] }],
  ['label', 'a', 'b', { labels: ['b'] }],
  ['label', 'a', null, { labels: ['b'] }],
  ['due', 'today', 'later', null],
  ['component', 'c1', null, null],
])('from one column of %s to another: %s to %s', (name, from, to, patch) => {
  expect(movePatch(editors, field(name), task, from, to)).toEqual(patch);
});

it('makes new cards as their column is', () => {
  expect(addPatch(editors, field('status'), 'done')).toEqual({ status: 'done' });
  expect(addPatch(editors, field('label'), 'x')).toEqual({ labels: ['x'] });
  expect(addPatch(editors, field('assignee'), null)).toBeNull();
  expect(addPatch(editors, field('due'), 'today')).toBeUndefined();
});

it('ranks a card where it was dropped, whatever ranks its neighbours have', () => {
  const rank = fc.option(fc.constantFrom('a', 'a!', 'b', 'm', 'z'), { nil: null });
  const check = fc.property(fc.array(rank, { maxLength: 8 }), fc.nat({ max: 8 }), (ranks, at) => {
    const sorted = [...ranks].sort((a, b) => (a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
    const column = sorted.map((one, index) => ({ id: `c${index}`, rank: one }));
    const place = Math.min(at, column.length);
    const made = ranksFor(column, 'new', place, 1_700_000_000_000);
    const after = [...column, { id: 'new', rank: null }].map(({ id, rank: old }) => ({
      id,
      rank: made.get(id) ?? old,
    }));
    const mine = made.get('new') ?? '';
    const before = column.slice(0, place).map(({ id }) => id);
    for (const one of after) {
      if (one.id === 'new') continue;
      expect(one.rank).not.toBe(mine);
      expect(one.rank !== null && one.rank < mine).toBe(before.includes(one.id));
    }
    // One card moves one card, where there is room.
    if (new Set(ranks).size === ranks.length && !ranks.includes(null) && !ranks.includes('a!'))
      expect(made.size).toBe(1);
  });
  fc.assert(check, { seed: 1, numRuns: 500 });
});
