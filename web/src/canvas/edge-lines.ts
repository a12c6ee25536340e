// Where each dependency runs, from port to port, and which of them is under a point.
import type { Dependency, Position } from '@taylordash/core/entities';
import { distanceTo, type Line } from './edge-path.ts';
import { nodeHeight, nodeWidth, type Placed } from './geometry.ts';
import { edgeId } from './nodes.ts';

const portReach = 6;
/** How near to a line a pointer must be, in pixels of the screen. */
const grip = { mouse: 8, touch: 16 };

export interface EdgeLine extends Line {
  id: string;
  edge: Dependency;
}

/** The port that others are unlocked from, or the one that needs come in at. */
export function portOf({ x, y }: Position, port: 'needs' | 'unlocks'): Position {
  return { x: port === 'unlocks' ? x + nodeWidth + portReach : x - portReach, y: y + nodeHeight / 2 };
}

function lineBetween(from: Position, to: Position): Line {
  const start = portOf(from, 'unlocks');
  const end = portOf(to, 'needs');
  return { x1: start.x, y1: start.y, x2: end.x, y2: end.y };
}

export function linesOf(nodes: readonly Placed[], edges: readonly Dependency[]): EdgeLine[] {
  const places = new Map(nodes.map(({ id, position }) => [id, position]));
  return edges.flatMap((edge) => {
    const from = places.get(edge.depends_on_id);
    const to = places.get(edge.component_id);
    return from && to ? [{ id: edgeId(edge), edge, ...lineBetween(from, to) }] : [];
  });
}

/** The dependency under a point of the graph; null where none is near. */
export function edgeAt(
  lines: readonly EdgeLine[],
  point: Position,
  zoom: number,
  by: 'mouse' | 'touch',
): EdgeLine | null {
  let found: EdgeLine | null = null;
  let nearest = grip[by] / zoom;
  for (const line of lines) {
    const distance = distanceTo(line, point, nearest);
    if (distance >= nearest) continue;
    nearest = distance;
    found = line;
  }
  return found;
}
