// Several components at once: chosen by band, by Shift and by key; lined up, set, pinned, copied, moved, deleted; each one change that one press takes back.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { type JourneyPage, journeyBrowser } from '../harness/browser.ts';
import { middleOf, node, openAs } from '../harness/journey-steps.ts';

let td: TestApp;
let project_id = '';
const browser = journeyBrowser();
let journey: JourneyPage;

const places = { Tank: [0, 0], Hose: [320, 40], Valve: [700, 200], Filter: [0, 400] } as const;

beforeAll(async () => {
  td = await testApp();
  project_id = (await td.admin.call('createProject', { body: { name: 'Water', status: 'active' } })).data.id;
  const ids = new Map<string, string>();
  for (const [name, [x, y]] of Object.entries(places)) {
    const body = { name, position: { x, y } };
    ids.set(name, (await td.admin.call('createComponent', { params: { id: project_id }, body })).data.id);
  }
  const params = { id: ids.get('Hose') ?? '', depends_on_id: ids.get('Tank') ?? '' };
  await td.admin.call('addDependency', { params });
  journey = await browser.page({ url: td.url });
  await openAs(journey.page, adminName, `/projects/${project_id}`);
  await node(journey.page, 'Tank').waitFor();
  await journey.page.waitForTimeout(300);
});
afterAll(() => td.stop());

async function graph() {
  return (await td.admin.call('projectGraph', { params: { id: project_id } })).data;
}
async function component(name: string) {
  const found = (await graph()).nodes.find((one) => one.name === name);
  if (!found) throw new Error(`There is no component ${name}`);
  return found;
}
const placeOf = async (name: string) => (await component(name)).position;
const bar = () => journey.page.getByRole('group', { name: 'Selection' });
/** Once the change is known here too: the server has it a moment before the page hears so. */
const undo = async () => {
  await journey.page.waitForTimeout(400);
  await journey.page.locator('.canvas').focus();
  await journey.page.keyboard.press('Control+z');
};

it('selects what a band touches, adds and takes away with Shift, and says how many', async () => {
  const { page } = journey;
  const tank = await middleOf(node(page, 'Tank'));
  const hose = await middleOf(node(page, 'Hose'));
  await page.mouse.move(tank.x - 10, tank.y - 80);
  await page.mouse.down();
  await page.mouse.move(hose.x, hose.y, { steps: 6 });
  await journey.shot('canvas-band');
  await page.mouse.up();
  await bar().getByText('2 selected').waitFor();
  await node(page, 'Valve').click({ modifiers: ['Shift'] });
  await bar().getByText('3 selected').waitFor();
  await node(page, 'Tank').click({ modifiers: ['Shift'] });
  await bar().getByText('2 selected').waitFor();
  await journey.shot('canvas-several');
  expect(await journey.axe()).toEqual([]);
  await page.keyboard.press('Escape');
  await bar().waitFor({ state: 'detached' });
  await page.keyboard.press('Control+a');
  await bar().getByText('4 selected').waitFor();
});

it('lines them up and spreads them as one change, which one press takes back', async () => {
  const { page } = journey;
  await page.keyboard.press('Control+a');
  await bar().getByRole('button', { name: 'Align and distribute' }).click();
  await page.getByRole('menuitem', { name: 'Align left' }).waitFor();
  await journey.shot('canvas-align');
  await page.getByRole('menuitem', { name: 'Align left' }).click();
  await expect.poll(async () => (await placeOf('Valve'))?.x).toBe(0);
  expect((await placeOf('Hose'))?.x).toBe(0);
  await undo();
  await expect.poll(() => placeOf('Valve')).toEqual({ x: 700, y: 200 });
  expect(await placeOf('Hose')).toEqual({ x: 320, y: 40 });
  await page.keyboard.press('Control+a');
  await bar().getByRole('button', { name: 'Align and distribute' }).click();
  await page.getByRole('menuitem', { name: 'Distribute down' }).click();
  await expect.poll(async () => (await placeOf('Hose'))?.y).toBe(133);
  await undo();
  await expect.poll(async () => (await placeOf('Hose'))?.y).toBe(40);
});

it('drags all that is selected by one of them, and Esc puts them back', async () => {
  const { page } = journey;
  // The page has what was undone last.
  await expect
    .poll(async () => (await middleOf(node(page, 'Hose'))).y - (await middleOf(node(page, 'Tank'))).y)
    .toBeCloseTo(40);
  await page.keyboard.press('Control+a');
  const from = await middleOf(node(page, 'Hose'));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 60, { steps: 5 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await page.waitForTimeout(200);
  expect(await placeOf('Hose')).toEqual({ x: 320, y: 40 });
  await bar().getByText('4 selected').waitFor();
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 50, from.y + 50, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await placeOf('Hose'))?.x).toBeGreaterThan(320);
  expect((await placeOf('Tank'))?.x).toBeGreaterThan(0);
  await undo();
  await expect.poll(() => placeOf('Tank')).toEqual({ x: 0, y: 0 });
});

it('sets a status for all, asks what blocks them, and pins them', async () => {
  const { page } = journey;
  await page.keyboard.press('Control+a');
  await bar().getByRole('button', { name: 'Set status' }).click();
  await page.getByRole('menuitem', { name: 'Blocked' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('No water yet');
  await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
  await expect
    .poll(async () => (await graph()).nodes.map((one) => one.blocked_reason))
    .toEqual(Array(4).fill('No water yet'));
  await page.getByText('4 components set to blocked.').first().waitFor();
  await undo();
  await expect.poll(async () => (await graph()).nodes.every((one) => one.status === 'pending')).toBe(true);
  await page.getByText('Undone: Set 4 components to blocked').first().waitFor();
  await page.keyboard.press('Shift+P');
  await expect.poll(async () => (await graph()).nodes.every((one) => one.pinned)).toBe(true);
  await bar().getByRole('button', { name: 'Unpin' }).waitFor();
  await page.keyboard.press('Shift+P');
  await expect.poll(async () => (await graph()).nodes.some((one) => one.pinned)).toBe(false);
});

it('copies with the dependencies among them, under free names', async () => {
  const { page } = journey;
  await page.keyboard.press('Escape');
  await node(page, 'Tank').click();
  await node(page, 'Hose').click({ modifiers: ['Shift'] });
  await page.keyboard.press('Control+c');
  await page.getByText('Copied 2 components with 1 dependency').first().waitFor();
  await page.keyboard.press('Control+v');
  await expect
    .poll(async () => (await graph()).nodes.map(({ name }) => name).sort())
    .toEqual(['Filter', 'Hose', 'Hose 2', 'Tank', 'Tank 2', 'Valve']);
  const [tank, hose] = [await component('Tank 2'), await component('Hose 2')];
  expect((await graph()).edges).toContainEqual({ component_id: hose.id, depends_on_id: tank.id });
  expect(tank.position).toEqual({ x: 40, y: 40 });
  // The copies are what is selected now.
  await bar().getByText('2 selected').waitFor();
  await journey.shot('canvas-pasted');
  await page.keyboard.press('Control+d');
  await expect.poll(async () => (await graph()).nodes.length).toBe(8);
  await undo();
  await expect.poll(async () => (await graph()).nodes.length).toBe(6);
});

it('deletes several as one change, after asking, and brings them back under the same ids', async () => {
  const { page } = journey;
  const before = (await graph()).nodes.map(({ id }) => id).sort();
  await page.locator('.canvas').focus();
  await page.keyboard.press('Escape');
  await node(page, 'Tank 2').click();
  await node(page, 'Hose 2').click({ modifiers: ['Shift'] });
  await page.keyboard.press('Delete');
  await page
    .getByRole('dialog', { name: 'Delete 2 components?' })
    .getByRole('button', { name: 'Delete', exact: true })
    .click();
  await expect.poll(async () => (await graph()).nodes.length).toBe(4);
  await page.getByText('Deleted 2 components.').first().waitFor();
  await undo();
  await expect.poll(async () => (await graph()).nodes.map(({ id }) => id).sort()).toEqual(before);
  expect((await graph()).edges).toHaveLength(2);
  expect(journey.faults).toEqual([]);
});
