// Where components stand that have no place yet, and the preview of a new layout for all.
import type { Position } from '@taylordash/core/entities';
import { isTray } from '@taylordash/core/states';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Graph, GraphNode } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { align, columns, gapAcross, nodeHeight } from './geometry.ts';
import { keepPinned } from './keep-pinned.ts';
import { layOut } from './layout.ts';

export interface Preview {
  places: ReadonlyMap<string, Position>;
  moved: readonly GraphNode[];
  total: number;
  pinned: number;
}

const none: ReadonlyMap<string, Position> = new Map();

export function useLayout(graph: Graph, writes: boolean, onError: (error: unknown) => void) {
  const { changes } = useApp();
  const [auto, setAuto] = useState(none);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [busy, setBusy] = useState(false);
  const [arranged, setArranged] = useState(0);
  const begun = useRef(false);
  const latest = useRef(graph);
  latest.current = graph;

  useEffect(() => {
    const nodes = graph.nodes.filter((node) => !isTray(node));
    const missing = nodes.filter((node) => node.position === null && !auto.has(node.id));
    if (missing.length === 0) return;
    const first = columns(
      missing.map(({ id }) => id),
      graph.edges,
    );
    const placed = nodes.flatMap(({ position }) => position ?? []);
    if (placed.length > 0) {
      // Below what stands already: nothing that has a place is moved.
      const corner = {
        x: Math.min(...placed.map(({ x }) => x)),
        y: Math.max(...placed.map(({ y }) => y)) + nodeHeight + gapAcross,
      };
      setAuto(new Map([...auto, ...align(first, [corner])]));
      return;
    }
    setAuto(first);
    setArranged((times) => times + 1);
    if (begun.current) return;
    begun.current = true;
    setBusy(true);
    layOut(
      nodes.map(({ id }) => id),
      graph.edges,
    )
      .then(async (places) => {
        setAuto(places);
        setArranged((times) => times + 1);
        // Saved, so that everyone sees the same picture from now on.
        const unplaced = latest.current.nodes.filter((node) => node.position === null && places.has(node.id));
        if (!writes || unplaced.length === 0) return;
        await changes.move(
          graph.project.id,
          unplaced.map((component) => ({ component, position: places.get(component.id) ?? { x: 0, y: 0 } })),
          { recorded: false },
        );
      })
      .catch(onError)
      .finally(() => setBusy(false));
  }, [graph, auto, writes, changes, onError]);

  const place = useCallback(
    (component: GraphNode): Position => component.position ?? auto.get(component.id) ?? { x: 0, y: 0 },
    [auto],
  );

  const propose = useCallback(async () => {
    const nodes = latest.current.nodes.filter((node) => !isTray(node));
    setBusy(true);
    try {
      const places = keepPinned(
        await layOut(
          nodes.map(({ id }) => id),
          latest.current.edges,
        ),
        nodes.map((node) => ({ id: node.id, pinned: node.pinned, position: place(node) })),
      );
      const pinned = nodes.filter((node) => node.pinned).length;
      const moved = nodes.filter((node) => {
        const to = places.get(node.id);
        const from = place(node);
        return !node.pinned && to !== undefined && (Math.abs(to.x - from.x) > 1 || Math.abs(to.y - from.y) > 1);
      });
      setPreview({ places, moved, total: nodes.length, pinned });
    } catch (error) {
      onError(error);
    } finally {
      setBusy(false);
    }
  }, [place, onError]);

  return { place, preview, busy, arranged, propose, discard: useCallback(() => setPreview(null), []) };
}
