// Which part of the graph is in view: at first, after arranging, and when a component would be hidden.

import type { Shown } from '@taylordash/core/states';
import { useReactFlow } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { nodeHeight, nodeWidth } from './geometry.ts';
import type { DependencyEdge as FlowEdge, ComponentNode as FlowNode } from './nodes.ts';
import { openingView } from './view.ts';

/** The share of the canvas that a sheet from below leaves to see. */
const aboveSheet = 0.3;

interface Options {
  container: RefObject<HTMLElement | null>;
  nodes: readonly FlowNode[];
  shown: ReadonlyMap<string, Shown>;
  /** The component whose panel is open. */
  open: string | null;
  /** How often everything has got its first places. */
  arranged: number;
}

export function useView({ container, nodes, shown, open, arranged }: Options) {
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const latest = useRef({ nodes, shown });
  latest.current = { nodes, shown };

  useEffect(() => {
    const box = container.current?.getBoundingClientRect();
    const now = latest.current;
    const done = new Set(['completed', 'cancelled']);
    const work = new Set([...now.shown].filter(([, { state }]) => !done.has(state)).map(([id]) => id));
    const view = box ? openingView(now.nodes, work, box) : null;
    // At the start, and once more where the first places were found out only now.
    if (view && arranged >= 0) void flow.setViewport(view);
  }, [flow, container, arranged]);

  const reveal = useCallback(
    (id: string, behindSheet: boolean) => {
      const node = flow.getNode(id);
      const box = container.current?.getBoundingClientRect();
      if (!node || !box) return;
      const corner = flow.flowToScreenPosition(node.position);
      const zoom = flow.getZoom();
      const bottom = behindSheet ? box.top + box.height * aboveSheet : box.bottom;
      const inside =
        corner.x > box.left + 24 &&
        corner.y > box.top + 24 &&
        corner.x + nodeWidth * zoom < box.right - 24 &&
        corner.y + nodeHeight * zoom < bottom - 16;
      if (inside) return;
      const down = (box.bottom - bottom) / 2 / zoom;
      const { x, y } = node.position;
      void flow.setCenter(x + nodeWidth / 2, y + nodeHeight / 2 + down, { zoom, duration: 180 });
    },
    [flow, container],
  );
  useEffect(() => {
    if (open === null) return;
    // Once the panel has taken its room.
    const timer = setTimeout(() => reveal(open, window.matchMedia('(width < 768px)').matches), 60);
    return () => clearTimeout(timer);
  }, [open, reveal]);

  /** Where a node would stand in the middle of what is seen. */
  const middle = () => {
    const box = container.current?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    const { x, y } = flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
    return { x: x - nodeWidth / 2, y: y - nodeHeight / 2 };
  };
  const fit = () => void flow.fitView({ duration: 240, padding: 0.05, includeHiddenNodes: true });
  return { reveal, middle, fit };
}
