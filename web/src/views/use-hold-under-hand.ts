// Holds back what others change in the row or card under one's pointer or focus, so that nothing moves under one's hand.
import { type RefObject, useEffect } from 'react';
import { useApp } from '../app-context.tsx';

/** Rows name their entity by `data-card` or `data-row`. */
export function useHoldUnderHand(container: RefObject<HTMLElement | null>): void {
  const { held } = useApp();
  useEffect(() => {
    const element = container.current;
    if (!element) return;
    const idOf = (target: EventTarget | null) => {
      const row = target instanceof Element ? target.closest<HTMLElement>('[data-card], [data-row]') : null;
      return row?.dataset.card ?? row?.dataset.row ?? null;
    };
    const holder = () => {
      let now: string | null = null;
      let release: (() => void) | null = null;
      return (id: string | null) => {
        if (id === now) return;
        now = id;
        release?.();
        release = id === null ? null : held.hold(id);
      };
    };
    const [pointed, focused] = [holder(), holder()];
    const over = (event: PointerEvent) => pointed(event.pointerType === 'mouse' ? idOf(event.target) : null);
    const leave = () => pointed(null);
    const focus = (event: FocusEvent) => focused(idOf(event.target));
    const blur = () => focused(null);
    element.addEventListener('pointerover', over);
    element.addEventListener('pointerleave', leave);
    element.addEventListener('focusin', focus);
    element.addEventListener('focusout', blur);
    return () => {
      leave();
      blur();
      element.removeEventListener('pointerover', over);
      element.removeEventListener('pointerleave', leave);
      element.removeEventListener('focusin', focus);
      element.removeEventListener('focusout', blur);
    };
  }, [held, container]);
}
