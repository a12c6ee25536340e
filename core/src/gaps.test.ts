// The gap meter: what it reports is what was lost, whatever is late, repeated or begun again.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countNumber, type GapState, gapRanges, lastLostAt } from './gaps.ts';

const at = (n: number) => new Date(n * 1000).toISOString();
function fold(numbers: readonly number[], reach?: number): GapState {
  let state: GapState | null = null;
  for (const [index, number] of numbers.entries()) state = countNumber(state, number, at(index), reach);
  if (state === null) throw new Error('no number');
  return state;
}
const shown = (state: GapState) => gapRanges(state).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));

it('counts, sees a loss, and takes it back when the late one comes', () => {
  const lost = fold([5, 6, 10, 11]);
  expect(lost).toMatchObject({ first: 5, next: 12, received: 4, missing: 3, repeated: 0, restarts: 0 });
  expect(shown(lost)).toEqual(['7-9']);
  expect(lastLostAt(lost)).toBe(at(2));
  expect(shown(fold([5, 6, 10, 11, 8]))).toEqual(['9', '7']);
  const whole = fold([5, 6, 10, 11, 8, 7, 9]);
  expect(whole).toMatchObject({ missing: 0, received: 7 });
  expect(lastLostAt(whole)).toBeNull();
});

it('tells a new numbering from a gap and from a repeat', () => {
  expect(fold([0, 1, 2, 3, 2])).toMatchObject({ repeated: 1, restarts: 0, next: 4 });
  expect(fold([0, 1, 2, 4, 0, 1, 2])).toMatchObject({ restarts: 1, missing: 1, next: 3, received: 7 });
  expect(fold([5000, 5001, 17, 18])).toMatchObject({ restarts: 1, missing: 0, first: 17 });
  expect(shown(fold([0, 1, 3, 0, 2]))).toEqual(['1', '2']);
  // Nothing of the old numbering fills a gap of its own any more.
  expect(fold([0, 1, 3, 0, 1, 2]).missing).toBe(1);
});

it('takes what is late at the very beginning for the beginning', () => {
  expect(fold([3, 0, 2, 4])).toMatchObject({ first: 0, next: 5, missing: 1, restarts: 0 });
});

it('stays in bounds whatever is claimed', () => {
  const highest = Number.MAX_SAFE_INTEGER;
  const state = fold([0, highest - 1, 0, highest - 1, 0]);
  expect(state.missing).toBe(highest);
  const sparse = fold(Array.from({ length: 3000 }, (_, n) => n * 2));
  expect(sparse.missing).toBe(2999);
  expect(sparse.open.length).toBe(500);
});

const reach = 20;
/** What one numbering delivers: numbers in a row from a beginning, some lost, some late, some repeated later. */
const numbering = (first: boolean, start: number) =>
  fc
    .record({
      kept: fc.array(fc.boolean(), { minLength: 2, maxLength: 120 }),
      late: fc.array(fc.integer({ min: 0, max: reach - 1 }), { minLength: 120, maxLength: 120 }),
      repeats: fc.array(fc.nat(9), { minLength: 120, maxLength: 120 }),
    })
    .map(({ kept, late, repeats }) => {
      const sent = kept.flatMap((here, index) => (here || index === 0 ? [start + index] : []));
      // Sorted by a place moved back by less than the reach: nothing overtakes by more.
      const place = (number: number, index: number) =>
        index === 0 && !first ? -1 : number + (late[number - start] ?? 0);
      const ordered = sent
        .map((number, index) => ({ number, at: place(number, index) }))
        .sort((a, b) => a.at - b.at || a.number - b.number)
        .map(({ number }) => number);
      const highest = { so_far: -1 };
      return ordered.flatMap((number, index) => {
        highest.so_far = Math.max(highest.so_far, number);
        const again = ordered[Math.max(0, index - 3)] ?? number;
        const repeated = repeats[index] === 0 && again > 1 && highest.so_far - again < reach;
        return repeated ? [number, again] : [number];
      });
    });

/** Heard from somewhere on, or from its beginning and then begun again. */
const life = fc.oneof(
  fc.integer({ min: 0, max: 60 }).chain((start) => fc.tuple(numbering(true, start))),
  fc
    .constantFrom(0, 1)
    .chain((start) => fc.tuple(numbering(true, start), fc.array(numbering(false, start), { maxLength: 3 })))
    .map(([begun, others]) => [begun, ...others]),
);

it('reports exactly what was lost, over random loss, order, repeats and new beginnings', () => {
  fc.assert(
    fc.property(life, (runs) => {
      const state = fold(runs.flat(), reach);
      const lost = runs.map((run) => {
        const came = new Set(run);
        const [low, high] = [Math.min(...run), Math.max(...run)];
        return Array.from({ length: high - low + 1 }, (_, n) => low + n).filter((number) => !came.has(number));
      });
      const reported = [...state.open, ...state.closed].flatMap(({ from, to }) =>
        Array.from({ length: to - from + 1 }, (_, n) => from + n),
      );
      expect(reported.sort((a, b) => a - b)).toEqual(lost.flat().sort((a, b) => a - b));
      expect(state.missing).toBe(lost.flat().length);
      expect(state.restarts).toBe(runs.length - 1);
      expect(state.received).toBe(runs.reduce((sum, run) => sum + new Set(run).size, 0));
      expect(state.received + state.repeated).toBe(runs.flat().length);
    }),
    { numRuns: 2000 },
  );
});
