// The canvas with 2,000 components and 3,000 dependencies: what a frame of panning and dragging costs the page's main thread; and the script of the first page.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type BrowserContext, type CDPSession, type Page, chromium as playwright } from 'playwright-core';
import { createClient } from '../sdk/src/client.ts';
import { startApp } from '../server/src/app.ts';
import { readConfig } from '../server/src/config.ts';
import { createLog } from '../server/src/kernel/log.ts';
import { alone, type BenchDatabase, type Figure, rounded } from './figure.ts';

const components = 2000;
const frames = 90;
/** 50 frames a second and more, with as much time again for what else a frame needs. */
const frameBudgetMs = 8;
const scriptBudgetKb = 180;
const password = 'a long enough passphrase';
const figure = (name: string, value: number, unit: string, target: number) =>
  alone(name, rounded(value, 1), unit, target);

export async function run({ url }: BenchDatabase): Promise<Figure[]> {
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
    await app.setup.setUpFromEnvironment('bench', password);
    const session = await createClient({ base_url }).call('login', { body: { username: 'bench', password } });
    const api = createClient({ base_url, token: session.data.token ?? '' });
    const project = (await api.call('importProject', { body: largeGraph() })).data.project;
    await placeInGrid(api, project.id);
    const context = await browser.newContext({ baseURL: base_url, viewport: { width: 1440, height: 900 } });
    const script = await firstPage(context);
    const page = await context.newPage();
    return [script, ...(await canvasFigures(page, project.id))];
  } finally {
    await browser.close();
    await app.stop();
  }
}

/** Each waits for up to two of the fifty before it: 3,000 dependencies, the same at every run. */
function largeGraph(): Record<string, unknown> {
  const key = (index: number) => `c${index}`;
  const list = Array.from({ length: components }, (_, index) => ({ key: key(index), name: `Component ${index + 1}` }));
  const dependencies = list.flatMap((_, index) => {
    if (index === 0) return [];
    const first = Math.max(0, index - 1 - ((index * 7) % 50));
    const second = Math.max(0, index - 1 - ((index * 13) % 50));
    return index % 2 === 0 && second !== first
      ? [
          [key(index), key(first)],
          [key(index), key(second)],
        ]
      : [[key(index), key(first)]];
  });
  return { title: 'Large', components: list, dependencies };
}

/** Fifty columns, so that the measurement does not depend on how it would be laid out. */
async function placeInGrid(api: ReturnType<typeof createClient>, project_id: string): Promise<void> {
  const { nodes } = (await api.call('projectGraph', { params: { id: project_id } })).data;
  const positions = nodes.map(({ id, name }) => {
    const index = Number(name.replace(/\D+/g, '')) - 1;
    return { id, position: { x: Math.floor(index / 40) * 328, y: (index % 40) * 120 } };
  });
  await api.call('moveComponents', { body: { project_id, positions } });
}

/** Kilobytes of script over the wire until the first page a visitor sees stands. */
async function firstPage(context: BrowserContext): Promise<Figure> {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const scripts = new Set<string>();
  let bytes = 0;
  cdp.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto('/login', { waitUntil: 'networkidle' });
  await page.getByLabel('User name').fill('bench');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/projects');
  await page.waitForLoadState('networkidle');
  await page.close();
  return figure('first_page_script_compressed', bytes / 1024, 'KB', scriptBudgetKb);
}

const levels = [
  ['full', 1],
  ['name', 0.4],
  ['block', 0.12],
] as const;

async function canvasFigures(page: Page, project_id: string): Promise<Figure[]> {
  const cdp = await page.context().newCDPSession(page);
  // Time of the thread itself: what else runs on the machine does not count.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(`/projects/${project_id}`);
  await page.locator('.canvas canvas').waitFor();
  const figures: Figure[] = [];
  for (const [name, zoom] of levels) {
    await zoomTo(page, zoom);
    await move(page, panning, 20);
    const pan = await measure(cdp, () => move(page, panning, frames));
    figures.push(figure(`canvas_pan_frame_${name}`, pan, 'ms', frameBudgetMs));
    // A hand hovers before it drags: what it drags is a node from then on.
    await hover(page);
    const drag = await measure(cdp, () => move(page, dragging, frames));
    figures.push(figure(`canvas_drag_frame_${name}`, drag, 'ms', frameBudgetMs));
  }
  return figures;
}

/** Milliseconds of the main thread for each frame of a movement. */
async function measure(cdp: CDPSession, work: () => Promise<unknown>): Promise<number> {
  const spent = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  const before = await spent();
  await work();
  return ((await spent()) - before) * (1000 / frames);
}

async function zoomTo(page: Page, zoom: number): Promise<void> {
  await page.evaluate(`(async () => {
    const pane = document.querySelector('.react-flow__pane');
    const now = () => new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport')).transform).a;
    for (let step = 0; step < 200 && Math.abs(now() - ${zoom}) / ${zoom} > 0.02; step++) {
      const deltaY = Math.max(-20, Math.min(20, -Math.log2(${zoom} / now()) / 0.02));
      pane.dispatchEvent(new WheelEvent('wheel', { deltaY, ctrlKey: true, bubbles: true, cancelable: true, clientX: 800, clientY: 450 }));
      await new Promise(requestAnimationFrame);
    }
  })()`);
  await page.waitForTimeout(500);
}

/** One step of the wheel a frame, there and back. */
const panning = `(frame) => document.querySelector('.react-flow__pane').dispatchEvent(
  new WheelEvent('wheel', { deltaX: frame % 60 < 30 ? 16 : -16, deltaY: frame % 60 < 30 ? 8 : -8, bubbles: true, cancelable: true, clientX: 800, clientY: 450 }))`;

/** Moves the pointer about the middle of the screen until it is over a component. */
async function hover(page: Page): Promise<void> {
  for (let step = 0; step < 60; step++) {
    await page.mouse.move(700 + step * 3, 400 + step * 2);
    if (await page.evaluate("document.querySelector('.react-flow__node:hover') !== null")) return;
  }
  throw new Error('There is no component in the middle of the screen');
}

/** Drags the component under the pointer. */
const dragging = `(frame, last) => {
  const at = { clientX: 800 + frame, clientY: 450 + frame, bubbles: true, cancelable: true, view: window, button: 0, buttons: 1 };
  if (frame === 0) {
    window.__dragged = document.querySelector('.react-flow__node:hover');
    window.__dragged.dispatchEvent(new MouseEvent('mousedown', at));
  }
  window.dispatchEvent(new MouseEvent('mousemove', at));
  if (last) window.dispatchEvent(new MouseEvent('mouseup', at));
}`;

function move(page: Page, step: string, count: number): Promise<unknown> {
  return page.evaluate(`new Promise((resolve) => {
    const step = ${step};
    let frame = 0;
    const next = () => {
      if (frame === ${count}) return resolve();
      step(frame, frame === ${count} - 1);
      frame += 1;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  })`);
}
