// The address of a board or table: what it says over a saved view, and that it holds no more than what differs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinView, defaultView, readWorkSearch, searchFor, settingsOf, viewOf } from './settings.ts';

const saved = { ...defaultView('tasks', 'table'), filter: 'assignee:me', group: 'status', sort: '-due' };

describe('what is shown', () => {
  it('is the default of what a project has, where the address says nothing', () => {
    expect(settingsOf({}, 'board', null, 'tasks')).toMatchObject({
      config: { of: 'tasks', as: 'board', group: 'status', sort: 'rank', filter: '' },
      modified: false,
    });
    expect(settingsOf({}, 'table', null, 'components').config).toMatchObject({ group: null, sort: 'flow' });
  });
  it('is the saved view, with what the address changes of it', () => {
    const { config, modified } = settingsOf({ sort: 'name', group: 'none', filter: '' }, 'table', saved, 'tasks');
    expect(config).toEqual({ ...saved, sort: 'name', group: null, filter: '' });
    expect(modified).toBe(true);
    expect(settingsOf({}, 'table', saved, 'components')).toEqual({ config: saved, base: saved, modified: false });
  });
  it('keeps the rows of a table’s view on the board, with the board’s own columns', () => {
    const { config } = settingsOf({}, 'board', { ...saved, group: null }, 'tasks');
    expect(config).toMatchObject({ as: 'board', filter: 'assignee:me', sort: '-due', group: 'status' });
  });
  it('lets go of a view of other rows', () => {
    expect(settingsOf({ of: 'components' }, 'table', saved, 'tasks').config).toEqual(
      defaultView('components', 'table'),
    );
  });
  it('knows the built-in views', () => {
    expect(builtinView('ready', 'board')).toMatchObject({ of: 'components', as: 'board', filter: 'state:ready' });
    expect(builtinView('mine', 'table')).toMatchObject({ of: 'tasks', filter: 'assignee:me -status:done' });
  });
});

it('writes into the address what leads back to the same settings', () => {
  const text = fc.constantFrom('', 'pump', 'status:todo', '12');
  const check = fc.property(
    text,
    fc.constantFrom(null, 'status', 'due'),
    fc.constantFrom('name', '-due', 'rank'),
    fc.subarray(['status', 'due', 'label']),
    fc.constantFrom(null, saved),
    (filter, group, sort, columns, base) => {
      const before = settingsOf({}, 'table', base, 'tasks').base;
      const wanted = { ...before, filter, group, sort, columns: columns.length > 0 ? columns : before.columns };
      // As the address bar hands it back: what looks like a number is one.
      const search = searchFor(wanted, before);
      const read = readWorkSearch({ ...search, ...(search.filter === '12' ? { filter: 12 } : {}) });
      expect(settingsOf(read, 'table', base, 'tasks').config).toEqual(wanted);
    },
  );
  fc.assert(check, { seed: 1, numRuns: 300 });
});

it('reads no nonsense from an address', () => {
  expect(readWorkSearch({ view: 'spreadsheet', of: 'people', sort: ['a'], task: '', filter: { a: 1 } })).toEqual({});
  expect(readWorkSearch({ view: 'board', task: 'x', filter: '' })).toEqual({ view: 'board', task: 'x', filter: '' });
});

it('takes a layout for a view only where it is one', () => {
  expect(viewOf({ kind: 'view', config: { ...saved } })).toEqual(saved);
  expect(viewOf({ kind: 'view', config: { of: 'tasks' } })).toBeNull();
  expect(viewOf({ kind: 'view', config: { ...saved, columns: ['due', 3] } })?.columns).toEqual(['due']);
});
