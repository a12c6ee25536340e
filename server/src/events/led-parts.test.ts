// Work of the leader that comes again and again: one at a time, only while it leads, and told of once where it fails.
import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../../../test/harness/events.ts';
import { ledWork } from './led-parts.ts';

it('does not make up for the times that went by while it worked', async () => {
  let begun = 0;
  let finish: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const part = ledWork({
    every: 5,
    async work() {
      if (++begun === 1) await first;
    },
    complain: () => undefined,
  });
  await pause(20);
  expect(begun).toBe(0);
  part.lead();
  await pause(100);
  expect(begun).toBe(1);
  finish();
  await setImmediate();
  expect(begun).toBeLessThan(4);
  part.rest();
  await part.stop();
});

it('tells of failures in a row once, and goes on', async () => {
  const told: string[] = [];
  let worked = 0;
  const part = ledWork({
    every: 5,
    async work() {
      worked++;
      if (worked !== 3) throw new Error(`away ${worked}`);
    },
    complain: (message) => told.push(message),
  });
  part.lead();
  await eventually(() => worked > 5);
  await part.stop();
  expect(told).toEqual(['away 1', 'away 4']);
});
