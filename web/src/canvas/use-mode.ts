// The canvas's modes: what is ready, what is blocked and by what, the longest chain; each lights its components while the rest steps back.
import { longestChain } from '@taylordash/core/longest-chain';
import { needsAttention, type RootBlocker, rootBlockers, type Shown } from '@taylordash/core/states';
import { useMemo, useState } from 'react';
import type { Graph } from '../api.ts';
import { type Highlight, highlightNodes } from './highlight.ts';

export const modeNames = ['ready', 'blocked', 'path'] as const;
export type ModeName = (typeof modeNames)[number];

export type Mode =
  | { name: 'ready'; ids: readonly string[]; highlight: Highlight }
  | { name: 'blocked'; ids: readonly string[]; roots: readonly RootBlocker[]; highlight: Highlight }
  | { name: 'path'; chain: ReturnType<typeof longestChain>; highlight: Highlight };

export function useMode(graph: Graph, shown: ReadonlyMap<string, Shown>) {
  const [name, setName] = useState<ModeName | null>(null);
  const mode = useMemo(() => (name === null ? null : modeOf(name, graph, shown)), [name, graph, shown]);
  return { mode, set: setName, toggle: (next: ModeName) => setName((now) => (now === next ? null : next)) };
}

function modeOf(name: ModeName, graph: Graph, shown: ReadonlyMap<string, Shown>): Mode {
  if (name === 'ready') {
    const ids = [...shown].flatMap(([id, { state }]) => (state === 'ready' ? [id] : []));
    return { name, ids, highlight: highlightNodes('ready', ids) };
  }
  if (name === 'path') {
    const chain = longestChain(graph.nodes, graph.edges);
    const links = chain.ids.slice(1).map((component_id, index) => ({
      component_id,
      depends_on_id: chain.ids[index] ?? '',
    }));
    return { name, chain, highlight: highlightNodes('path', chain.ids, links) };
  }
  const ids = [...shown].flatMap(([id, one]) => (needsAttention(one) ? [id] : []));
  const roots = rootBlockers(graph.nodes, graph.edges, shown, Date.now());
  const lit = new Set([...ids, ...roots.map(({ id }) => id)]);
  const between = graph.edges.filter((edge) => lit.has(edge.component_id) && lit.has(edge.depends_on_id));
  return { name, ids, roots, highlight: highlightNodes('blocked', lit, between) };
}
