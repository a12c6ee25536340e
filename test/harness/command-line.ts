// The command line, with a folder of its own for what it keeps: as a program that is started, or in this process.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runCommandLine } from '../../cli/src/run.ts';
import { adminName, type TestApp, testPassword } from './app.ts';

type Environment = Record<string, string>;
type Call = (
  args: readonly string[],
  input?: string,
  environment?: Environment,
) => Promise<{ code: number | null; stdout: string; stderr: string }>;

export interface CommandLine {
  folder: string;
  start(args: readonly string[], environment?: Environment): ChildProcessWithoutNullStreams;
  /** As a person runs it: a program of its own, which takes a second to start. */
  runProgram: Call;
  /** The same without a process of its own. One at a time: its environment stands in for the process's meanwhile. */
  run: Call;
  /** As the administrator of a server. */
  signIn(td: TestApp): Promise<unknown>;
}

const program = join(import.meta.dirname, '..', '..', 'cli', 'bin', 'taylordash.js');

export async function commandLine(): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), 'td-cli-'));
  const environmentWith = (more: Environment) => ({
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    TAYLORDASH_CONFIG_DIR: join(folder, 'config'),
    ...more,
  });

  function start(args: readonly string[], environment: Environment = {}) {
    return spawn(process.execPath, [program, ...args], { env: environmentWith(environment) });
  }

  const runProgram: Call = async (args, input = '', environment = {}) => {
    const child = start(args, environment);
    child.stdin.end(input);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr };
  };

  let running = false;
  const run: Call = async (args, input = '', environment = {}) => {
    if (running) throw new Error('One command at a time; start the other as a program');
    running = true;
    const before = process.env;
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const written = Promise.all([text(stdout), text(stderr)]);
    process.env = environmentWith(environment);
    try {
      const code = await runCommandLine(args, { stdin: Readable.from([Buffer.from(input)]), stdout, stderr });
      stdout.end();
      stderr.end();
      const [out, errors] = await written;
      return { code, stdout: out, stderr: errors };
    } finally {
      process.env = before;
      running = false;
    }
  };

  return {
    ...{ folder, start, runProgram, run },
    signIn: (td) => run(['login', '--url', td.url, '--username', adminName, '--password-stdin'], `${testPassword}\n`),
  };
}
