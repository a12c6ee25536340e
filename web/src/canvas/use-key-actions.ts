// What the canvas's keys do to what is selected.
import type { Position } from '@taylordash/core/entities';
import { useRef } from 'react';
import type { Graph } from '../api.ts';
import { gapAcross, gapAlong, nodeHeight, nodeWidth, type Placed } from './geometry.ts';
import { edgeId } from './nodes.ts';
import { type CanvasKeys, useCanvasKeys } from './use-canvas-keys.ts';
import type { Elements } from './use-elements.ts';
import { nextEdge, useFollow } from './use-follow.ts';
import type { ModeName } from './use-mode.ts';
import type { Verbs } from './use-verbs.ts';

/** A run of presses is one gesture: it is saved when it has rested for so long. */
const restMs = 500;

interface Options {
  graph: Graph;
  writes: boolean;
  elements: Elements;
  /** The component whose panel is open. */
  open: string | null;
  onOpen: (id: string | null) => void;
  reveal: (id: string, behindSheet: boolean) => void;
  middle: () => Position;
  fit: (some?: readonly Placed[]) => void;
  begin: (draft: { position: Position; depends_on: string[] }) => void;
  /** Takes the layout on show; false where none is. */
  applyLayout: () => boolean;
  rename: (id: string) => void;
  remove: () => void;
  verbs: Verbs;
  arrange: () => void;
  find: () => void;
  toggleMode: (mode: ModeName) => void;
  show: (dialog: 'link' | 'first') => void;
  /** Leaves a gesture or a mode; false where there was none. */
  leaveMode: () => boolean;
}

export function useKeyActions(options: Options): void {
  const { graph, writes, elements, open, onOpen, begin, verbs } = options;
  const { one, chosen, select } = elements;
  const follow = useFollow(graph, elements.nodes);
  const nudging = useRef<ReturnType<typeof setTimeout> | null>(null);
  const keys: CanvasKeys = {
    create: () => begin({ position: options.middle(), depends_on: [] }),
    createDependent() {
      const node = one && elements.node(one.id);
      if (!node) return;
      begin({ position: { x: node.position.x + nodeWidth + gapAlong, y: node.position.y }, depends_on: [node.id] });
    },
    createSibling() {
      const node = one && elements.node(one.id);
      if (!node) return;
      const depends_on = graph.edges.filter((edge) => edge.component_id === node.id).map((edge) => edge.depends_on_id);
      begin({ position: { x: node.position.x, y: node.position.y + nodeHeight + gapAcross }, depends_on });
    },
    follow(direction) {
      const next = follow(one?.id ?? null, direction);
      if (next === null) return;
      select(new Set([next]));
      if (open !== null) onOpen(next);
      options.reveal(next, false);
    },
    nudge(dx, dy) {
      if (!writes || chosen.length === 0) return;
      const ids = new Set(chosen.map(({ id }) => id));
      elements.shift(ids, dx, dy);
      if (nudging.current !== null) clearTimeout(nudging.current);
      nudging.current = setTimeout(() => elements.settle(ids), restMs);
    },
    nextEdge(step) {
      const next = nextEdge(graph.edges, one?.id ?? null, elements.selectedEdge, step);
      if (next) elements.selectEdge(edgeId(next), one?.id);
    },
    link() {
      if (writes && elements.edge) options.show('first');
      else if (writes && one) options.show('link');
    },
    open() {
      if (!options.applyLayout() && one) onOpen(one.id);
    },
    rename: () => writes && one && options.rename(one.id),
    remove: options.remove,
    fit: () => options.fit(),
    fitSelection: () => elements.selected.length > 0 && options.fit(elements.selected),
    selectAll: () => select(new Set(elements.nodes.map(({ id }) => id))),
    ...{ copy: verbs.copy, cut: verbs.cut, paste: verbs.paste, duplicate: verbs.duplicate, pin: verbs.pin },
    arrange: () => writes && options.arrange(),
    find: options.find,
    ready: () => options.toggleMode('ready'),
    blocked: () => options.toggleMode('blocked'),
    path: () => options.toggleMode('path'),
    leave() {
      if (options.leaveMode()) return;
      if (open !== null) onOpen(null);
      else select(new Set());
    },
  };
  useCanvasKeys(keys);
}
