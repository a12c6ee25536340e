// Moving a component by touch: one finger pans, a press of 350 ms lifts what is under it.
import { type RefObject, useEffect, useRef, useState } from 'react';

const liftMs = 350;
const slack = 8;

interface Options {
  container: RefObject<HTMLElement | null>;
  enabled: boolean;
  zoom: () => number;
  onMove: (id: string, dx: number, dy: number) => void;
  onDrop: (id: string) => void;
}

/** Answers the id of what is lifted. */
export function useLift({ container, enabled, zoom, onMove, onDrop }: Options): string | null {
  const [lifted, setLifted] = useState<string | null>(null);
  const actions = useRef({ zoom, onMove, onDrop });
  actions.current = { zoom, onMove, onDrop };
  useEffect(() => {
    const element = container.current;
    if (!element || !enabled) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let id: string | null = null;
    let last = { x: 0, y: 0 };
    const rest = () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    };
    const down = (event: TouchEvent) => {
      rest();
      const [touch] = event.touches;
      const target = event.target instanceof Element ? event.target : null;
      const node = target?.closest('.react-flow__node')?.getAttribute('data-id');
      if (!touch || event.touches.length > 1 || !node || target?.closest('.react-flow__handle, input')) return;
      last = { x: touch.clientX, y: touch.clientY };
      timer = setTimeout(() => {
        id = node;
        setLifted(node);
        navigator.vibrate?.(10);
      }, liftMs);
    };
    const move = (event: TouchEvent) => {
      const [touch] = event.touches;
      if (!touch) return;
      const dx = touch.clientX - last.x;
      const dy = touch.clientY - last.y;
      if (id === null) {
        if (Math.hypot(dx, dy) > slack) rest();
        return;
      }
      // The pane would pan with the same finger.
      event.stopPropagation();
      event.preventDefault();
      last = { x: touch.clientX, y: touch.clientY };
      const scale = actions.current.zoom();
      actions.current.onMove(id, dx / scale, dy / scale);
    };
    const up = () => {
      rest();
      if (id !== null) actions.current.onDrop(id);
      id = null;
      setLifted(null);
    };
    element.addEventListener('touchstart', down, { capture: true, passive: true });
    element.addEventListener('touchmove', move, { capture: true, passive: false });
    element.addEventListener('touchend', up, { capture: true });
    element.addEventListener('touchcancel', up, { capture: true });
    return () => {
      rest();
      element.removeEventListener('touchstart', down, { capture: true });
      element.removeEventListener('touchmove', move, { capture: true });
      element.removeEventListener('touchend', up, { capture: true });
      element.removeEventListener('touchcancel', up, { capture: true });
    };
  }, [container, enabled]);
  return lifted;
}
