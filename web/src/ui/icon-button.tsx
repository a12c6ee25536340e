// A button that shows only an icon; its name and shortcut appear as a tooltip.
import { Tooltip } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './kbd.tsx';

interface Props extends ComponentProps<'button'> {
  label: string;
  shortcut?: string;
  side?: 'top' | 'right' | 'bottom' | 'left';
  pressed?: boolean;
}

export function IconButton({ label, shortcut, side = 'bottom', pressed, className, children, ...rest }: Props) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          {...rest}
          aria-label={label}
          aria-pressed={pressed}
          className={cx(
            'press target-square inline-flex shrink-0 items-center justify-center rounded-control text-text-2 hover:bg-surface-2 hover:text-text active:bg-surface-3 disabled:opacity-50',
            pressed === true && 'bg-accent-quiet text-accent',
            className,
          )}
        >
          {children}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="enter-fade z-50 flex items-center gap-2 rounded-control border border-line bg-surface-3 px-2 py-1 text-12 text-text shadow-2"
        >
          {label}
          {shortcut !== undefined && <Kbd keys={shortcut} />}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
