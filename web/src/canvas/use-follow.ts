// Where the arrow keys lead: along the arrows to the left and right, to neighbours above and below.
import type { Dependency } from '@taylordash/core/entities';
import { useCallback } from 'react';
import { nodeWidth, type Placed } from './geometry.ts';
import { edgeId } from './nodes.ts';
import type { Direction } from './use-canvas-keys.ts';

const distance = (a: Placed, b: Placed) => Math.hypot(a.position.x - b.position.x, a.position.y - b.position.y);

export function nextNode(
  placed: readonly Placed[],
  edges: readonly Dependency[],
  from: string | null,
  direction: Direction,
): string | null {
  const here = placed.find(({ id }) => id === from);
  if (!here) {
    // Nothing chosen yet: begin where reading begins.
    const [first] = placed.toSorted((a, b) => a.position.x - b.position.x || a.position.y - b.position.y);
    return first?.id ?? null;
  }
  const along = new Set(
    direction === 'right'
      ? edges.filter((edge) => edge.depends_on_id === here.id).map((edge) => edge.component_id)
      : edges.filter((edge) => edge.component_id === here.id).map((edge) => edge.depends_on_id),
  );
  const candidates = placed.filter((other) => {
    if (direction === 'left' || direction === 'right') return along.has(other.id);
    const near = Math.abs(other.position.x - here.position.x) < nodeWidth;
    return near && (direction === 'down' ? other.position.y > here.position.y : other.position.y < here.position.y);
  });
  const [nearest] = candidates.toSorted((a, b) => distance(a, here) - distance(b, here));
  return nearest?.id ?? null;
}

export function useFollow(graph: { edges: readonly Dependency[] }, placed: readonly Placed[]) {
  return useCallback(
    (from: string | null, direction: Direction) => nextNode(placed, graph.edges, from, direction),
    [graph.edges, placed],
  );
}

/** The next of a component's dependencies, those it waits for first; begins where none of them is chosen. */
export function nextEdge(
  edges: readonly Dependency[],
  of: string | null,
  chosen: string | null,
  step: 1 | -1,
): Dependency | null {
  const own = [
    ...edges.filter((edge) => edge.component_id === of),
    ...edges.filter((edge) => edge.depends_on_id === of),
  ];
  const here = own.findIndex((edge) => edgeId(edge) === chosen);
  const next = here < 0 ? (step === 1 ? 0 : own.length - 1) : (here + step + own.length) % own.length;
  return own[next] ?? null;
}
