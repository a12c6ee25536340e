// A row of a list that opens what it names beside the list.
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface Props {
  /** It is the one that is open. */
  open: boolean;
  onOpen: () => void;
  /** Its height and how its parts stand. */
  className: string;
  children: ReactNode;
}

export function OpenRow({ open, onOpen, className, children }: Props) {
  return (
    <li className="border-line border-b last:border-b-0">
      <button
        type="button"
        onClick={onOpen}
        aria-current={open ? 'true' : undefined}
        className={cx(
          'flex w-full px-4 text-left -outline-offset-2 hover:bg-surface-2',
          className,
          open && 'bg-accent-quiet',
        )}
      >
        {children}
      </button>
    </li>
  );
}
