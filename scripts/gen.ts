// Runs every generator and writes its files; with --check writes nothing and fails where a file is not what it would write.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateConfig } from './gen-config.ts';
import { generateCorePages } from './gen-core-pages.ts';
import { generateSchema } from './gen-schema.ts';

/** Returns the files it generates: path from the repository's root, and text. */
type Generator = () => Promise<Map<string, string>>;

const generators: Generator[] = [generateConfig, generateCorePages, generateSchema];

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const stale: string[] = [];
for (const generate of generators) {
  for (const [path, text] of await generate()) {
    const file = join(root, path);
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present === text) continue;
    stale.push(path);
    if (!check) await writeFile(file, text);
  }
}
for (const path of stale) console.log(check ? `${path} is stale` : `${path} written`);
if (check && stale.length > 0) {
  console.log('Run npm run gen and commit what it writes.');
  process.exitCode = 1;
}
