// A moment in words that stay true while one looks; the exact time on hover.
import { useEffect, useState } from 'react';
import { strings } from '../strings.ts';
import { type Dates, useDates } from './dates.ts';

const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

export function relative(at: string, now: Date, dates: Pick<Dates, 'date'>): string {
  const seconds = (Date.parse(at) - now.getTime()) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return strings.just_now;
  if (size < 2700) return words.format(Math.round(seconds / 60), 'minute');
  if (size < 79_200) return words.format(Math.round(seconds / 3600), 'hour');
  if (size < 2_592_000) return words.format(Math.round(seconds / 86_400), 'day');
  return dates.date(at);
}

export function RelativeTime({ at }: { at: string }) {
  const dates = useDates();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={dates.exact(at)} className="whitespace-nowrap">
      {relative(at, now, dates)}
    </time>
  );
}
