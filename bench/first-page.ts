// The first page: its script over the wire, when it stands, and how soon it answers on a processor four times slower.
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { type BrowserApp, largeGraph, placeInGrid, signIn, withBrowserApp } from './browser-app.ts';
import { alone, type BenchDatabase, type Figure, median, rounded } from './figure.ts';

const scriptBudgetKb = 180;
const paintBudgetMs = 1000;
const answerBudgetMs = 100;
const graphBudgetMs = 1500;
const slowdown = 4;
const rounds = 5;
const figure = (name: string, value: number, unit: string, target: number | null) =>
  alone(name, rounded(value, 1), unit, target);

export async function run({ url }: BenchDatabase): Promise<Figure[]> {
  return withBrowserApp(url, async (app) => {
    const context = await app.context();
    const script = await firstPageScript(context);
    const example = (await app.api.call('addExample', {})).data.id;
    const paint = await largestPaint(context);
    const answers = await answersOf(context, app, example);
    const { project } = (await app.api.call('importProject', { body: largeGraph(1289, 2751) })).data;
    await placeInGrid(app.api, project.id);
    return [...script, paint, ...answers, await graphReady(context, project.id)];
  });
}

/** Kilobytes of script over the wire until the first page a visitor sees stands; and what is loaded ahead afterwards. */
async function firstPageScript(context: BrowserContext): Promise<Figure[]> {
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
  await signIn(page);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  const first = bytes;
  await page.mouse.move(300, 300);
  await page.mouse.move(320, 320);
  await page.waitForTimeout(1500);
  await page.waitForLoadState('networkidle');
  await page.close();
  return [
    figure('first_page_script_compressed', first / 1024, 'KB', scriptBudgetKb),
    figure('first_page_loaded_ahead', (bytes - first) / 1024, 'KB', null),
  ];
}

async function slow(page: Page): Promise<CDPSession> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  return cdp;
}

/** Milliseconds from the request of the projects page, its files not in the cache, to its largest paint. */
async function largestPaint(context: BrowserContext): Promise<Figure> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const page = await context.newPage();
    const cdp = await slow(page);
    await cdp.send('Network.enable');
    await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
    await page.goto('/projects');
    await page.getByRole('link', { name: 'Greenhouse' }).first().waitFor();
    await page.waitForTimeout(500);
    values.push(
      Number(
        await page.evaluate(`new Promise((resolve) => {
          new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
            .observe({ type: 'largest-contentful-paint', buffered: true });
        })`),
      ),
    );
    await page.close();
  }
  return figure('first_page_largest_paint_slowed', median(values), 'ms', paintBudgetMs);
}

/** Milliseconds from an input to the frame that shows its answer: stricter than the next paint, which may still be without it. */
async function answersOf(context: BrowserContext, { api }: BrowserApp, project_id: string): Promise<Figure[]> {
  const page = await context.newPage();
  await page.goto('/projects');
  await page.getByRole('link', { name: 'Greenhouse' }).first().waitFor();
  // As after a few seconds on the page: what is likely to be wanted has been loaded ahead.
  await page.mouse.move(300, 300);
  await page.waitForTimeout(2500);
  await slow(page);
  const palette: number[] = [];
  const dialog: number[] = [];
  const tick: number[] = [];
  for (let round = 0; round < rounds; round++) {
    palette.push(await answer(page, '[role="dialog"] [role="combobox"]', () => page.keyboard.press('Control+k')));
    await leave(page);
    dialog.push(await answer(page, '[role="dialog"] textarea', () => page.keyboard.press('n')));
    await leave(page);
  }
  const { nodes } = (await api.call('projectGraph', { params: { id: project_id } })).data;
  const component = nodes.find(({ tasks }) => tasks.total > tasks.done);
  if (!component) throw new Error('There is no open task in the example');
  await page.goto(`/projects/${project_id}?component=${component.id}`);
  const box = page.locator('aside input[type="checkbox"]').first();
  await box.waitFor();
  await page.waitForTimeout(1500);
  for (let round = 0; round < rounds; round++) {
    const state = (await box.isChecked()) ? ':not(:checked)' : ':checked';
    await box.focus();
    tick.push(await answer(page, `aside input[type="checkbox"]${state}:focus`, () => page.keyboard.press('Space')));
    await page.waitForTimeout(300);
  }
  await page.close();
  return [
    figure('answer_palette_slowed', median(palette), 'ms', answerBudgetMs),
    figure('answer_dialog_slowed', median(dialog), 'ms', answerBudgetMs),
    figure('answer_tick_slowed', median(tick), 'ms', answerBudgetMs),
  ];
}

async function leave(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator('[role="dialog"]').waitFor({ state: 'detached' });
  await page.waitForTimeout(200);
}

async function answer(page: Page, shows: string, act: () => Promise<void>): Promise<number> {
  // It listens before the key is pressed.
  await page.evaluate(`void (window.__answer = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('No answer within 10 s: ' + ${JSON.stringify(shows)})), 10_000);
    addEventListener('keydown', ({ timeStamp }) => {
      const look = () => {
        if (!document.querySelector(${JSON.stringify(shows)})) return requestAnimationFrame(look);
        // Once a task runs after this frame, the frame has been handed over.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - timeStamp);
        port2.postMessage(0);
      };
      requestAnimationFrame(look);
    }, { once: true, capture: true });
  }))`);
  await act();
  return Number(await page.evaluate('window.__answer'));
}

/** Milliseconds from the request of a large project's page to its canvas, on this machine as it is. */
async function graphReady(context: BrowserContext, project_id: string): Promise<Figure> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const page = await context.newPage();
    await page.goto(`/projects/${project_id}`);
    await page.locator('.react-flow__node, .canvas canvas').first().waitFor();
    values.push(
      Number(await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())))')),
    );
    await page.close();
  }
  return figure('project_page_graph_large_ready', median(values), 'ms', graphBudgetMs);
}
