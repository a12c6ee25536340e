// A moment in words that stay true while one looks; the exact time on hover.
import { useEffect, useState } from 'react';
import { strings } from '../strings.ts';

const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const dayOnly = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

export function relative(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return strings.just_now;
  if (size < 2700) return words.format(Math.round(seconds / 60), 'minute');
  if (size < 79_200) return words.format(Math.round(seconds / 3600), 'hour');
  if (size < 2_592_000) return words.format(Math.round(seconds / 86_400), 'day');
  return dayOnly.format(at);
}

export function exactTime(at: string): string {
  return exact.format(new Date(at));
}

export function RelativeTime({ at }: { at: string }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={exactTime(at)} className="whitespace-nowrap">
      {relative(new Date(at), now)}
    </time>
  );
}
