// A write transaction that stays open: nobody waits for it, and what it wrote comes once it is committed.
import { expect, it } from 'vitest';
import { nothingFound, told } from './history.ts';
import { openTransaction } from './open-transaction.ts';
import { long, sized } from './size.ts';

const seconds = sized(3, 600);

it(
  'R22 a transaction with an event in it that stays open holds up neither publishers nor readers',
  async () => {
    const { findings, ...run } = await openTransaction({ seconds });
    console.log(
      `R22: ${run.acknowledged} acknowledged beside ${seconds} seconds of a transaction; the stream was behind by ${Math.round(run.lag_ms)} ms at the most.`,
    );
    expect(told(findings)).toEqual({});
    expect(findings).toEqual(nothingFound);
    expect(run).toMatchObject({ stood_still: null, wrong: [] });
    expect(run.acknowledged).toBeGreaterThan(500);
    if (long) expect(run.lag_ms).toBeLessThanOrEqual(1000);
  },
  (seconds + 180) * 1000,
);
