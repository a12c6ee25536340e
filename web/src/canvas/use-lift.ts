// Moving components by touch: one finger pans, a press of 350 ms lifts what is under it, with what is selected with it.
import type { Position } from '@taylordash/core/entities';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Drag } from './use-drag.ts';

const liftMs = 350;
const slack = 8;

interface Options {
  container: RefObject<HTMLElement | null>;
  enabled: boolean;
  drag: Drag;
  /** The component under a point of the screen. */
  under: (at: Position, target: Element) => string | null;
  /** What goes along with it. */
  with: (id: string) => ReadonlySet<string>;
}

/** Answers the id of what is lifted. */
export function useLift(options: Options): string | null {
  const { container, enabled } = options;
  const [lifted, setLifted] = useState<string | null>(null);
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    const element = container.current;
    if (!element || !enabled) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let id: string | null = null;
    let start: Position = { x: 0, y: 0 };
    const rest = () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    };
    const down = (event: TouchEvent) => {
      rest();
      const [touch] = event.touches;
      const target = event.target instanceof Element ? event.target : null;
      if (!touch || event.touches.length > 1 || !target?.closest('.react-flow__renderer')) return;
      if (target.closest('.react-flow__handle, .edge-end, input, button')) return;
      start = { x: touch.clientX, y: touch.clientY };
      const node = latest.current.under(start, target);
      if (node === null) return;
      timer = setTimeout(() => {
        id = node;
        setLifted(node);
        latest.current.drag.begin(latest.current.with(node), start);
        navigator.vibrate?.(10);
      }, liftMs);
    };
    const move = (event: TouchEvent) => {
      const [touch] = event.touches;
      if (!touch) return;
      const at = { x: touch.clientX, y: touch.clientY };
      if (id === null) {
        if (Math.hypot(at.x - start.x, at.y - start.y) > slack) rest();
        return;
      }
      // The pane would pan with the same finger.
      event.stopPropagation();
      event.preventDefault();
      latest.current.drag.to(at);
    };
    const end = (finish: (drag: Drag) => void) => (event: TouchEvent) => {
      rest();
      if (id === null) return;
      // No click follows what was a lift.
      event.preventDefault();
      finish(latest.current.drag);
      id = null;
      setLifted(null);
    };
    const up = end((drag) => drag.drop());
    const cancel = end((drag) => drag.cancel());
    element.addEventListener('touchstart', down, { capture: true, passive: true });
    element.addEventListener('touchmove', move, { capture: true, passive: false });
    element.addEventListener('touchend', up, { capture: true });
    element.addEventListener('touchcancel', cancel, { capture: true });
    return () => {
      rest();
      element.removeEventListener('touchstart', down, { capture: true });
      element.removeEventListener('touchmove', move, { capture: true });
      element.removeEventListener('touchend', up, { capture: true });
      element.removeEventListener('touchcancel', cancel, { capture: true });
    };
  }, [container, enabled]);
  return lifted;
}
