// A small window at what it belongs to, for choosing and typing; Esc and a press elsewhere close it.
import { Popover as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface Props {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** What opens it; for one that is open at once, what it stands at. */
  trigger?: ReactNode;
  anchor?: ReactNode;
  label: string;
  align?: 'start' | 'end';
  width?: string;
  /** Where the focus goes after it closed; undefined: back to the trigger. */
  onCloseFocus?: () => void;
  children: ReactNode;
}

export function Popover({
  open,
  onOpenChange,
  trigger,
  anchor,
  label,
  align = 'start',
  width = 'w-64',
  onCloseFocus,
  children,
}: Props) {
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      {trigger !== undefined && <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      {anchor !== undefined && <Radix.Anchor asChild>{anchor}</Radix.Anchor>}
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            if (!onCloseFocus) return;
            event.preventDefault();
            onCloseFocus();
          }}
          className={`enter-fade z-50 ${width} max-w-[calc(100vw-16px)] rounded-node border border-line bg-surface-3 p-2 shadow-2 outline-none`}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
