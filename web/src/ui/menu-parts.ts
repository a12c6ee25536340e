// What menus are made of, and how their items find it.
import { type ComponentType, createContext, type MouseEvent, type ReactElement, type ReactNode } from 'react';

interface TriggerProps {
  onClick?: (event: MouseEvent) => void;
  'aria-haspopup'?: 'menu';
  'aria-expanded'?: boolean;
}

export interface MenuProps {
  trigger: ReactElement<TriggerProps>;
  align?: 'start' | 'end';
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: ReactNode;
}

export interface ItemProps {
  icon?: ReactNode;
  shortcut?: string;
  danger?: boolean;
  /** Marks the present choice among several. */
  chosen?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

interface Parts {
  Item: ComponentType<ItemProps>;
  Label: ComponentType<{ className: string; children: ReactNode }>;
  Line: ComponentType<{ className: string }>;
}

/** What the items of an open menu are made of: null where none is open. */
export const MenuParts = createContext<Parts | null>(null);
