// Two people on one canvas: what one changes stays as it is under the other's pointer and in their hand, says so, and shows when it is let go.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { journeyBrowser } from '../harness/browser.ts';
import { middleOf, node, openAs } from '../harness/journey-steps.ts';

let td: TestApp;
let project_id = '';
let pump = '';
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
  project_id = (await td.admin.call('createProject', { body: { name: 'Water', status: 'active' } })).data.id;
  const make = async (name: string, x: number) =>
    (await td.admin.call('createComponent', { params: { id: project_id }, body: { name, position: { x, y: 0 } } })).data
      .id;
  pump = await make('Pump', 0);
  await make('Tank', 400);
});
afterAll(() => td.stop());

it('holds still what is under the pointer and in the hand, counts what waits, and shows it afterwards', async () => {
  const { client: vera } = await td.user({
    username: 'vera',
    grants: [{ permission: 'write:projects', project_id: null }],
  });
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await openAs(page, adminName, `/projects/${project_id}`);
  await node(page, 'Pump').waitFor();
  await page.waitForTimeout(500);
  const place = async () => (await node(page, 'Pump').boundingBox())?.x ?? 0;
  const before = await place();
  const over = await middleOf(node(page, 'Pump'));
  await page.mouse.move(over.x, over.y);
  const moveTo = (x: number) =>
    vera.call('moveComponents', { body: { project_id, positions: [{ id: pump, position: { x, y: 200 } }] } });
  await moveTo(40);
  await moveTo(80);
  await node(page, 'Pump').getByText('2 updates').waitFor();
  expect(await place()).toBe(before);
  await journey.shot('held-updates');
  await page.mouse.move(over.x, over.y + 300);
  await expect.poll(place).toBeGreaterThan(before + 40);
  expect(await node(page, 'Pump').getByText('2 updates').count()).toBe(0);

  const again = await middleOf(node(page, 'Pump'));
  await page.mouse.move(again.x, again.y);
  await page.mouse.down();
  await page.mouse.move(again.x + 60, again.y, { steps: 4 });
  const carried = await place();
  await moveTo(900);
  await node(page, 'Pump').getByText('1 update').waitFor();
  expect(await place()).toBe(carried);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await page.mouse.move(again.x, again.y + 300);
  await expect.poll(place).toBeGreaterThan(carried);
  expect(journey.faults).toEqual([]);
});

it('names who changed something, for a moment', async () => {
  const journey = await browser.page({ url: td.url, size: 'tablet', theme: 'light' });
  const { page } = journey;
  await openAs(page, adminName, `/projects/${project_id}`);
  await node(page, 'Tank').waitFor();
  await page.waitForTimeout(500);
  const other = await browser.page({ url: td.url });
  await openAs(other.page, 'vera', `/projects/${project_id}`);
  await node(other.page, 'Tank').click();
  await other.page.keyboard.press('F2');
  await other.page.getByLabel('Name of the component').fill('Cistern');
  await other.page.keyboard.press('Enter');
  await node(page, 'Cistern').getByText('vera').waitFor();
  await journey.shot('named-change');
  await node(page, 'Cistern').getByText('vera').waitFor({ state: 'detached' });
});
