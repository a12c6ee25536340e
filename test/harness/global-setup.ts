// Runs once before all test files: starts their PostgreSQL and says which it is.
import type { TestProject } from 'vitest/node';
import { startTestPostgres } from './cluster.ts';

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startTestPostgres(process.env);
  project.provide('postgres', postgres.provided);
  console.log(`Database of this run: ${postgres.name}`);
  return () => postgres.stop();
}
