// The person's present: now and today in their zone, going on with the minutes.
import { useEffect, useMemo, useState } from 'react';
import { useDates } from '../ui/dates.ts';

export interface Present {
  /** ISO, to the minute. */
  now: string;
  today: string;
  time_zone: string;
  /** 1 is Monday. */
  week_start: number;
  /** The time of day of a moment there: "14:02". */
  clock: (moment: string) => string;
}

export function usePresent(): Present {
  const dates = useDates();
  const [minute, setMinute] = useState(() => Math.floor(Date.now() / 60_000));
  useEffect(() => {
    const timer = setInterval(() => setMinute(Math.floor(Date.now() / 60_000)), 10_000);
    return () => clearInterval(timer);
  }, []);
  return useMemo(() => {
    const at = new Date(minute * 60_000);
    const { time_zone, week_start, clock } = dates;
    return { now: at.toISOString(), today: dates.today(at), time_zone, week_start, clock };
  }, [minute, dates]);
}
