// Runs the tests of reliability in their long form: all of them, or those whose name has a word, such as R01. Fails where none ran.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseCLI, startVitest } from 'vitest/node';

const root = dirname(import.meta.dirname);
const [name, ...more] = process.argv.slice(2);
process.env.TAYLORDASH_SOAK = 'long';

/** Some stand beside what they test. */
const elsewhere = globSync('{server,core,web,cli,sdk}/**/*.test.ts', { cwd: root, exclude: ['**/node_modules'] });
const named = elsewhere.filter((file) => name !== undefined && readFileSync(join(root, file), 'utf8').includes(name));
const { options } = parseCLI(['vitest', 'run', ...(name === undefined ? [] : ['-t', name]), ...more]);
const vitest = await startVitest('test', ['test/reliability', ...named], { ...options, root });

/** As `-t` reads them. */
const pattern = new RegExp(name ?? '');
const asked = vitest.state
  .getTestModules()
  .flatMap((module) => [...module.children.allTests()])
  .filter(({ fullName }) => pattern.test(fullName.replaceAll(' > ', ' ')));
const those = name === undefined ? '' : ` that has ${name} in its name`;
if (asked.length === 0) fail(`There is no test of reliability${those}.`);
else if (asked.every((test) => test.result().state === 'skipped'))
  fail(`Every test of reliability${those} was skipped: what it needs is not on this machine.`);
await vitest.exit();

function fail(why: string): void {
  console.error(why);
  process.exitCode = 1;
}
