// Projects made over HTTP at 32 connections, each with its event in the same transaction; beside the same inserts alone.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type BenchDatabase, besideFloor, type Figure } from './figure.ts';
import { load } from './load.ts';
import { startServer } from './server-process.ts';

const connections = 32;
const rounds = 5;

export async function run({ url }: BenchDatabase, seconds = 3): Promise<Figure[]> {
  const server = await startServer({ database_url: url });
  const ours = (duration: number) =>
    load({
      ...{ port: server.port, method: 'POST', path: '/api/v1/projects', status: 201, connections, seconds: duration },
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'A project', description: 'What it is for' }),
    });
  try {
    await ours(2);
    await floor(url, 2);
    const measured = [];
    for (let round = 0; round < rounds; round += 1) {
      const value = await ours(seconds);
      measured.push({ value, floor: await floor(url, seconds) });
    }
    return [besideFloor('create_project', 'requests/s', 0.6, measured)];
  } finally {
    await server.stop();
  }
}

/** The inserts alone, in a process of their own. The server goes on appending what was written, in both kinds of rounds. */
function floor(url: string, seconds: number): Promise<number> {
  const program = fileURLToPath(new URL('./floor-create.ts', import.meta.url));
  const child = fork(program, [url, String(connections), String(seconds)]);
  return new Promise((resolve, reject) => {
    child.once('message', (rate) => resolve(Number(rate)));
    child.once('error', reject);
    child.once('exit', (code) => code !== 0 && reject(new Error(`the floor ended with ${code}`)));
  });
}
