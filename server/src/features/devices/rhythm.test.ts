// How often a device speaks, told from when its messages came.
import { expect, it } from 'vitest';
import { beat, type Rhythm, usualGap } from './rhythm.ts';

const start = Date.UTC(2026, 0, 15);

function rhythmOf(moments: readonly number[], together: number): Rhythm {
  const rhythm: Rhythm = { last: 0, began: 0, gaps: [] };
  for (const moment of moments) beat(rhythm, start + moment, together);
  return rhythm;
}

it('takes ten values sent at once each minute for one message a minute', () => {
  const minutes = [0, 1, 2, 3, 4, 5].flatMap((minute) =>
    Array.from({ length: 10 }, (_, n) => minute * 60_000 + n * 20),
  );
  const rhythm = rhythmOf(minutes, 1000);
  expect(usualGap(rhythm)).toBe(60_000);
  expect(rhythm.last).toBe(start + 300_180);
});

it('does not tell before it has heard enough, and tells of what never pauses too', () => {
  expect(usualGap(rhythmOf([0, 5000, 10_000, 15_000], 1000))).toBeNull();
  expect(usualGap(rhythmOf([0, 5000, 10_000, 15_000, 20_000], 1000))).toBe(5000);
  expect(
    usualGap(
      rhythmOf(
        Array.from({ length: 100 }, (_, n) => n * 100),
        1000,
      ),
    ),
  ).toBe(1000);
  expect(usualGap(rhythmOf([0, 200, 400, 600, 800], 0))).toBe(200);
});
