// The bars that float at the canvas's edges: what they look like, and where they stand.
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../ui/cx.ts';
import { IconButton } from '../ui/icon-button.tsx';

interface Props {
  at: 'top' | 'bottom';
  label: string;
  /** Of a warning, or of nothing in particular. */
  tone?: 'plain' | 'problem';
  children: ReactNode;
}

export function Bar({ at, label, tone = 'plain', children }: Props) {
  return (
    <div
      className={cx(
        'pointer-events-none absolute inset-x-2 z-20 flex justify-center md:inset-x-4',
        // Above the tools where there is no room beside them.
        at === 'top' ? 'top-3' : 'bottom-[76px] @min-[1200px]:bottom-4',
      )}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons is no fieldset */}
      <div
        role="group"
        aria-label={label}
        data-bar={at}
        className={cx(
          'enter-fade pointer-events-auto flex max-w-full items-center gap-1 rounded-node border bg-surface-3 p-1 shadow-2',
          at === 'bottom' && 'flex-wrap',
          tone === 'problem' ? 'border-blocked' : 'border-line',
        )}
      >
        {children}
      </div>
    </div>
  );
}

export function BarText({ children }: { children: ReactNode }) {
  return (
    <span className="@max-[520px]:-order-2 min-w-0 @max-[520px]:flex-[1_0_calc(100%-56px)] break-words px-2 py-1 text-14">
      {children}
    </span>
  );
}

export function BarLine() {
  return <span aria-hidden className="mx-1 h-5 w-px bg-line @max-[520px]:hidden" />;
}

/** Ends what the bar is about. On a narrow screen it stands beside the text, above the rest. */
export function BarEnd({ label, side, onClick }: { label: string; side: 'top' | 'bottom'; onClick: () => void }) {
  return (
    <IconButton label={label} shortcut="Esc" side={side} onClick={onClick} className="@max-[520px]:-order-1">
      <X size={18} aria-hidden />
    </IconButton>
  );
}
