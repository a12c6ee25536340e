// The button in its three weights.
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

const kinds = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover active:bg-accent-down active:text-on-accent font-medium',
  quiet: 'border border-control bg-transparent text-text hover:bg-surface-2 active:bg-surface-3',
  plain: 'bg-transparent text-text-2 hover:bg-surface-2 hover:text-text active:bg-surface-3',
  danger: 'border border-blocked bg-transparent text-blocked hover:bg-surface-2 active:bg-surface-3 font-medium',
};

interface Props extends ComponentProps<'button'> {
  kind?: keyof typeof kinds;
  /** The action is on its way: the button waits and says so to screen readers. */
  busy?: boolean;
}

/** What makes something else, such as a link, look like a button. */
export const buttonLook = (kind: keyof typeof kinds = 'quiet', more?: string) =>
  cx(
    'press target inline-flex select-none items-center justify-center gap-2 whitespace-nowrap rounded-control px-3 text-14 disabled:opacity-50',
    kinds[kind],
    more,
  );

export function Button({ kind = 'quiet', busy = false, className, disabled, children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={buttonLook(kind, className)}
    >
      {children}
    </button>
  );
}
