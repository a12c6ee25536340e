// Single changes of others carry a name; a flood is told of once, when it is over. What is held back stays until it is let go.
import type { StoredEvent } from '@taylordash/core/entities';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Burst, createBursts, mostNamed } from './bursts.ts';
import { createHeld } from './held.ts';
import type { Told } from './merge-event.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const sam = { id: 'sam', name: 'Sam', type: 'user' as const };
// Only the kind is looked at.
const told = (kind: Told['kind']) => ({ kind }) as unknown as Told;

function setUp() {
  const said: Burst[] = [];
  const bursts = createBursts((burst) => said.push(burst));
  const touch = (kind: Told['kind'], id: string, at: number) => bursts.shows(sam, told(kind), [id], at);
  return { said, touch };
}

test('a change now and then carries its name, and is no notice', () => {
  const { said, touch } = setUp();
  for (let at = 0; at < 60; at += 1) {
    expect(touch('component_updated', `c${at}`, at * 100)).toBe(true);
    vi.advanceTimersByTime(100);
  }
  vi.advanceTimersByTime(5000);
  expect(said).toEqual([]);
});

test('the same few entities again and again are no flood', () => {
  const { touch } = setUp();
  for (let at = 0; at < 100; at += 1) expect(touch('component_updated', `c${at % 5}`, at)).toBe(true);
});

test.each([
  ['component_created', 'import'],
  ['component_deleted', 'delete'],
  ['component_updated', 'change'],
] as const)('a flood of %s is one notice', (kind, what) => {
  const { said, touch } = setUp();
  const shown = Array.from({ length: 48 }, (_, place) => touch(kind, `c${place}`, 0));
  expect(shown.filter(Boolean)).toHaveLength(mostNamed);
  for (let place = 0; place < 7; place += 1)
    touch(kind === 'component_created' ? 'task_created' : kind, `t${place}`, 10);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(1500);
  const components = kind === 'component_created' ? 48 : 55;
  expect(said).toEqual([{ name: 'Sam', what, components, tasks: 55 - components }]);
});

const event = (id: string, change_id: string) => ({ id, change_id }) as unknown as StoredEvent;

test('what is held is kept, counted by changes, and handed over in order when the last hand lets go', () => {
  const held = createHeld();
  const handed: string[][] = [];
  held.onRelease((events) => handed.push(events.map(({ id }) => id)));
  const first = held.hold('c');
  const second = held.hold('c');
  held.keep('c', event('1', 'x'));
  held.keep('c', event('2', 'x'));
  held.keep('c', event('3', 'y'));
  expect(held.count('c')).toBe(2);
  first();
  first();
  expect(handed).toEqual([]);
  second();
  expect(handed).toEqual([['1', '2', '3']]);
  expect([held.isHeld('c'), held.count('c')]).toEqual([false, 0]);
});
