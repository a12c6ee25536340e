// The tray of unsorted tasks, docked beside the graph.

import { isTray } from '@taylordash/core/states';
import { Inbox } from 'lucide-react';
import type { Graph } from '../api.ts';
import { strings } from '../strings.ts';

export function Tray({ graph, onOpen }: { graph: Graph; onOpen: (id: string) => void }) {
  const tray = graph.nodes.find(isTray);
  if (!tray) return null;
  const open = tray.tasks.total - tray.tasks.done;
  return (
    <button
      type="button"
      onClick={() => onOpen(tray.id)}
      className="press target absolute top-4 left-4 md:top-auto md:bottom-4 z-10 flex items-center gap-2 rounded-node border border-line bg-surface-1 px-3 shadow-1 hover:bg-surface-2"
    >
      <Inbox size={18} aria-hidden className="text-text-3" />
      <span>{strings.canvas.unsorted}</span>
      <span className="rounded-full bg-accent-quiet px-2 text-12 text-text-2">
        {open}
        <span className="sr-only"> {strings.canvas.open_tasks}</span>
      </span>
    </button>
  );
}
