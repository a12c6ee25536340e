// A new layout around what is pinned: that stays, and nothing lands on it.
import type { Position } from '@taylordash/core/entities';
import { align, freePlace, type Placed } from './geometry.ts';

interface Pinnable extends Placed {
  pinned: boolean;
}

/** `places` is a layout that knows of no pins. */
export function keepPinned(places: ReadonlyMap<string, Position>, nodes: readonly Pinnable[]): Map<string, Position> {
  const pinned = nodes.filter((node) => node.pinned && places.has(node.id));
  if (pinned.length === 0) {
    return align(
      places,
      nodes.map(({ position }) => position),
    );
  }
  // Shifted so that what is pinned is, taken together, where the layout would have put it.
  const shift = { x: 0, y: 0 };
  for (const { id, position } of pinned) {
    const place = places.get(id) ?? position;
    shift.x += (position.x - place.x) / pinned.length;
    shift.y += (position.y - place.y) / pinned.length;
  }
  const taken: Placed[] = nodes.filter((node) => node.pinned);
  const kept = new Map(taken.map(({ id, position }) => [id, position]));
  const free = nodes
    .filter((node) => !node.pinned)
    .map(({ id, position }) => {
      const place = places.get(id);
      return { id, position: place ? { x: place.x + shift.x, y: place.y + shift.y } : position };
    })
    .toSorted((a, b) => a.position.x - b.position.x || a.position.y - b.position.y);
  for (const { id, position } of free) {
    const place = freePlace(taken, position);
    const whole = { x: Math.round(place.x), y: Math.round(place.y) };
    kept.set(id, whole);
    taken.push({ id, position: whole });
  }
  return kept;
}
