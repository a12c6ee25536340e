// Files a task under another component: the way by keys and taps of what dragging it onto a node does.
import type { Task } from '@taylordash/core/entities';
import { useState } from 'react';
import type { Graph } from '../api.ts';
import { strings } from '../strings.ts';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { TypeIcon } from './type-icon.tsx';

interface Props {
  graph: Graph;
  task: Task;
  onMove: (component_id: string) => void;
  onClose: () => void;
}

const most = 50;

export function MoveTaskDialog({ graph, task, onMove, onClose }: Props) {
  const [text, setText] = useState('');
  const words = text.trim().toLowerCase().split(/\s+/);
  const found = graph.nodes
    .filter((node) => node.id !== task.component_id && words.every((word) => node.name.toLowerCase().includes(word)))
    .slice(0, most);
  const choose = (id: string | undefined) => {
    if (id === undefined) return;
    onMove(id);
    onClose();
  };
  return (
    <Dialog open onOpenChange={onClose} title={strings.panel.task_move_title(task.name)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          choose(found[0]?.id);
        }}
      >
        <TextField
          label={strings.link.search}
          label_hidden
          placeholder={strings.link.search}
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </form>
      <ul aria-label={strings.link.targets} className="-mx-2 max-h-72 min-h-24 overflow-y-auto">
        {found.length === 0 && <li className="p-4 text-center text-text-3">{strings.link.none}</li>}
        {found.map((node) => (
          <li key={node.id}>
            <button
              type="button"
              onClick={() => choose(node.id)}
              className="press target flex w-full items-center gap-2 rounded-control px-2 text-left -outline-offset-2 hover:bg-accent-quiet"
            >
              <TypeIcon type={node.type} />
              <span className="min-w-0 flex-1 truncate">{node.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
