// What `npm start` runs: the web app is built where it changed, then the server takes over this process. No TypeScript, alone of all
// files: Node would load what strips types for it, 11 MB, and keep it. What it imports comes without types from the cache.
import { spawnSync } from 'node:child_process';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
enableCompileCache(join(root, 'node_modules', '.cache', 'taylordash'));
const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.ts'), '--if-changed'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);
// npm hands SIGTERM to its shell, which dies without passing it on: a server left behind stops as if it had got it.
const parent = process.ppid;
setInterval(() => {
  if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 500).unref();
await import('../server/src/main.ts');
