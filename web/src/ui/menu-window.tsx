// An open menu and its button. Loaded when the first one opens.
import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './kbd.tsx';
import { type ItemProps, MenuParts, type MenuProps } from './menu-parts.ts';

const itemClass =
  'target flex cursor-pointer select-none items-center gap-2 rounded-control px-2 text-14 text-text outline-none data-disabled:opacity-50 data-highlighted:bg-accent-quiet';

function Item({ icon, shortcut, danger = false, chosen, disabled = false, onSelect, children }: ItemProps) {
  const content = (
    <>
      {icon}
      <span className="flex-1">{children}</span>
      {shortcut !== undefined && (
        <span aria-hidden className="pl-4 pointer-coarse:hidden">
          <Kbd keys={shortcut} />
        </span>
      )}
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

const parts = { Item, Label: DropdownMenu.Label, Line: DropdownMenu.Separator };

/** Opens at once: what asked for it was the press that opens it. */
export function MenuWindow({ trigger, align = 'start', side = 'bottom', children }: MenuProps) {
  const [open, setOpen] = useState(true);
  return (
    <DropdownMenu.Root modal={false} open={open} onOpenChange={setOpen}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="enter-fade z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-node border border-line bg-surface-3 p-1 shadow-2"
        >
          <MenuParts value={parts}>{children}</MenuParts>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
