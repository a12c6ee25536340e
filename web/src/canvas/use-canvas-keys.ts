// The canvas by keyboard: which key means which of its actions.
import { useEffect, useRef } from 'react';
import { singleKeys } from '../frame/preferences.ts';
import { useKeyList } from '../frame/use-commands.ts';
import { strings } from '../strings.ts';
import { isOverlayOpen, isTyping } from '../ui/typing.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

export interface CanvasKeys {
  create: () => void;
  createDependent: () => void;
  createSibling: () => void;
  follow: (direction: Direction) => void;
  nudge: (dx: number, dy: number) => void;
  nextEdge: (step: 1 | -1) => void;
  link: () => void;
  open: () => void;
  rename: () => void;
  remove: () => void;
  fit: () => void;
  fitSelection: () => void;
  selectAll: () => void;
  copy: () => void;
  cut: () => void;
  paste: () => void;
  duplicate: () => void;
  pin: () => void;
  arrange: () => void;
  find: () => void;
  ready: () => void;
  blocked: () => void;
  path: () => void;
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

/** Single characters, which a person can switch off; `shift:` before those that are pressed with it. */
const characters: Record<string, keyof CanvasKeys> = {
  c: 'create',
  l: 'link',
  g: 'ready',
  b: 'blocked',
  p: 'path',
  '/': 'find',
  'shift:l': 'arrange',
  'shift:p': 'pin',
};
const named: Record<string, keyof CanvasKeys> = {
  F2: 'rename',
  Enter: 'open',
  Delete: 'remove',
  Backspace: 'remove',
  Escape: 'leave',
};
const withControl: Record<string, keyof CanvasKeys> = {
  a: 'selectAll',
  c: 'copy',
  x: 'cut',
  v: 'paste',
  d: 'duplicate',
  f: 'find',
  ArrowRight: 'createDependent',
  ArrowDown: 'createSibling',
};

function plain(keys: CanvasKeys, name: keyof CanvasKeys | undefined): (() => void) | null {
  if (name === undefined || name === 'follow' || name === 'nudge' || name === 'nextEdge') return null;
  return keys[name];
}

/** What a key press means; null where it is not the canvas's. */
function meaning(event: KeyboardEvent, keys: CanvasKeys, singles: boolean): (() => void) | null {
  if (event.altKey) return null;
  const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return event.shiftKey ? null : plain(keys, withControl[letter]);
  const direction = arrows[event.key];
  if (direction && event.shiftKey) {
    const dx = direction === 'left' ? -step : direction === 'right' ? step : 0;
    const dy = direction === 'up' ? -step : direction === 'down' ? step : 0;
    return () => keys.nudge(dx, dy);
  }
  if (direction) return () => keys.follow(direction);
  // By place and not by letter: with Shift, the digits' letters differ from one layout to the next.
  if (event.shiftKey && event.code === 'Digit1') return keys.fit;
  if (event.shiftKey && event.code === 'Digit2') return keys.fitSelection;
  const special = plain(keys, named[event.key]);
  if (special || !singles) return special;
  if (letter === '[' || letter === ']') return () => keys.nextEdge(letter === ']' ? 1 : -1);
  // Some layouts have / with Shift and some without.
  const shifted = event.shiftKey && /[a-z]/.test(letter);
  return plain(keys, characters[shifted ? `shift:${letter}` : letter]);
}

export function useCanvasKeys(keys: CanvasKeys): void {
  // Named in the overview of all keys.
  useKeyList('canvas', strings.canvas.keys);
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || isOverlayOpen()) return;
      const target = event.target instanceof Element ? event.target : null;
      // The panel keeps its own keys, and a button those that press it; Esc leaves from everywhere.
      if (target?.closest('[role="slider"], [data-panel]') && event.key !== 'Escape') return;
      if (target?.closest('button, a') && /^(Enter| |Arrow.*)$/.test(event.key)) return;
      // What the browser copies of the page is the person's: a selected text stays theirs.
      if ((event.ctrlKey || event.metaKey) && /^[cx]$/i.test(event.key) && !document.getSelection()?.isCollapsed)
        return;
      const act = meaning(event, latest.current, singleKeys());
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
