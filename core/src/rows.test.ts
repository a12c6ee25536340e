// Rows filtered, sorted and grouped: nothing is lost or doubled, order is kept among equals, and days mean what they say.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ProjectTask } from './entities.ts';
import { parseFilter } from './filters.ts';
import { type RowNames, taskFields } from './row-fields.ts';
import { filterable, groupRows, type RowField, rowFilter, sortRows } from './rows.ts';

const names: RowNames = {
  people: new Map([
    ['p1', 'ada'],
    ['p2', 'Sam'],
  ]),
  me: 'ada',
  components: new Map([
    ['c2', 'Pump'],
    ['c1', 'Frame'],
    ['c3', 'Pump'],
  ]),
  time_zone: 'Europe/Berlin',
  today: '2026-05-14',
  now: '2026-05-14T10:00:00.000000Z',
};
const context = { today: names.today, week_start: 1 };

function task(id: number, changes: Partial<ProjectTask> = {}): ProjectTask {
  return {
    id: `t${id}`,
    component_id: 'c1',
    name: `Task ${id}`,
    status: 'todo',
    assignee_id: null,
    due_date: null,
    due_is_date: false,
    priority: 0,
    weight: 1,
    rank: null,
    labels: [],
    checklist: [],
    estimate_minutes: null,
    repeats: null,
    completed_at: null,
    created_by: null,
    created_at: '2026-05-01T00:00:00.000000Z',
    updated_at: '2026-05-01T00:00:00.000000Z',
    version: 1,
    ...changes,
  };
}

function found(rows: readonly ProjectTask[], filter: string): string[] {
  const fields = taskFields(rows, names);
  const { terms, faults } = parseFilter(filter, filterable(fields));
  expect(faults).toEqual([]);
  return rows.filter(rowFilter(terms, fields, (row) => row.name, context)).map(({ id }) => id);
}

const rows = [
  task(1, { name: 'Fit the pump', assignee_id: 'p1', labels: ['later', 'two words'], priority: 1 }),
  task(2, { name: 'Wire', assignee_id: 'p2', due_date: '2026-05-13T00:00:00.000000Z', due_is_date: true, priority: 3 }),
  task(3, { name: 'Late today', due_date: '2026-05-14T09:59:00.000000Z', estimate_minutes: 90 }),
  // Half past midnight in Berlin: the 15th, though still the 14th in UTC.
  task(4, { name: 'Night', due_date: '2026-05-14T22:30:00.000000Z', component_id: 'c2' }),
  task(5, { name: 'Done', status: 'done', due_date: '2026-05-01T00:00:00.000000Z', due_is_date: true }),
  task(6, { name: 'Sunday', due_date: '2026-05-17T00:00:00.000000Z', due_is_date: true, component_id: 'c3' }),
];

test.each([
  ['', ['t1', 't2', 't3', 't4', 't5', 't6']],
  ['pump', ['t1']],
  ['-pump status:todo', ['t2', 't3', 't4', 't6']],
  ['status:todo,done -status:done', ['t1', 't2', 't3', 't4', 't6']],
  ['assignee:me', ['t1']],
  ['assignee:SAM', ['t2']],
  ['assignee:none', ['t3', 't4', 't5', 't6']],
  ['-assignee:none', ['t1', 't2']],
  ['label:"two words"', ['t1']],
  ['label:any', ['t1']],
  ['label:"any"', []],
  ['due:overdue', ['t2', 't3']],
  ['due:today', ['t3']],
  ['due:tomorrow', ['t4']],
  ['due:week', ['t2', 't3', 't4', 't6']],
  ['due:month', ['t2', 't3', 't4', 't5', 't6']],
  ['due:>=today due:<3d', ['t3', 't4']],
  ['due:<2026-05-13', ['t5']],
  ['due:none', ['t1']],
  ['priority:<3', ['t1']],
  ['priority:none,3', ['t2', 't3', 't4', 't5', 't6']],
  ['estimate:<2h', ['t3']],
  ['component:pump', ['t4', 't6']],
  ['name:fit', ['t1']],
])('%s', (filter, ids) => {
  expect(found(rows, filter)).toEqual(ids);
});

const anyTask = fc
  .record({
    status: fc.constantFrom('todo' as const, 'in_progress' as const, 'done' as const),
    assignee_id: fc.constantFrom('p1', 'p2', null),
    component_id: fc.constantFrom('c1', 'c2', 'c3'),
    priority: fc.integer({ min: 0, max: 4 }),
    labels: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    due_date: fc.constantFrom(null, '2026-05-13T00:00:00Z', '2026-05-15T00:00:00Z', '2026-07-01T00:00:00Z'),
    due_is_date: fc.boolean(),
    rank: fc.constantFrom(null, 'a', 'B', '1'),
  })
  .map((changes) => changes);
const many = fc.array(anyTask, { maxLength: 40 }).map((list) => list.map((changes, id) => task(id, changes)));
const seeded = { seed: 1, numRuns: 200 };

describe('sorting', () => {
  it('keeps every row, keeps equals in their order, and turns round with a minus', () => {
    const check = fc.property(many, fc.integer({ min: 0, max: 10 }), (list, which) => {
      const fields = taskFields(list, names);
      const field = fields[which % fields.length];
      if (!field) return;
      const up = sortRows(list, fields, field.name);
      const down = sortRows(list, fields, `-${field.name}`);
      expect(new Set(up)).toEqual(new Set(list));
      const order = field.order ?? field.value;
      const place = new Map(list.map((row, at) => [row, at]));
      for (const sorted of [up, down]) {
        for (const [at, row] of sorted.slice(1).entries()) {
          const before = sorted[at];
          if (!before) throw new Error('there is one before the second');
          if (order(before) === null) expect(order(row)).toBeNull();
          if (order(before) === order(row)) expect(place.get(before)).toBeLessThan(place.get(row) ?? 0);
        }
      }
      const values = (sorted: readonly ProjectTask[]) => sorted.map(order).filter((one) => one !== null);
      expect(values(down)).toEqual(values(up).reverse());
    });
    fc.assert(check, seeded);
  });
  it('orders a closed choice as it is listed, ranks by code point, names by number', () => {
    const list = [task(1, { status: 'done' }), task(2, { status: 'todo' }), task(3, { status: 'in_progress' })];
    const ids = (sort: string, of: ProjectTask[]) => sortRows(of, taskFields(of, names), sort).map(({ id }) => id);
    expect(ids('status', list)).toEqual(['t2', 't3', 't1']);
    const ranked = [task(1, { rank: 'a' }), task(2, { rank: 'B' }), task(3, { rank: '1' }), task(4)];
    expect(ids('rank', ranked)).toEqual(['t3', 't2', 't1', 't4']);
    const numbered = [task(10), task(9), task(11)];
    expect(ids('name', numbered)).toEqual(['t9', 't10', 't11']);
  });
});

describe('grouping', () => {
  const group = (list: ProjectTask[], name: string) => {
    const field = taskFields(list, names).find((one) => one.name === name);
    if (!field) throw new Error(`there is no ${name}`);
    return { field, groups: groupRows(list, field, context) };
  };
  it('puts every row into exactly one group, or into one for each of its labels', () => {
    const check = fc.property(
      many,
      fc.constantFrom('status', 'component', 'assignee', 'due', 'priority', 'label'),
      (list, name) => {
        const { field, groups } = group(list, name);
        const times = new Map(list.map((row) => [row, 0]));
        for (const { rows: inside } of groups) {
          expect(inside).toEqual(list.filter((row) => inside.includes(row)));
          for (const row of inside) times.set(row, (times.get(row) ?? 0) + 1);
        }
        for (const [row, count] of times) expect(count).toBe(field.many === true ? Math.max(1, row.labels.length) : 1);
        expect(new Set(groups.map(({ key }) => key)).size).toBe(groups.length);
        const nulls = groups.findIndex(({ key }) => key === null);
        expect([-1, groups.length - 1]).toContain(nulls);
      },
    );
    fc.assert(check, seeded);
  });
  it('has every status, in order, and tells components of one name apart, in the order of work', () => {
    expect(group([], 'status').groups.map(({ key }) => key)).toEqual(['todo', 'in_progress', 'done']);
    const list = [task(1, { component_id: 'c3' }), task(2, { component_id: 'c2' }), task(3, { component_id: 'c1' })];
    expect(group(list, 'component').groups.map(({ key }) => key)).toEqual(['c2', 'c1', 'c3']);
  });
  it('groups days by how near they are', () => {
    const { groups } = group(rows, 'due');
    expect(groups.map(({ key, rows: inside }) => [key, inside.map(({ id }) => id).join(' ')])).toEqual([
      ['overdue', 't2 t3'],
      ['past', 't5'],
      ['tomorrow', 't4'],
      ['week', 't6'],
      [null, 't1'],
    ]);
  });
});

it('leaves out what no field is called', () => {
  const fields: RowField<ProjectTask>[] = [{ name: 'name', kind: 'text', value: (row) => row.name }];
  const terms = parseFilter('status:todo', [{ name: 'status', kind: 'text' }]).terms;
  expect(rows.filter(rowFilter(terms, fields, (row) => row.name, context))).toEqual(rows);
});
