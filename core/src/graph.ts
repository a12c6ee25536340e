// Rules of the dependency graph, pure: paths, cycles, order. An edge runs from a dependent to what it depends on.
import type { Dependency } from './entities.ts';

/** `[dependent, depends_on]`. */
export type Edge<K> = readonly [dependent: K, depends_on: K];

/** What each node depends on, in the order of the edges. */
export function adjacency<K>(edges: Iterable<Edge<K>>): Map<K, K[]> {
  const out = new Map<K, K[]>();
  for (const [dependent, depends_on] of edges) {
    const list = out.get(dependent);
    if (list) list.push(depends_on);
    else out.set(dependent, [depends_on]);
  }
  return out;
}

/** A shortest path from one node along the edges to another, both ends included; null where there is none. */
export function findPath<K>(neighbours: ReadonlyMap<K, readonly K[]>, from: K, to: K): K[] | null {
  const cameFrom = new Map<K, K | null>([[from, null]]);
  const queue: K[] = [from];
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head] as K; // head < length
    if (node === to) return trace(cameFrom, to);
    for (const next of neighbours.get(node) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return null;
}

function trace<K>(cameFrom: ReadonlyMap<K, K | null>, end: K): K[] {
  const path: K[] = [];
  for (let node: K | null | undefined = end; node !== null && node !== undefined; node = cameFrom.get(node))
    path.push(node);
  return path.reverse();
}

/**
 * The loop that a new edge would close, from the dependent round to itself (`[a, b, c, a]`: a waits for b, b for c, c for a);
 * null where it closes none.
 */
export function closingLoop<K>(neighbours: ReadonlyMap<K, readonly K[]>, [dependent, depends_on]: Edge<K>): K[] | null {
  const path = findPath(neighbours, depends_on, dependent);
  return path && [dependent, ...path];
}

/** Everything reachable from a node along the edges, without the node itself (which no acyclic graph reaches). */
export function reachable<K>(neighbours: ReadonlyMap<K, readonly K[]>, from: K): Set<K> {
  const seen = new Set<K>();
  const stack = [...(neighbours.get(from) ?? [])];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push(...(neighbours.get(node) ?? []));
  }
  return seen;
}

/**
 * The edges to leave out so that no cycle is left: the back edges of a depth-first walk from the nodes in their order, each
 * one's dependencies in edge order. Linear, and without recursion, so that a chain of any length is walked.
 */
export function closingEdges<K>(nodes: Iterable<K>, edges: Iterable<Edge<K>>): Edge<K>[] {
  const neighbours = adjacency(edges);
  const state = new Map<K, 'open' | 'done'>();
  const closing: Edge<K>[] = [];
  for (const root of nodes) {
    if (state.has(root)) continue;
    state.set(root, 'open');
    const stack: { node: K; next: number }[] = [{ node: root, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const list = neighbours.get(top.node) ?? [];
      if (top.next >= list.length) {
        state.set(top.node, 'done');
        stack.pop();
        continue;
      }
      const target = list[top.next++] as K; // next < length
      const seen = state.get(target);
      if (seen === 'open') closing.push([top.node, target]);
      else if (seen === undefined) {
        state.set(target, 'open');
        stack.push({ node: target, next: 0 });
      }
    }
  }
  return closing;
}

/**
 * Nodes so that each stands after everything among them that it waits for; among equals as they come. What is in or behind a
 * cycle is left out.
 */
export function inOrder<N extends { id: string }>(nodes: readonly N[], edges: readonly Dependency[]): N[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const known = edges.filter(({ component_id, depends_on_id }) => byId.has(component_id) && byId.has(depends_on_id));
  const open = new Map(nodes.map((node) => [node.id, 0]));
  for (const { component_id } of known) open.set(component_id, (open.get(component_id) ?? 0) + 1);
  const unlocks = adjacency(known.map(({ component_id, depends_on_id }) => [depends_on_id, component_id] as const));
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
