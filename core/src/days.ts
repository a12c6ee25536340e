// Calendar days: a date without a time is a day in somebody's zone, never an instant.

/** The calendar day it is in a zone (an IANA name) at a moment in milliseconds since 1970, as `2026-01-15`. Throws RangeError for a zone that does not exist. */
export function dayIn(time_zone: string, at: number): string {
  // Swedish writes days as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: time_zone, dateStyle: 'short' }).format(at);
}
