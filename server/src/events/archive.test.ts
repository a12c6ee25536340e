// Archives on their own: what is read of them is let go of, however far somebody reads.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../../../test/harness/events.ts';
import { archiveStore } from './archive.ts';

/** Files below the folder that this process has open. */
async function openBelow(folder: string): Promise<string[]> {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return (await Promise.all(links)).filter((path) => path.startsWith(folder));
}

it.runIf(process.platform === 'linux')('closes the file of an archive that is not read to its end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'td-archive-'));
  try {
    const archives = archiveStore(folder);
    const lines = Array.from({ length: 1000 }, () => JSON.stringify({ random: randomBytes(500).toString('hex') }));
    const range = { name: 'some', from_id: '0', to_id: '1000', oldest_at: null, newest_at: null };
    await archives.write(
      range,
      (async function* () {
        yield lines;
      })(),
    );
    for await (const page of archives.read('some')) {
      expect(page).toEqual(lines.slice(0, page.length));
      expect(await openBelow(folder)).toHaveLength(1);
      break;
    }
    await eventually(async () => (await openBelow(folder)).length === 0, 3000);
  } finally {
    await rm(folder, { recursive: true });
  }
});
