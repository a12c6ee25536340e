// A running TaylorDash with a browser before it, for the figures of the web app; and graphs of any size.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';
import { type Client, createClient } from '../sdk/src/client.ts';
import { startApp } from '../server/src/app.ts';
import { readConfig } from '../server/src/config.ts';
import { createLog } from '../server/src/kernel/log.ts';
import type { Figure } from './figure.ts';

export interface BrowserApp {
  browser: Browser;
  base_url: string;
  /** Signed in as who is signed in by `signIn`. */
  api: Client;
  /** A context with nothing remembered. */
  context(): Promise<BrowserContext>;
}

const username = 'bench';
const password = 'a long enough passphrase';

export async function withBrowserApp(url: string, measure: (app: BrowserApp) => Promise<Figure[]>): Promise<Figure[]> {
  const config = readConfig({
    ...{ DATABASE_URL: url, HOST: '127.0.0.1', PORT: '0', MQTT_PORT: '0' },
    DATA_DIR: await mkdtemp(join(tmpdir(), 'td-bench-')),
  });
  const log = createLog({ level: 'error', plain: false, write: () => undefined });
  const app = await startApp({ config, log, overrides: { hash_cost: 4 } });
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const base_url = `http://127.0.0.1:${app.port}`;
    await app.setup.setUpFromEnvironment(username, password);
    const session = await createClient({ base_url }).call('login', { body: { username, password } });
    const api = createClient({ base_url, token: session.data.token ?? '' });
    const context = () => browser.newContext({ baseURL: base_url, viewport: { width: 1440, height: 900 } });
    return await measure({ browser, base_url, api, context });
  } finally {
    await browser.close();
    await app.stop();
  }
}

/** Signs in on the page as a person does, and waits for the first page. */
export async function signIn(page: Page): Promise<void> {
  await page.goto('/login', { waitUntil: 'networkidle' });
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/projects');
}

/** Each waits for up to `most` of the fifty before it; the same at every run. */
export function largeGraph(components: number, dependencies: number): Record<string, unknown> {
  const key = (index: number) => `c${index}`;
  const list = Array.from({ length: components }, (_, index) => ({ key: key(index), name: `Component ${index + 1}` }));
  const edges = new Map<string, [string, string]>();
  for (let step = 7; edges.size < dependencies && step < 200; step += 6) {
    for (let index = 1; index < components && edges.size < dependencies; index++) {
      const before = Math.max(0, index - 1 - ((index * step) % 50));
      edges.set(`${index} ${before}`, [key(index), key(before)]);
    }
  }
  return { title: `Large ${components}`, components: list, dependencies: [...edges.values()] };
}

/** Forty to a column, so that a measurement does not depend on how it would be laid out. */
export async function placeInGrid(api: Client, project_id: string): Promise<void> {
  const { nodes } = (await api.call('projectGraph', { params: { id: project_id } })).data;
  const positions = nodes.map(({ id, name }) => {
    const index = Number(name.replace(/\D+/g, '')) - 1;
    return { id, position: { x: Math.floor(index / 40) * 328, y: (index % 40) * 120 } };
  });
  await api.call('moveComponents', { body: { project_id, positions } });
}
