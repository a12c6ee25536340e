// Activity: what was changed, in words; new entries on top as they happen; filtered by person; taken back and done again.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { journeyBrowser } from '../harness/browser.ts';
import { openAs } from '../harness/journey-steps.ts';
import { type Workshop, workshop } from '../harness/work-steps.ts';

let td: TestApp;
let shop: Workshop;
let sam: Awaited<ReturnType<TestApp['user']>>;
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
  shop = await workshop(td.admin, ['Cut', 'Glue']);
  sam = await td.user({
    username: 'sam',
    grants: [
      { permission: 'write:tasks', project_id: null },
      { permission: 'write:projects', project_id: null },
    ],
  });
  const pump = { params: { id: shop.pump } };
  await sam.client.call('updateComponent', { ...pump, body: { status: 'in_progress' } });
  await sam.client.call('updateComponent', { ...pump, body: { due_on: '2031-05-03' } });
  await sam.client.call('updateComponent', { ...pump, body: { due_on: '2031-05-05' } });
});
afterAll(() => td.stop());

it('tells changes in words, takes one back and does it again', async () => {
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await openAs(page, adminName, `/projects/${shop.id}?view=activity`);
  const list = page.getByRole('list', { name: /^What was changed in Workshop/ });
  const first = list.getByRole('listitem').first();
  await first.getByText('moved the due date of Pump from 3 May 2031 to 5 May 2031').waitFor();
  await list.getByText('set Pump to in progress').waitFor();
  await list.getByText('let Pump wait for Frame').first().waitFor();
  await journey.shot('activity');
  expect(await journey.axe()).toEqual([]);

  // What somebody does now appears on top by itself.
  const { id } = await shop.task('Cut');
  await sam.client.call('updateTask', { params: { id }, body: { status: 'done' } });
  await first.getByText(/finished Cut/).waitFor();
  await first.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await shop.task('Cut')).status).toBe('todo');
  await first.getByText('took back:').waitFor();
  const undone = list.getByRole('listitem').nth(1);
  await undone.getByText('Undone').waitFor();
  await journey.shot('activity-undone');
  expect(await journey.axe()).toEqual([]);
  await undone.getByRole('button', { name: 'Redo' }).click();
  await expect.poll(async () => (await shop.task('Cut')).status).toBe('done');

  await page.getByLabel('By').selectOption({ label: 'sam' });
  await expect
    .poll(() => list.getByRole('listitem').allTextContents())
    .not.toContainEqual(expect.stringContaining('made this project'));
  await first.getByText(/sam/).waitFor();
  expect(page.url()).toContain('by=');
  expect(journey.faults).toEqual([]);
});

it('asks before it takes back what somebody changed since', async () => {
  const journey = await browser.page({ url: td.url, size: 'tablet', theme: 'light' });
  const { page } = journey;
  await openAs(page, adminName, `/projects/${shop.id}?view=activity`);
  const older = page.getByRole('listitem').filter({ hasText: 'set the due date of Pump to 3 May 2031' });
  await older.getByRole('button', { name: 'Undo' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/sam set this to/).waitFor();
  await journey.shot('activity-conflict');
  expect(await journey.axe()).toEqual([]);
  await dialog.getByRole('button', { name: 'Undo anyway' }).click();
  const due = async () => (await td.admin.call('getComponent', { params: { id: shop.pump } })).data.due_on;
  await expect.poll(due).toBeNull();
  expect(journey.faults).toEqual([]);
});

it('is the history of one component in its panel, on a phone as well', async () => {
  const journey = await browser.page({ url: td.url, size: 'phone' });
  const { page } = journey;
  await openAs(page, adminName, `/projects/${shop.id}?view=outline&component=${shop.pump}`);
  await page.getByRole('button', { name: 'History' }).tap();
  await page.getByText('set Pump to in progress').waitFor();
  await journey.shot('history-phone');
  expect(await journey.axe()).toEqual([]);
  await page.goto(`/projects/${shop.id}?view=activity`);
  await page.getByText('set Pump to in progress').waitFor();
  await journey.shot('activity-phone');
  expect(await journey.axe()).toEqual([]);
  expect(journey.faults).toEqual([]);
});
