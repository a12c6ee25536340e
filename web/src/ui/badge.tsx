// A number, or a dot, where something waits for a hand.
import { cx } from './cx.ts';

const most = 99;

export function Badge({ waiting, says, className }: { waiting: number | boolean; says: string; className?: string }) {
  if (waiting === false || waiting === 0) return null;
  return (
    <span
      className={cx(
        'inline-flex items-center justify-center rounded-full bg-accent font-medium text-12 text-on-accent tabular-nums',
        waiting === true ? 'size-2' : 'h-[18px] min-w-[18px] px-1',
        className,
      )}
    >
      {waiting !== true && <span aria-hidden>{waiting > most ? `${most}+` : waiting}</span>}
      <span className="sr-only">{says}</span>
    </span>
  );
}
