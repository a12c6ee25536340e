// The canvas with 2,000 components and 3,000 dependencies: what a frame of panning and dragging costs the page's main thread.
import type { Page } from 'playwright-core';
import { largeGraph, placeInGrid, signIn, withBrowserApp } from './browser-app.ts';
import { alone, type BenchDatabase, type Figure, rounded } from './figure.ts';
import { frameMeter } from './frame-meter.ts';

const components = 2000;
const dependencies = 3000;
const frames = 90;
/** 50 frames a second and more, with as much time again for what else a frame needs. */
const frameBudgetMs = 8;
const figure = (name: string, value: number, unit: string, target: number) =>
  alone(name, rounded(value, 1), unit, target);

export async function run({ url }: BenchDatabase): Promise<Figure[]> {
  return withBrowserApp(url, async ({ api, context }) => {
    const { project } = (await api.call('importProject', { body: largeGraph(components, dependencies) })).data;
    await placeInGrid(api, project.id);
    const page = await (await context()).newPage();
    await signIn(page);
    return canvasFigures(page, project.id);
  });
}

const levels = [
  ['full', 1],
  ['name', 0.4],
  ['block', 0.12],
] as const;

async function canvasFigures(page: Page, project_id: string): Promise<Figure[]> {
  const frame = await frameMeter(page);
  await page.goto(`/projects/${project_id}`);
  await page.locator('.canvas [data-layer=back]').waitFor();
  const figures: Figure[] = [];
  for (const [name, zoom] of levels) {
    await zoomTo(page, zoom);
    await frame(panning, 20);
    const pan = await frame(panning, frames);
    figures.push(figure(`canvas_pan_frame_${name}`, pan, 'ms', frameBudgetMs));
    // A hand hovers before it drags: what it drags is a node from then on.
    await hover(page);
    const drag = await frame(dragging, frames);
    figures.push(figure(`canvas_drag_frame_${name}`, drag, 'ms', frameBudgetMs));
  }
  return figures;
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
  const at = { clientX: 800 + frame, clientY: 450 + frame, bubbles: true, cancelable: true, button: 0, buttons: 1, pointerType: 'mouse', pointerId: 1, isPrimary: true };
  if (frame === 0) {
    window.__dragged = document.querySelector('.react-flow__node:hover');
    window.__before = getComputedStyle(window.__dragged).transform;
    window.__dragged.dispatchEvent(new PointerEvent('pointerdown', at));
  }
  window.dispatchEvent(new PointerEvent('pointermove', at));
  if (last) {
    if (getComputedStyle(window.__dragged).transform === window.__before) throw new Error('Nothing was dragged');
    window.dispatchEvent(new PointerEvent('pointerup', at));
  }
}`;
