// Values of rows in words: due dates, statuses, names of fields, heads of groups.
import type { ProjectTask } from '@taylordash/core/entities';
import type { RowField } from '@taylordash/core/rows';
import { viewStrings as words } from '../strings/views.ts';
import { strings } from '../strings.ts';
import { sayDay } from '../ui/dates.ts';

/** When a task is due: its day, and its time where it has one. */
export function sayDue(
  task: Pick<ProjectTask, 'due_date' | 'due_is_date'>,
  day: string | null,
  { today, clock }: { today: string; clock: (moment: string) => string },
): string {
  if (day === null || task.due_date === null) return '';
  return task.due_is_date ? sayDay(day, today) : `${sayDay(day, today)}, ${clock(task.due_date)}`;
}

/** What a group is called. */
export function sayGroup<R>(field: RowField<R>, key: string | null): string {
  if (key === null) return field.name === 'assignee' ? words.nobody : words.none(field.name);
  switch (field.name) {
    case 'status':
      return statusName(key);
    case 'state':
      return strings.states[key as keyof typeof strings.states] ?? key;
    case 'priority':
      return words.priorities[Number(key)] ?? key;
  }
  if (field.kind === 'day') return words.day_groups[key] ?? key;
  return field.title?.(key) ?? key;
}

/** A status of a component or task. */
export function statusName(status: string): string {
  const names: Record<string, string> = { ...strings.panel.statuses, ...words.task_statuses };
  return names[status] ?? status;
}

export function fieldTitle(name: string): string {
  return words.fields[name] ?? name;
}
