// Broken builds: a copy of the server with one fault put into it, for seeing that the tests of reliability find it.
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

export async function brokenBuild({ name, file, from, to }: Fault): Promise<BrokenBuild> {
  const root = await mkdtemp(join(tmpdir(), 'td-broken-'));
  await cp(join(here, 'server'), join(root, 'server'), {
    recursive: true,
    filter: (path) => !path.includes('node_modules') && !path.endsWith('.test.ts'),
  });
  for (const shared of ['node_modules', 'db', 'core', 'package.json'])
    await symlink(join(here, shared), join(root, shared));
  const path = join(root, 'server', 'src', file);
  const text = await readFile(path, 'utf8');
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${name}: ${file} has the text ${parts.length - 1} times`);
  await writeFile(path, parts.join(to));
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
