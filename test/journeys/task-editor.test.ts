// The task editor: every field, the checklist with its ways to add and move, history, deletion and the way back.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { journeyBrowser } from '../harness/browser.ts';
import { openAs } from '../harness/journey-steps.ts';
import { type Workshop, workshop } from '../harness/work-steps.ts';

let td: TestApp;
let shop: Workshop;
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
  shop = await workshop(td.admin, ['Fit the valve', 'Order the seal']);
  await td.user({ username: 'sam', grants: [{ permission: 'write:tasks', project_id: null }] });
});
afterAll(() => td.stop());

it('changes every field of a task, from where it is listed', async () => {
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await openAs(page, adminName, `/projects/${shop.id}?component=${shop.pump}`);
  await page.getByRole('listitem').filter({ hasText: 'Fit the valve' }).hover();
  await page.getByRole('button', { name: 'Open the task Fit the valve' }).click();
  const editor = page.getByRole('complementary', { name: /^Task / });
  await editor.waitFor();
  const choose = async (field: string, option: string) => {
    await editor.getByRole('button', { name: `Set ${field}: ` }).click();
    await page.getByRole('option', { name: option }).click();
  };
  await choose('status', 'In progress');
  await choose('assignee', 'sam');
  await choose('priority', 'High');
  await choose('repeats', 'Every 2 weeks');
  await editor.getByRole('button', { name: 'Set due: ' }).click();
  await page.getByLabel('Day').fill('2031-05-14');
  await page.getByLabel('Time').fill('18:30');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await editor.getByRole('button', { name: 'Set labels: ' }).click();
  await page.keyboard.type('workbench');
  await page.keyboard.press('Enter');
  await journey.shot('task-labels');
  await page.keyboard.press('Escape');
  await editor.getByLabel('Estimate').fill('2h');
  await page.keyboard.press('Enter');
  await editor.getByLabel('Description').fill('The one by the door');
  await page.keyboard.press('ControlOrMeta+Enter');
  const zone = (await td.admin.call('me', {})).data.time_zone;
  await expect
    .poll(() => shop.task('Fit the valve'))
    .toMatchObject({
      ...{ status: 'in_progress', priority: 2, labels: ['workbench'], estimate_minutes: 120, due_is_date: false },
      repeats: { every: 2, unit: 'week' },
      due_date: zone === 'Europe/Berlin' ? '2031-05-14T16:30:00.000000Z' : '2031-05-14T18:30:00.000000Z',
    });
  await choose('component', 'Frame');
  await expect.poll(async () => (await shop.task('Fit the valve')).component_id).toBe(shop.frame);
  await journey.shot('task-editor');
  expect(await journey.axe()).toEqual([]);
  await editor.getByRole('button', { name: 'History' }).click();
  await editor.getByText('moved Fit the valve to Frame').waitFor();
  await editor.getByText('gave Fit the valve to sam').waitFor();
  await journey.shot('task-history');
  expect(await journey.axe()).toEqual([]);
  expect(journey.faults).toEqual([]);
});

it('keeps a checklist: added, pasted, ticked, moved and deleted', async () => {
  const journey = await browser.page({ url: td.url, theme: 'light' });
  const { page } = journey;
  const { id } = await shop.task('Order the seal');
  await openAs(page, adminName, `/projects/${shop.id}?view=board&of=tasks&task=${id}`);
  const steps = async () =>
    (await shop.task('Order the seal')).checklist.map(({ text, done }) => (done ? `${text} ✓` : text));
  const add = page.getByRole('textbox', { name: 'Add a step' });
  await add.fill('Measure');
  await page.keyboard.press('Enter');
  await expect.poll(steps).toEqual(['Measure']);
  await add.focus();
  await page.evaluate(`(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', '- [ ] Compare prices\\n- [x] Order');
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  })()`);
  await expect.poll(steps).toEqual(['Measure', 'Compare prices', 'Order']);
  await page.getByLabel('Done: Measure').click();
  await expect.poll(steps).toEqual(['Measure ✓', 'Compare prices', 'Order']);
  await page.getByRole('button', { name: /^Move Order: / }).focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(steps).toEqual(['Measure ✓', 'Order', 'Compare prices']);
  await journey.shot('task-checklist');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Delete the step Compare prices' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(steps).toEqual(['Measure ✓', 'Order']);
  expect(journey.faults).toEqual([]);
});

it('shows what others change, and deletes with a way back', async () => {
  const journey = await browser.page({ url: td.url, size: 'phone' });
  const { page } = journey;
  const made = await td.admin.call('createTask', { params: { id: shop.pump }, body: { name: 'Oil the bearing' } });
  await openAs(page, adminName, `/projects/${shop.id}?view=table&of=tasks&task=${made.data.id}`);
  await page.getByRole('complementary', { name: 'Task Oil the bearing' }).waitFor();
  const sam = await td.anonymous.call('login', { body: { username: 'sam', password: 'a long enough passphrase' } });
  await td
    .as(sam.data.token ?? '')
    .call('updateTask', { params: { id: made.data.id }, body: { name: 'Oil both bearings' } });
  await page.getByRole('complementary', { name: 'Task Oil both bearings' }).waitFor();
  await journey.shot('task-phone-live');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Delete task' }).tap();
  const there = () =>
    shop.task('Oil both bearings').then(
      () => true,
      () => false,
    );
  await expect.poll(there).toBe(false);
  await page.getByRole('button', { name: 'Undo', exact: true }).last().tap();
  await expect.poll(there).toBe(true);
  expect((await shop.task('Oil both bearings')).id).toBe(made.data.id);
  await page.goto(`/projects/${shop.id}?view=table&task=00000000-0000-4000-8000-000000000000`);
  await page.getByText('This task is no longer there.').waitFor();
  expect(journey.faults).toEqual([]);
});
