// Places on the canvas: new nodes cover none, first columns follow the dependencies, arrow keys follow the arrows.
import { expect, test } from 'vitest';
import { align, columns, detailAt, freePlace } from './geometry.ts';
import { createJudge, edgesOfLoop } from './loop.ts';
import { nextNode } from './use-follow.ts';

const needs = (component_id: string, depends_on_id: string) => ({ component_id, depends_on_id });

test('detail changes at 60 and at 25 per cent', () => {
  expect([0.6, 0.59, 0.25, 0.24].map(detailAt)).toEqual(['full', 'name', 'name', 'block']);
});

test('a new node goes below what it would cover', () => {
  const taken = [
    { id: 'a', position: { x: 0, y: 0 } },
    { id: 'b', position: { x: 0, y: 120 } },
  ];
  expect(freePlace(taken, { x: 10, y: 10 })).toEqual({ x: 10, y: 240 });
  expect(freePlace(taken, { x: 400, y: 0 })).toEqual({ x: 400, y: 0 });
});

test('each component stands to the right of all it waits for', () => {
  const places = columns(['c', 'b', 'a'], [needs('b', 'a'), needs('c', 'b'), needs('c', 'a')]);
  const x = (id: string) => places.get(id)?.x ?? Number.NaN;
  expect(x('a')).toBeLessThan(x('b'));
  expect(x('b')).toBeLessThan(x('c'));
});

test('a layout keeps the corner of what it replaces', () => {
  const moved = align(new Map([['a', { x: 12, y: 12 }]]), [
    { x: 100, y: -50 },
    { x: 300, y: 80 },
  ]);
  expect(moved.get('a')).toEqual({ x: 100, y: -50 });
});

test('drawing is judged: fine, there already, or the loop by name', () => {
  const judge = createJudge([needs('b', 'a'), needs('c', 'b')]);
  expect(judge('c', 'a')).toMatchObject({ verdict: 'fine' });
  expect(judge('b', 'a')).toMatchObject({ verdict: 'exists' });
  expect(judge('a', 'c')).toEqual({ verdict: 'loop', loop: ['a', 'c', 'b', 'a'] });
  expect(edgesOfLoop(['a', 'c', 'b', 'a'])).toEqual([needs('a', 'c'), needs('c', 'b'), needs('b', 'a')]);
});

test('arrow keys follow the arrows, and reach neighbours', () => {
  const placed = [
    { id: 'a', position: { x: 0, y: 0 } },
    { id: 'b', position: { x: 400, y: 0 } },
    { id: 'c', position: { x: 400, y: 200 } },
  ];
  const edges = [needs('b', 'a')];
  expect(nextNode(placed, edges, null, 'right')).toBe('a');
  expect(nextNode(placed, edges, 'a', 'right')).toBe('b');
  expect(nextNode(placed, edges, 'b', 'left')).toBe('a');
  expect(nextNode(placed, edges, 'b', 'down')).toBe('c');
  expect(nextNode(placed, edges, 'c', 'right')).toBeNull();
});
