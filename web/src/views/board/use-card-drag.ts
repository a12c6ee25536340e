// Dragging a card: with the mouse at once, with a finger after a press of 350 ms. Says where it would drop; Esc gives it back.
import { type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react';

const liftMs = 350;
const slack = 6;
/** So near an edge, what is under it scrolls along. */
const edge = 56;

/** Where a card would drop: `column` counts the columns, `place` the cards of the column without the dragged one. */
export interface Place {
  column: number;
  place: number;
}

export interface Carried extends Place {
  id: string;
  /** The column it was taken from: a card with two labels is in two. */
  from: number;
}

interface Options {
  board: RefObject<HTMLElement | null>;
  enabled: boolean;
  /** From the top of one card to the top of the next. */
  pitch: number;
  /** Moves the picture of the card under the pointer. */
  onMove: (x: number, y: number) => void;
  onDrop: (carried: Carried) => void;
}

export function useCardDrag({ board, enabled, pitch, onMove, onDrop }: Options) {
  const [carried, setCarried] = useState<Carried | null>(null);
  const latest = useRef({ carried, onMove, onDrop });
  latest.current = { carried, onMove, onDrop };
  const gesture = useRef<{ id: string; from: number; x: number; y: number; lifted: boolean } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const placeAt = useCallback(
    (x: number, y: number): Place | null => {
      for (const element of board.current?.querySelectorAll<HTMLElement>('[data-column]') ?? []) {
        const box = element.getBoundingClientRect();
        if (x < box.left || x >= box.right) continue;
        const list = element.querySelector<HTMLElement>('[data-cards]');
        const top = list?.getBoundingClientRect().top ?? box.top;
        const place = list ? Math.round((y - top + list.scrollTop - pitch / 3) / pitch) : 0;
        return { column: Number(element.dataset.column), place: Math.max(0, place) };
      }
      return null;
    },
    [board, pitch],
  );

  const rest = useCallback(() => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    gesture.current = null;
    setCarried(null);
  }, []);

  const follow = useCallback(
    (x: number, y: number) => {
      const now = gesture.current;
      if (!now?.lifted) return;
      now.x = x;
      now.y = y;
      latest.current.onMove(x, y);
      const place = placeAt(x, y);
      if (!place) return;
      setCarried((old) =>
        old && old.column === place.column && old.place === place.place
          ? old
          : { id: now.id, from: now.from, ...place },
      );
    },
    [placeAt],
  );

  const lift = useCallback(() => {
    if (!gesture.current) return;
    gesture.current.lifted = true;
    navigator.vibrate?.(10);
    follow(gesture.current.x, gesture.current.y);
  }, [follow]);

  const onPointerDown = (event: PointerEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    const card = target?.closest<HTMLElement>('[data-card]');
    const column = card?.closest<HTMLElement>('[data-column]');
    if (!enabled || event.button !== 0 || !card || !column || target?.closest('[data-card-menu]')) return;
    gesture.current = {
      id: card.dataset.card ?? '',
      from: Number(column.dataset.column),
      x: event.clientX,
      y: event.clientY,
      lifted: false,
    };
    if (event.pointerType !== 'mouse') timer.current = setTimeout(lift, liftMs);
  };

  useEffect(() => {
    if (!enabled) return;
    const move = (event: globalThis.PointerEvent) => {
      const now = gesture.current;
      if (!now) return;
      if (now.lifted) follow(event.clientX, event.clientY);
      else if (Math.hypot(event.clientX - now.x, event.clientY - now.y) > slack) {
        if (event.pointerType === 'mouse') lift();
        else rest();
      }
    };
    const up = () => {
      const { carried: now } = latest.current;
      if (now && gesture.current?.lifted) {
        latest.current.onDrop(now);
        // The release of what was dragged is no press of it.
        window.addEventListener('click', (event) => event.stopPropagation(), { capture: true, once: true });
        setTimeout(() => window.dispatchEvent(new MouseEvent('click')));
      }
      rest();
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !gesture.current?.lifted) return;
      event.preventDefault();
      event.stopPropagation();
      rest();
    };
    // The board would scroll with the same finger.
    const hold = (event: TouchEvent) => {
      if (gesture.current?.lifted) event.preventDefault();
    };
    const noMenu = (event: Event) => {
      if (gesture.current) event.preventDefault();
    };
    const element = board.current;
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', rest);
    window.addEventListener('keydown', key, { capture: true });
    element?.addEventListener('touchmove', hold, { passive: false });
    element?.addEventListener('contextmenu', noMenu);
    return () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', rest);
      window.removeEventListener('keydown', key, { capture: true });
      element?.removeEventListener('touchmove', hold);
      element?.removeEventListener('contextmenu', noMenu);
    };
  }, [enabled, board, follow, lift, rest]);

  const dragging = carried !== null;
  useEffect(() => {
    if (!dragging) return;
    let frame = requestAnimationFrame(function scroll() {
      const now = gesture.current;
      const box = board.current?.getBoundingClientRect();
      if (now && box && board.current) {
        const step = (at: number, from: number, to: number) =>
          at < from + edge ? (at - from - edge) / 4 : at > to - edge ? (at - to + edge) / 4 : 0;
        board.current.scrollLeft += step(now.x, box.left, box.right);
        const column = document.elementFromPoint(now.x, now.y)?.closest('[data-column]');
        const list = column?.querySelector<HTMLElement>('[data-cards]');
        const inside = list?.getBoundingClientRect();
        if (list && inside) list.scrollTop += step(now.y, inside.top, inside.bottom);
        follow(now.x, now.y);
      }
      frame = requestAnimationFrame(scroll);
    });
    return () => cancelAnimationFrame(frame);
  }, [dragging, board, follow]);

  return { carried, onPointerDown };
}
