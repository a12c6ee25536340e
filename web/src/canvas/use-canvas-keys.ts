// The canvas by keyboard. Which key does what is said once, here; the dialog of keys reads the same list from strings.
import { useEffect, useRef } from 'react';
import { isOverlayOpen, isTyping } from '../ui/typing.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

export interface CanvasKeys {
  create: () => void;
  createDependent: () => void;
  createSibling: () => void;
  follow: (direction: Direction) => void;
  nudge: (dx: number, dy: number) => void;
  link: () => void;
  open: () => void;
  rename: () => void;
  remove: () => void;
  fit: () => void;
  fitSelection: () => void;
  selectAll: () => void;
  help: () => void;
  /** Leaves the innermost thing: gesture, then mode, panel, selection. */
  leave: () => void;
}

const arrows: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const step = 8;

/** What a key press means; null where it is not the canvas's. */
function meaning(event: KeyboardEvent, keys: CanvasKeys): (() => void) | null {
  const direction = arrows[event.key];
  if (event.ctrlKey || event.metaKey) {
    if (direction === 'right') return keys.createDependent;
    if (direction === 'down') return keys.createSibling;
    return event.key.toLowerCase() === 'a' ? keys.selectAll : null;
  }
  if (event.altKey) return null;
  if (direction && event.shiftKey) {
    const dx = direction === 'left' ? -step : direction === 'right' ? step : 0;
    const dy = direction === 'up' ? -step : direction === 'down' ? step : 0;
    return () => keys.nudge(dx, dy);
  }
  if (direction) return () => keys.follow(direction);
  // By place and not by letter: with Shift, the digits' letters differ from one layout to the next.
  if (event.shiftKey && event.code === 'Digit1') return keys.fit;
  if (event.shiftKey && event.code === 'Digit2') return keys.fitSelection;
  switch (event.key) {
    case 'c':
    case 'C':
      return keys.create;
    case 'l':
    case 'L':
      return keys.link;
    case 'F2':
      return keys.rename;
    case 'Enter':
      return keys.open;
    case 'Delete':
    case 'Backspace':
      return keys.remove;
    case '?':
      return keys.help;
    case 'Escape':
      return keys.leave;
    default:
      return null;
  }
}

export function useCanvasKeys(keys: CanvasKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || isOverlayOpen()) return;
      const target = event.target instanceof Element ? event.target : null;
      // Buttons and the panel keep their own keys; only Esc leaves from everywhere.
      if (target?.closest('button, a, [role="slider"], [data-panel]') && event.key !== 'Escape') return;
      const act = meaning(event, latest.current);
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
