// The board by keyboard: arrows go from card to card, Space lifts one, arrows carry it, Enter drops it, Esc takes it back.
import { type KeyboardEvent, useState } from 'react';
import type { Carried, Place } from './use-card-drag.ts';

interface Options {
  /** Cards of each column. */
  counts: readonly number[];
  cardAt: (at: Place) => string | null;
  canLift: boolean;
  onFocus: (at: Place) => void;
  onOpen: (at: Place) => void;
  onLift: (carried: Carried) => void;
  onCarry: (carried: Carried) => void;
  onDrop: (carried: Carried) => void;
  onBack: (carried: Carried) => void;
  onDelete: (at: Place) => void;
}

export function useBoardKeys(options: Options) {
  const [active, setActive] = useState<Place>({ column: 0, place: 0 });
  const [lifted, setLifted] = useState<Carried | null>(null);
  const { counts } = options;

  /** The nearest column in a direction that has a card. */
  const beside = (column: number, step: -1 | 1) => {
    for (let next = column + step; next >= 0 && next < counts.length; next += step)
      if ((counts[next] ?? 0) > 0) return next;
    return column;
  };
  const go = (column: number, place: number) => {
    const next = { column, place: Math.max(0, Math.min((counts[column] ?? 1) - 1, place)) };
    setActive(next);
    options.onFocus(next);
  };
  const carry = (now: Carried, column: number, place: number) => {
    if (column < 0 || column >= counts.length) return;
    const most = (counts[column] ?? 0) - (column === now.from ? 1 : 0);
    const next = { ...now, column, place: Math.max(0, Math.min(most, place)) };
    setLifted(next);
    options.onCarry(next);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const card = event.target instanceof HTMLElement ? event.target.closest('[data-card-button]') : null;
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    const { column, place } = active;
    const keys: Record<string, () => void> = lifted
      ? {
          ArrowUp: () => carry(lifted, lifted.column, lifted.place - 1),
          ArrowDown: () => carry(lifted, lifted.column, lifted.place + 1),
          ArrowLeft: () => carry(lifted, lifted.column - 1, lifted.place),
          ArrowRight: () => carry(lifted, lifted.column + 1, lifted.place),
          Home: () => carry(lifted, lifted.column, 0),
          End: () => carry(lifted, lifted.column, Number.POSITIVE_INFINITY),
          Enter: () => drop(lifted),
          ' ': () => drop(lifted),
          Escape: () => back(lifted),
          Tab: () => back(lifted),
        }
      : {
          ArrowUp: () => go(column, place - 1),
          ArrowDown: () => go(column, place + 1),
          ArrowLeft: () => go(beside(column, -1), place),
          ArrowRight: () => go(beside(column, 1), place),
          Home: () => go(column, 0),
          End: () => go(column, Number.POSITIVE_INFINITY),
          PageUp: () => go(column, place - 5),
          PageDown: () => go(column, place + 5),
          Enter: () => options.onOpen(active),
          Delete: () => options.onDelete(active),
          ' ': () => {
            const id = options.cardAt(active);
            if (!options.canLift || id === null) return;
            const next = { id, from: column, column, place };
            setLifted(next);
            options.onLift(next);
          },
        };
    const run = keys[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const drop = (now: Carried) => {
    setLifted(null);
    setActive({ column: now.column, place: now.place });
    options.onDrop(now);
  };
  const back = (now: Carried) => {
    setLifted(null);
    options.onBack(now);
  };
  return { active, setActive, lifted, cancel: () => setLifted(null), onKeyDown };
}
