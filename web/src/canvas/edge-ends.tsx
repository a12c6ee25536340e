// The two ends of the chosen dependency, to be dragged elsewhere.
import type { Dependency } from '@taylordash/core/entities';
import { useStore } from '@xyflow/react';
import { strings } from '../strings.ts';
import { portOf } from './edge-lines.ts';
import type { ComponentNode } from './nodes.ts';
import type { End } from './use-reroute.ts';

interface Props {
  edge: Dependency;
  node: (id: string) => ComponentNode | null;
  onPull: (end: End) => void;
}

/** By keyboard the bar of the dependency does the same. */
export function EdgeEnds({ edge, node, onPull }: Props) {
  const zoom = useStore((state) => state.transform[2]);
  const first = node(edge.depends_on_id);
  const waiting = node(edge.component_id);
  if (!first || !waiting) return null;
  const ends = [
    ['first', portOf(first.position, 'unlocks'), strings.canvas.edge.end_first],
    ['waiting', portOf(waiting.position, 'needs'), strings.canvas.edge.end_waiting],
  ] as const;
  return ends.map(([end, { x, y }, title]) => (
    <span
      key={end}
      aria-hidden
      title={title}
      data-end={end}
      onPointerDown={(event) => {
        event.stopPropagation();
        // A finger's events go to where it began unless this is let go of.
        event.currentTarget.releasePointerCapture(event.pointerId);
        onPull(end);
      }}
      className="edge-end nopan nodrag"
      // Of one size on the screen, however far away.
      style={{ transform: `translate(${x}px, ${y}px) translate(-50%, -50%) scale(${1 / zoom})` }}
    />
  ));
}
