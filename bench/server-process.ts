// TaylorDash in a process of its own, as npm start runs it, with an administrator signed in.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '@taylordash/sdk/client';
import { freePort } from '../server/src/db/cluster.ts';
import { makeDataDir, removeDataDir } from './data-dir.ts';

export interface ServerProcess {
  pid: number;
  port: number;
  url: string;
  /** Of its embedded broker. */
  mqtt_url: string;
  /** Milliseconds from the start of the process until it was ready. */
  ready_ms: number;
  token: string;
  stop(): Promise<void>;
}

const username = 'bench';
const password = 'a bench needs no secrets';
const root = join(import.meta.dirname, '..');

export interface ServerOptions {
  /** External database; without one the embedded database in `data_dir`. */
  database_url?: string;
  data_dir?: string;
  /** What is run, from the repository's root: the server program alone, or scripts/start.mjs. */
  program?: string;
}

export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const port = await freePort();
  const mqttPort = await freePort();
  const own = options.data_dir === undefined ? await makeDataDir() : null;
  const begun = performance.now();
  const child = spawn(process.execPath, [join(root, options.program ?? 'server/src/main.ts')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      MQTT_PORT: String(mqttPort),
      DATA_DIR: options.data_dir ?? own ?? '',
      TAYLORDASH_ADMIN_USERNAME: username,
      TAYLORDASH_ADMIN_PASSWORD: password,
      LOG_LEVEL: 'warn',
      ...(options.database_url === undefined ? {} : { DATABASE_URL: options.database_url }),
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    await pause(10);
  }
  const ready_ms = performance.now() - begun;
  return {
    ...{ pid: child.pid ?? 0, port, url, mqtt_url: `mqtt://127.0.0.1:${mqttPort}`, ready_ms },
    token: await signIn(url),
    async stop() {
      child.kill('SIGTERM');
      await gone;
      if (own !== null) await removeDataDir(own);
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/api/v1/health/ready`).then(
    (response) => response.ok,
    () => false,
  );
}

/** The administrator is made just after the server is ready, so the first tries may be too early. */
async function signIn(url: string): Promise<string> {
  const client = createClient({ base_url: url });
  for (;;) {
    const { data: status } = await client.call('setupStatus', {});
    if (!status.needed) break;
    await pause(20);
  }
  const { data } = await client.call('login', { body: { username, password } });
  return data.token ?? '';
}
