// When a task that repeats is due again: by the calendar of the person, not by the clock.
import { addDays, addMonths, dayIn, isDay } from './days.ts';
import type { Repeats } from './entities.ts';
import { wallClock } from './wall-clock.ts';

/** The day that much later; where the month is too short, its last. */
export function dayAfter(day: string, { every, unit }: Repeats): string {
  if (unit === 'day') return addDays(day, every);
  if (unit === 'week') return addDays(day, every * 7);
  return addMonths(day, unit === 'month' ? every : every * 12);
}

/** Days that a unit has at the most. */
const longest = { day: 1, week: 7, month: 31, year: 366 } as const;

interface Due {
  due_date: string | null;
  due_is_date: boolean;
}

/**
 * The first due date after `now`, a whole number of repetitions after the present one: a day stays a day, a time of the day stays
 * that time on the wall. Counted from today where there is no due date. Null past the year 9999.
 */
export function nextDue(
  { due_date, due_is_date }: Due,
  repeats: Repeats,
  { now, time_zone }: { now: number; time_zone: string },
): { due_date: string; due_is_date: boolean } | null {
  const today = dayIn(time_zone, now);
  const clock = wallClock(time_zone);
  const timed = due_date !== null && !due_is_date ? clock.read(Date.parse(due_date)) : null;
  const first = timed?.day ?? due_date?.slice(0, 10) ?? today;
  const daysAgo = (Date.parse(today) - Date.parse(first)) / 86_400_000;
  // Always counted from the first day, so that the 31st comes back after a short month.
  for (let times = Math.max(1, Math.floor(daysAgo / (longest[repeats.unit] * repeats.every))); ; times++) {
    const day = dayAfter(first, { every: repeats.every * times, unit: repeats.unit });
    if (!isDay(day)) return null;
    if (timed === null) {
      if (day > today) return { due_date: `${day}T00:00:00Z`, due_is_date: true };
      continue;
    }
    const at = clock.when(day, timed.ms);
    if (at > now) return { due_date: new Date(at).toISOString(), due_is_date: false };
  }
}
