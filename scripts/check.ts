// Everything that CI holds a change to, in order of how fast it says no. `--skip-tests` where they have just run.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string, path: string) => [process.execPath, join(root, 'node_modules', name, path)];
const steps: [name: string, command: string[]][] = [
  ['format and lint', [...bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', '.']],
  ['types of core', [...bin('typescript', 'bin/tsc'), '-p', 'core']],
  ['types of sdk', [...bin('typescript', 'bin/tsc'), '-p', 'sdk']],
  ['types of web', [...bin('typescript', 'bin/tsc'), '-p', 'web']],
  ['types of server, cli, tests', [...bin('typescript', 'bin/tsc'), '-p', '.']],
  [
    'boundaries',
    [
      ...bin('dependency-cruiser', 'bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.mjs',
      'core',
      'sdk',
      'cli',
      'server',
      'web/src',
    ],
  ],
  ['contrast of the tokens', [process.execPath, 'scripts/contrast.ts', '--check']],
  ['generated files', [process.execPath, 'scripts/gen.ts', '--check']],
  // What the tests have just built of the same sources need not be built again.
  ['web build', [process.execPath, 'scripts/build.ts', '--if-changed']],
  ...(process.argv.includes('--skip-tests')
    ? []
    : [['tests', [...bin('vitest', 'vitest.mjs'), 'run']] satisfies [string, string[]]]),
];

let failed = 0;
for (const [name, [command = '', ...args]] of steps) {
  const started = performance.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  const took = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${took} s)`);
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
