// From the command to ready: the first start, which makes the database, and the next one. The web app is built beforehand.
import { startEmbedded } from '../server/src/db/embedded.ts';
import { makeDataDir, removeDataDir } from './data-dir.ts';
import { alone, type Figure, rounded } from './figure.ts';
import { startServer } from './server-process.ts';

const silent = { info: () => undefined, warn: () => undefined };

export async function run(): Promise<Figure[]> {
  const seconds = (milliseconds: number) => rounded(milliseconds / 1000, 2);
  const figures: Figure[] = [];
  await withFolder(async (data_dir) => {
    for (const [name, target] of [
      ['first', 3],
      ['next', 1.5],
    ] as const) {
      const begun = performance.now();
      const embedded = await startEmbedded({ data_dir, log: silent });
      figures.push(alone(`database_ready_${name}_start`, seconds(performance.now() - begun), 's', target));
      await embedded.stop();
    }
  });
  await withFolder(async (data_dir) => {
    for (const name of ['first', 'next']) {
      const server = await startServer({ data_dir });
      figures.push(alone(`server_ready_${name}_start`, seconds(server.ready_ms), 's', null));
      await server.stop();
    }
  });
  return figures;
}

async function withFolder(use: (data_dir: string) => Promise<void>): Promise<void> {
  const data_dir = await makeDataDir();
  try {
    await use(data_dir);
  } finally {
    await removeDataDir(data_dir);
  }
}
