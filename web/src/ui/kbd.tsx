// A key, or a chord of keys, as printed on the keyboard.
import { strings } from '../strings.ts';

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Keys as the browser calls them, and as they look. */
const printed: Record<string, string> = {
  ...{ ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' },
  ...{ Delete: 'Del', Escape: 'Esc' },
};

/** `Mod+K` becomes ⌘K on Apple's machines and Ctrl K elsewhere. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex gap-1">
      {keys.split('+').map((key) => (
        <kbd
          key={key}
          className="min-w-5 rounded-chip border border-line bg-surface-0 px-1 text-center font-sans text-12 text-text-2"
        >
          {key === 'Mod' ? (mac ? '⌘' : strings.keys.ctrl) : (printed[key] ?? key)}
        </kbd>
      ))}
    </span>
  );
}
