// Runs the tests of reliability in their long form: all of them, or those whose name has a word, such as R01.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [name, ...more] = process.argv.slice(2);
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const child = spawn(
  process.execPath,
  [vitest, 'run', 'test/reliability', ...(name === undefined ? [] : ['-t', name]), ...more],
  { stdio: 'inherit', env: { ...process.env, TAYLORDASH_SOAK: 'long' } },
);
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
