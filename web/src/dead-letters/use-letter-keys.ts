// The keys of the dead letters workbench: J and K walk, D tries, X discards.
import { useEffect, useRef } from 'react';
import { singleKeys } from '../frame/preferences.ts';
import { useKeyList } from '../frame/use-commands.ts';
import { strings } from '../strings.ts';
import { isOverlayOpen, isTyping } from '../ui/typing.ts';

interface Keys {
  next: () => void;
  previous: () => void;
  dryRun: () => void;
  discard: () => void;
}

const names = strings.dead_letters.keys;
const listed = [
  ['J', names.next],
  ['K', names.previous],
  ['D', names.dry_run],
  ['X', names.discard],
] as const;

export function useLetterKeys(keys: Keys): void {
  useKeyList('page', listed);
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !singleKeys()) return;
      if (isTyping(event.target) || isOverlayOpen()) return;
      const { next, previous, dryRun, discard } = latest.current;
      const act = { j: next, k: previous, d: dryRun, x: discard }[event.key.toLowerCase()];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
