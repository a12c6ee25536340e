// The person's present: now, today in their zone, the first day of their week. Goes on with the minutes.
import { dayIn } from '@taylordash/core/days';
import { useEffect, useMemo, useState } from 'react';
import { useMe } from '../app-context.tsx';

export interface Present {
  /** ISO, to the minute. */
  now: string;
  today: string;
  time_zone: string;
  week_start: number;
}

export function usePresent(): Present {
  const me = useMe();
  const time_zone = me?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const week_start = me?.week_start ?? 1;
  const [minute, setMinute] = useState(() => Math.floor(Date.now() / 60_000));
  useEffect(() => {
    const timer = setInterval(() => setMinute(Math.floor(Date.now() / 60_000)), 10_000);
    return () => clearInterval(timer);
  }, []);
  return useMemo(() => {
    const at = minute * 60_000;
    return { now: new Date(at).toISOString(), today: dayIn(time_zone, at), time_zone, week_start };
  }, [minute, time_zone, week_start]);
}
