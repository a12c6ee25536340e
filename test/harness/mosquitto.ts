// A real Mosquitto for tests, where the machine has one: on a free loopback port, with its own configuration and folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface Mosquitto {
  url: string;
  /** Ends the process without its stored state, `kill`, or in order, which stores it. */
  stop(how?: 'kill'): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

const places = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'];

/** Where the machine has it, or null. */
export function mosquittoBinary(): string | null {
  return places.find((place) => existsSync(place)) ?? null;
}

export async function startMosquitto(
  binary: string,
  settings: { max_queued_messages?: number; persistence?: boolean } = {},
): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'taylordash-mosquitto-'));
  // As root it gives itself up to an account of its own.
  chmodSync(folder, 0o777);
  const port = await freePort();
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    ...(settings.persistence === false
      ? ['persistence false']
      : ['persistence true', `persistence_location ${folder}/`, 'autosave_interval 1']),
    `max_queued_messages ${settings.max_queued_messages ?? 0}`,
    'max_inflight_messages 1000',
    'log_type none',
  ];
  writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    child = spawn(binary, ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
    for (let left = 200; left > 0; left--) {
      if (await answers(port)) return;
      await pause(25);
    }
    throw new Error('mosquitto did not start');
  }

  async function stop(how?: 'kill'): Promise<void> {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null) return;
    const gone = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
    await gone;
  }

  await start();
  return {
    url: `mqtt://127.0.0.1:${port}`,
    start,
    stop,
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
