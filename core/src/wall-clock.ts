// What clocks on the wall show in a time zone, and when they show it.

const dayMs = 86_400_000;

/** What clocks on the wall show in one zone. */
export interface WallClock {
  /** Day and milliseconds since its midnight, as the clock shows them. */
  read(at: number): { day: string; ms: number };
  /**
   * The moment at which the clock shows this. What it shows twice is the first time of the two; what it leaps over is as much
   * later as it leaps.
   */
  when(day: string, ms: number): number;
}

/** Throws RangeError for a zone that does not exist. Takes a while to make, is quick to ask. */
export function wallClock(time_zone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: time_zone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  /** Wall time as if it were UTC. */
  const shown = (at: number): number => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    const date = new Date(0);
    // Unlike Date.UTC, this takes years below 100 as they are.
    date.setUTCFullYear(of('year'), of('month') - 1, of('day'));
    return (
      date.getTime() + ((of('hour') * 60 + of('minute')) * 60 + of('second')) * 1000 + (((at % 1000) + 1000) % 1000)
    );
  };
  return {
    read(at) {
      const wall = shown(at);
      const ms = ((wall % dayMs) + dayMs) % dayMs;
      return { day: new Date(wall).toISOString().slice(0, 10), ms };
    },
    when(day, ms) {
      const wall = Date.parse(`${day}T00:00:00Z`) + ms;
      const [before, after] = [wall - dayMs, wall + dayMs].map((at) => wall - (shown(at) - at));
      if (before === undefined || after === undefined || before === after) return before ?? wall;
      if (shown(before) === wall) return before;
      return shown(after) === wall ? after : before;
    },
  };
}
