// Which state a component shows, case by case as the rule names them.
import { expect, test } from 'vitest';
import { shownStates } from './states.ts';

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
