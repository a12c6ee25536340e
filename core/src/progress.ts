// How progress adds up: tasks to their component, components to their project. SQL says the same (taylordash.percent).
import type { Component, Task } from './entities.ts';

/** Progress of a component that its tasks drive: done weight over all weight, 0 to 100; null where no task has any. */
export function progressByTasks(tasks: readonly Pick<Task, 'status' | 'weight'>[]): number | null {
  const done = tasks.filter(({ status }) => status === 'done');
  return percent(100 * weightOf(done), weightOf(tasks));
}

/** A project's progress: the mean of its components by weight, without what is cancelled; 0 where nothing counts. */
export function rollUp(components: readonly Pick<Component, 'status' | 'progress' | 'weight'>[]): number {
  const counted = components.filter(({ status }) => status !== 'cancelled');
  const sum = counted.reduce((sum, { progress, weight }) => sum + progress * weight, 0);
  return percent(sum, weightOf(counted)) ?? 0;
}

/** Half a percent is rounded up. */
function percent(sum: number, weight: number): number | null {
  return weight === 0 ? null : Math.round(sum / weight);
}

function weightOf(parts: readonly { weight: number }[]): number {
  return parts.reduce((sum, { weight }) => sum + weight, 0);
}
