// How pages and parts of them add to the list of commands while they are on show, and read it.
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useApp } from '../app-context.tsx';
import type { Command, KeyList, Scope } from './commands.ts';

/** Every command on show. */
export function useAllCommands(): readonly Command[] {
  const { commands } = useApp();
  return useSyncExternalStore(commands.watch, commands.all);
}

/** Adds commands while this is on show. What they run is always the latest; anything else of them may change too. */
export function usePageActions(list: readonly Command[]): void {
  const { commands } = useApp();
  const latest = useRef(list);
  latest.current = list;
  const shape = JSON.stringify(list.map(({ icon: _icon, run: _run, ...rest }) => rest));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for the list
  useEffect(() => {
    const ends = latest.current.map((command) =>
      commands.add({ scope: 'page', ...command, run: () => latest.current.find(({ id }) => id === command.id)?.run() }),
    );
    return () => {
      for (const end of ends) end();
    };
  }, [commands, shape]);
}

interface Shortcut {
  keys: string | readonly string[];
  does: string;
  run: () => void;
  scope?: Scope;
  /** False: it is there, but not now. */
  when?: boolean;
}

/** One key while this is on show; in the palette and in the overview of keys as well. */
export function useShortcut({ keys, does, run, scope = 'page', when = true }: Shortcut): void {
  usePageActions(when ? [{ id: `${scope}:${does}`, label: does, keys, scope, run }] : []);
}

/** Names keys in the overview that something else listens for. */
export function useKeyList(scope: Scope, keys: KeyList['keys']): void {
  const { commands } = useApp();
  useEffect(() => commands.addKeys({ scope, keys }), [commands, scope, keys]);
}
