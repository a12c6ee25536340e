// Makes, starts and stops a PostgreSQL cluster of our own. Knows processes and files, not who may use them.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Account, Binaries } from './binaries.ts';

/** Not `taylordash`: a schema of the owner's name would come first in its search path. */
export const SUPERUSER = 'td_owner';

/** Small on purpose: a home server idles most of the day. fsync stays on; what is acknowledged is on the disk. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  cluster_name: 'taylordash',
  max_connections: '50',
  superuser_reserved_connections: '3',
  // Taken as far as it is used: an idle server uses little of it, and the indexes of a busy one have to fit.
  shared_buffers: '128MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  effective_cache_size: '256MB',
  max_worker_processes: '4',
  max_parallel_workers: '2',
  max_parallel_workers_per_gather: '1',
  autovacuum_max_workers: '2',
  // Worker processes for input and output would cost memory and win nothing at this size.
  io_method: 'sync',
  jit: 'off',
  huge_pages: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  // A batch of events fits, and is written at its commit instead of page by page before.
  wal_buffers: '8MB',
  min_wal_size: '32MB',
  max_wal_size: '512MB',
  checkpoint_timeout: '10min',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Errors of statements are the server's to log; here they would leave users' data in a file.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  update_process_title: 'off',
};

export type ClusterPaths = { data: string; log: string };

export type Postmaster = { pid: number; port: number; ready: boolean };

/**
 * Makes a cluster in `paths.data`, all or nothing: it is made beside and renamed. The superuser is SUPERUSER.
 * `fast` leaves out the sync to disk, for clusters that may be lost.
 */
export async function initCluster(
  binaries: Binaries,
  account: Account | undefined,
  paths: ClusterPaths,
  password: string,
  fast = false,
): Promise<void> {
  const fresh = `${paths.data}.new`;
  const passwordFile = `${paths.data}.${randomBytes(4).toString('hex')}.pw`;
  rmSync(fresh, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account !== undefined) chownSync(passwordFile, account.uid, account.gid);
  try {
    await run(
      join(binaries.bin, 'initdb'),
      [
        ...['-D', fresh, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8'],
        // A locale of PostgreSQL's own: sorting does not change under indexes when the system's libraries do.
        ...(binaries.major >= 17
          ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
          : ['--locale=C.UTF-8']),
        '--no-instructions',
        ...(fast ? ['--no-sync'] : []),
      ],
      account,
      dirname(paths.data),
    );
    renameSync(fresh, paths.data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Runs a program to its end; its output goes into the error where it fails. */
function run(file: string, args: readonly string[], account: Account | undefined, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...identity(account),
      cwd,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${file} failed (${code}):\n${output.trim()}`)),
    );
  });
}

function identity(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}

/** No variable of ours reaches PostgreSQL: PGOPTIONS, PGDATA and the like would change what it does. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', SystemRoot: 'C:\\Windows' };
}

/**
 * Starts a postmaster that outlives us and waits until it takes connections.
 * @throws with the end of its log where it does not come up.
 */
export async function launch(
  binaries: Binaries,
  account: Account | undefined,
  paths: ClusterPaths,
  port: number,
  settings: Record<string, string> = {},
): Promise<Postmaster> {
  const all: Record<string, string> = { ...SETTINGS, ...settings, port: String(port) };
  if (binaries.major < 18) delete all.io_method;
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const logFile = openSync(paths.log, 'a', 0o600);
  const logStart = statSync(paths.log).size;
  // Detached: Ctrl-C in our terminal must not reach it, and our end must not be its end.
  const child = spawn(join(binaries.bin, 'postgres'), ['-D', paths.data, ...args], {
    ...identity(account),
    cwd: paths.data,
    env: environment(),
    detached: true,
    stdio: ['ignore', logFile, logFile],
  });
  closeSync(logFile);
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended = `ended with ${code ?? signal}`));
  child.unref();
  const deadline = performance.now() + 60_000;
  for (;;) {
    const postmaster = readPostmaster(paths.data);
    if (postmaster !== undefined && postmaster.pid === child.pid && postmaster.ready) return postmaster;
    if (ended !== undefined || performance.now() > deadline) {
      const said = readFileSync(paths.log).subarray(logStart).toString().trim().split('\n').slice(-12).join('\n');
      throw new Error(
        `PostgreSQL did not start (${ended ?? 'no answer in 60 s'}), its log ${paths.log} says:\n${said}`,
      );
    }
    await pause(10);
  }
}

/** Reads postmaster.pid: line 1 its process, line 4 its port, line 8 its state. Undefined where there is none. */
export function readPostmaster(data: string): Postmaster | undefined {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return undefined; // removed in between
  }
  const pid = Math.abs(Number(lines[0]));
  if (!(pid > 0)) return undefined;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' };
}

/** Whether the process of a postmaster.pid is a living PostgreSQL on that folder, not another that got its number. */
export function isAlive(postmaster: Postmaster, data: string): boolean {
  if (!exists(postmaster.pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    const state = /^State:\s+(\w)/m.exec(readFileSync(`/proc/${postmaster.pid}/status`, 'utf8'))?.[1];
    // A postmaster works in its data folder, whatever path we came by.
    return state !== 'Z' && realpathSync(`/proc/${postmaster.pid}/cwd`) === realpathSync(data);
  } catch (error) {
    // Not allowed to look: taken for living, since starting a second one would destroy the data.
    return error instanceof Error && 'code' in error && error.code === 'EACCES';
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Where the number in a left-over postmaster.pid belongs to another process by now, PostgreSQL would refuse to start. The file
 * gets a number that nobody has; the rest stays, by which PostgreSQL sees whether old backends still hold shared memory.
 */
export function disownLeftOver(data: string): void {
  const found = readPostmaster(data);
  if (found === undefined || !exists(found.pid) || isAlive(found, data)) return;
  const file = join(data, 'postmaster.pid');
  const [, ...rest] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, ['2147483646', ...rest].join('\n'));
}

/** Fast shutdown: open transactions are rolled back, a checkpoint is written. Immediate after ten seconds. */
export async function stopPostmaster(postmaster: Postmaster, data: string): Promise<void> {
  const started = performance.now();
  let signal: NodeJS.Signals = 'SIGINT';
  send(postmaster.pid, signal);
  // The file goes last; the process may stay as a zombie where nobody waits for it.
  while (readPostmaster(data)?.pid === postmaster.pid && isAlive(postmaster, data)) {
    if (signal === 'SIGINT' && performance.now() - started > 10_000) {
      signal = 'SIGQUIT';
      send(postmaster.pid, signal);
    }
    await pause(10);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already
  }
}

/** A port on loopback that is free now: `wanted` where that is, else any. */
export async function freePort(wanted?: number): Promise<number> {
  if (wanted !== undefined && (await tryPort(wanted)) !== undefined) return wanted;
  const port = await tryPort(0);
  if (port === undefined) throw new Error('there is no free port on 127.0.0.1');
  return port;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
