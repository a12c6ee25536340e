// Which dependencies are elements of their own: of a large graph only those that something is done to; edge-canvas.tsx draws the rest.
import { useMemo } from 'react';
import type { DependencyEdge, ComponentNode as FlowNode } from './nodes.ts';

export function useShownEdges(large: boolean, edges: DependencyEdge[], nodes: readonly FlowNode[]): DependencyEdge[] {
  const moving = large
    ? nodes
        .filter((node) => node.dragging === true)
        .map(({ id }) => id)
        .join(' ')
    : '';
  return useMemo(() => {
    if (!large) return edges;
    const away = new Set(moving.split(' '));
    return edges.filter(
      ({ className, selected, source, target }) =>
        className === 'lit' || selected === true || away.has(source) || away.has(target),
    );
  }, [large, edges, moving]);
}
