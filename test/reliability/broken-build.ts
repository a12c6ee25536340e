// Broken builds: a copy of the server with faults put into it, for seeing that the tests of reliability find it.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Fault {
  name: string;
  /** Below server/src. */
  file: string;
  /** The text that is replaced; it must be there exactly once, so that a fault that no longer fits is noticed. */
  from: string;
  to: string;
}

const here = join(import.meta.dirname, '..', '..');

export interface BrokenBuild {
  root: string;
  remove(): Promise<void>;
}

/** The file of a fault with the fault in it. Throws where the fault fits no longer. */
export async function faulty({ name, file, from, to }: Fault, root = here): Promise<string> {
  const parts = (await readFile(join(root, 'server', 'src', file), 'utf8')).split(from);
  if (parts.length !== 2) throw new Error(`${name}: ${file} has the text ${parts.length - 1} times`);
  return parts.join(to);
}

export async function brokenBuild(...faults: readonly Fault[]): Promise<BrokenBuild> {
  const root = await mkdtemp(join(tmpdir(), 'td-broken-'));
  await cp(join(here, 'server'), join(root, 'server'), {
    recursive: true,
    filter: (path) => !path.includes('node_modules') && !path.endsWith('.test.ts'),
  });
  for (const shared of ['node_modules', 'db', 'core', 'package.json'])
    await symlink(join(here, shared), join(root, shared));
  for (const fault of faults) await writeFile(join(root, 'server', 'src', fault.file), await faulty(fault, root));
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
