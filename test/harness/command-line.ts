// The command line as a person runs it, with a folder of its own for what it keeps.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminName, type TestApp, testPassword } from './app.ts';

export interface CommandLine {
  folder: string;
  start(args: readonly string[], environment?: Record<string, string>): ChildProcessWithoutNullStreams;
  run(
    args: readonly string[],
    input?: string,
    environment?: Record<string, string>,
  ): Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** As the administrator of a server. */
  signIn(td: TestApp): Promise<unknown>;
}

const program = join(import.meta.dirname, '..', '..', 'cli', 'bin', 'taylordash.js');

export async function commandLine(): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), 'td-cli-'));

  function start(args: readonly string[], environment: Record<string, string> = {}) {
    return spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env.PATH, TAYLORDASH_CONFIG_DIR: join(folder, 'config'), ...environment },
    });
  }

  async function run(args: readonly string[], input = '', environment: Record<string, string> = {}) {
    const child = start(args, environment);
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      out.stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      out.stderr += String(chunk);
    });
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, ...out };
  }

  return {
    ...{ folder, start, run },
    signIn: (td) => run(['login', '--url', td.url, '--username', adminName, '--password-stdin'], `${testPassword}\n`),
  };
}
