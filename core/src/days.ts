// Calendar days: a date without a time is a day in somebody's zone, never an instant.

/** The calendar day it is in a zone (an IANA name) at a moment in milliseconds since 1970, as `2026-01-15`. Throws RangeError for a zone that does not exist. */
export function dayIn(time_zone: string, at: number): string {
  return dayFormat(time_zone).format(at);
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** One for each zone, of which there are some hundreds: making one takes longer than most requests. */
function dayFormat(time_zone: string): Intl.DateTimeFormat {
  let format = dayFormats.get(time_zone);
  if (!format) {
    // Swedish writes days as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: time_zone, dateStyle: 'short' });
    dayFormats.set(time_zone, format);
  }
  return format;
}

const isoDay = /^\d{4}-\d{2}-\d{2}$/;

/** Is it a day that exists? */
export function isDay(text: string): boolean {
  return isoDay.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The same day of another month, or that month's last day. */
export function addMonths(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  const wanted = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(wanted, last));
  return date.toISOString().slice(0, 10);
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** The first day of the week that a day is in; `week_start` 1 is Monday. */
export function startOfWeek(day: string, week_start: number): string {
  return addDays(day, -((weekdayOf(day) - week_start + 7) % 7));
}

/**
 * Tells of moments in UTC which day they are in a time zone. Days begin on the minute everywhere, so it asks once a minute, not
 * once a moment: lists of thousands are quick.
 */
export function dayTeller(time_zone: string): (moment: string) => string {
  const format = dayFormat(time_zone);
  const known = new Map<string, string>();
  return (moment) => {
    const minute = moment.slice(0, 16);
    let day = known.get(minute);
    if (day === undefined) {
      day = format.format(Date.parse(moment));
      known.set(minute, day);
    }
    return day;
  };
}
