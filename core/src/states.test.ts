// Which state a component shows, case by case as the rule names them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyse, needsAttention, rootBlockers, shownStates } from './states.ts';

type Status = 'pending' | 'in_progress' | 'blocked' | 'completed' | 'cancelled';
const node = (id: string, status: Status, start_on: string | null = null, type: string | null = null) => ({
  id,
  status,
  start_on,
  type,
});
const needs = (component_id: string, depends_on_id: string) => ({ component_id, depends_on_id });
const today = '2026-06-15';

test('ready without open prerequisites, waiting with one', () => {
  const shown = shownStates([node('a', 'pending'), node('b', 'pending')], [needs('b', 'a')], today);
  expect(shown.get('a')).toEqual({ state: 'ready', held_up: false, open_needs: 0 });
  expect(shown.get('b')).toEqual({ state: 'waiting', held_up: false, open_needs: 1 });
});

test('all prerequisites completed: ready', () => {
  const shown = shownStates([node('a', 'completed'), node('b', 'pending')], [needs('b', 'a')], today);
  expect(shown.get('b')?.state).toBe('ready');
});

test('everything that leads to something cancelled is dead-blocked, except what is done or blocked by hand', () => {
  const nodes = [
    node('x', 'cancelled'),
    node('a', 'pending'),
    node('b', 'in_progress'),
    node('c', 'blocked'),
    node('d', 'completed'),
  ];
  const shown = shownStates(nodes, [needs('a', 'x'), needs('b', 'a'), needs('c', 'a'), needs('d', 'x')], today);
  expect([...shown].map(([id, { state }]) => `${id} ${state}`)).toEqual([
    'x cancelled',
    'a dead_blocked',
    'b dead_blocked',
    'c blocked',
    'd completed',
  ]);
});

test('held up: waiting past its start, or in progress over an open prerequisite', () => {
  const nodes = [
    node('a', 'pending'),
    node('late', 'pending', '2026-06-14'),
    node('soon', 'pending', today),
    node('early', 'in_progress'),
  ];
  const shown = shownStates(nodes, [needs('late', 'a'), needs('soon', 'a'), needs('early', 'a')], today);
  expect(shown.get('late')?.held_up).toBe(true);
  expect(shown.get('soon')?.held_up).toBe(false);
  expect(shown.get('early')).toMatchObject({ state: 'in_progress', held_up: true });
});

test('the tray stands outside the graph', () => {
  expect(shownStates([node('tray', 'pending', null, 'unsorted')], [], today).size).toBe(0);
});

test('what is completed cuts the path to something cancelled, and what waits through it', () => {
  const nodes = [node('x', 'cancelled'), node('d', 'completed'), node('a', 'pending'), node('open', 'pending')];
  const edges = [needs('d', 'x'), needs('a', 'd'), needs('d', 'open')];
  expect(shownStates(nodes, edges, today).get('a')).toEqual({ state: 'ready', held_up: false, open_needs: 0 });
  expect(rank(nodes, edges)).toEqual([]);
});

test('something cancelled is no open prerequisite: what leads to it is dead-blocked, not held up', () => {
  const nodes = [node('x', 'cancelled'), node('a', 'pending', '2020-01-01'), node('b', 'in_progress')];
  const shown = shownStates(nodes, [needs('a', 'x'), needs('b', 'x')], today);
  expect(shown.get('a')).toEqual({ state: 'dead_blocked', held_up: false, open_needs: 0 });
  expect(shown.get('b')).toEqual({ state: 'dead_blocked', held_up: false, open_needs: 0 });
  expect([...shown.values()].map(needsAttention)).toEqual([false, true, true]);
});

test('a dependency on what is not there counts for nothing', () => {
  expect(shownStates([node('a', 'pending')], [needs('a', 'gone'), needs('gone', 'a')], today).get('a')?.state).toBe(
    'ready',
  );
});

const now = Date.parse('2026-06-15T12:00:00Z');
type Named = ReturnType<typeof node> & { name?: string; updated_at?: string };
function rank(nodes: readonly Named[], edges: ReturnType<typeof needs>[]) {
  const named = nodes.map((one) => ({ name: one.id, updated_at: '2026-06-15T11:00:00.000000Z', ...one }));
  const { shown, root_blockers } = analyse(named, edges, { today, now });
  expect(rootBlockers(named, edges, shown, now)).toEqual(root_blockers);
  return root_blockers;
}

describe('root blockers', () => {
  test('by what is held up, then by all that waits, then by name', () => {
    const nodes = [
      ...['few', 'many', 'late', 'alike'].map((id) => node(id, 'pending')),
      ...['f', 'm1', 'm2', 'm3', 'a'].map((id) => node(id, 'pending')),
      node('l', 'pending', '2026-06-14'),
    ];
    const edges = [needs('f', 'few'), needs('m1', 'many'), needs('m2', 'm1'), needs('m3', 'm1'), needs('l', 'late')];
    expect(rank(nodes, [...edges, needs('a', 'alike')])).toEqual([
      { id: 'late', held_up: 1, waiting: 1, stalled: false },
      { id: 'many', held_up: 0, waiting: 3, stalled: false },
      { id: 'alike', held_up: 0, waiting: 1, stalled: false },
      { id: 'few', held_up: 0, waiting: 1, stalled: false },
    ]);
  });
  test('stalled from the fourteenth day on without a touch', () => {
    const touched = (id: string, updated_at: string) => ({ ...node(id, 'blocked'), updated_at });
    const nodes = [
      touched('old', '2026-06-01T12:00:00.000000Z'),
      touched('young', '2026-06-01T12:00:00.001000Z'),
      node('w', 'pending'),
    ];
    const found = rank(nodes, [needs('w', 'old'), needs('w', 'young')]);
    expect(found.map(({ id, stalled }) => [id, stalled])).toEqual([
      ['old', true],
      ['young', false],
    ]);
  });
  test('what is dead-blocked by something cancelled alone is one: it is there that something must be decided', () => {
    const nodes = [node('x', 'cancelled'), node('a', 'pending'), node('b', 'pending')];
    expect(rank(nodes, [needs('a', 'x'), needs('b', 'a')]).map(({ id }) => id)).toEqual(['a']);
  });

  test('on any graph they are what the words say', () => {
    const statuses = ['pending', 'in_progress', 'blocked', 'completed', 'cancelled'] as const;
    const size = 9;
    const drawn = fc.record({
      statuses: fc.array(fc.constantFrom(...statuses, 'pending' as const), { minLength: size, maxLength: size }),
      pairs: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 20, size: 'max' }),
      late: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
    });
    const check = fc.property(drawn, ({ statuses, pairs, late }) => {
      const nodes = statuses.map((status, n) => node(`n${n}`, status, late[n] ? '2026-01-01' : null));
      const edges = [...new Map(pairs.filter(([a, b]) => a > b).map((pair) => [pair.join(), pair])).values()];
      const dependencies = edges.map(([a, b]) => needs(`n${a}`, `n${b}`));
      const shown = shownStates(nodes, dependencies, today);
      const isOpen = (n: number) => statuses[n] !== 'completed' && statuses[n] !== 'cancelled';
      const waitsFor = (a: number, b: number): boolean =>
        edges.some(([from, to]) => from === a && isOpen(a) && isOpen(to) && (to === b || waitsFor(to, b)));
      const all = nodes.map((_, n) => n);
      const expected = all
        .filter((n) => isOpen(n) && !all.some((other) => waitsFor(n, other)))
        .map((n) => ({ id: `n${n}`, behind: all.filter((other) => waitsFor(other, n)) }))
        .map(({ id, behind }) => ({
          id,
          held_up: behind.filter((n) => shown.get(`n${n}`)?.held_up).length,
          waiting: behind.length,
          stalled: false,
        }))
        .filter(({ waiting }) => waiting > 0)
        .sort((a, b) => b.held_up - a.held_up || b.waiting - a.waiting || (a.id < b.id ? -1 : 1));
      expect(rank(nodes, dependencies)).toEqual(expected);
    });
    fc.assert(check, { seed: 5, numRuns: 300 });
  });
});
