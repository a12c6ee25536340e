// A whole TaylorDash for a test file: its own database, free ports, an administrator signed in.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '../../sdk/src/client.ts';
import { type App, type AppOptions, startApp } from '../../server/src/app.ts';
import { readConfig } from '../../server/src/config.ts';
import { createLog } from '../../server/src/kernel/log.ts';
import { testDatabase } from './postgres.ts';

export interface TestApp {
  app: App;
  url: string;
  /** Signed in as the administrator. */
  admin: Client;
  admin_token: string;
  /** Not signed in. */
  anonymous: Client;
  database_url: string;
  data_dir: string;
  /** Every line that the server logged. */
  lines: string[];
  as(token: string): Client;
  /** A request as it stands, for what no client of ours would send. */
  raw(path: string, init?: RequestInit & { token?: string }): Promise<Response>;
  /** Makes a user and signs in. */
  user(input: {
    username: string;
    role?: 'admin' | 'viewer';
    grants?: readonly TestGrant[];
  }): Promise<{ id: string; token: string; client: Client }>;
  stop(): Promise<void>;
}

export interface TestGrant {
  permission: 'write:projects' | 'write:tasks' | 'publish:events';
  project_id: string | null;
}

export const adminName = 'admin';
export const testPassword = 'a long enough passphrase';

export interface TestAppOptions {
  environment?: Record<string, string>;
  overrides?: AppOptions['overrides'];
  /** On a database of its own unless one is given, which the caller drops. */
  database_url?: string;
  /** Where the log goes to; for who must read it before the server is up. */
  lines?: string[];
  /** False leaves set-up to the test. */
  set_up?: boolean;
}

/** Starts it. bcrypt works at its lowest cost unless the test asks otherwise. */
export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database_url === undefined ? await testDatabase() : null;
  const database_url = options.database_url ?? database?.url ?? '';
  const { lines = [] } = options;
  const log = createLog({ level: 'info', plain: false, write: (line) => void lines.push(line) });
  const data_dir = await mkdtemp(join(tmpdir(), 'td-test-'));
  const config = readConfig({
    DATABASE_URL: database_url,
    DATA_DIR: data_dir,
    HOST: '127.0.0.1',
    PORT: '0',
    MQTT_PORT: '0',
    ...options.environment,
  });
  const app = await startApp({ config, log, overrides: { hash_cost: 4, ...options.overrides } });
  const url = `http://127.0.0.1:${app.port}`;
  const as = (token: string) => createClient({ base_url: url, token });
  const anonymous = createClient({ base_url: url });
  let admin_token = '';
  if (options.set_up !== false && (await app.setup.needed())) {
    await app.setup.setUpFromEnvironment(adminName, testPassword);
  }
  if (options.set_up !== false) {
    const { data } = await anonymous.call('login', { body: { username: adminName, password: testPassword } });
    admin_token = data.token ?? '';
  }
  const admin = as(admin_token);
  return {
    ...{ app, url, data_dir, admin, admin_token, anonymous, database_url, lines, as },
    raw(path, { token, ...init } = {}) {
      const headers = new Headers(init.headers);
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
      return fetch(url + path, { ...init, headers });
    },
    async user({ username, role = 'viewer', grants = [] }) {
      const { data } = await admin.call('createUser', {
        body: { username, password: testPassword, role, grants: [...grants] },
      });
      const session = await anonymous.call('login', { body: { username, password: testPassword } });
      const token = session.data.token ?? '';
      return { id: data.id, token, client: as(token) };
    },
    async stop() {
      await app.stop();
      await database?.drop();
    },
  };
}
