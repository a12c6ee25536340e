// The shape of what is on its way; shows after 200 ms.
import { strings } from '../strings.ts';
import { cx } from './cx.ts';

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx('rounded-control bg-surface-2', className)} />;
}

/** Lines of a list that is on its way. */
export function SkeletonRows({ rows = 8, height = 'h-12' }: { rows?: number; height?: string }) {
  return (
    <div role="status" aria-label={strings.loading} className="enter-late flex flex-col gap-2">
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} className={height} />
      ))}
    </div>
  );
}
