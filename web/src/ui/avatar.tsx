// A person as two letters.
import { cx } from './cx.ts';

export function Avatar({ name, size = 24 }: { name: string; size?: 24 | 32 }) {
  const letters = name
    .split(/[\s._@-]+/)
    .slice(0, 2)
    .map((part) => part.slice(0, 1).toUpperCase())
    .join('');
  return (
    <span
      aria-hidden
      className={cx(
        'inline-flex shrink-0 select-none items-center justify-center rounded-full border border-line bg-accent-quiet font-medium text-text-2',
        size === 24 ? 'size-6 text-12' : 'size-8 text-13',
      )}
    >
      {letters}
    </span>
  );
}
