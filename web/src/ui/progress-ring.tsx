// Progress as a ring, with its number for those who read it.
import { strings } from '../strings.ts';

export function ProgressRing({ value, size = 20, label }: { value: number; size?: number; label?: string }) {
  const width = size >= 28 ? 3 : 2.5;
  const radius = (size - width) / 2;
  const round = 2 * Math.PI * radius;
  return (
    <svg
      width={size}
      height={size}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label ?? strings.progress_of(value)}
      className="shrink-0 -rotate-90"
    >
      <circle cx={size / 2} cy={size / 2} r={radius} fill="none" stroke="var(--line)" strokeWidth={width} />
      {value > 0 && (
        <circle
          cx={size / 2}
          cy={size / 2}
          r={radius}
          fill="none"
          stroke={value >= 100 ? 'var(--completed)' : 'var(--accent)'}
          strokeWidth={width}
          strokeLinecap="round"
          strokeDasharray={`${(Math.min(value, 100) / 100) * round} ${round}`}
        />
      )}
    </svg>
  );
}
