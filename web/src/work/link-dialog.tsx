// Links a component by typing: targets that would close a loop say so and cannot be chosen.

import { isTray } from '@taylordash/core/states';
import { useState } from 'react';
import type { Graph, GraphNode } from '../api.ts';
import { createJudge } from '../canvas/loop.ts';
import { strings } from '../strings.ts';
import { cx } from '../ui/cx.ts';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { TypeIcon } from './type-icon.tsx';

export type LinkDirection = 'needs' | 'unlocks';

interface Props {
  graph: Graph;
  component: GraphNode;
  direction: LinkDirection;
  /** Only this direction, under a title of its own. */
  title?: string;
  onClose: () => void;
  onLink: (component_id: string, depends_on_id: string) => void;
}

const most = 50;
/** So many are judged: what can be chosen comes first. */
const mostJudged = 300;

export function LinkDialog({ graph, component, direction: initial, title, onClose, onLink }: Props) {
  const [direction, setDirection] = useState(initial);
  const [text, setText] = useState('');
  const [marked, setMarked] = useState(0);
  const judge = createJudge(graph.edges);
  const names = new Map(graph.nodes.map((node) => [node.id, node.name]));
  const pair = (id: string) => (direction === 'needs' ? ([component.id, id] as const) : ([id, component.id] as const));
  const words = text.trim().toLowerCase().split(/\s+/);
  const found = graph.nodes
    .filter((node) => node.id !== component.id && !isTray(node))
    .filter((node) => words.every((word) => node.name.toLowerCase().includes(word)))
    .slice(0, mostJudged)
    .map((node) => ({ node, judgement: judge(...pair(node.id)) }))
    .filter(({ judgement }) => judgement.verdict !== 'exists')
    .sort((a, b) => Number(a.judgement.verdict === 'loop') - Number(b.judgement.verdict === 'loop'))
    .slice(0, most);
  const choose = (index: number) => {
    const chosen = found[index];
    if (chosen?.judgement.verdict !== 'fine') return;
    onLink(...pair(chosen.node.id));
    onClose();
  };
  return (
    <Dialog open onOpenChange={onClose} title={title ?? strings.link.title(component.name)}>
      {title === undefined && (
        <fieldset className="flex rounded-control border border-control p-0.5">
          <legend className="sr-only">{strings.link.direction}</legend>
          {(['needs', 'unlocks'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={direction === one}
              onClick={() => setDirection(one)}
              className={cx(
                'target flex-1 rounded-chip px-2',
                direction === one ? 'bg-accent-quiet font-medium' : 'text-text-2',
              )}
            >
              {strings.link[one]}
            </button>
          ))}
        </fieldset>
      )}
      <TextField
        label={strings.link.search}
        label_hidden
        placeholder={strings.link.search}
        autoFocus
        value={text}
        role="combobox"
        aria-expanded
        aria-controls="link-targets"
        aria-activedescendant={found[marked] ? `link-${found[marked].node.id}` : undefined}
        onChange={(event) => {
          setText(event.target.value);
          setMarked(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            const next = marked + (event.key === 'ArrowDown' ? 1 : -1);
            setMarked(Math.max(0, Math.min(found.length - 1, next)));
          } else if (event.key === 'Enter') choose(marked);
        }}
      />
      <div
        id="link-targets"
        role="listbox"
        aria-label={strings.link.targets}
        className="-mx-2 max-h-72 min-h-24 overflow-y-auto"
      >
        {found.length === 0 && <p className="p-4 text-center text-text-3">{strings.link.none}</p>}
        {found.map(({ node, judgement }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
          <div
            key={node.id}
            id={`link-${node.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === marked}
            aria-disabled={judgement.verdict === 'loop'}
            onClick={() => choose(index)}
            onPointerMove={() => setMarked(index)}
            className={cx(
              'target flex items-center gap-2 rounded-control px-2 py-1',
              index === marked && 'bg-accent-quiet',
              judgement.verdict === 'fine' ? 'cursor-pointer' : 'text-text-2',
            )}
          >
            <TypeIcon type={node.type} />
            <span className="min-w-0 flex-1">
              <span className="block truncate">{node.name}</span>
              {judgement.verdict === 'loop' && (
                <span className="block text-12 text-blocked">
                  {strings.canvas.loop(judgement.loop.map((id) => names.get(id) ?? ''))}
                </span>
              )}
            </span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
