// When something is due, in words of the person's zone.
import { dayIn } from '@taylordash/core/days';

export interface DueFacts {
  /** Milliseconds since 1970. */
  now: number;
  time_zone: string;
}

interface Due {
  due_date: string | null;
  due_is_date: boolean;
}

/** The calendar day on which it is due there, or null. */
export function dueDay({ due_date, due_is_date }: Due, { time_zone }: DueFacts): string | null {
  if (due_date === null) return null;
  return due_is_date ? due_date.slice(0, 10) : dayIn(time_zone, Date.parse(due_date));
}

/** `Fri 15 May`, `Fri 15 May 18:00`, with the year where it is not this one; empty where it is never due. */
export function dueWords(due: Due, facts: DueFacts): string {
  const day = dueDay(due, facts);
  if (day === null || due.due_date === null) return '';
  const otherYear = day.slice(0, 4) !== dayIn(facts.time_zone, facts.now).slice(0, 4);
  const date = new Intl.DateTimeFormat('en-GB', {
    ...({ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const),
    ...(otherYear ? ({ year: 'numeric' } as const) : {}),
  })
    .format(Date.parse(`${day}T00:00:00Z`))
    .replace(',', '');
  if (due.due_is_date) return date;
  const clock = { hour: '2-digit', minute: '2-digit', timeZone: facts.time_zone } as const;
  return `${date} ${new Intl.DateTimeFormat('en-GB', clock).format(Date.parse(due.due_date))}`;
}

/** `Greenhouse › Pump`, or the inbox. */
export function placeWords({
  project_name,
  component_name,
}: {
  project_name: string | null;
  component_name: string | null;
}): string {
  return project_name === null ? 'your inbox' : `${project_name} › ${component_name ?? ''}`;
}
