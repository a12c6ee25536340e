// Pages of 50 projects at 32 connections, signed in; beside a bare server that hands out one prepared query of the same rows.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type BenchDatabase, besideFloor, type Figure } from './figure.ts';
import { type Load, load } from './load.ts';
import { startServer } from './server-process.ts';

const connections = 32;
const projects = 500;
const rounds = 5;

export async function run({ url }: BenchDatabase, seconds = 3): Promise<Figure[]> {
  await fill(url);
  const server = await startServer({ database_url: url });
  const floor = fork(fileURLToPath(new URL('./floor-list-server.ts', import.meta.url)), [url]);
  try {
    const floorPort = await new Promise<number>((resolve) => floor.once('message', (port) => resolve(Number(port))));
    const request = { method: 'GET', path: '/api/v1/projects?limit=50', status: 200, connections } as const;
    const ours: Omit<Load, 'seconds'> = {
      ...request,
      port: server.port,
      headers: { authorization: `Bearer ${server.token}` },
    };
    const bare: Omit<Load, 'seconds'> = { ...request, port: floorPort, headers: {} };
    await load({ ...ours, seconds: 2 });
    await load({ ...bare, seconds: 2 });
    const measured = [];
    for (let round = 0; round < rounds; round += 1) {
      const value = await load({ ...ours, seconds });
      measured.push({ value, floor: await load({ ...bare, seconds }) });
    }
    return [besideFloor('list_projects', 'requests/s', 0.7, measured)];
  } finally {
    floor.disconnect();
    await server.stop();
  }
}

async function fill(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `insert into public.projects (name, description, metadata, created_at, updated_at)
       select 'Project ' || n, 'What it is for, in a sentence of the usual length, number ' || n || '.',
         jsonb_build_object('place', 'shed ' || n % 7, 'budget', n * 10), now() - n * interval '1 hour', now() - n * interval '1 minute'
       from generate_series(1, $1::int) n`,
      [projects],
    );
    await client.query('vacuum analyze public.projects');
  } finally {
    await client.end();
  }
}
