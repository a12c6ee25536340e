// The graph as a tree: what comes first, and under it what it unlocks. Walked by arrows; only the lines on the screen are there.
// biome-ignore-all lint/a11y/useFocusableInteractive: the tree has the focus and points to its lines
// biome-ignore-all lint/a11y/noStaticElementInteractions: folding by a press on the arrow, which the keys of the tree do as well
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the tree has the keys
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { isTray, type Shown } from '@taylordash/core/states';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import type { Graph } from '../../api.ts';
import { outlineStrings as words } from '../../strings/outline.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProgressRing } from '../../ui/progress-ring.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { TypeIcon } from '../../work/type-icon.tsx';
import { useRowHeight } from '../use-narrow.ts';
import { linesOfTree, treeOf } from './tree-lines.ts';

interface Props {
  graph: Graph;
  shown: ReadonlyMap<string, Shown>;
  text: string;
  open: string | null;
  onOpen: (id: string) => void;
}

/** Deeper lines stay at this indent: a long chain must not run out of the screen. */
const deepest = 12;

export function OutlineTree({ graph, shown, text, open, onOpen }: Props) {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const height = useRowHeight();
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  const tree = useMemo(
    () =>
      treeOf(
        graph.nodes.filter((node) => !isTray(node)),
        graph.edges,
      ),
    [graph],
  );
  const wanted = text.trim().toLowerCase();
  const lines = useMemo(() => {
    if (wanted === '') return linesOfTree(tree, collapsed);
    // What is looked for stands by itself: a tree with holes would say nothing.
    const found = linesOfTree(tree, new Set()).filter(({ branch }) => branch.node.name.toLowerCase().includes(wanted));
    return found.map((line, at) => ({ ...line, level: 1, place: at + 1, of: found.length }));
  }, [tree, collapsed, wanted]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
  });
  const measured = useRef(height);
  if (measured.current !== height) {
    measured.current = height;
    virtual.measure();
  }
  const at = Math.min(active, lines.length - 1);
  const go = (next: number) => {
    const line = Math.max(0, Math.min(lines.length - 1, next));
    setActive(line);
    virtual.scrollToIndex(line, { align: 'auto' });
  };
  const toggle = (node_id: string, collapse: boolean) => {
    const next = new Set(collapsed);
    if (collapse) next.add(node_id);
    else next.delete(node_id);
    setCollapsed(next);
  };
  const keys = (event: KeyboardEvent) => {
    const line = lines[at];
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
    const { node, children } = line.branch;
    const isOpen = children.length > 0 && !collapsed.has(node.id) && wanted === '';
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(lines.length - 1),
      PageDown: () => go(at + 10),
      PageUp: () => go(at - 10),
      ArrowRight: () => {
        if (isOpen) go(at + 1);
        else if (children.length > 0) toggle(node.id, false);
      },
      ArrowLeft: () => {
        if (isOpen) toggle(node.id, true);
        else go(lines.slice(0, at).findLastIndex((other) => other.level < line.level));
      },
      Enter: () => onOpen(node.id),
      ' ': () => onOpen(node.id),
    };
    const run = moves[event.key];
    if (run) {
      event.preventDefault();
      run();
    } else if (event.key.length === 1) {
      // A letter goes to the next line that begins with it.
      const letter = event.key.toLowerCase();
      const order = [...lines.keys()].map((step) => (at + 1 + step) % lines.length);
      const next = order.find((one) => lines[one]?.branch.node.name.toLowerCase().startsWith(letter));
      if (next !== undefined) go(next);
    }
  };
  if (tree.length === 0) {
    return (
      <EmptyState text={words.none}>
        <Link
          to="/projects/$id"
          params={{ id: graph.project.id }}
          className="target inline-flex items-center text-accent underline underline-offset-4"
        >
          {words.to_canvas}
        </Link>
      </EmptyState>
    );
  }
  if (lines.length === 0) return <EmptyState text={words.none_found} />;
  const items = virtual.getVirtualItems();
  const all = tree.flatMap((branch) => (branch.children.length > 0 ? [branch] : []));
  return (
    <>
      {wanted === '' && all.length > 0 && (
        <div className="-my-1 flex gap-1">
          <Button kind="plain" onClick={() => setCollapsed(new Set())} disabled={collapsed.size === 0}>
            {words.expand_all}
          </Button>
          <Button
            kind="plain"
            onClick={() => setCollapsed(new Set(linesOfTree(tree, new Set()).map(({ branch }) => branch.node.id)))}
          >
            {words.collapse_all}
          </Button>
        </div>
      )}
      <div
        ref={scroller}
        role="tree"
        aria-label={words.tree_label(graph.project.name)}
        aria-activedescendant={items.some(({ index }) => index === at) ? `${id}-${at}` : undefined}
        tabIndex={0}
        onKeyDown={keys}
        className="grid-focus min-h-0 flex-1 overflow-y-auto rounded-node border border-line bg-surface-1 outline-none"
      >
        <div role="none" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            const { node, children, also } = line.branch;
            const state = shown.get(node.id);
            const folded = collapsed.has(node.id);
            const Icon = folded ? ChevronRight : ChevronDown;
            return (
              <div
                key={node.id}
                id={`${id}-${item.index}`}
                role="treeitem"
                aria-level={line.level}
                aria-posinset={line.place}
                aria-setsize={line.of}
                aria-selected={open === node.id}
                {...(children.length > 0 && wanted === '' ? { 'aria-expanded': !folded } : {})}
                onClick={() => {
                  setActive(item.index);
                  onOpen(node.id);
                }}
                className={cx(
                  'absolute inset-x-0 flex cursor-pointer items-center gap-2 border-line border-b pr-4',
                  open === node.id ? 'bg-accent-quiet' : 'hover:bg-surface-2',
                  item.index === at && 'cell-active',
                )}
                style={{
                  transform: `translateY(${item.start}px)`,
                  height: item.size,
                  paddingLeft: 8 + (Math.min(line.level, deepest) - 1) * 20,
                }}
              >
                <span
                  className={cx(
                    'target-square -mx-1 flex shrink-0 items-center justify-center text-text-3',
                    (children.length === 0 || wanted !== '') && 'invisible',
                  )}
                  onClick={(event) => {
                    event.stopPropagation();
                    setActive(item.index);
                    toggle(node.id, !folded);
                  }}
                >
                  <Icon size={16} aria-hidden />
                </span>
                <TypeIcon type={node.type} />
                <span className="min-w-0 truncate font-medium">{node.name}</span>
                {also.length > 0 && (
                  <span className="min-w-0 truncate text-12 text-text-3 max-md:sr-only">{words.also(also)}</span>
                )}
                <span className="flex-1" />
                <span className="hidden items-center gap-2 sm:inline-flex">
                  <ProgressRing value={node.progress} size={16} />
                </span>
                {state && <StatusIcon state={state.state} />}
                {state?.held_up === true && <StatusIcon state="held_up" bare />}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}
