// A day in 24 bars: how much came in each hour.
import { strings } from '../strings.ts';

const height = 20;

export function DayBars({ hours }: { hours: readonly number[] }) {
  const most = Math.max(1, ...hours);
  const total = hours.reduce((sum, count) => sum + count, 0);
  return (
    <svg
      role="img"
      aria-label={strings.devices.day_bars(total)}
      viewBox={`0 0 ${hours.length * 4} ${height}`}
      className="h-5 w-24 text-accent"
    >
      <title>{strings.devices.day_bars(total)}</title>
      {hours.map((count, index) => {
        const size = count === 0 ? 1 : Math.max(2, (count / most) * height);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the hours are their places
            key={index}
            x={index * 4}
            y={height - size}
            width={3}
            height={size}
            fill="currentColor"
            opacity={count === 0 ? 0.35 : 1}
          />
        );
      })}
    </svg>
  );
}
