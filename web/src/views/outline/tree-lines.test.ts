// The tree of the graph: every component once, under something it waits for, after everything it waits for.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linesOfTree, treeOf } from './tree-lines.ts';

const nodes = Array.from({ length: 10 }, (_, at) => ({ id: `n${at}`, name: `N${at}` }));
const edge = (component_id: string, depends_on_id: string) => ({ component_id, depends_on_id });

it('has every component once, under the last it waits for, with the others named', () => {
  const pair = fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })).filter(([a, b]) => a > b);
  const check = fc.property(fc.uniqueArray(pair, { selector: String, maxLength: 25 }), (pairs) => {
    const edges = pairs.map(([a, b]) => edge(`n${a}`, `n${b}`));
    const lines = linesOfTree(treeOf(nodes, edges), new Set());
    expect(lines.map(({ branch }) => branch.node.id).sort()).toEqual(nodes.map(({ id }) => id).sort());
    const path: string[] = [];
    for (const { branch, level } of lines) {
      path.length = level - 1;
      const parent = path.at(-1);
      const needs = edges.filter((one) => one.component_id === branch.node.id).map((one) => one.depends_on_id);
      expect(parent === undefined ? needs : needs.includes(parent)).toEqual(parent === undefined ? [] : true);
      expect(branch.also.length).toBe(Math.max(0, needs.length - 1));
      path.push(branch.node.id);
    }
  });
  fc.assert(check, { seed: 1, numRuns: 300 });
});

it('counts places beside each other, and leaves out what is collapsed', () => {
  const edges = [edge('n1', 'n0'), edge('n2', 'n0'), edge('n3', 'n2')];
  const said = (collapsed: string[]) =>
    linesOfTree(treeOf(nodes.slice(0, 4), edges), new Set(collapsed)).map(
      ({ branch, level, place, of }) => `${branch.node.id} ${level} ${place}/${of}`,
    );
  expect(said([])).toEqual(['n0 1 1/1', 'n1 2 1/2', 'n2 2 2/2', 'n3 3 1/1']);
  expect(said(['n2'])).toEqual(['n0 1 1/1', 'n1 2 1/2', 'n2 2 2/2']);
  expect(said(['n0'])).toEqual(['n0 1 1/1']);
});

it('stands a chain of ten thousand', () => {
  const chain = Array.from({ length: 10_000 }, (_, at) => ({ id: `c${at}`, name: '' }));
  const edges = chain.slice(1).map((node, at) => edge(node.id, `c${at}`));
  expect(linesOfTree(treeOf(chain, edges), new Set()).at(-1)?.level).toBe(10_000);
});
