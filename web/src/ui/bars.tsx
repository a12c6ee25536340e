// Counts over time as bars, the present last. What they say is in words beside them: hovering is for those who can.
import { cx } from './cx.ts';

interface Props {
  counts: readonly number[];
  /** All of it in words, for who does not see it. */
  label: string;
  /** Sizes it, and says its colour. */
  className: string;
  /** Of each bar, shown when it is hovered. */
  titleOf?: (index: number) => string;
}

const height = 40;
const step = 4;

export function Bars({ counts, label, className, titleOf }: Props) {
  const most = Math.max(1, ...counts);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${counts.length * step} ${height}`}
      preserveAspectRatio="none"
      className={className}
    >
      {counts.map((count, index) => {
        const tall = count === 0 ? 2 : Math.max(5, (count / most) * height);
        const x = index * step;
        return (
          <rect
            key={x}
            x={x}
            y={height - tall}
            width={step - 1}
            height={tall}
            className={cx('fill-current', count === 0 && 'opacity-30')}
          >
            {titleOf && <title>{titleOf(index)}</title>}
          </rect>
        );
      })}
    </svg>
  );
}
