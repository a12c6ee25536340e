// A menu that opens from a button.
import { Check, Ellipsis } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';
import { Kbd } from './kbd.tsx';

interface MenuProps {
  trigger: ReactNode;
  align?: 'start' | 'end';
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: ReactNode;
}

export function Menu({ trigger, align = 'start', side = 'bottom', children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="enter-fade z-50 min-w-48 rounded-node border border-line bg-surface-3 p-1 shadow-2"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const itemClass =
  'target flex cursor-pointer select-none items-center gap-2 rounded-control px-2 text-14 text-text outline-none data-disabled:opacity-50 data-highlighted:bg-accent-quiet';

interface ItemProps {
  icon?: ReactNode;
  shortcut?: string;
  danger?: boolean;
  /** Marks the present choice among several. */
  chosen?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({ icon, shortcut, danger = false, chosen, disabled = false, onSelect, children }: ItemProps) {
  const content = (
    <>
      {icon}
      <span className="flex-1">{children}</span>
      {shortcut !== undefined && <Kbd keys={shortcut} />}
      {chosen === true && <Check size={16} className="text-accent" aria-hidden />}
    </>
  );
  const shared = { disabled, onSelect, className: cx(itemClass, danger && 'text-blocked') };
  if (chosen === undefined) return <DropdownMenu.Item {...shared}>{content}</DropdownMenu.Item>;
  return (
    <DropdownMenu.CheckboxItem checked={chosen} {...shared}>
      {content}
    </DropdownMenu.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 pt-2 pb-1 text-12 text-text-3">{children}</DropdownMenu.Label>;
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}

/** The three dots at the end of a line. */
export function MoreMenu({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={label} side="left">
          <Ellipsis size={18} aria-hidden />
        </IconButton>
      }
    >
      {children}
    </Menu>
  );
}
