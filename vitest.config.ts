// How the tests run: every workspace's in one go, on one PostgreSQL.
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/harness/sequence.ts';

const shared = {
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // A page on a machine that does other things as well: what never comes fails all the same.
  expect: { poll: { timeout: 5000 } },
} as const;
/** Those that keep nothing in their modules, which no module of ours does, and start no process. */
const together = ['{core,sdk}/**/*.test.ts', 'web/src/**/*.test.ts', 'server/src/{features,events,http}/**/*.test.ts'];
/** On an older PostgreSQL, those that do not reach it: the embedded database brings its own, and some need none. */
const beside =
  process.env.TEST_POSTGRES === undefined
    ? []
    : ['**/db/{embedded,binaries}.test.ts', '**/{rhythm,replay-state}.test.ts'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/harness/global-setup.ts'],
    projects: [
      // To start a process for each of these files, and to read the whole server into it, took as long as the tests of many.
      {
        test: {
          ...shared,
          name: 'together',
          include: together,
          exclude: [...configDefaults.exclude, ...beside],
          isolate: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'alone',
          include: ['{cli,server,test,bench,scripts}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...together, ...beside],
        },
      },
    ],
  },
});
