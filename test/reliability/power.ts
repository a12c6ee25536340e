// Power losses under the embedded database: every process is gone at once, and with them writes that were not synced.
import { open, readdir, readFile, stat, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddedUrl } from '../../server/src/db/embedded.ts';
import type { Disk } from './disk.ts';
import { until } from './load.ts';
import { killing, type Run } from './scenarios.ts';
import { type KillableServer, killableServer } from './server.ts';

export interface PowerRun extends Run {
  /** Writes that were taken back. */
  undone: number;
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const header = 24;

interface Undo {
  at: number;
  /** Of the file, where it grew. */
  size: number;
  bytes: Buffer;
}

function recordsOf(kept: Buffer): Undo[] {
  const records: Undo[] = [];
  for (let from = 0; from + header <= kept.length; ) {
    const [at, length, size] = [0, 8, 16].map((place) => Number(kept.readBigInt64LE(from + place)));
    if (at === undefined || length === undefined || size === undefined) break;
    records.push({ at, size, bytes: kept.subarray(from + header, from + header + length) });
    from += header + length;
  }
  return records;
}

/** Takes back the last of the writes of each file that were not synced: how many is chance, and of the first of them a part may stay. */
async function loseUnsynced(kept: string, data: string, random: () => number): Promise<number> {
  const files = new Map<string, string>();
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(String((await stat(path)).ino), path);
  }
  let undone = 0;
  for (const name of await readdir(kept)) {
    if (!name.startsWith('undo-')) continue;
    const path = files.get(name.slice('undo-'.length));
    const records = recordsOf(await readFile(join(kept, name)));
    await unlink(join(kept, name));
    if (path === undefined) continue;
    // All of them often: it is what loses the most.
    const staying = random() < 0.5 ? 0 : Math.floor(random() * (records.length + 1));
    const file = await open(path, 'r+');
    try {
      for (const [index, { at, size, bytes }] of [...records.entries()].slice(staying).reverse()) {
        const torn = index === staying && random() < 0.5 ? Math.floor((random() * bytes.length) / 512) * 512 : 0;
        if (bytes.length > torn) await file.write(bytes, torn, bytes.length - torn, at + torn);
        if (size >= 0 && index !== staying) await truncate(path, size);
        undone++;
      }
    } finally {
      await file.close();
    }
  }
  return undone;
}

async function processesOf(postmaster: number): Promise<number[]> {
  const found = [postmaster];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    if (Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) === postmaster) found.push(Number(name));
  }
  return found;
}

const isGone = async (pid: number) =>
  /^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State: Z'));

/** The power fails so many times under load; what is lost of the disk each time follows from the seed. */
export async function powerFails(disk: Disk, { seed, times }: { seed: number; times: number }): Promise<PowerRun> {
  const { root, kept } = disk;
  if (kept === null) throw new Error('this disk keeps nothing to undo');
  const random = numbersOf(seed);
  const server = await killableServer(root === undefined ? {} : { root });
  let undone = 0;
  const powered: KillableServer = {
    ...server,
    async kill() {
      const data = join(await server.database_folder(), 'data');
      const postmaster = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
      const all = await processesOf(postmaster);
      // The postmaster first, so that it makes no more of them.
      for (const pid of all) process.kill(pid, 'SIGKILL');
      await server.kill();
      await until(async () => (await Promise.all(all.map(isGone))).every(Boolean));
      undone += await loseUnsynced(kept, data, random);
    },
  };
  try {
    await disk.fail();
    const url = () => embeddedUrl(server.data_dir, { info: () => undefined, warn: () => undefined });
    const run = await killing(powered, url, { kills: times });
    return { ...run, undone };
  } finally {
    await disk.mend();
    await server.stop();
    await server.remove();
    await disk.remove();
  }
}
