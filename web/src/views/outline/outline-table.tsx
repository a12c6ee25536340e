// The graph as a table in the order of work.
// biome-ignore-all lint/a11y/useSemanticElements: rows outside the screen are not there, and a <table> cannot place the others
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows of a plain table take no focus, their buttons do
import { useVirtualizer } from '@tanstack/react-virtual';
import { inOrder } from '@taylordash/core/graph';
import type { Shown } from '@taylordash/core/states';
import { useMemo, useRef } from 'react';
import type { Graph } from '../../api.ts';
import { outlineStrings as words } from '../../strings/outline.ts';
import { strings } from '../../strings.ts';
import { ProgressRing } from '../../ui/progress-ring.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { TypeIcon } from '../../work/type-icon.tsx';

interface Props {
  graph: Graph;
  shown: ReadonlyMap<string, Shown>;
  /** What is looked for in names. */
  text: string;
  onOpen: (id: string) => void;
}

const columns = [words.component, words.state, words.progress, words.needs, words.unlocks, words.tasks];
const grid =
  'grid grid-cols-[minmax(0,1fr)_auto] md:grid-cols-[minmax(200px,2fr)_140px_80px_minmax(120px,1.5fr)_minmax(120px,1.5fr)_64px]';

export function OutlineTable({ graph, shown, text, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const links = useMemo(() => {
    const names = new Map(graph.nodes.map((node) => [node.id, node.name]));
    const needs = new Map<string, string[]>();
    const unlocks = new Map<string, string[]>();
    for (const { component_id, depends_on_id } of graph.edges) {
      needs.set(component_id, [...(needs.get(component_id) ?? []), names.get(depends_on_id) ?? '']);
      unlocks.set(depends_on_id, [...(unlocks.get(depends_on_id) ?? []), names.get(component_id) ?? '']);
    }
    return { needs, unlocks };
  }, [graph]);
  const ordered = useMemo(() => inOrder(graph.nodes, graph.edges), [graph]);
  const rows = ordered.filter((node) => node.name.toLowerCase().includes(text.trim().toLowerCase()));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 56,
    overscan: 12,
  });
  const join = (names: readonly string[] | undefined) => (names ? names.join(', ') : words.nothing);
  return (
    <div
      ref={scroller}
      role="table"
      aria-label={words.caption(graph.project.name)}
      aria-rowcount={rows.length + 1}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto rounded-node border border-line bg-surface-1"
    >
      <div role="rowgroup" className="sticky top-0 z-10 border-line border-b bg-surface-1 max-md:sr-only">
        <div role="row" aria-rowindex={1} className={`${grid} gap-3 px-4 py-2 text-12 text-text-3`}>
          {columns.map((column) => (
            <div key={column} role="columnheader">
              {column}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const node = rows[item.index];
          if (!node) return null;
          const state = shown.get(node.id);
          return (
            <div
              key={node.id}
              role="row"
              aria-rowindex={item.index + 2}
              className={`${grid} absolute inset-x-0 h-14 items-center gap-3 border-line border-b px-4 focus-within:bg-surface-2 hover:bg-surface-2`}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <div role="cell" className="min-w-0">
                <button
                  type="button"
                  onClick={() => onOpen(node.id)}
                  className="flex w-full items-center gap-2 text-left font-medium after:absolute after:inset-0"
                >
                  <TypeIcon type={node.type} />
                  <span className="truncate">{node.name}</span>
                </button>
              </div>
              <div role="cell" className="flex gap-1">
                {state && <StatusIcon state={state.state} />}
                {state?.held_up === true && <StatusIcon state="held_up" bare />}
              </div>
              <div role="cell" className="flex items-center gap-2 text-13 text-text-2 max-md:sr-only">
                <ProgressRing value={node.progress} size={18} />
                {strings.percent(node.progress)}
              </div>
              <div role="cell" className="truncate text-13 text-text-2 max-md:sr-only">
                {join(links.needs.get(node.id))}
              </div>
              <div role="cell" className="truncate text-13 text-text-2 max-md:sr-only">
                {join(links.unlocks.get(node.id))}
              </div>
              <div role="cell" className="text-13 text-text-2 max-md:sr-only">
                {node.tasks.total === 0 ? words.nothing : `${node.tasks.done}/${node.tasks.total}`}
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}
