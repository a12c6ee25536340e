// The canvas by fingers on tablet and phone: panning, pinching, lifting, choosing several, connecting, on a small graph and on one that is painted.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { type JourneyPage, journeyBrowser } from '../harness/browser.ts';
import { middleOf, node, openAs, pressAndMove } from '../harness/journey-steps.ts';

let td: TestApp;
let small = '';
let large = '';
const browser = journeyBrowser();
const rows = 20;

beforeAll(async () => {
  td = await testApp();
  small = (await td.admin.call('createProject', { body: { name: 'Water', status: 'active' } })).data.id;
  for (const [index, name] of ['Tank', 'Hose', 'Valve'].entries()) {
    const body = { name, position: { x: 0, y: index * 140 } };
    await td.admin.call('createComponent', { params: { id: small }, body });
  }
  const components = Array.from({ length: 420 }, (_, index) => ({ key: `c${index}`, name: `Part ${index}` }));
  const body = { title: 'Large', components, dependencies: [['c1', 'c0']] };
  large = (await td.admin.call('importProject', { body })).data.project.id;
  const { nodes } = await graph(large);
  const positions = nodes.map(({ id, name }) => {
    const index = Number(name.replace(/\D+/g, ''));
    return { id, position: { x: Math.floor(index / rows) * 328, y: (index % rows) * 120 } };
  });
  await td.admin.call('moveComponents', { body: { project_id: large, positions } });
});
afterAll(() => td.stop());

async function graph(id: string) {
  return (await td.admin.call('projectGraph', { params: { id } })).data;
}
async function edges(id: string): Promise<string[]> {
  const data = await graph(id);
  const name = (one: string) => data.nodes.find((each) => each.id === one)?.name;
  return data.edges.map((edge) => `${name(edge.depends_on_id)} → ${name(edge.component_id)}`).sort();
}
async function open(id: string, options: Parameters<typeof browser.page>[0]): Promise<JourneyPage> {
  const journey = await browser.page({ url: td.url, ...options });
  await openAs(journey.page, adminName, `/projects/${id}`);
  await journey.page.locator('.canvas [data-layer=back]').waitFor();
  await journey.page.waitForTimeout(800);
  return journey;
}
const tap = async ({ page }: JourneyPage, name: string) => {
  const { x, y } = await middleOf(node(page, name));
  await page.touchscreen.tap(x, y);
};
async function view({ page }: JourneyPage): Promise<{ x: number; y: number; zoom: number }> {
  const [zoom = 1, , , , x = 0, y = 0] = String(
    await page.evaluate("getComputedStyle(document.querySelector('.react-flow__viewport')).transform"),
  )
    .replace(/^matrix\(|\)$/g, '')
    .split(',')
    .map(Number);
  return { x, y, zoom };
}

it.each(['tablet', 'phone'] as const)('chooses several by taps and sets them (%s)', async (size) => {
  const journey = await open(small, { size, theme: size === 'phone' ? 'light' : 'dark' });
  const { page } = journey;
  // The first touch tells the canvas that it is a finger.
  await tap(journey, 'Tank');
  await page.getByRole('button', { name: 'Select several by tapping' }).tap();
  await tap(journey, 'Hose');
  await page.getByText('2 selected').waitFor();
  await journey.shot('touch-several');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('group', { name: 'Selection' }).getByRole('button', { name: 'Pin' }).tap();
  await expect
    .poll(async () =>
      (await graph(small)).nodes
        .filter(({ pinned }) => pinned)
        .map(({ name }) => name)
        .sort(),
    )
    .toEqual(['Hose', 'Tank']);
  await page.getByRole('group', { name: 'Selection' }).getByRole('button', { name: 'Unpin' }).tap();
  await expect.poll(async () => (await graph(small)).nodes.some(({ pinned }) => pinned)).toBe(false);
  await page.getByRole('button', { name: 'Done selecting' }).tap();
  await tap(journey, 'Valve');
  await page.getByRole('group', { name: 'Selection' }).getByText('Valve').waitFor();
  expect(journey.faults).toEqual([]);
});

it('pans with one finger, zooms with two, connects by the bar (phone)', async () => {
  const journey = await open(small, { size: 'phone' });
  const { page } = journey;
  await tap(journey, 'Tank');
  const before = await view(journey);
  await pressAndMove(page, { x: 30, y: 260 }, { x: 0, y: -60 }, 20);
  await expect.poll(async () => (await view(journey)).y).toBeLessThan(before.y - 30);
  const cdp = await page.context().newCDPSession(page);
  const pinch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) =>
    cdp.send('Input.dispatchTouchEvent', {
      type,
      touchPoints:
        type === 'touchEnd'
          ? []
          : [
              { x: 195 - apart, y: 140 },
              { x: 195 + apart, y: 140 },
            ],
    });
  const zoom = (await view(journey)).zoom;
  await pinch('touchStart', 100);
  for (const apart of [90, 80, 70, 60]) await pinch('touchMove', apart);
  await pinch('touchEnd', 0);
  await expect.poll(async () => (await view(journey)).zoom).toBeLessThan(zoom * 0.9);
  await page.getByRole('button', { name: 'Show everything' }).tap();
  await page.waitForTimeout(400);
  await page.getByRole('button', { name: 'Connect: choose what waits for it' }).tap();
  await page.getByText('Tank comes first. Choose what waits for it.').waitFor();
  await journey.shot('touch-connect-bar');
  await tap(journey, 'Hose');
  await expect.poll(() => edges(small)).toEqual(['Tank → Hose']);
  expect(journey.faults).toEqual([]);
});

it('tells what is blocked and finds by touch alone (phone)', async () => {
  const journey = await open(small, { size: 'phone' });
  const { page } = journey;
  await page.getByRole('button', { name: 'Highlight' }).tap();
  await page.getByRole('menuitemcheckbox', { name: 'What is ready' }).tap();
  await page.getByText(/ready to start/).waitFor();
  await journey.shot('touch-mode');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Highlight nothing' }).tap();
  await page.getByRole('button', { name: 'Find a component' }).tap();
  await page.keyboard.type('val');
  await page.getByRole('option', { name: 'Valve' }).tap();
  await node(page, 'Valve').and(page.locator('.selected')).waitFor();
  expect(journey.faults).toEqual([]);
});

it.each([
  ['tablet', 10 * rows + 8],
  ['phone', 9 * rows + 5],
] as const)('lifts, chooses and connects what is painted (%s)', async (size, one) => {
  const journey = await open(large, { size });
  const { page } = journey;
  await page.getByRole('button', { name: 'Show everything' }).tap();
  await page.waitForTimeout(600);
  expect(await page.locator('.react-flow__node').count()).toBe(0);
  await journey.shot('touch-painted');
  const at = async (index: number) => {
    const { x, y, zoom } = await view(journey);
    const box = await page.locator('.canvas').boundingBox();
    return {
      x: (box?.x ?? 0) + x + (Math.floor(index / rows) * 328 + 112) * zoom,
      y: (box?.y ?? 0) + y + ((index % rows) * 120 + 44) * zoom,
    };
  };
  const first = await at(one);
  await page.touchscreen.tap(first.x, first.y);
  await page.getByRole('group', { name: 'Selection' }).getByText(`Part ${one}`).waitFor();
  await page.getByRole('button', { name: 'Connect: choose what waits for it' }).tap();
  const second = await at(one + 3 * rows);
  await page.touchscreen.tap(second.x, second.y);
  await expect.poll(() => edges(large)).toContain(`Part ${one} → Part ${one + 3 * rows}`);
  const place = async () => (await graph(large)).nodes.find(({ name }) => name === `Part ${one + 40}`)?.position;
  const before = await place();
  await pressAndMove(page, await at(one + 40), { x: 0, y: 40 }, 450);
  await expect.poll(async () => (await place())?.y ?? 0).toBeGreaterThan((before?.y ?? 0) + 40);
  await journey.shot('touch-painted-lifted');
  expect(journey.faults).toEqual([]);
});
