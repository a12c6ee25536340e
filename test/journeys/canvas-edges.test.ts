// Dependencies on the canvas: chosen by mouse and by key, their ends led elsewhere by dragging and by typing, refused where they would close a loop, deleted.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { type JourneyPage, journeyBrowser } from '../harness/browser.ts';
import { draw, middleOf, node, openAs, pressAndMove } from '../harness/journey-steps.ts';

let td: TestApp;
let project_id = '';
let ids: Map<string, string>;
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
});
afterAll(() => td.stop());

const places = { Tank: [0, 0], Hose: [360, 0], Pump: [0, 240], Valve: [720, 0] } as const;

beforeEach(async () => {
  project_id = (await td.admin.call('createProject', { body: { name: 'Water', status: 'active' } })).data.id;
  ids = new Map();
  for (const [name, [x, y]] of Object.entries(places)) {
    const body = { name, position: { x, y } };
    ids.set(name, (await td.admin.call('createComponent', { params: { id: project_id }, body })).data.id);
  }
  await link('Hose', 'Tank');
  await link('Valve', 'Hose');
});

async function link(component: string, depends_on: string): Promise<void> {
  const params = { id: ids.get(component) ?? '', depends_on_id: ids.get(depends_on) ?? '' };
  await td.admin.call('addDependency', { params });
}
async function edges(): Promise<string[]> {
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  const { data } = await td.admin.call('projectGraph', { params: { id: project_id } });
  return data.edges.map((edge) => `${names.get(edge.depends_on_id)} → ${names.get(edge.component_id)}`).sort();
}
async function open(options: Parameters<typeof browser.page>[0] = {}): Promise<JourneyPage> {
  const journey = await browser.page({ url: td.url, ...options });
  await openAs(journey.page, adminName, `/projects/${project_id}`);
  await node(journey.page, 'Tank').waitFor();
  await journey.page.waitForTimeout(300);
  return journey;
}
/** Half way from Tank's right port to Hose's left one. */
async function onTheLine({ page }: JourneyPage): Promise<{ x: number; y: number }> {
  const from = await middleOf(node(page, 'Tank').locator('.react-flow__handle-right'));
  const to = await middleOf(node(page, 'Hose').locator('.react-flow__handle-left'));
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
}

it('is chosen by a click, led elsewhere by its end, and taken back with one press', async () => {
  const journey = await open();
  const { page } = journey;
  const line = await onTheLine(journey);
  await page.mouse.move(line.x, line.y);
  await page.mouse.click(line.x, line.y);
  await page.getByRole('group', { name: 'Dependency' }).getByText('Hose waits for Tank').waitFor();
  await journey.shot('edge-chosen');
  expect(await journey.axe()).toEqual([]);
  const end = await middleOf(page.locator('[data-end="first"]'));
  const pump = await middleOf(node(page, 'Pump'));
  await page.mouse.move(end.x, end.y);
  await page.mouse.down();
  await page.mouse.move(pump.x, pump.y, { steps: 8 });
  await page.getByText('Hose will wait for Pump').waitFor();
  await journey.shot('edge-pulled');
  await page.mouse.up();
  await expect.poll(edges).toEqual(['Hose → Valve', 'Pump → Hose']);
  await page.keyboard.press('Control+z');
  await expect.poll(edges).toEqual(['Hose → Valve', 'Tank → Hose']);
  expect(journey.faults).toEqual([]);
});

it('refuses the end where it would close a loop, and leaves the reason', async () => {
  const journey = await open();
  const { page } = journey;
  const line = await onTheLine(journey);
  await page.mouse.click(line.x, line.y);
  const end = await middleOf(page.locator('[data-end="first"]'));
  const valve = await middleOf(node(page, 'Valve'));
  await page.mouse.move(end.x, end.y);
  await page.mouse.down();
  await page.mouse.move(valve.x, valve.y, { steps: 8 });
  await page.getByText(/^Closes a loop/).waitFor();
  await page.mouse.up();
  await page
    .getByText(/^Not linked: it would close a loop, Hose → Valve → Hose/)
    .first()
    .waitFor();
  expect(await edges()).toEqual(['Hose → Valve', 'Tank → Hose']);
  await draw(page, 'Valve', 'Tank');
  await page
    .getByText(/^Not linked: it would close a loop, Tank → Valve → Hose → Tank/)
    .first()
    .waitFor();
  await journey.shot('loop-refused');
  expect(await edges()).toEqual(['Hose → Valve', 'Tank → Hose']);
});

it('is chosen, led elsewhere and deleted by keyboard alone', async () => {
  const journey = await open({ theme: 'light' });
  const { page } = journey;
  const { keyboard } = page;
  await page.locator('.canvas').focus();
  await keyboard.press('ArrowRight');
  await node(page, 'Tank').and(page.locator('.selected')).waitFor();
  await keyboard.press('ArrowRight');
  await node(page, 'Hose').and(page.locator('.selected')).waitFor();
  await keyboard.press(']');
  const bar = page.getByRole('group', { name: 'Dependency' });
  await bar.getByText('Hose waits for Tank').waitFor();
  await keyboard.press(']');
  await bar.getByText('Valve waits for Hose').waitFor();
  await keyboard.press('[');
  await bar.getByText('Hose waits for Tank').waitFor();
  await keyboard.press('l');
  await page.getByRole('dialog', { name: 'What does Hose wait for?' }).waitFor();
  await keyboard.type('pump');
  await journey.shot('edge-typed');
  await keyboard.press('Enter');
  await expect.poll(edges).toEqual(['Hose → Valve', 'Pump → Hose']);
  await keyboard.press(']');
  await keyboard.press('Delete');
  await expect.poll(async () => (await edges()).length).toBe(1);
  expect(journey.faults).toEqual([]);
});

it('is chosen by a tap, and led elsewhere by a finger', async () => {
  const journey = await open({ size: 'tablet' });
  const { page } = journey;
  const line = await onTheLine(journey);
  await page.touchscreen.tap(line.x, line.y + 6);
  await page.getByRole('group', { name: 'Dependency' }).getByText('Hose waits for Tank').waitFor();
  const end = await middleOf(page.locator('[data-end="first"]'));
  const pump = await middleOf(node(page, 'Pump'));
  await journey.shot('edge-touched');
  await pressAndMove(page, end, { x: pump.x - end.x, y: pump.y - end.y }, 60);
  await expect.poll(edges).toEqual(['Hose → Valve', 'Pump → Hose']);
  await page.getByRole('button', { name: 'Delete the dependency' }).tap();
  await expect.poll(edges).toEqual(['Hose → Valve']);
  expect(journey.faults).toEqual([]);
});
