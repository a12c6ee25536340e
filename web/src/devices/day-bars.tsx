// A day of a device: how much came in each hour, and in all.
import { strings } from '../strings.ts';
import { Bars } from '../ui/bars.tsx';

export function DayBars({ hours }: { hours: readonly number[] }) {
  const words = strings.devices.day_bars(hours.reduce((sum, count) => sum + count, 0));
  return (
    <span className="inline-flex min-w-24 flex-col gap-0.5">
      <Bars counts={hours} label={words} className="h-5 w-full text-accent" />
      <span aria-hidden className="text-12 text-text-3 tabular-nums">
        {words}
      </span>
    </span>
  );
}
