// Sizes and places on the canvas, free of React: what a node measures, where new ones go, what is under a point.
import type { Dependency, Position } from '@taylordash/core/entities';

export const nodeWidth = 224;
export const nodeHeight = 88;
/** Between two nodes, along the arrows and across them. */
export const gapAlong = 104;
export const gapAcross = 32;

export type Detail = 'full' | 'name' | 'block';

export function detailAt(zoom: number): Detail {
  if (zoom >= 0.6) return 'full';
  return zoom >= 0.25 ? 'name' : 'block';
}

export interface Placed {
  id: string;
  position: Position;
}

export function at(nodes: Iterable<Placed>, point: Position): string | null {
  let found: string | null = null;
  for (const { id, position } of nodes) {
    const inside =
      point.x >= position.x &&
      point.x <= position.x + nodeWidth &&
      point.y >= position.y &&
      point.y <= position.y + nodeHeight;
    if (inside) found = id;
  }
  return found;
}

/** The nearest free place at or below a position, so that a new node covers none. */
export function freePlace(nodes: readonly Placed[], wanted: Position): Position {
  const place = { ...wanted };
  const clashes = ({ position }: Placed) =>
    Math.abs(position.x - place.x) < nodeWidth + 16 && Math.abs(position.y - place.y) < nodeHeight + 16;
  for (let turn = 0; turn <= nodes.length; turn++) {
    const hit = nodes.find(clashes);
    if (!hit) break;
    place.y = hit.position.y + nodeHeight + gapAcross;
  }
  return place;
}

/** A first place for everything, at once: columns by the longest way from a start, rows as they come. */
export function columns(ids: readonly string[], edges: readonly Dependency[]): Map<string, Position> {
  const unlocks = new Map<string, string[]>();
  const open = new Map<string, number>(ids.map((id) => [id, 0]));
  for (const { component_id, depends_on_id } of edges) {
    if (!open.has(component_id) || !open.has(depends_on_id)) continue;
    open.set(component_id, (open.get(component_id) ?? 0) + 1);
    unlocks.set(depends_on_id, [...(unlocks.get(depends_on_id) ?? []), component_id]);
  }
  const depth = new Map<string, number>();
  const queue = ids.filter((id) => open.get(id) === 0);
  for (const id of queue) depth.set(id, 0);
  for (let head = 0; head < queue.length; head++) {
    const id = queue[head] ?? '';
    for (const next of unlocks.get(id) ?? []) {
      depth.set(next, Math.max(depth.get(next) ?? 0, (depth.get(id) ?? 0) + 1));
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) queue.push(next);
    }
  }
  const rows = new Map<number, number>();
  const places = new Map<string, Position>();
  for (const id of ids) {
    const column = depth.get(id) ?? 0;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    places.set(id, { x: column * (nodeWidth + gapAlong), y: row * (nodeHeight + gapAcross) });
  }
  return places;
}

/** Moves places so that their top left corner is where that of others is. */
export function align(places: ReadonlyMap<string, Position>, others: readonly Position[]): Map<string, Position> {
  if (others.length === 0 || places.size === 0) return new Map(places);
  const corner = (list: readonly Position[]) => ({
    x: Math.min(...list.map(({ x }) => x)),
    y: Math.min(...list.map(({ y }) => y)),
  });
  const from = corner([...places.values()]);
  const to = corner(others);
  return new Map(
    [...places].map(([id, { x, y }]) => [id, { x: Math.round(x - from.x + to.x), y: Math.round(y - from.y + to.y) }]),
  );
}

/** What a band between two corners touches. */
export function inBand<N extends Placed>(nodes: readonly N[], a: Position, b: Position): N[] {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  return nodes.filter(
    ({ position: { x, y } }) => x < right && x + nodeWidth > left && y < bottom && y + nodeHeight > top,
  );
}
