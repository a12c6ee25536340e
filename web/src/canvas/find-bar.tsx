// Finding a component by its name: typing lists, Enter jumps to the next match and selects it.
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { GraphNode } from '../api.ts';
import { strings } from '../strings.ts';
import { cx } from '../ui/cx.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Bar } from './bar.tsx';
import { findByName } from './find.ts';

interface Props {
  nodes: readonly GraphNode[];
  onJump: (id: string) => void;
  onClose: () => void;
}

const words = strings.canvas.find;
/** Listed at once; the arrows reach the rest. */
const most = 8;

export function FindBar({ nodes, onJump, onClose }: Props) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  /** Jumped to already: then Enter means the next one. */
  const [jumped, setJumped] = useState(false);
  const found = useMemo(() => findByName(nodes, text), [nodes, text]);
  const go = (index: number) => {
    const next = found.length === 0 ? 0 : (index + found.length) % found.length;
    const node = found[next];
    setAt(next);
    if (!node) return;
    setJumped(true);
    onJump(node.id);
  };
  const first = Math.max(0, Math.min(at - 2, found.length - most));
  return (
    <Bar at="top" label={words.open}>
      <div className="flex w-[min(400px,calc(100vw-32px))] flex-col">
        <div className="flex items-center gap-1">
          <input
            ref={(input) => input?.focus()}
            type="text"
            role="combobox"
            aria-label={words.label}
            aria-expanded={found.length > 0}
            aria-controls="canvas-matches"
            aria-activedescendant={found[at] ? `canvas-match-${found[at].id}` : undefined}
            placeholder={words.hint}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
              setJumped(false);
            }}
            onKeyDown={(event) => {
              const act: Record<string, () => void> = {
                Escape: onClose,
                ArrowDown: () => go(jumped ? at + 1 : at),
                ArrowUp: () => go(at - 1),
                Enter: () => go(event.shiftKey ? at - 1 : jumped ? at + 1 : at),
              };
              const run = act[event.key];
              if (!run) return;
              event.preventDefault();
              event.stopPropagation();
              run();
            }}
            className="target min-w-0 flex-1 rounded-control bg-surface-0 px-3"
          />
          <span role="status" className="min-w-16 px-1 text-right text-12 text-text-3">
            {text.trim() !== '' && found.length > 0 && words.place(at + 1, found.length)}
          </span>
          <IconButton label={words.previous} disabled={found.length === 0} onClick={() => go(at - 1)}>
            <ChevronUp size={18} aria-hidden />
          </IconButton>
          <IconButton label={words.next} disabled={found.length === 0} onClick={() => go(jumped ? at + 1 : at)}>
            <ChevronDown size={18} aria-hidden />
          </IconButton>
          <IconButton label={strings.close} shortcut="Esc" onClick={onClose}>
            <X size={18} aria-hidden />
          </IconButton>
        </div>
        {text.trim() !== '' && found.length === 0 && <p className="px-3 py-2 text-13 text-text-2">{words.none}</p>}
        <div id="canvas-matches" role="listbox" aria-label={words.matches} className={cx(found.length > 0 && 'pt-1')}>
          {found.slice(first, first + most).map((node, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
            <div
              key={node.id}
              id={`canvas-match-${node.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={first + index === at}
              onClick={() => go(first + index)}
              className={cx(
                'target flex cursor-pointer items-center truncate rounded-control px-3',
                first + index === at ? 'bg-accent-quiet' : 'hover:bg-surface-2',
              )}
            >
              <span className="truncate">{node.name}</span>
            </div>
          ))}
        </div>
      </div>
    </Bar>
  );
}
