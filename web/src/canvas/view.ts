// What part of the graph the canvas shows when it opens.
import type { Position } from '@taylordash/core/entities';
import { nodeHeight, nodeWidth, type Placed } from './geometry.ts';

export interface View {
  x: number;
  y: number;
  zoom: number;
}

interface Size {
  width: number;
  height: number;
}

/** From here on a node shows all it has. */
export const readableZoom = 0.6;
/** Up to so many components the first view stays readable; beyond, it shows everything. */
const many = 200;
/** Further away nothing can be made out. */
const leastZoom = 0.1;
/** From here on names are shown. */
const namesZoom = 0.3;
/** Kept free at each edge, in pixels of the screen; at the bottom stand the tools. */
const margin = { left: 24, top: 24, right: 24, bottom: 72 };

/** The box around components; null where there are none. */
export function bounds(nodes: readonly Placed[]): { from: Position; to: Position } | null {
  const [first] = nodes;
  if (!first) return null;
  const from = { ...first.position };
  const to = { ...first.position };
  for (const { position } of nodes) {
    from.x = Math.min(from.x, position.x);
    from.y = Math.min(from.y, position.y);
    to.x = Math.max(to.x, position.x);
    to.y = Math.max(to.y, position.y);
  }
  return { from, to: { x: to.x + nodeWidth, y: to.y + nodeHeight } };
}

/**
 * Everything, where it can be read so; else, for graphs of a size that people draw, the part where work is open, at a zoom that
 * can be read; of what is too large to be seen whole, where open work begins, with names. Null where there is nothing to show.
 */
export function openingView(nodes: readonly Placed[], open: ReadonlySet<string>, size: Size): View | null {
  const all = bounds(nodes);
  if (!all) return null;
  const room = { x: size.width - margin.left - margin.right, y: size.height - margin.top - margin.bottom };
  const fitting = Math.min(1, room.x / (all.to.x - all.from.x), room.y / (all.to.y - all.from.y));
  if (nodes.length > many && fitting < leastZoom) return beginning(nodes, open, size);
  const zoom = nodes.length > many ? fitting : Math.max(readableZoom, fitting);
  const focus = bounds(nodes.filter(({ id }) => open.has(id))) ?? all;
  const along = (axis: 'x' | 'y', start: number) => {
    const span = room[axis] / zoom;
    const whole = all.to[axis] - all.from[axis];
    if (whole <= span) return start + (room[axis] - whole * zoom) / 2 - all.from[axis] * zoom;
    const wanted = focus.to[axis] - focus.from[axis];
    const centred = wanted <= span ? focus.from[axis] - (span - wanted) / 2 : focus.from[axis];
    const left = Math.max(all.from[axis], Math.min(centred, all.to[axis] - span));
    return start - left * zoom;
  };
  return { x: along('x', margin.left), y: along('y', margin.top), zoom };
}

/** The open component that stands most to the left, with what follows it to its right; among several the one in the middle. */
function beginning(nodes: readonly Placed[], open: ReadonlySet<string>, size: Size): View | null {
  const some = nodes.filter(({ id }) => open.has(id));
  const candidates = some.length > 0 ? some : nodes;
  const left = Math.min(...candidates.map(({ position }) => position.x));
  const column = candidates
    .filter(({ position }) => position.x < left + nodeWidth)
    .toSorted((a, b) => a.position.y - b.position.y);
  const first = column[Math.floor((column.length - 1) / 2)];
  if (!first) return null;
  return {
    x: margin.left * 2 - first.position.x * namesZoom,
    y: size.height / 2 - (first.position.y + nodeHeight / 2) * namesZoom,
    zoom: namesZoom,
  };
}
