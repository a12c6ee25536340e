// The rules of the graph on graphs of any shape: what closes a cycle, which path is shortest, and that long chains are walked.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjacency, closingEdges, closingLoop, type Edge, findPath, inOrder, reachable } from './graph.ts';

const size = 12;
const node = fc.integer({ min: 0, max: size - 1 });
const graph = fc.uniqueArray(fc.tuple(node, node), { maxLength: 40, selector: ([a, b]) => `${a} ${b}` });
const nodes = Array.from({ length: size }, (_, n) => n);
const seeded = { seed: 1, numRuns: 300 };

/** Steps from one node to all others, the plain way: relaxing until nothing changes. */
function distances(edges: readonly Edge<number>[], from: number): number[] {
  const far = nodes.map((n) => (n === from ? 0 : Number.POSITIVE_INFINITY));
  for (const _ of nodes) for (const [a, b] of edges) far[b] = Math.min(far[b] ?? 0, (far[a] ?? 0) + 1);
  return far;
}

/** Has it a cycle, the plain way: nodes that wait for nothing are taken away until none is left. */
function isCyclic(edges: readonly Edge<number>[]): boolean {
  let left = [...edges];
  for (;;) {
    const waiting = new Set(left.map(([a]) => a));
    const rest = left.filter(([, b]) => waiting.has(b));
    if (rest.length === left.length) return left.length > 0;
    left = rest;
  }
}

const without = (edges: readonly Edge<number>[], out: readonly Edge<number>[]) => {
  const gone = new Set(out.map(String));
  return edges.filter((edge) => !gone.has(String(edge)));
};

describe('findPath', () => {
  it('is a shortest path along the edges, or null where there is none', () => {
    const check = fc.property(graph, node, node, (edges, from, to) => {
      const path = findPath(adjacency(edges), from, to);
      const far = distances(edges, from)[to] ?? 0;
      if (path === null) {
        expect(far).toBe(Number.POSITIVE_INFINITY);
        return;
      }
      expect([path.at(0), path.at(-1), path.length - 1]).toEqual([from, to, far]);
      const known = new Set(edges.map(String));
      path.slice(1).forEach((next, n) => void expect(known.has(`${path[n]},${next}`)).toBe(true));
    });
    fc.assert(check, seeded);
  });
});

describe('closingLoop', () => {
  it('is there exactly where adding the edge makes an acyclic graph cyclic', () => {
    const check = fc.property(graph, node, node, (edges, a, b) => {
      const acyclic = without(edges, closingEdges(nodes, edges));
      const loop = closingLoop(adjacency(acyclic), [a, b]);
      expect(loop !== null).toBe(isCyclic([...acyclic, [a, b]]));
      if (loop) expect([loop.at(0), loop.at(1), loop.at(-1)]).toEqual([a, b, a]);
    });
    fc.assert(check, seeded);
  });
});

describe('reachable', () => {
  it('is everything at a distance, and the node itself only by a cycle', () => {
    const check = fc.property(graph, node, (edges, from) => {
      const found = reachable(adjacency(edges), from);
      const far = distances(edges, from);
      for (const n of nodes) if (n !== from) expect(found.has(n)).toBe(Number.isFinite(far[n]));
      const back = edges.some(([a, b]) => b === from && (a === from || found.has(a)));
      expect(found.has(from)).toBe(back);
    });
    fc.assert(check, seeded);
  });
});

describe('closingEdges', () => {
  it('leaves no cycle, and takes nothing from a graph without one', () => {
    const check = fc.property(graph, (edges) => {
      const closing = closingEdges(nodes, edges);
      expect(isCyclic(without(edges, closing))).toBe(false);
      expect(closing.length > 0).toBe(isCyclic(edges));
    });
    fc.assert(check, seeded);
  });
  it('takes no edge that could stay: each closes a cycle with what is left', () => {
    const check = fc.property(graph, (edges) => {
      const closing = closingEdges(nodes, edges);
      const rest = without(edges, closing);
      for (const edge of closing) expect(isCyclic([...rest, edge])).toBe(true);
    });
    fc.assert(check, seeded);
  });
  it('finds the three that were put into a large graph, and those alone', () => {
    // A thousand and more nodes, each waiting for up to four earlier ones, in order but for three edges that lead back.
    const count = 1289;
    const all = Array.from({ length: count }, (_, n) => n);
    const edges: Edge<number>[] = [];
    for (let n = 1; n < count; n++)
      for (const back of [1, 7, 50, 333]) if (n >= back && (back === 1 || n % back !== 2)) edges.push([n, n - back]);
    const planted: Edge<number>[] = [
      [3, 900],
      [0, 1],
      [640, 1288],
    ];
    // From the last node on, the walk goes down the whole chain first: all is open when it meets an edge that leads back.
    const closing = closingEdges([...all].reverse(), [...edges, ...planted]);
    expect(closing.map(String).sort()).toEqual(planted.map(String).sort());
    expect(closingEdges([...all].reverse(), edges)).toEqual([]);
  });
  it('knows a node that waits for itself', () => {
    expect(closingEdges([1], [[1, 1]])).toEqual([[1, 1]]);
  });
});

it('walks a chain of 100,000 without running out of stack', () => {
  const count = 100_000;
  const chain = Array.from({ length: count }, (_, n): Edge<number> => [n, n + 1]);
  const neighbours = adjacency(chain);
  expect(findPath(neighbours, 0, count)).toHaveLength(count + 1);
  expect(reachable(neighbours, 0).size).toBe(count);
  const all = Array.from({ length: count + 1 }, (_, n) => n);
  expect(closingEdges(all, [...chain, [count, 0]])).toEqual([[count, 0]]);
});

describe('inOrder', () => {
  const named = nodes.map((n) => ({ id: `n${n}` }));
  const dependencies = (edges: readonly Edge<number>[]) =>
    edges.map(([a, b]) => ({ component_id: `n${a}`, depends_on_id: `n${b}` }));
  it('puts each after everything it waits for, and forgets none', () => {
    const check = fc.property(graph, (edges) => {
      const acyclic = without(edges, closingEdges(nodes, edges));
      const place = new Map(inOrder(named, dependencies(acyclic)).map(({ id }, n) => [id, n]));
      expect(place.size).toBe(size);
      for (const [a, b] of acyclic) expect(place.get(`n${a}`) ?? 0).toBeGreaterThan(place.get(`n${b}`) ?? size);
    });
    fc.assert(check, seeded);
  });
  it('keeps what waits for something that is not there', () => {
    expect(inOrder([{ id: 'a' }], [{ component_id: 'a', depends_on_id: 'gone' }])).toEqual([{ id: 'a' }]);
  });
});
