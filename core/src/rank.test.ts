// Ranks: one between any two, short however long somebody goes on sorting by hand.
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { appendedRank, rankBetween } from './rank.ts';

const seeded = { seed: 1, numRuns: 500 };
const between = (a: string | null, b: string | null): string => {
  const made = rankBetween(a, b);
  if (made === null) throw new Error(`nothing between ${a} and ${b}`);
  return made;
};

it('is strictly between any two that leave room, and uses what a rank may hold', () => {
  const rank = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'!"09Aaz~') });
  const check = fc.property(rank, rank, (one, other) => {
    const [a, b] = one < other ? [one, other] : [other, one];
    for (const [low, high] of [
      [a, b],
      [null, a],
      [b, null],
    ] as const) {
      const made = rankBetween(low, high);
      // Only a rank that ends in the lowest letter can leave no room.
      if (made === null) {
        expect(a === b || (high ?? '').endsWith('!')).toBe(true);
        continue;
      }
      expect(made).toMatch(/^[!-~]+$/);
      if (low !== null) expect(made > low).toBe(true);
      if (high !== null) expect(made < high).toBe(true);
    }
  });
  fc.assert(check, seeded);
});

it('keeps order through any history of insertions, and stays within what a rank may be long', () => {
  const check = fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 300 }), (places) => {
    const list = [appendedRank(1_700_000_000_000), appendedRank(1_700_000_000_000, 1)];
    for (const place of places) {
      const at = place % (list.length + 1);
      list.splice(at, 0, between(list[at - 1] ?? null, list[at] ?? null));
    }
    expect(list).toEqual([...list].sort((a, b) => (a < b ? -1 : 1)));
    expect(Math.max(...list.map(({ length }) => length))).toBeLessThanOrEqual(13 + 1 + places.length / 6);
  });
  fc.assert(check, { ...seeded, numRuns: 100 });
});

test.each([
  ['at the beginning', 5000, (list: string[]) => list.unshift(between(null, list[0] ?? null))],
  ['at the end', 5000, (list: string[]) => list.push(between(list.at(-1) ?? null, null))],
  ['at one place', 1000, (list: string[]) => list.splice(1, 0, between(list[0] ?? null, list[1] ?? null))],
])('goes on and on %s', (_name, times, add) => {
  const list = [appendedRank(1_700_000_000_000), appendedRank(1_700_000_000_000, 1)];
  for (let time = 0; time < times; time++) add(list);
  expect(list).toEqual([...list].sort((a, b) => (a < b ? -1 : 1)));
  expect(Math.max(...list.map(({ length }) => length))).toBeLessThanOrEqual(200);
});

it('finds no room where there is none', () => {
  expect(rankBetween('a', 'a')).toBeNull();
  expect(rankBetween('b', 'a')).toBeNull();
  expect(rankBetween('a', 'a!')).toBeNull();
  expect(rankBetween(null, '!')).toBeNull();
});
