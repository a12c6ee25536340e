// The tips of the whole page: one layer that reads `data-tip` of what the pointer rests on or the keyboard has reached.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Kbd } from './kbd.tsx';

const restMs = 400;
/** After a tip, the next one needs no rest. */
const warmMs = 300;
/** Time for the pointer to go from the button onto its tip. */
const leaveMs = 120;
/** The breakpoint `xl`. */
const wide = 1280;
const gap = 6;
const margin = 8;

interface Tip {
  of: HTMLElement;
  text: string;
  keys: string | undefined;
  side: string;
}

function tipOf(target: EventTarget | null): Tip | null {
  const of = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
  if (!of) return null;
  const { tip = '', tipKeys, tipSide = 'bottom', tipNarrow } = of.dataset;
  // Says itself on a wide screen.
  if (tipNarrow !== undefined && window.innerWidth >= wide) return null;
  return tip === '' ? null : { of, text: tip, keys: tipKeys, side: tipSide };
}

export function Tips() {
  const [tip, setTip] = useState<Tip | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let open: HTMLElement | null = null;
    let closedAt = Number.NEGATIVE_INFINITY;
    const show = (next: Tip | null) => {
      clearTimeout(timer);
      if (open && !next) closedAt = performance.now();
      open = next?.of ?? null;
      setTip(next);
    };
    const over = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return;
      if (event.target instanceof Node && box.current?.contains(event.target)) {
        clearTimeout(timer);
        return;
      }
      const next = tipOf(event.target);
      if (next && next.of === open) {
        clearTimeout(timer);
        return;
      }
      clearTimeout(timer);
      if (!next) {
        if (open) timer = setTimeout(() => show(null), leaveMs);
        return;
      }
      const warm = open !== null || performance.now() - closedAt < warmMs;
      timer = setTimeout(() => show(next), warm ? leaveMs : restMs);
    };
    const focused = (event: FocusEvent) => {
      const next = tipOf(event.target);
      // Only where the keyboard brought the focus: after a click everybody knows what they clicked.
      show(next?.of.matches(':focus-visible') === true ? next : null);
    };
    const hide = () => show(null);
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide();
    };
    document.addEventListener('pointerover', over);
    document.addEventListener('focusin', focused);
    document.addEventListener('focusout', hide);
    document.addEventListener('pointerdown', hide, true);
    document.addEventListener('keydown', key, true);
    document.addEventListener('scroll', hide, true);
    document.documentElement.addEventListener('pointerleave', hide);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', over);
      document.removeEventListener('focusin', focused);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('pointerdown', hide, true);
      document.removeEventListener('keydown', key, true);
      document.removeEventListener('scroll', hide, true);
      document.documentElement.removeEventListener('pointerleave', hide);
    };
  }, []);
  useLayoutEffect(() => {
    if (!tip || !box.current) return;
    const { style } = box.current;
    const { left, top } = place(tip.of.getBoundingClientRect(), box.current.getBoundingClientRect(), tip.side);
    style.left = `${left}px`;
    style.top = `${top}px`;
  }, [tip]);
  if (!tip) return null;
  return (
    <div
      ref={box}
      role="tooltip"
      className="enter-fade fixed z-50 flex items-center gap-2 rounded-control border border-line bg-surface-3 px-2 py-1 text-12 text-text shadow-2"
    >
      {tip.text}
      {tip.keys !== undefined && <Kbd keys={tip.keys} />}
    </div>
  );
}

/** Beside what it is for, on the other side where there is no room, and never over the window's edge. */
function place(of: DOMRect, box: DOMRect, side: string): { left: number; top: number } {
  const across = { x: of.left + (of.width - box.width) / 2, y: of.top + (of.height - box.height) / 2 };
  const room = { right: window.innerWidth - box.width - margin, bottom: window.innerHeight - box.height - margin };
  const before = (edge: number, size: number) => edge - gap - size;
  let left = across.x;
  let top = across.y;
  if (side === 'left' || side === 'right') {
    const right = of.right + gap;
    left = side === 'left' ? before(of.left, box.width) : right;
    if (left < margin) left = right;
    if (left > room.right) left = before(of.left, box.width);
  } else {
    const below = of.bottom + gap;
    top = side === 'top' ? before(of.top, box.height) : below;
    if (top < margin) top = below;
    if (top > room.bottom) top = before(of.top, box.height);
  }
  return {
    left: Math.max(margin, Math.min(left, room.right)),
    top: Math.max(margin, Math.min(top, room.bottom)),
  };
}
