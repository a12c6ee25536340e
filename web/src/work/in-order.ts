// Components so that each stands after everything it waits for; among equals as they come.
import type { Dependency } from '@taylordash/core/entities';

export function inOrder<N extends { id: string }>(nodes: readonly N[], edges: readonly Dependency[]): N[] {
  const open = new Map(nodes.map((node) => [node.id, 0]));
  const unlocks = new Map<string, string[]>();
  for (const { component_id, depends_on_id } of edges) {
    open.set(component_id, (open.get(component_id) ?? 0) + 1);
    const list = unlocks.get(depends_on_id);
    if (list) list.push(component_id);
    else unlocks.set(depends_on_id, [component_id]);
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ordered = nodes.filter((node) => open.get(node.id) === 0);
  for (let head = 0; head < ordered.length; head++) {
    for (const next of unlocks.get(ordered[head]?.id ?? '') ?? []) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      const node = byId.get(next);
      if (left === 0 && node) ordered.push(node);
    }
  }
  return ordered;
}
