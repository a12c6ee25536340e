#!/usr/bin/env node
// Starts the command line under the Node that the checkout brings, whichever Node found this file.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
// From here on Node runs TypeScript by itself.
if (major > 23 || (major === 23 && minor >= 6)) await import('../src/main.ts');
else {
  const here = fileURLToPath(import.meta.url);
  const node = findNode(dirname(here));
  if (node === null || process.env.TAYLORDASH_NODE_TRIED) {
    process.stderr.write(
      `taylordash needs Node 24; this is ${process.versions.node}. Run npm ci in TaylorDash's folder, which brings it.\n`,
    );
    process.exitCode = 1;
  } else {
    const env = { ...process.env, TAYLORDASH_NODE_TRIED: '1' };
    const { status, signal } = spawnSync(node, [here, ...process.argv.slice(2)], { stdio: 'inherit', env });
    if (signal) process.kill(process.pid, signal);
    process.exitCode = status ?? 1;
  }
}

/** The `node` package's program in the nearest node_modules above. */
function findNode(folder) {
  for (let at = folder; ; at = dirname(at)) {
    const found = join(at, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(found)) return found;
    if (dirname(at) === at) return null;
  }
}
