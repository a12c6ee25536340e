// The table: cells edited in place by mouse and keys, mistakes said at the cell, many rows changed as one and taken back.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { type JourneyPage, journeyBrowser } from '../harness/browser.ts';
import { openAs } from '../harness/journey-steps.ts';
import { type Workshop, workshop } from '../harness/work-steps.ts';

let td: TestApp;
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
});
afterAll(() => td.stop());

async function open(journey: JourneyPage, shop: Workshop, query = ''): Promise<void> {
  await openAs(journey.page, adminName, `/projects/${shop.id}?view=table${query}`);
  await journey.page.locator('[role=grid], [data-row-list]').waitFor();
}
const row = (journey: JourneyPage, name: string) => journey.page.getByRole('row').filter({ hasText: name });

it('edits cells in place, goes on by Tab, and says at the cell what is wrong', async () => {
  const shop = await workshop(td.admin, ['Cut', 'Glue', 'Paint']);
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await open(journey, shop);
  await row(journey, 'Cut').getByText('Cut').click();
  await page.getByLabel('Name of Cut').fill('Cut the boards');
  await page.keyboard.press('Tab');
  // The next cell is open already: its status.
  await page.getByRole('combobox', { name: 'Status of Cut the boards' }).waitFor();
  await page.keyboard.type('prog');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await shop.task('Cut the boards')).status).toBe('in_progress');
  await page.keyboard.press('End');
  await page.keyboard.press('F2');
  await page.getByLabel('Estimate of Cut the boards').fill('soon');
  await page.keyboard.press('Enter');
  await page.getByText('Write a time like 90m, 2h or 1h30.').waitFor();
  await journey.shot('table-wrong');
  expect(await journey.axe()).toEqual([]);
  await page.getByLabel('Estimate of Cut the boards').fill('1h30');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await shop.task('Cut the boards')).estimate_minutes).toBe(90);
  // Enter went down; Esc leaves a cell as it was.
  await page.keyboard.press('Enter');
  await page.getByLabel('Estimate of Glue').fill('5h');
  await page.keyboard.press('Escape');
  expect((await shop.task('Glue')).estimate_minutes).toBeNull();
  await page.keyboard.press('Home');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByRole('complementary', { name: 'Task Glue' }).waitFor();
  expect(journey.faults).toEqual([]);
});

it('changes many rows as one change, and takes it back', async () => {
  const shop = await workshop(td.admin, ['One', 'Two', 'Three', 'Four'], 'Many');
  const journey = await browser.page({ url: td.url, theme: 'light' });
  const { page } = journey;
  await open(journey, shop);
  await page.getByRole('grid').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('3 selected').waitFor();
  const bar = page.getByRole('toolbar', { name: 'Change the selected rows' });
  await bar.getByRole('button', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Done' }).click();
  await page.getByText('3 tasks set to Done.').first().waitFor();
  await expect.poll(async () => (await shop.columns()).done).toEqual(['One', 'Two', 'Three']);
  await bar.getByRole('button', { name: 'Add a label' }).click();
  await page.keyboard.type('not/ok!');
  await page.keyboard.press('Enter');
  await page.getByText(/^Letters, digits/).waitFor();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('workbench');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await shop.task('Two')).labels).toEqual(['workbench']);
  await journey.shot('table-bulk');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('grid').focus();
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(async () => (await shop.task('Two')).labels).toEqual([]);
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(async () => (await shop.columns()).done).toEqual([]);
  // Everything, deleted and brought back under the same ids.
  const before = (await shop.task('Four')).id;
  await page.keyboard.press('ControlOrMeta+a');
  await page.getByText('4 selected').waitFor();
  await page.keyboard.press('Delete');
  await expect.poll(async () => (await shop.columns()).todo).toEqual([]);
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
  await expect.poll(async () => (await shop.columns()).todo).toEqual(['One', 'Two', 'Three', 'Four']);
  expect((await shop.task('Four')).id).toBe(before);
  expect(journey.faults).toEqual([]);
});

it('groups, folds and sorts, and keeps all of it over a reload', async () => {
  const shop = await workshop(td.admin, ['b', 'c', 'a'], 'Sorted');
  const journey = await browser.page({ url: td.url, size: 'tablet' });
  const { page } = journey;
  await open(journey, shop, '&group=status');
  const names = () => page.locator('[data-row] [aria-colindex="2"]').allTextContents();
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
  await expect.poll(names).toEqual(['a', 'b', 'c']);
  await page.reload();
  await expect.poll(names).toEqual(['a', 'b', 'c']);
  expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending');
  await page.getByRole('grid').focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(names).toEqual([]);
  await page.getByRole('button', { name: /^To do/ }).click();
  await expect.poll(names).toEqual(['a', 'b', 'c']);
  await journey.shot('table-grouped');
  expect(await journey.axe()).toEqual([]);
  expect(journey.faults).toEqual([]);
});

it('is two lines a row on a phone, opened by a tap, selected by its box', async () => {
  const shop = await workshop(td.admin, ['One', 'Two'], 'Small');
  const journey = await browser.page({ url: td.url, size: 'phone', theme: 'light' });
  const { page } = journey;
  await open(journey, shop);
  await page.getByLabel('Select One').tap();
  await page.getByRole('button', { name: 'Status' }).tap();
  await page.getByRole('option', { name: 'Done' }).tap();
  await expect.poll(async () => (await shop.columns()).done).toEqual(['One']);
  await journey.shot('table-phone');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Clear the selection' }).tap();
  await page.getByRole('button', { name: /Two/ }).first().tap();
  await page.getByRole('complementary', { name: 'Task Two' }).waitFor();
  await journey.shot('task-phone');
  expect(await journey.axe()).toEqual([]);
  expect(journey.faults).toEqual([]);
});
