// The server is killed hard and started again: everything is there, and the page that was open comes back by itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createClient } from '../../sdk/src/client.ts';
import { adminName, testPassword } from '../harness/app.ts';
import { journeyBrowser } from '../harness/browser.ts';
import { node, signIn } from '../harness/journey-steps.ts';
import { type TestDatabase, testDatabase } from '../harness/postgres.ts';

const browser = journeyBrowser();
let database: TestDatabase;
let server: ChildProcess;
let url = '';
let environment: NodeJS.ProcessEnv = {};

async function freePort(): Promise<string> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  return typeof address === 'object' && address !== null ? String(address.port) : '0';
}

async function start(): Promise<void> {
  const main = join(import.meta.dirname, '..', '..', 'server', 'src', 'main.ts');
  server = spawn(process.execPath, [main], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  await vi.waitFor(async () => expect((await fetch(`${url}/api/v1/health/ready`)).status).toBe(200), {
    timeout: 20_000,
    interval: 100,
  });
}

beforeAll(async () => {
  database = await testDatabase();
  const PORT = await freePort();
  url = `http://127.0.0.1:${PORT}`;
  environment = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    DATABASE_URL: database.url,
    DATA_DIR: await mkdtemp(join(tmpdir(), 'td-kill-')),
    HOST: '127.0.0.1',
    PORT,
    MQTT_PORT: await freePort(),
    LOG_LEVEL: 'error',
    TAYLORDASH_ADMIN_USERNAME: adminName,
    TAYLORDASH_ADMIN_PASSWORD: testPassword,
  };
  await start();
  // The administrator of the environment is made just after the server answers.
  const body = { username: adminName, password: testPassword };
  await vi.waitFor(() => createClient({ base_url: url }).call('login', { body }), { timeout: 10_000, interval: 300 });
});
afterAll(async () => {
  server.kill('SIGKILL');
  await database.drop();
});

it('has everything after a hard kill, and the page reconnects by itself', async () => {
  const journey = await browser.page({ url });
  const { page } = journey;
  await signIn(page, adminName);
  await page.getByRole('button', { name: 'New project' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Workshop');
  await page.getByRole('button', { name: 'Create project' }).click();
  await page.waitForURL(/projects\/[0-9a-f-]{36}/);
  const id = /projects\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
  await page.locator('.canvas').waitFor();
  await page.keyboard.press('c');
  await page.getByLabel('Name of the component').fill('Pump');
  await page.keyboard.press('Enter');
  await node(page, 'Pump').and(page.locator('.selected')).waitFor();

  // It shows before the server has it.
  const anonymous = createClient({ base_url: url });
  const { data } = await anonymous.call('login', { body: { username: adminName, password: testPassword } });
  const admin = createClient({ base_url: url, token: data.token ?? '' });
  const names = async () => (await admin.call('projectGraph', { params: { id } })).data.nodes.map(({ name }) => name);
  await expect.poll(names, { timeout: 10_000 }).toEqual(['Pump']);

  server.kill('SIGKILL');
  await once(server, 'exit');
  await page.getByText('No connection. What you see may be old').waitFor();
  await journey.shot('offline');
  expect(await node(page, 'Pump').count()).toBe(1);
  // What is made while the server is away shows and waits.
  await page.keyboard.press('c');
  await page.getByLabel('Name of the component').fill('Wiring');
  await page.keyboard.press('Enter');
  await node(page, 'Wiring').waitFor();
  await page.getByText('No connection. 1 change waits and is sent when it is back.').waitFor();
  await journey.shot('offline-waiting');

  await start();
  await page.getByText('No connection.').waitFor({ state: 'detached', timeout: 15_000 });
  // The session is as valid as before, and what others change arrives again without a reload.
  await expect.poll(async () => (await names()).sort(), { timeout: 10_000 }).toEqual(['Pump', 'Wiring']);
  const { nodes } = (await admin.call('projectGraph', { params: { id } })).data;
  const pump = nodes.find(({ name }) => name === 'Pump');
  await admin.call('updateComponent', { params: { id: pump?.id ?? '' }, body: { name: 'Pump and filter' } });
  await node(page, 'Pump and filter').waitFor();
  expect(journey.faults).toEqual([]);
}, 60_000);
