// TaylorDash as a process that can be killed and started again, on a database and ports that stay.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../harness/mosquitto.ts';

export interface KillableServer {
  url: string;
  mqtt_url: string;
  data_dir: string;
  /** Milliseconds that the last start took until it was ready. */
  ready_ms(): number;
  running(): boolean;
  /** Resident memory of the process, in bytes; Linux alone tells. */
  memory(): Promise<number>;
  /** Where the embedded database is; started by root it is not in `data_dir`. */
  database_folder(): Promise<string>;
  start(): Promise<void>;
  /** kill -9, and waits until the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: the process is there, its connections too, and it does nothing. */
  freeze(): void;
  thaw(): void;
  /** SIGTERM; resolves to the exit code and how long it took, in milliseconds. */
  stop(): Promise<{ code: number | null; took_ms: number }>;
  /** Deletes its folders. */
  remove(): Promise<void>;
}

export interface KillableOptions {
  /** Without one, the embedded database in a folder of its own. */
  database_url?: string;
  mqtt_broker?: string;
  /** A checkout to run instead of this one: a broken build. */
  root?: string;
  /** A folder of the caller's; without one, a new one. */
  data_dir?: string;
  environment?: Readonly<Record<string, string>>;
}

const here = join(import.meta.dirname, '..', '..');
export const account = { username: 'admin', password: 'a long enough passphrase' };

export async function killableServer(options: KillableOptions): Promise<KillableServer> {
  const { root = here } = options;
  const [port, mqttPort] = [await freePort(), await freePort()];
  const data_dir = options.data_dir ?? (await mkdtemp(join(tmpdir(), 'td-reliability-')));
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  let ready = 0;
  const environment: NodeJS.ProcessEnv = {
    ...{
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      DATA_DIR: data_dir,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
    },
    ...{ PORT: String(port), MQTT_PORT: String(mqttPort) },
    ...{ TAYLORDASH_ADMIN_USERNAME: account.username, TAYLORDASH_ADMIN_PASSWORD: account.password },
    ...(options.database_url === undefined ? {} : { DATABASE_URL: options.database_url }),
    ...(options.mqtt_broker === undefined ? {} : { MQTT_URL: options.mqtt_broker }),
    ...options.environment,
  };
  const answers = () =>
    fetch(`${url}/api/v1/health/ready`).then(
      (response) => response.status === 200,
      () => false,
    );
  const running = () => child !== null && child.exitCode === null && child.signalCode === null;
  async function database_folder(): Promise<string> {
    const moved = await readFile(join(data_dir, 'postgres.location'), 'utf8').catch(() => null);
    return moved === null ? join(data_dir, 'postgres') : moved.trim();
  }
  return {
    url,
    running,
    async memory() {
      const status = await readFile(`/proc/${child?.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
    },
    database_folder,
    mqtt_url: options.mqtt_broker ?? `mqtt://127.0.0.1:${mqttPort}`,
    data_dir,
    ready_ms: () => ready,
    async start() {
      if (running()) return;
      const begun = performance.now();
      child = spawn(process.execPath, [join(root, 'server', 'src', 'main.ts')], {
        ...{ cwd: root, env: environment, stdio: ['ignore', 'ignore', 'inherit'] },
      });
      for (let left = 3000; left > 0 && !(await answers()); left--) {
        if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
        await pause(10);
      }
      ready = performance.now() - begun;
    },
    async kill() {
      if (child === null || !running()) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async stop() {
      if (child === null || !running()) return { code: 0, took_ms: 0 };
      const begun = performance.now();
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      return { code: child.exitCode, took_ms: performance.now() - begun };
    },
    async remove() {
      for (const folder of [await database_folder(), data_dir]) await rm(folder, { recursive: true, force: true });
    },
  };
}
