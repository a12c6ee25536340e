// How the tests run: every workspace's in one go, on one PostgreSQL.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,sdk,cli,server,test,bench,scripts}/**/*.test.ts', 'web/src/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A page on a machine that does other things as well: what never comes fails all the same.
    expect: { poll: { timeout: 5000 } },
    globalSetup: ['test/harness/global-setup.ts'],
  },
});
