// Lining components up: all sizes are the same, so that only their corners count.
import type { Position } from '@taylordash/core/entities';
import type { Placed } from './geometry.ts';

export const alignments = ['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const;
export type Alignment = (typeof alignments)[number];
export type Axis = 'x' | 'y';

const axisOf: Record<Alignment, Axis> = { left: 'x', centre: 'x', right: 'x', top: 'y', middle: 'y', bottom: 'y' };

/** New places of those that move. */
export function alignTo(nodes: readonly Placed[], alignment: Alignment): Map<string, Position> {
  const axis = axisOf[alignment];
  const values = nodes.map(({ position }) => position[axis]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const first = alignment === 'left' || alignment === 'top';
  const last = alignment === 'right' || alignment === 'bottom';
  const to = first ? least : last ? most : Math.round((least + most) / 2);
  return moved(nodes, (node) => ({ ...node.position, [axis]: to }));
}

/** Spreads them evenly between the outermost two, in the order in which they stand. */
export function distribute(nodes: readonly Placed[], axis: Axis): Map<string, Position> {
  const ordered = nodes.toSorted((a, b) => a.position[axis] - b.position[axis]);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (!first || !last || ordered.length < 3) return new Map();
  const step = (last.position[axis] - first.position[axis]) / (ordered.length - 1);
  const places = new Map(ordered.map(({ id }, index) => [id, Math.round(first.position[axis] + index * step)]));
  return moved(nodes, (node) => ({ ...node.position, [axis]: places.get(node.id) ?? node.position[axis] }));
}

function moved(nodes: readonly Placed[], to: (node: Placed) => Position): Map<string, Position> {
  return new Map(
    nodes.flatMap((node) => {
      const place = to(node);
      return place.x === node.position.x && place.y === node.position.y ? [] : [[node.id, place] as const];
    }),
  );
}
