// The longest chain: by steps, by days, of what is open only; and never shorter than one found by trying all.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dependency } from './entities.ts';
import { type ChainFacts, longestChain } from './longest-chain.ts';

const node = (
  id: string,
  duration_days: number | null = null,
  status: ChainFacts['status'] = 'pending',
): ChainFacts => ({
  ...{ id, duration_days, status, type: null },
});
const edge = (depends_on_id: string, component_id: string): Dependency => ({ depends_on_id, component_id });

describe('longestChain', () => {
  it('counts steps where a duration is missing, and says how many are', () => {
    const nodes = [node('a', 100), node('b'), node('c'), node('d', 1)];
    const edges = [edge('b', 'c'), edge('c', 'd'), edge('a', 'd')];
    expect(longestChain(nodes, edges)).toEqual({ ids: ['b', 'c', 'd'], days: 1, open: 4, without_duration: 2 });
  });

  it('counts days where all are known', () => {
    const nodes = [node('a', 100), node('b', 1), node('c', 1), node('d', 1)];
    const edges = [edge('b', 'c'), edge('c', 'd'), edge('a', 'd')];
    expect(longestChain(nodes, edges)).toEqual({ ids: ['a', 'd'], days: 101, open: 4, without_duration: 0 });
  });

  it('leaves out what is done, cancelled or in the tray', () => {
    const tray: ChainFacts = { ...node('tray'), type: 'unsorted' };
    const nodes = [node('a', 1, 'completed'), node('b', 1), node('c', 1, 'cancelled'), node('d', 2), tray];
    const edges = [edge('a', 'b'), edge('b', 'c'), edge('c', 'd')];
    expect(longestChain(nodes, edges)).toEqual({ ids: ['d'], days: 2, open: 2, without_duration: 0 });
    expect(longestChain([], [])).toEqual({ ids: [], days: 0, open: 0, without_duration: 0 });
  });

  it('finds no chain shorter than one found by trying all, and only real ones', () => {
    const graphs = fc
      .tuple(
        fc.array(fc.option(fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 9 }),
        fc.array(fc.tuple(fc.nat(8), fc.nat(8)), { maxLength: 20 }),
      )
      .map(([durations, pairs]) => ({
        nodes: durations.map((duration, index) => node(`n${index}`, duration)),
        edges: pairs
          .filter(([from, to]) => from < to && to < durations.length)
          .map(([from, to]) => edge(`n${from}`, `n${to}`)),
      }));
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const found = longestChain(nodes, edges);
        const days = new Map(nodes.map(({ id, duration_days }) => [id, duration_days ?? 0]));
        const byDays = nodes.every(({ duration_days }) => duration_days !== null);
        const best = (id: string): { steps: number; days: number } => {
          const ways = edges.filter(({ depends_on_id }) => depends_on_id === id).map((one) => best(one.component_id));
          const key = (way: { steps: number; days: number }) =>
            byDays ? way.days * 100 + way.steps : way.steps * 100 + way.days;
          const rest = ways.toSorted((a, b) => key(b) - key(a))[0] ?? { steps: 0, days: 0 };
          return { steps: rest.steps + 1, days: rest.days + (days.get(id) ?? 0) };
        };
        const all = nodes.map(({ id }) => best(id));
        const longest = byDays ? Math.max(...all.map((way) => way.days)) : Math.max(...all.map((way) => way.steps));
        expect(byDays ? found.days : found.ids.length).toBe(longest);
        expect(found.ids.reduce((sum, id) => sum + (days.get(id) ?? 0), 0)).toBe(found.days);
        for (const [index, id] of found.ids.entries()) {
          const next = found.ids[index + 1];
          if (next !== undefined) expect(edges).toContainEqual(edge(id, next));
        }
      }),
    );
  });
});
