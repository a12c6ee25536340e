// How progress adds up, at the places where it could go wrong: nothing to count, nothing that weighs, halves.
import { expect, test } from 'vitest';
import { progressByTasks, rollUp } from './progress.ts';

const done = (weight: number) => ({ status: 'done' as const, weight });
const open = (weight: number) => ({ status: 'in_progress' as const, weight });

test('a component that its tasks drive: done weight over all weight', () => {
  expect(progressByTasks([done(1), open(1), open(2)])).toBe(25);
  expect(progressByTasks([done(1), open(7)])).toBe(13);
  expect(progressByTasks([done(2)])).toBe(100);
});

test('no task of weight drives nothing', () => {
  expect(progressByTasks([])).toBeNull();
  expect(progressByTasks([done(0)])).toBeNull();
});

test('a project: the mean by weight, without what is cancelled', () => {
  const part = (progress: number, weight: number, status: 'pending' | 'cancelled' = 'pending') => ({
    ...{ progress, weight, status },
  });
  expect(rollUp([part(100, 3), part(0, 1), part(0, 100, 'cancelled')])).toBe(75);
  expect(rollUp([part(0, 1), part(25, 1)])).toBe(13);
  expect(rollUp([])).toBe(0);
  expect(rollUp([part(50, 0)])).toBe(0);
});
