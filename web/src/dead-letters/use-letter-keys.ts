// The keys of the dead letters workbench: J and K walk, D tries, X discards.
import { useEffect, useRef } from 'react';
import { singleKeys } from '../frame/preferences.ts';
import { isOverlayOpen, isTyping } from '../ui/typing.ts';

interface Keys {
  next: () => void;
  previous: () => void;
  dryRun: () => void;
  discard: () => void;
}

export function useLetterKeys(keys: Keys): void {
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
