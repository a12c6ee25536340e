// The graph in words: the canvas's alternative for who cannot see it, and quick to read for everyone. As a tree or as a table.
import type { Shown } from '@taylordash/core/states';
import { ListTree, Table2 } from 'lucide-react';
import { useState } from 'react';
import type { Graph } from '../../api.ts';
import { outlineStrings as words } from '../../strings/outline.ts';
import { cx } from '../../ui/cx.ts';
import { inputClass } from '../../ui/field.tsx';
import { OutlineTable } from './outline-table.tsx';
import { OutlineTree } from './outline-tree.tsx';

interface Props {
  graph: Graph;
  shown: ReadonlyMap<string, Shown>;
  open: string | null;
  onOpen: (id: string) => void;
}

export function Outline({ graph, shown, open, onOpen }: Props) {
  const [text, setText] = useState('');
  const [as, setAs] = useState<'tree' | 'table'>('tree');
  const shared = { graph, shown, text, onOpen };
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-3 p-4 md:p-6">
      <div className="flex shrink-0 flex-wrap gap-2">
        <input
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label={words.search}
          placeholder={words.search}
          className={cx(inputClass, 'min-w-40 max-w-sm flex-1')}
        />
        <fieldset className="flex rounded-control border border-line p-0.5">
          <legend className="sr-only">{words.as}</legend>
          {(
            [
              ['tree', ListTree],
              ['table', Table2],
            ] as const
          ).map(([one, Icon]) => (
            <button
              key={one}
              type="button"
              aria-pressed={as === one}
              onClick={() => setAs(one)}
              className={cx(
                'press inline-flex min-h-[calc(var(--target)-6px)] items-center gap-1.5 rounded-chip px-2 text-13',
                as === one ? 'bg-accent-quiet font-medium text-text' : 'text-text-2 hover:text-text',
              )}
            >
              <Icon size={16} aria-hidden />
              {words[one]}
            </button>
          ))}
        </fieldset>
      </div>
      {as === 'tree' ? <OutlineTree {...shared} open={open} /> : <OutlineTable {...shared} />}
    </div>
  );
}
