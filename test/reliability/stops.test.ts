// A stop in order: what was acknowledged is stored, it ends soon, and publishers go on with what was under way and no more.
import { expect, it } from 'vitest';
import { nothingFound, told } from './history.ts';
import { bound, long, sized } from './size.ts';
import { type StopRun, stopServer, stopWithDatabase } from './stops.ts';

function report(name: string, run: StopRun): void {
  const slowest = (loaded: boolean) =>
    Math.round(Math.max(0, ...run.stops.filter((one) => one.loaded === loaded).map(({ took_ms }) => took_ms)));
  console.log(
    `${name}: ${run.acknowledged} acknowledged; stopped within ${slowest(false)} ms idle, ${slowest(true)} ms under load; ${run.resent} sent again of ${run.under_way} that may have been under way. ${bound(run.kills)}.`,
  );
  expect(told(run.findings)).toEqual({});
  expect(run.findings).toEqual(nothingFound);
  expect(run.acknowledged).toBeGreaterThan(100);
  expect(run.stops.filter(({ code }) => code !== 0)).toEqual([]);
  expect(run.resent).toBeLessThanOrEqual(run.under_way);
  expect(slowest(false)).toBeLessThan(sized(10_000, 5_000));
  expect(slowest(true)).toBeLessThan(sized(15_000, 10_000));
}

it(
  'R37 a server that is stopped in order under load',
  async () => report('R37', await stopServer({ stops: sized(2, 100), idle: sized(1, 10) })),
  sized(4, 30) * 60_000,
);

it.runIf(long)(
  'R37 the same with the embedded database',
  async () => report('R37 embedded', await stopWithDatabase({ stops: 50, idle: 5 })),
  30 * 60_000,
);
