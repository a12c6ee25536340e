// All dependencies as one path, for a zoom so far out that single arrows say nothing: thousands cost as much as one.
import type { Dependency } from '@taylordash/core/entities';
import { ViewportPortal } from '@xyflow/react';
import { useMemo } from 'react';
import { nodeHeight, nodeWidth, type Placed } from './geometry.ts';

export function FarEdges({ nodes, edges }: { nodes: readonly Placed[]; edges: readonly Dependency[] }) {
  const path = useMemo(() => {
    const places = new Map(nodes.map(({ id, position }) => [id, position]));
    return edges
      .map(({ component_id, depends_on_id }) => {
        const from = places.get(depends_on_id);
        const to = places.get(component_id);
        if (!from || !to) return '';
        return `M${from.x + nodeWidth} ${from.y + nodeHeight / 2}L${to.x} ${to.y + nodeHeight / 2}`;
      })
      .join('');
  }, [nodes, edges]);
  return (
    <ViewportPortal>
      <svg aria-hidden="true" className="pointer-events-none absolute top-0 left-0 -z-10 size-px overflow-visible">
        <path d={path} fill="none" stroke="var(--control)" strokeOpacity={0.5} strokeWidth={4} />
      </svg>
    </ViewportPortal>
  );
}
