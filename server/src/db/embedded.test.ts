// The embedded database through the deaths of its server and of itself.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readPostmaster } from './cluster.ts';

type Answer = { url?: string; adopted?: boolean; pids?: number[]; refused?: string };
type Server = Answer & { process: ChildProcess };

let dataDir: string;
let made: string;
let servers: Server[];

function newFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'taylordash-embedded-'));
  // As root PostgreSQL runs as another account, which must pass through here.
  chmodSync(parent, 0o755);
  return join(parent, 'data');
}

beforeAll(async () => {
  servers = [];
  dataDir = newFolder();
  made = dataDir;
  await kill(await start(), 'SIGTERM');
});
afterAll(() => rmSync(join(made, '..'), { recursive: true, force: true }));
beforeEach(() => {
  dataDir = newFolder();
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await kill(server, 'SIGTERM');
  const left = readPostmaster(join(dataDir, 'postgres', 'data'));
  if (left !== undefined) await end(left.pid, 'SIGQUIT');
  rmSync(join(dataDir, '..'), { recursive: true, force: true });
});

async function start(): Promise<Server> {
  const script = join(import.meta.dirname, '../../../test/harness/embedded-server.ts');
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise<string>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve('{"refused": "said nothing"}'));
  });
  const answer: Answer = JSON.parse(line);
  const server = { ...answer, process: child };
  servers.push(server);
  return server;
}

/** On a copy of a database that was made and left in order: to make one takes longer than all else here. */
function startMade(): Promise<Server> {
  execFileSync('cp', ['-a', made, dataDir]);
  return start();
}

async function kill(server: Server, signal: NodeJS.Signals): Promise<void> {
  if (server.process.exitCode !== null || server.process.signalCode !== null) return;
  const ended = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill(signal);
  await ended;
}

/** The server first: a living one starts its database again at once. */
async function killBoth(server: Server): Promise<void> {
  await kill(server, 'SIGKILL');
  process.kill(server.pids?.[0] ?? 0, 'SIGKILL');
}

/** The letter of Linux for what a process does: Z ended and waits to be collected, X gone. */
function state(pid: number): string {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'X';
  } catch {
    return 'X';
  }
}

/** Signals a process that is not our child and waits until it is gone. */
async function end(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  while (!['X', 'Z'].includes(state(pid))) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function query(server: Answer, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const note = 'CREATE TABLE note AS SELECT 1 AS kept';
const readNote = 'SELECT kept FROM note';

describe('starts', () => {
  test('the first makes it, the next finds it again on the same port', async () => {
    const first = await start();
    expect(first).toMatchObject({ adopted: false });
    await query(first, note);
    const home = join(dataDir, 'postgres');
    expect(statSync(join(home, 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'data')).mode & 0o077).toBe(0);
    expect(readdirSync(home).filter((name) => name.includes('.new') || name.includes('.pw'))).toEqual([]);
    expect(first.url).toContain(readFileSync(join(home, 'password'), 'utf8'));
    expect(readFileSync(join(home, 'postgres.log'), 'utf8')).not.toContain(
      readFileSync(join(home, 'password'), 'utf8'),
    );
    await kill(first, 'SIGTERM');
    expect(existsSync(join(home, 'data', 'postmaster.pid'))).toBe(false);

    const next = await start();
    expect(next).toMatchObject({ adopted: false, url: first.url });
    expect(await query(next, readNote)).toEqual([{ kept: 1 }]);
  });

  test('what is acknowledged is synced: fsync and full pages are on', async () => {
    const server = await startMade();
    const settings = await query(
      server,
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'password_encryption') ORDER BY name",
    );
    expect(settings).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'password_encryption', setting: 'scram-sha-256' },
      { name: 'synchronous_commit', setting: 'on' },
    ]);
    const wrong = new URL(server.url ?? '');
    wrong.password = 'wrong';
    await expect(query({ url: wrong.href }, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  test.runIf(process.getuid?.() === 0)(
    'where its account cannot reach the folder, it is kept under /var/lib/taylordash',
    async () => {
      chmodSync(join(dataDir, '..'), 0o700);
      const first = await start();
      await query(first, note);
      const home = readFileSync(join(dataDir, 'postgres.location'), 'utf8').trim();
      expect(home).toMatch(/^\/var\/lib\/taylordash\/data-[0-9a-f]{12}$/);
      await kill(first, 'SIGTERM');
      const next = await start();
      expect(await query(next, readNote)).toEqual([{ kept: 1 }]);
      await kill(next, 'SIGTERM');
      rmSync(home, { recursive: true });
    },
  );

  test('a half-made cluster is made anew', async () => {
    const half = join(dataDir, 'postgres', 'data.new');
    mkdirSync(half, { recursive: true });
    writeFileSync(join(half, 'PG_VERSION'), '18\n');
    expect(await start()).toMatchObject({ adopted: false });
  });

  test('two at once on an empty folder: one has it, the other is refused', async () => {
    const both = await Promise.all([start(), start()]);
    expect(both.filter((server) => server.url !== undefined).length).toBe(1);
    expect(both.find((server) => server.refused !== undefined)?.refused).toMatch(
      /Another TaylorDash server \(process \d+\) uses/,
    );
  });
});

describe('after a kill', () => {
  test('of the server alone, the living database is adopted', async () => {
    const first = await startMade();
    await query(first, note);
    await kill(first, 'SIGKILL');
    const next = await start();
    expect(next).toMatchObject({ adopted: true, url: first.url });
    expect(next.pids?.[0]).toBe(first.pids?.[0]);
    expect(await query(next, readNote)).toEqual([{ kept: 1 }]);
    await kill(next, 'SIGTERM');
    expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });

  test('of server and database, it recovers with all that was committed', async () => {
    const first = await startMade();
    await query(first, note);
    await killBoth(first);
    expect(existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).toBe(true);
    const next = await start();
    expect(next).toMatchObject({ adopted: false });
    expect(await query(next, readNote)).toEqual([{ kept: 1 }]);
  });

  test.runIf(process.platform === 'linux')(
    'a backend that outlives its postmaster is waited for: nothing starts beside it',
    async () => {
      const first = await startMade();
      const client = new pg.Client({ connectionString: first.url });
      client.on('error', () => undefined);
      await client.connect();
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const backend = rows[0]?.pid ?? 0;
      // Busy with itself, so that it does not notice.
      const busy = client.query('SELECT count(*) FROM generate_series(1, 20000000)').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await killBoth(first);
      expect(state(backend)).not.toMatch(/[XZ]/);
      expect(await start()).toMatchObject({ adopted: false });
      expect(state(backend)).toMatch(/[XZ]/);
      await busy;
      await client.end().catch(() => undefined);
    },
  );

  test('a postmaster.pid whose number is another’s by now does not hold it up', async () => {
    const first = await startMade();
    await kill(first, 'SIGTERM');
    const file = join(dataDir, 'postgres', 'data', 'postmaster.pid');
    writeFileSync(file, `${process.pid}\n${join(dataDir, 'postgres', 'data')}\n1\n5432\n\n127.0.0.1\n1 1\nready\n`);
    expect(await start()).toMatchObject({ adopted: false });
  });
});

describe('refuses', () => {
  test('a folder whose server lives, and leaves that one alone', async () => {
    const first = await startMade();
    const second = await start();
    expect(second.refused).toMatch(/Another TaylorDash server \(process \d+\) uses .*data\. Stop it first/);
    expect(second.refused).toContain(String(first.process.pid));
    expect(await query(first, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  });

  test('a database of another major version, by the name of the command that moves it', async () => {
    const first = await startMade();
    await kill(first, 'SIGTERM');
    writeFileSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'), '17\n');
    expect((await start()).refused).toMatch(
      /PostgreSQL 17; this release brings PostgreSQL 18\. Move it with: npx taylordash db upgrade/,
    );
  });

  test('a password that others can read', async () => {
    const first = await startMade();
    await kill(first, 'SIGTERM');
    chmodSync(join(dataDir, 'postgres', 'password'), 0o644);
    expect((await start()).refused).toMatch(/can be read by others. Run: chmod 600/);
  });
});
