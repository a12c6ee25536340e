// The notices on show; they wait ten seconds, and longer while they are looked at.
import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { strings } from '../strings.ts';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';
import type { ShownNotice } from './notice.ts';

const waitMs = 10_000;
const key = 'F8';

interface ListProps {
  notices: readonly ShownNotice[];
  onClose: (key: number) => void;
}

/**
 * Always there, so that what appears in it is read out, over a dialog too. Not Radix's: with its notices Esc closes the notice
 * and leaves the dialog that somebody meant.
 */
export function ToastList({ notices, onClose }: ListProps) {
  const region = useRef<HTMLElement>(null);
  /** Somebody looks: by pointer, by focus, or not at all as the page is not on show. */
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key === key) region.current?.querySelector<HTMLElement>('button')?.focus();
    };
    const hidden = () => setHeld(document.hidden);
    window.addEventListener('keydown', focus);
    document.addEventListener('visibilitychange', hidden);
    return () => {
      window.removeEventListener('keydown', focus);
      document.removeEventListener('visibilitychange', hidden);
    };
  }, []);
  // With the last notice goes the pointer that was over it.
  if (held && notices.length === 0 && !document.hidden) setHeld(false);
  return (
    <section
      ref={region}
      data-notices
      aria-label={strings.notices(key)}
      aria-live="polite"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="fixed right-4 bottom-20 left-4 z-50 mb-[var(--notices-lift,0px)] flex flex-col gap-2 outline-none sm:left-auto sm:w-[400px] md:bottom-4"
    >
      {notices.map((notice) => (
        <Toast key={notice.key} notice={notice} held={held} onClose={() => onClose(notice.key)} />
      ))}
    </section>
  );
}

function Toast({ notice, held, onClose }: { notice: ShownNotice; held: boolean; onClose: () => void }) {
  const left = useRef(waitMs);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (held) return;
    const since = performance.now();
    const timer = setTimeout(() => close.current(), left.current);
    return () => {
      clearTimeout(timer);
      left.current = Math.max(1000, left.current - (performance.now() - since));
    };
  }, [held]);
  const actions = [notice.action, notice.also].filter((one) => one !== undefined);
  return (
    // Over a dialog the page takes no pointer, but what is said about it does.
    <div
      role={notice.tone === 'problem' ? 'alert' : undefined}
      className={cx(
        'enter-rise pointer-events-auto relative flex items-center gap-1 overflow-hidden rounded-node border bg-surface-3 py-1 pr-1 pl-4 shadow-2',
        notice.tone === 'problem' ? 'border-blocked' : 'border-line',
      )}
    >
      <p className="mr-1 min-w-0 flex-1 break-words py-2 text-14">{notice.text}</p>
      {actions.map(({ label, run }) => (
        <button
          key={label}
          type="button"
          onClick={() => {
            onClose();
            run();
          }}
          className="press target rounded-control px-3 font-medium text-accent hover:bg-surface-2"
        >
          {label}
        </button>
      ))}
      <IconButton label={strings.close} side="top" onClick={onClose}>
        <X size={16} aria-hidden />
      </IconButton>
      {actions.length > 0 && (
        <span
          aria-hidden
          className={cx(
            'absolute inset-x-0 bottom-0 h-0.5 origin-left animate-[toast-drain_10s_linear_forwards] bg-accent motion-reduce:hidden',
            held && '[animation-play-state:paused]',
          )}
        />
      )}
    </div>
  );
}
