// A new layout is taken: for a moment the painted graph is on its way from the old places to the new.
import type { Position } from '@taylordash/core/entities';
import type { ComponentNode } from './nodes.ts';
import type { Glide, Scene } from './scene.ts';

/** As long as the elements take by canvas.css. */
const glideMs = 240;

/** Begins one from where everything stands now; nothing glides where motion is not wanted. */
export function glide(scene: Scene, from: ReadonlyMap<string, Position>): void {
  if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const begun = performance.now();
  const step = () => {
    const share = Math.min(1, (performance.now() - begun) / glideMs);
    scene.change({ glide: share < 1 ? { from, share } : null });
    if (share < 1) requestAnimationFrame(step);
  };
  step();
}

/** Fast at first, slow at the end, as the elements' own curve. */
const eased = (share: number) => 1 - (1 - share) ** 3;

export function gliding(nodes: readonly ComponentNode[], { from, share }: Glide): ComponentNode[] {
  const way = eased(share);
  return nodes.map((node) => {
    const start = from.get(node.id);
    if (!start) return node;
    const { x, y } = node.position;
    return { ...node, position: { x: start.x + (x - start.x) * way, y: start.y + (y - start.y) * way } };
  });
}
