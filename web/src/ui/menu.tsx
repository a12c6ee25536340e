// A menu that opens from a button. What it is made of is loaded when the first one opens, or before, while nothing else is to do.
import { Ellipsis } from 'lucide-react';
import { cloneElement, type ReactNode, Suspense, useContext, useState } from 'react';
import { IconButton } from './icon-button.tsx';
import { lazyPart } from './lazy-part.ts';
import { type ItemProps, MenuParts, type MenuProps } from './menu-parts.ts';

const Window = lazyPart(async () => (await import('./menu-window.tsx')).MenuWindow);
export const loadMenus = Window.load;

export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const closed = cloneElement(props.trigger, {
    onClick: () => setWanted(true),
    'aria-haspopup': 'menu',
    'aria-expanded': false,
  });
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <Window {...props} />
    </Suspense>
  );
}

export function MenuItem(props: ItemProps) {
  const parts = useContext(MenuParts);
  return parts && <parts.Item {...props} />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  const parts = useContext(MenuParts);
  return parts && <parts.Label className="px-2 pt-2 pb-1 text-12 text-text-3">{children}</parts.Label>;
}

export function MenuLine() {
  const parts = useContext(MenuParts);
  return parts && <parts.Line className="my-1 h-px bg-line" />;
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
