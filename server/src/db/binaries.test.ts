// Finding the binaries and an account that can run them.
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { canReach, findBinaries, runnableBinaries, SYSTEM_DIR, unprivilegedAccount } from './binaries.ts';

const isRoot = process.getuid?.() === 0;

test('the package has PostgreSQL 18 for this machine', () => {
  expect(findBinaries()).toMatchObject({ major: 18 });
});

test.runIf(isRoot)('binaries that the account cannot reach are copied, once', () => {
  const account = unprivilegedAccount();
  const hidden = mkdtempSync(join(tmpdir(), 'taylordash-hidden-'));
  const found = findBinaries();
  cpSync(dirname(found.bin), join(hidden, 'native'), { recursive: true, verbatimSymlinks: true });
  chmodSync(hidden, 0o700);
  const version = `0.0.${process.pid}`;
  const home = join(SYSTEM_DIR, `postgresql-${version}`);
  const said: string[] = [];
  const log = { info: (message: string) => said.push(message), warn: () => undefined };
  try {
    const moved = { ...found, bin: join(hidden, 'native', 'bin'), version };
    expect(runnableBinaries(moved, account, log).bin).toBe(join(home, 'bin'));
    expect(runnableBinaries(moved, account, log).bin).toBe(join(home, 'bin'));
    expect(said).toEqual([
      expect.stringMatching(/the PostgreSQL binaries are copied to \/var\/lib\/taylordash\/postgresql-/),
    ]);
  } finally {
    rmSync(hidden, { recursive: true });
    rmSync(home, { recursive: true, force: true });
  }
});

test.runIf(isRoot)('a folder of mode 0700 above a path keeps another account out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'taylordash-reach-'));
  const account = unprivilegedAccount();
  if (account === undefined) throw new Error('root has an account to run PostgreSQL as');
  const path = join(folder, 'not', 'there', 'yet');
  expect(canReach(path, account)).toBe(false);
  chmodSync(folder, 0o755);
  expect(canReach(path, account)).toBe(true);
  rmSync(folder, { recursive: true });
});
