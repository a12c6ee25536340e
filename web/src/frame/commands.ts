// The one list of what can be done by key or from the palette: pages and parts of them add to it while they are on show.
import type { ReactNode } from 'react';

/** Where a command works; the overview of keys is grouped by it, in this order. */
export const scopes = ['everywhere', 'page', 'canvas'] as const;
export type Scope = (typeof scopes)[number];

export interface Command {
  /** `undo`, `project.new`: one of a kind; of two the later one counts. */
  id: string;
  /** What it does, in words. */
  label: string;
  /** `N`, `?`, `Shift+1`, `Mod+K`, `Mod+Shift+Z`; several where more than one does it. The first is the one that is shown. */
  keys?: string | readonly string[];
  scope?: Scope;
  icon?: ReactNode;
  /** Further words that find it in the palette. */
  words?: string;
  /** Left out of the palette: what makes sense only by its key. */
  key_only?: boolean;
  /** Works while somebody types or a dialog is open. */
  always?: boolean;
  run: () => void;
}

/** Keys that something else listens for, and the overview should still name. */
export interface KeyList {
  scope: Scope;
  keys: readonly (readonly [keys: string, does: string])[];
}

export interface Commands {
  add: (command: Command) => () => void;
  addKeys: (list: KeyList) => () => void;
  /** Each id once. */
  all: () => readonly Command[];
  keyLists: () => readonly KeyList[];
  watch: (listener: () => void) => () => void;
  /** Runs what a key stands for; true where it stood for something. Busy: somebody types, or a dialog is open. */
  press: (event: KeyboardEvent, now: { single_keys: boolean; busy: boolean }) => boolean;
}

export function createCommands(): Commands {
  let added: readonly Command[] = [];
  let once: readonly Command[] = [];
  let lists: readonly KeyList[] = [];
  const watchers = new Set<() => void>();
  const change = () => {
    once = [...new Map(added.map((command) => [command.id, command])).values()];
    for (const watcher of watchers) watcher();
  };
  return {
    add(command) {
      added = [...added, command];
      change();
      return () => {
        added = added.filter((one) => one !== command);
        change();
      };
    },
    addKeys(list) {
      lists = [...lists, list];
      change();
      return () => {
        lists = lists.filter((one) => one !== list);
        change();
      };
    },
    all: () => once,
    keyLists: () => lists,
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    press(event, { single_keys, busy }) {
      if (event.defaultPrevented || event.isComposing) return false;
      // The last one added is the nearest to what is on show.
      const command = once.findLast(
        ({ keys, always = false }) =>
          (always || !busy) && keysOf(keys).some((one) => matches(event, one) && (single_keys || !isSingle(one))),
      );
      if (!command) return false;
      event.preventDefault();
      command.run();
      return true;
    },
  };
}

export function keysOf(keys: Command['keys']): readonly string[] {
  return keys === undefined ? [] : typeof keys === 'string' ? [keys] : keys;
}

/** A single character without Ctrl, Alt or Cmd: what speech input and slips trigger (WCAG 2.1.4). */
export function isSingle(keys: string): boolean {
  return !/Mod\+|Alt\+/.test(keys) && (keys.split('+').at(-1) ?? '').length === 1;
}

export function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+');
  const key = parts.pop() ?? '';
  if ((event.ctrlKey || event.metaKey) !== parts.includes('Mod') || event.altKey !== parts.includes('Alt'))
    return false;
  // `?` already says that Shift was held, wherever it is on the keyboard.
  const sign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  if (parts.includes('Shift') ? !event.shiftKey : event.shiftKey && !sign) return false;
  // With Shift a digit is a sign, another one on each keyboard: its place counts.
  return event.key.toLowerCase() === key.toLowerCase() || (/^\d$/.test(key) && event.code === `Digit${key}`);
}
