// How progress adds up: tasks to their component, components to their project. SQL says the same (taylordash.percent).
import type { Component, Task } from './entities.ts';

/** Progress of a component that its tasks drive: done weight over all weight, 0 to 100; null where no task has any. */
export function progressByTasks(tasks: readonly Pick<Task, 'status' | 'weight'>[]): number | null {
  return percent(total(tasks.filter(({ status }) => status === 'done').map(({ weight }) => 100 * weight)), tasks);
}

/** A project's progress: the mean of its components by weight, without what is cancelled; 0 where nothing counts. */
export function rollUp(components: readonly Pick<Component, 'status' | 'progress' | 'weight'>[]): number {
  const counted = components.filter(({ status }) => status !== 'cancelled');
  return percent(total(counted.map(({ progress, weight }) => progress * weight)), counted) ?? 0;
}

/** Half a percent is rounded up. */
function percent(sum: number, parts: readonly { weight: number }[]): number | null {
  const weight = total(parts.map((part) => part.weight));
  return weight === 0 ? null : Math.round(sum / weight);
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
