// Values of rows in words: days, priorities, times of work, heads of groups.
import { addDays } from '@taylordash/core/days';
import type { ProjectTask } from '@taylordash/core/entities';
import type { RowField } from '@taylordash/core/rows';
import { strings } from '../strings.ts';

const words = strings.views;
const sameYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const otherYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** A calendar day, short: "Tomorrow", "3 May", "3 May 2027". */
export function sayDay(day: string, today: string): string {
  if (day === today) return words.day_groups.today ?? day;
  if (day === addDays(today, 1)) return words.day_groups.tomorrow ?? day;
  return (day.slice(0, 4) === today.slice(0, 4) ? sameYear : otherYear).format(new Date(`${day}T00:00:00Z`));
}

const times = new Map<string, Intl.DateTimeFormat>();

/** The time of day of a moment in a zone: "18:30". */
export function sayTime(moment: string, time_zone: string): string {
  let format = times.get(time_zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: time_zone, hour: '2-digit', minute: '2-digit' });
    times.set(time_zone, format);
  }
  return format.format(new Date(moment));
}

/** When a task is due: its day, and its time where it has one. */
export function sayDue(
  task: Pick<ProjectTask, 'due_date' | 'due_is_date'>,
  day: string | null,
  { today, time_zone }: { today: string; time_zone: string },
): string {
  if (day === null || task.due_date === null) return '';
  return task.due_is_date ? sayDay(day, today) : `${sayDay(day, today)}, ${sayTime(task.due_date, time_zone)}`;
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
