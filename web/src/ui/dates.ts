// Days and moments as people read them, in the time zone and week of their profile. The one place that formats them.
import { dayIn } from '@taylordash/core/days';
import { useMemo } from 'react';
import { useMe } from '../app-context.tsx';
import { strings } from '../strings.ts';

const locale = 'en-GB';
const day_ms = 86_400_000;

export interface Dates {
  time_zone: string;
  /** 1 is Monday, 7 is Sunday. */
  week_start: number;
  /** Today as a calendar day there, `2026-01-15`. */
  today: (now?: Date) => string;
  /** The calendar day of a moment there. */
  dayOf: (moment: string) => string;
  /** "15 Jan 2026, 14:02:33" */
  exact: (moment: string) => string;
  /** "15 Jan 2026" */
  date: (moment: string) => string;
  /** "14:02" */
  clock: (moment: string) => string;
}

/** A zone that this browser knows: one that is newer than it must not take the page down. */
function known(time_zone: string): string {
  try {
    return new Intl.DateTimeFormat(locale, { timeZone: time_zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** Formatters are slow to make and quick to use: one set for each zone. */
export function createDates(wanted: string, week_start: number): Dates {
  const time_zone = known(wanted);
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: time_zone });
  const exact = format({ dateStyle: 'medium', timeStyle: 'medium' });
  const date = format({ dateStyle: 'medium' });
  const clock = format({ timeStyle: 'short' });
  return {
    time_zone,
    week_start,
    today: (now = new Date()) => dayIn(time_zone, now.getTime()),
    dayOf: (moment) => dayIn(time_zone, Date.parse(moment)),
    exact: (moment) => exact.format(new Date(moment)),
    date: (moment) => date.format(new Date(moment)),
    clock: (moment) => clock.format(new Date(moment)),
  };
}

/** Those of who is signed in. */
export function useDates(): Dates {
  const me = useMe();
  const zone = me?.time_zone ?? 'UTC';
  const week = me?.week_start ?? 1;
  return useMemo(() => createDates(zone, week), [zone, week]);
}

const at = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** How many days from one calendar day to another. */
function daysBetween(from: string, to: string): number {
  return Math.round((at(to) - at(from)) / day_ms);
}

const inYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const otherYear = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
const named = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });

/** A calendar day near today by its name, another by its date. */
export function sayDay(day: string, today: string): string {
  const away = daysBetween(today, day);
  if (away === 0) return strings.days.today;
  if (away === 1) return strings.days.tomorrow;
  if (away === -1) return strings.days.yesterday;
  const date = new Date(at(day));
  if (away > 1 && away < 7) return named.format(date);
  return (day.slice(0, 4) === today.slice(0, 4) ? inYear : otherYear).format(date);
}
