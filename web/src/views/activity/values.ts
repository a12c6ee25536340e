// Values of fields in the words of activity: people, days, priorities, steps. Pure.
import type { ActivityEntry } from '@taylordash/core/changes';
import { activityStrings as words } from '../../strings/activity.ts';
import { viewStrings } from '../../strings/views.ts';
import { strings } from '../../strings.ts';
import { statusName } from '../format.ts';

export type ActivityEvent = ActivityEntry['events'][number];

/** Names and days, as who reads it has them. */
export interface Reader {
  person: (id: string) => string | null;
  component: (id: string) => string | null;
  today: string;
  /** The day of a moment in the reader's zone, and its time of day. */
  dayOf: (moment: string) => string;
  clock: (moment: string) => string;
}

export interface Step {
  id: string;
  text: string;
  done: boolean;
}

const inYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const otherYear = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
/** By its date: what was tomorrow then is not tomorrow now. */
const sayDate = (day: string, today: string) =>
  (day.slice(0, 4) === today.slice(0, 4) ? inYear : otherYear).format(new Date(`${day}T00:00:00Z`));

export function stepsOf(value: unknown): Step[] {
  // The checklist of a task, as core's schema has it.
  return Array.isArray(value) ? (value as Step[]) : [];
}

/** A value of a field for people. */
export function sayValue(field: string, value: unknown, event: Pick<ActivityEvent, 'changed'>, reader: Reader): string {
  if (value === null || value === undefined || value === '') return words.nothing;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  switch (field) {
    case 'status':
      return statusName(String(value));
    case 'project_status':
      return new Map<string, string>(Object.entries(strings.projects.statuses)).get(String(value)) ?? String(value);
    case 'progress':
      return strings.percent(Number(value));
    case 'assignee_id':
    case 'owner_id':
      return reader.person(String(value)) ?? words.somebody;
    case 'component_id':
      return reader.component(String(value)) ?? words.unknown;
    case 'start_on':
    case 'due_on':
      return sayDate(String(value), reader.today);
    case 'due_date': {
      const was = event.changed.due_is_date;
      const isDay =
        /T00:00:00(\.0+)?Z$/.test(String(value)) && (was === undefined || was.before === true || was.after === true);
      if (isDay) return sayDate(String(value).slice(0, 10), reader.today);
      return `${sayDate(reader.dayOf(String(value)), reader.today)}, ${reader.clock(String(value))}`;
    }
    case 'priority':
      return viewStrings.priorities[Number(value)]?.toLowerCase() ?? String(value);
    case 'estimate_minutes':
      return viewStrings.estimate(Number(value));
    case 'duration_days':
      return words.days(Number(value));
    case 'repeats': {
      // A task's repetition, as core's schema has it.
      const { every, unit } = value as { every: number; unit: string };
      return words.every(every, unit);
    }
    case 'labels':
      return Array.isArray(value) && value.length > 0 ? value.join(', ') : words.nothing;
    case 'checklist':
      return viewStrings.checklist(stepsOf(value).filter((step) => step.done).length, stepsOf(value).length);
    case 'position':
    case 'metadata':
    case 'rank':
      return words.changed_text;
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : words.changed_text;
}
