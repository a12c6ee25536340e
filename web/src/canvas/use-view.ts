// Which part of the graph is in view: at first, after arranging, and when a component would be hidden.

import type { Position } from '@taylordash/core/entities';
import type { Shown } from '@taylordash/core/states';
import { useReactFlow } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { nodeHeight, nodeWidth, type Placed } from './geometry.ts';
import type { ComponentNode as FlowNode } from './nodes.ts';
import { bounds, openingView, readableZoom } from './view.ts';

/** The share of the canvas that a sheet from below leaves to see. */
const aboveSheet = 0.3;
/** The share of the canvas that what is shown whole fills at a zoom of 1. */
const fitShare = 0.85;
const panMs = 180;

interface Options {
  container: RefObject<HTMLElement | null>;
  nodes: readonly FlowNode[];
  node: (id: string) => FlowNode | null;
  shown: ReadonlyMap<string, Shown>;
  /** The component whose panel is open. */
  open: string | null;
  /** How often everything has got its first places. */
  arranged: number;
}

export function useView({ container, nodes, node: nodeOf, shown, open, arranged }: Options) {
  const flow = useReactFlow();
  const latest = useRef({ nodes, shown });
  latest.current = { nodes, shown };
  /** Until when the view pans to what was revealed last: what it shows on the way says nothing about where it will stand. */
  const pansUntil = useRef(0);

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
    /** `read`: also where it is too far away to be read. */
    (id: string, behindSheet: boolean, read = false) => {
      const node = nodeOf(id);
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
      const near = read ? Math.max(zoom, readableZoom) : zoom;
      if (inside && near === zoom && performance.now() > pansUntil.current) return;
      pansUntil.current = performance.now() + panMs;
      const down = (box.bottom - bottom) / 2 / near;
      const { x, y } = node.position;
      void flow.setCenter(x + nodeWidth / 2, y + nodeHeight / 2 + down, { zoom: near, duration: panMs });
    },
    [flow, container, nodeOf],
  );
  useEffect(() => {
    if (open === null) return;
    // Once the panel has taken its room.
    const timer = setTimeout(() => reveal(open, window.matchMedia('(width < 768px)').matches), 60);
    return () => clearTimeout(timer);
  }, [open, reveal]);

  /** The middle of what is seen, on the canvas. */
  const centre = useCallback(() => {
    const box = container.current?.getBoundingClientRect();
    return flow.screenToFlowPosition({
      x: (box?.left ?? 0) + (box?.width ?? 0) / 2,
      y: (box?.top ?? 0) + (box?.height ?? 0) / 2,
    });
  }, [flow, container]);
  /** Where a node would stand in the middle of what is seen. */
  const middle = () => {
    const { x, y } = centre();
    return { x: x - nodeWidth / 2, y: y - nodeHeight / 2 };
  };
  /** Shows components whole, by default all of them; few are not drawn larger than life. */
  const fit = useCallback(
    (some?: readonly Placed[]) => {
      const box = bounds(some ?? latest.current.nodes);
      if (!box) return;
      const { from, to } = box;
      const size = { width: to.x - from.x, height: to.y - from.y };
      const room = container.current?.getBoundingClientRect();
      // fitBounds knows no greatest zoom: a box that is too small for one is made larger.
      const least = { width: (room?.width ?? 0) * fitShare, height: (room?.height ?? 0) * fitShare };
      const width = Math.max(size.width, least.width);
      const height = Math.max(size.height, least.height);
      const x = from.x - (width - size.width) / 2;
      const y = from.y - (height - size.height) / 2;
      void flow.fitBounds({ x, y, width, height }, { duration: 240, padding: some ? 0.15 : 0.05 });
    },
    [flow, container],
  );
  const isInView = useCallback(
    (point: Position) => {
      const box = container.current?.getBoundingClientRect();
      const { x, y } = flow.flowToScreenPosition(point);
      return box !== undefined && x > box.left && x < box.right && y > box.top && y < box.bottom;
    },
    [flow, container],
  );
  return { reveal, middle, fit, centre, isInView };
}
