// What is typed after a field was asked for and before it is there: it belongs to the field, and is no shortcut of the page.
import { useLayoutEffect } from 'react';

interface Props {
  onTyped: (change: (before: string) => string) => void;
  onClose: () => void;
}

export function TypeAhead({ onTyped, onClose }: Props) {
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Escape') onClose();
      else if (event.key === 'Backspace') onTyped((before) => before.slice(0, -1));
      else if (event.key.length === 1) onTyped((before) => before + event.key);
    };
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, [onTyped, onClose]);
  return null;
}
