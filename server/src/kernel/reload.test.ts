// What is in memory is what was read last, however long each reading takes and however many fail.
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../../../test/harness/events.ts';
import { reloader } from './reload.ts';

const lines: string[] = [];
const log = { warn: (line: string) => void lines.push(line) };

it('never lets an older reading replace a newer one', async () => {
  let table = 'allowed';
  let memory = '';
  const waits = [50, 0];
  const reload = reloader(
    'accounts',
    async () => {
      const seen = table;
      await pause(waits.shift());
      memory = seen;
    },
    log,
  );
  const first = reload();
  table = 'revoked';
  await Promise.all([first, reload()]);
  expect(memory).toBe('revoked');
});

it('reads again until it succeeds, and says so once', async () => {
  let tries = 0;
  const reload = reloader(
    'accounts',
    async () => {
      tries++;
      if (tries < 3) throw new Error('the database is away');
    },
    log,
  );
  await reload();
  await eventually(() => tries === 3);
  expect(lines).toEqual(['accounts cannot be read anew, trying again: Error: the database is away']);
});
