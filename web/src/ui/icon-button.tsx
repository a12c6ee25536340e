// A button that shows only an icon; its name and shortcut appear as a tip.
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

interface Props extends ComponentProps<'button'> {
  label: string;
  shortcut?: string;
  side?: 'top' | 'right' | 'bottom' | 'left';
  pressed?: boolean;
}

export function IconButton({ label, shortcut, side = 'bottom', pressed, className, children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      aria-pressed={pressed}
      data-tip={label}
      data-tip-keys={shortcut}
      data-tip-side={side}
      className={cx(
        'press target-square inline-flex shrink-0 items-center justify-center rounded-control text-text-2 hover:bg-surface-2 hover:text-text active:bg-surface-3 disabled:opacity-50',
        pressed === true && 'bg-accent-quiet text-accent',
        className,
      )}
    >
      {children}
    </button>
  );
}
