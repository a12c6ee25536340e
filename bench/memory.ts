// Memory of an idle TaylorDash, started as npm start does: the server's own, and its embedded database's over all processes.
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { alone, type Figure, rounded } from './figure.ts';
import { startServer } from './server-process.ts';

const idleSeconds = 10;

/** Nothing where the system does not tell PSS, which only Linux does. */
export async function run(): Promise<Figure[]> {
  if (process.platform !== 'linux') return [];
  const server = await startServer({ program: 'scripts/start.mjs' });
  try {
    await pause(idleSeconds * 1000);
    const family = await descendants(server.pid);
    const postmasters = family.filter(({ name }) => name === 'postgres');
    const own = family.filter(({ name }) => name !== 'postgres');
    return [
      alone('memory_idle_server', await megabytes(own), 'MB', 150),
      alone('memory_idle_database', await megabytes(postmasters), 'MB', 80),
    ];
  } finally {
    await server.stop();
  }
}

interface Process {
  pid: number;
  name: string;
}

/** The process, its children and theirs: PostgreSQL has a group of its own, but the server that started it is its parent. */
async function descendants(root: number): Promise<Process[]> {
  const all: (Process & { parent: number })[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => null);
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(stat ?? '') ?? [];
    if (name !== undefined) all.push({ pid: Number(entry), name, parent: Number(parent) });
  }
  const found = new Set([root]);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}

/** Proportional set size: what several processes share is counted once in all. */
async function megabytes(processes: readonly Process[]): Promise<number> {
  let kilobytes = 0;
  for (const { pid } of processes) {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
  }
  return rounded(kilobytes / 1024, 1);
}
