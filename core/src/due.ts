// When tasks are due: on a day, which is that day everywhere, or at a moment.
import type { Task } from './entities.ts';

/** The day a task is due, in the person's zone; one that is due on a day is due on that day everywhere. */
export function dueDay(task: Pick<Task, 'due_date' | 'due_is_date'>, tell: (moment: string) => string): string | null {
  if (task.due_date === null) return null;
  return task.due_is_date ? task.due_date.slice(0, 10) : tell(task.due_date);
}

/** `now` is ISO, `today` the day in the person's zone. */
export function isOverdue(
  task: Pick<Task, 'due_date' | 'due_is_date' | 'status'>,
  { now, today }: { now: string; today: string },
): boolean {
  if (task.due_date === null || task.status === 'done') return false;
  return task.due_is_date ? task.due_date.slice(0, 10) < today : task.due_date < now;
}
