// The canvas without a mouse: by keyboard alone, and by touch.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { type JourneyPage, journeyBrowser } from '../harness/browser.ts';
import { middleOf, node, openAs, pressAndMove } from '../harness/journey-steps.ts';

let td: TestApp;
let project_id = '';
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
  project_id = (await td.admin.call('createProject', { body: { name: 'Workshop', status: 'active' } })).data.id;
});
afterAll(() => td.stop());

async function graph(): Promise<{ names: string[]; edges: string[] }> {
  const { nodes, edges } = (await td.admin.call('projectGraph', { params: { id: project_id } })).data;
  const name = (id: string) => nodes.find((one) => one.id === id)?.name;
  return {
    names: nodes.map((one) => one.name).sort(),
    edges: edges.map((edge) => `${name(edge.depends_on_id)} → ${name(edge.component_id)}`).sort(),
  };
}

async function open(journey: JourneyPage): Promise<void> {
  await openAs(journey.page, adminName, `/projects/${project_id}`);
  await journey.page.locator('.canvas').waitFor();
}

it('makes, links, renames, opens, moves and deletes components by keyboard alone', async () => {
  const journey = await browser.page({ url: td.url });
  const { keyboard } = journey.page;
  await open(journey);
  const type = async (name: string) => {
    await journey.page.getByLabel('Name of the component').waitFor();
    await expect.poll(() => journey.page.evaluate('document.activeElement?.tagName')).toBe('INPUT');
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type(name);
    await keyboard.press('Enter');
    await node(journey.page, name).and(journey.page.locator('.selected')).waitFor();
  };
  await keyboard.press('c');
  await type('Frame');
  await keyboard.press('Control+ArrowRight');
  await type('Wiring');
  await keyboard.press('Control+ArrowDown');
  await type('Glazing');
  await expect.poll(graph).toEqual({
    names: ['Frame', 'Glazing', 'Wiring'],
    edges: ['Frame → Glazing', 'Frame → Wiring'],
  });
  await keyboard.press('l');
  await journey.page.getByPlaceholder('Type a name').waitFor();
  await keyboard.type('frame');
  await journey.page.getByText(/^Closes a loop/).waitFor();
  await journey.shot('link-loop');
  await keyboard.press('ControlOrMeta+A');
  await keyboard.type('wir');
  await keyboard.press('Enter');
  await expect.poll(async () => (await graph()).edges).toContain('Glazing → Wiring');
  await keyboard.press('F2');
  await type('Glass');
  await expect.poll(async () => (await graph()).names).toEqual(['Frame', 'Glass', 'Wiring']);
  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('ArrowLeft');
  await node(journey.page, 'Frame').and(journey.page.locator('.selected')).waitFor();
  await keyboard.press('Enter');
  await journey.page.getByRole('complementary', { name: 'Component Frame' }).waitFor();
  await keyboard.press('Escape');
  await journey.page.getByRole('complementary', { name: 'Component Frame' }).waitFor({ state: 'detached' });
  await keyboard.press('ArrowRight');
  await keyboard.press('Delete');
  await journey.page.getByRole('dialog').waitFor();
  await journey.shot('component-delete');
  await journey.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).focus();
  await keyboard.press('Enter');
  await expect.poll(async () => (await graph()).names.length).toBe(2);
  await keyboard.press('?');
  await journey.page.getByRole('dialog', { name: 'All keys' }).waitFor();
  await journey.shot('keys');
  expect(await journey.axe()).toEqual([]);
  expect(journey.faults).toEqual([]);
});

it('connects by tapping a port and then the target, and lifts by a long press', async () => {
  const names = ['Tank', 'Hose'];
  for (const [index, name] of names.entries()) {
    const body = { name, position: { x: index * 320, y: 400 } };
    await td.admin.call('createComponent', { params: { id: project_id }, body });
  }
  const journey = await browser.page({ url: td.url, size: 'tablet', theme: 'light' });
  const { page } = journey;
  await open(journey);
  await node(page, 'Tank').waitFor();
  await page.waitForTimeout(300);
  const port = await middleOf(node(page, 'Tank').locator('.react-flow__handle-right'));
  await page.touchscreen.tap(port.x, port.y);
  await page.getByText('Tank comes first. Choose what waits for it.').waitFor();
  await journey.shot('touch-connect');
  const target = await middleOf(node(page, 'Hose'));
  await page.touchscreen.tap(target.x, target.y);
  await expect.poll(async () => (await graph()).edges).toContain('Tank → Hose');

  const place = async () =>
    (await td.admin.call('projectGraph', { params: { id: project_id } })).data.nodes.find(({ name }) => name === 'Tank')
      ?.position;
  const before = await place();
  const tank = await middleOf(node(page, 'Tank'));
  // A short touch pans the canvas under the finger and moves nothing on it.
  await pressAndMove(page, tank, { x: 0, y: -60 }, 40);
  await page.waitForTimeout(300);
  expect(await place()).toEqual(before);
  const again = await middleOf(node(page, 'Tank'));
  expect(Math.abs(again.y - tank.y)).toBeGreaterThan(30);
  await pressAndMove(page, again, { x: 0, y: 90 }, 450);
  await expect.poll(async () => (await place())?.y ?? 0).toBeGreaterThan((before?.y ?? 0) + 40);
  await journey.shot('touch-lifted');
  expect(journey.faults).toEqual([]);
});
