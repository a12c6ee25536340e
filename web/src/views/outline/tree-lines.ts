// The graph as a tree: each component under the last thing it waits for, with its other prerequisites named beside it. Pure.

import type { Dependency } from '@taylordash/core/entities';
import { inOrder } from '@taylordash/core/graph';

interface Node {
  id: string;
  name: string;
}

export interface Branch<N> {
  node: N;
  children: Branch<N>[];
  /** What it waits for besides what it stands under. */
  also: string[];
}

export interface TreeLine<N> {
  branch: Branch<N>;
  /** From 1. */
  level: number;
  /** Its place among those beside it, from 1, and how many they are. */
  place: number;
  of: number;
}

/** Every component stands in it exactly once, in the order of work. */
export function treeOf<N extends Node>(nodes: readonly N[], edges: readonly Dependency[]): Branch<N>[] {
  const ordered = inOrder(nodes, edges);
  const place = new Map(ordered.map((node, at) => [node.id, at]));
  const needs = new Map<string, string[]>();
  for (const { component_id, depends_on_id } of edges) {
    if (!place.has(component_id) || !place.has(depends_on_id)) continue;
    const list = needs.get(component_id);
    if (list) list.push(depends_on_id);
    else needs.set(component_id, [depends_on_id]);
  }
  const branches = new Map<string, Branch<N>>();
  const roots: Branch<N>[] = [];
  for (const node of ordered) {
    const waits = (needs.get(node.id) ?? []).sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
    const parent = branches.get(waits.pop() ?? '');
    const also = waits.flatMap((id) => branches.get(id)?.node.name ?? []);
    const branch = { node, children: [], also };
    branches.set(node.id, branch);
    (parent ? parent.children : roots).push(branch);
  }
  return roots;
}

/** The lines that show; what is below a collapsed one does not. Without recursion, so that a chain of any length shows. */
export function linesOfTree<N extends Node>(
  roots: readonly Branch<N>[],
  collapsed: ReadonlySet<string>,
): TreeLine<N>[] {
  const lines: TreeLine<N>[] = [];
  const stack = toLines(roots, 1);
  for (let line = stack.pop(); line; line = stack.pop()) {
    lines.push(line);
    if (!collapsed.has(line.branch.node.id)) stack.push(...toLines(line.branch.children, line.level + 1));
  }
  return lines;
}

/** Last first, for a stack. */
function toLines<N>(branches: readonly Branch<N>[], level: number): TreeLine<N>[] {
  return branches.map((branch, at) => ({ branch, level, place: at + 1, of: branches.length })).reverse();
}
