// A data folder for one measurement, gone afterwards with what the embedded database put elsewhere.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function makeDataDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'td-bench-'));
}

export async function removeDataDir(data_dir: string): Promise<void> {
  // Where the account that runs PostgreSQL cannot reach the folder, this file says where the database is instead.
  const elsewhere = await readFile(join(data_dir, 'postgres.location'), 'utf8').catch(() => '');
  if (elsewhere.trim() !== '') await rm(elsewhere.trim(), { recursive: true, force: true });
  await rm(data_dir, { recursive: true, force: true });
}
