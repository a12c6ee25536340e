// Runs once before all test files: starts their PostgreSQL and says which it is, and builds the web app where it is stale.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { startTestPostgres } from './cluster.ts';
import { mosquittoBinary } from './mosquitto.ts';

const root = join(import.meta.dirname, '..', '..');
/** What Node made of the sources: half of the time that a server or the command line takes to start, of which a run has hundreds. */
const compileCache = join(root, 'node_modules', '.cache', 'node-compile');
const buildScript = join(root, 'scripts', 'build.ts');
const run = promisify(execFile);

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  process.env.NODE_COMPILE_CACHE = compileCache;
  const [postgres] = await Promise.all([
    startTestPostgres(process.env),
    // The journeys look at what is served, which is what was built.
    run(process.execPath, [buildScript, '--if-changed']),
    // Only a process that ends in order keeps what it compiled; most servers of the tests are killed.
    run(process.execPath, [join(root, 'cli', 'bin', 'taylordash.js'), '--help']),
    run(process.execPath, [join(root, 'server', 'src', 'main.ts'), 'warm-up']).catch(() => undefined),
  ]);
  project.provide('postgres', postgres.provided);
  console.log(`Database of this run: ${postgres.name}`);
  const mosquitto = mosquittoBinary();
  console.log(
    `Brokers of this run: embedded${mosquitto === null ? ' alone; Mosquitto is not on this machine' : `, ${mosquitto}`}`,
  );
  return () => postgres.stop();
}
