// Runs once before all test files: starts their PostgreSQL and says which it is, and builds the web app where it is stale.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { startTestPostgres } from './cluster.ts';
import { mosquittoBinary } from './mosquitto.ts';

const buildScript = join(import.meta.dirname, '..', '..', 'scripts', 'build.ts');

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres] = await Promise.all([
    startTestPostgres(process.env),
    // The journeys look at what is served, which is what was built.
    promisify(execFile)(process.execPath, [buildScript, '--if-changed']),
  ]);
  project.provide('postgres', postgres.provided);
  console.log(`Database of this run: ${postgres.name}`);
  const mosquitto = mosquittoBinary();
  console.log(
    `Brokers of this run: embedded${mosquitto === null ? ' alone; Mosquitto is not on this machine' : `, ${mosquitto}`}`,
  );
  return () => postgres.stop();
}
