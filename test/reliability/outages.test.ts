// Databases that are away or refuse, under load: everything waits for them, nothing is lost, nothing is a dead letter.
import { expect, it } from 'vitest';
import { nothingFound, told } from './history.ts';
import { databaseAway } from './outages.ts';
import { refusals, refused } from './refusals.ts';
import { sized } from './size.ts';

const minute = 60_000;

it(
  'R05 a database that cannot be reached while messages arrive',
  async () => {
    const run = await databaseAway(
      sized(
        { publishers: 10, in_flight: 100, pace: 50, away: 4000 },
        // 5,000 a second, as far as they are acknowledged.
        { publishers: 50, in_flight: 200, pace: 2000, away: 10 * minute },
      ),
    );
    const { findings, grown_bytes, noticed_ms, recovered_ms, ...counts } = run;
    const grown = grown_bytes === null ? 'unknown' : `${Math.round(grown_bytes / 1e6)} MB`;
    console.log(
      `R05: ${counts.acknowledged} acknowledged, noticed after ${noticed_ms} ms, green ${recovered_ms} ms after, memory grew by ${grown}`,
    );
    expect(told(findings)).toEqual({});
    expect(findings).toEqual(nothingFound);
    expect(counts).toMatchObject({ acknowledged_meanwhile: 0, dead_letters: 0, lived: true });
    expect(counts.acknowledged).toBeGreaterThan(1000);
    expect(noticed_ms ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(5000);
    expect(recovered_ms ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(10_000);
    expect(grown_bytes ?? 0).toBeLessThanOrEqual(100e6);
  },
  sized(2, 20) * minute,
);

it(
  'R28 a database that refuses what it is asked',
  async () => {
    const { findings, ...run } = await refused({ each: sized(2000, 20_000), rounds: sized(1, 10) });
    console.log(`R28: ${run.acknowledged} acknowledged over ${refusals.map(({ name }) => name).join('; ')}`);
    expect(run.stayed).toEqual([]);
    expect(told(findings)).toEqual({});
    expect(findings).toEqual(nothingFound);
    expect(run.dead_letters).toBe(0);
    expect(run.acknowledged).toBeGreaterThan(250);
  },
  sized(3, 20) * minute,
);
