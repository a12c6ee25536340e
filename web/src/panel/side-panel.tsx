// The panel at the side: at the right on desktops, a sheet from below on phones; Esc closes it.
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { strings } from '../strings.ts';
import { IconButton } from '../ui/icon-button.tsx';

interface Props {
  label?: string;
  /** What stands before the button that closes it. */
  head: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

export function SidePanel({ label, head, onClose, children }: Props) {
  const aside = useRef<HTMLElement>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose();
    };
    // On the panel alone: elsewhere Esc belongs to what is beside it.
    const element = aside.current;
    element?.addEventListener('keydown', listen);
    return () => element?.removeEventListener('keydown', listen);
  }, [onClose]);
  return (
    <aside
      ref={aside}
      data-panel
      aria-label={label}
      className="enter-sheet md:enter-slide absolute inset-x-0 bottom-0 z-30 flex max-h-[70%] flex-col rounded-t-dialog border-line border-t bg-surface-1 shadow-2 md:relative md:inset-auto md:max-h-none md:w-[380px] md:shrink-0 md:rounded-none md:border-t-0 md:border-l"
    >
      <div className="flex items-center gap-2 border-line border-b py-2 pr-2 pl-4">
        {head}
        <IconButton label={strings.close} shortcut="Esc" onClick={onClose} side="left">
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      {children}
    </aside>
  );
}
