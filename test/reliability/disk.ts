// Disks that are full, or fail, under the embedded database: a small volume where one may be mounted, else a layer before libc.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { embeddedUrl } from '../../server/src/db/embedded.ts';
import { brokenBuild } from './broken-build.ts';
import { type Findings, judge } from './history.ts';
import { close, load, total, until } from './load.ts';
import { healthOf } from './outages.ts';
import { storedIn } from './outcome.ts';
import { killableServer } from './server.ts';

/** A disk that can be made to fail and to work again. */
export interface Disk {
  name: string;
  root?: string;
  data_dir?: string;
  /** What the layer keeps; null where there is none. */
  kept: string | null;
  fail(): Promise<void>;
  mend(): Promise<void>;
  remove(): Promise<void>;
}

/** A folder that PostgreSQL's account can reach. */
function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'td-disk-'));
  chmodSync(folder, 0o777);
  return folder;
}

/** A real one of 200 MB, or null where this account may not mount. */
export function smallVolume(): Disk | null {
  const folder = openFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m,mode=755', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  const data_dir = join(folder, 'data');
  mkdirSync(data_dir);
  const filler = join(folder, 'filler');
  return {
    ...{ name: 'a volume of 200 MB', data_dir, kept: null },
    async fail() {
      const file = createWriteStream(filler);
      const full = once(file, 'error');
      for (const bytes = Buffer.alloc(1024 * 1024); !file.errored; )
        await new Promise((resolve) => file.write(bytes, resolve));
      await full;
    },
    mend: async () => rmSync(filler, { force: true }),
    async remove() {
      // Lazily: a process may need a moment to let go.
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A layer between PostgreSQL and libc, or null where nothing can be compiled, or loaded so. */
export async function faultyLayer(fault: 'full' | 'broken' | 'undo'): Promise<Disk | null> {
  if (process.platform !== 'linux') return null;
  const folder = openFolder();
  const layer = join(folder, 'disk-faults.so');
  try {
    const source = join(import.meta.dirname, 'disk-faults.c');
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', layer, source, '-ldl'], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  const build = await brokenBuild({
    name: 'a faulty disk',
    file: 'db/cluster.ts',
    from: 'env: environment(),\n    detached: true,',
    to: `env: { ...environment(), LD_PRELOAD: '${layer}', DISK_FAULTS: '${folder}' },\n    detached: true,`,
  });
  return {
    ...{ name: 'a layer before libc', root: build.root, kept: folder },
    fail: async () => writeFileSync(join(folder, fault), ''),
    mend: async () => rmSync(join(folder, fault), { force: true }),
    async remove() {
      await build.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface DiskRun {
  findings: Findings;
  acknowledged: number;
  /** Acknowledgements came to an end. */
  held: boolean;
  /** After that, while the disk failed. */
  acknowledged_meanwhile: number;
  dead_letters: number;
  /** Statuses of the web app's page, and of a list, while the disk failed. */
  pages: number[];
  lists: number[];
  /** It went on by itself. */
  recovered: boolean;
}

/** The disk fails under load, for so many milliseconds after the last acknowledgement. */
export async function diskFails(disk: Disk, milliseconds: number): Promise<DiskRun> {
  const { root, data_dir } = disk;
  const server = await killableServer({
    ...(root === undefined ? {} : { root }),
    ...(data_dir === undefined ? {} : { data_dir }),
  });
  const status = (path: string, init: RequestInit = {}) =>
    fetch(server.url + path, init).then(
      (response) => response.status,
      () => 0,
    );
  try {
    await server.start();
    const { healthy, headers } = await healthOf(server);
    const under = load(server.mqtt_url, 2, { pace: 5 });
    await until(() => under.acknowledged() > 200);
    await disk.fail();
    let [last, since] = [0, 0];
    const held = await until(() => {
      if (under.acknowledged() !== last) [last, since] = [under.acknowledged(), performance.now()];
      return performance.now() - since > 2000;
    }, 60_000);
    const [pages, lists] = [new Set<number>(), new Set<number>()];
    for (const end = performance.now() + milliseconds; performance.now() < end; await pause(250)) {
      pages.add(await status('/'));
      lists.add(await status('/api/v1/projects', { headers }));
    }
    const acknowledged_meanwhile = under.acknowledged() - last;
    await disk.mend();
    const goesOn = async () => under.acknowledged() > last + 50 && (await healthy());
    const recovered = await until(goesOn, 60_000);
    await under.finish();
    const sent = await close(under.publishers);
    const stored = await storedIn(embeddedUrl(server.data_dir, { info: () => undefined, warn: () => undefined }));
    return {
      ...{ findings: judge(sent, stored), acknowledged: total(sent), held, acknowledged_meanwhile, recovered },
      ...{ dead_letters: stored.dead.length, pages: [...pages], lists: [...lists] },
    };
  } finally {
    await disk.mend();
    await server.stop();
    await server.remove();
    await disk.remove();
  }
}
