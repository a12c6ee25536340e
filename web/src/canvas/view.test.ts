// The opening view: everything where it can be read, else where work is open; and dependencies that are hit where they run.
import { expect, test } from 'vitest';
import { distanceTo } from './edge-path.ts';
import { nodeWidth } from './geometry.ts';
import { openingView } from './view.ts';

const row = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: String(index), position: { x: index * 300, y: 0 } }));
const screen = { width: 1200, height: 800 };

test('a small graph is shown whole, not larger than life', () => {
  expect(openingView(row(2), new Set(), screen)?.zoom).toBe(1);
  expect(openingView([], new Set(), screen)).toBeNull();
});

test('a wide graph opens readable, with the open work in view', () => {
  const view = openingView(row(10), new Set(['8', '9']), screen);
  expect(view?.zoom).toBe(0.6);
  const right = (9 * 300 + nodeWidth) * 0.6 + (view?.x ?? 0);
  expect(right).toBeLessThanOrEqual(1200 - 24);
  expect(right).toBeGreaterThan(1200 - 60);
});

test('a big graph opens whole', () => {
  const view = openingView(row(250), new Set(['249']), { width: 20_000, height: 800 });
  expect(view?.zoom).toBeLessThan(0.6);
  expect((view?.x ?? 0) >= 24).toBe(true);
});

test('a graph too large to be made out opens where open work begins, with names', () => {
  const view = openingView(row(2000), new Set(['900', '901', '1999']), screen);
  expect(view?.zoom).toBe(0.3);
  const left = 900 * 300 * 0.3 + (view?.x ?? 0);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(100);
});

test('a dependency is hit on its line and not beside it', () => {
  const line = { x1: 0, y1: 0, x2: 200, y2: 100 };
  expect(distanceTo(line, { x: 100, y: 50 }, 8)).toBeLessThan(2);
  expect(distanceTo(line, { x: 100, y: 90 }, 8)).toBeGreaterThan(20);
  const back = { x1: 300, y1: 0, x2: 0, y2: 300 };
  expect(distanceTo(back, { x: 150, y: 150 }, 8)).toBe(0);
  expect(distanceTo(back, { x: 150, y: 40 }, 8)).toBeGreaterThan(50);
});
