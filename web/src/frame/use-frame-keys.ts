// The keys that work on every page, and the one listener for all keys.
import { useEffect } from 'react';
import { useApp, useMay } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { isOverlayOpen, isTyping } from '../ui/typing.ts';
import type { Command } from './commands.ts';
import { useOverlay } from './overlays.ts';
import { singleKeys } from './preferences.ts';
import { usePageActions } from './use-commands.ts';
import { useUndo } from './use-undo.ts';

const words = strings.shortcuts;

export function useFrameKeys(): void {
  const { commands } = useApp();
  const open = useOverlay();
  const { undo, redo } = useUndo();
  const adds = useMay()('write:tasks');
  const everywhere = (command: Command): Command => ({ scope: 'everywhere', ...command });
  usePageActions([
    everywhere({
      ...{ id: 'palette', label: words.palette, keys: 'Mod+K', key_only: true, always: true },
      run: () => open('palette'),
    }),
    ...(adds ? [everywhere({ id: 'quick_add', label: words.quick_add, keys: 'Q', run: () => open('quick_add') })] : []),
    everywhere({ id: 'undo', label: words.undo, keys: 'Mod+Z', run: undo }),
    everywhere({ id: 'redo', label: words.redo, keys: ['Mod+Shift+Z', 'Mod+Y'], run: redo }),
    everywhere({ id: 'keys', label: words.open, keys: '?', run: () => open('keys') }),
  ]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const busy = isTyping(event.target) || isOverlayOpen();
      commands.press(event, { single_keys: singleKeys(), busy });
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [commands]);
}
