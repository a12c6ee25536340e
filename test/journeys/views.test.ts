// Filters typed and chosen, mistakes said beside, and named views: kept, shared, changed, deleted, brought back.
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
  shop = await workshop(td.admin, ['Cut', 'Glue', 'Paint']);
  const { id } = await shop.task('Glue');
  await td.admin.call('updateTask', { params: { id }, body: { labels: ['two words'], status: 'done' } });
  await td.user({ username: 'vera', grants: [{ permission: 'write:tasks', project_id: null }] });
});
afterAll(() => td.stop());

it('filters by what is typed, with proposals, and by what is chosen; says what is wrong', async () => {
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await openAs(page, adminName, `/projects/${shop.id}?view=table&of=tasks`);
  const rows = () => page.locator('[data-row] [aria-colindex="2"]').allTextContents();
  const filter = page.getByRole('combobox', { name: 'Filter' });
  await filter.click();
  await page.keyboard.type('lab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two');
  await journey.shot('filter-proposals');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  expect(await filter.inputValue()).toBe('label:"two words" ');
  await expect.poll(rows).toEqual(['Glue']);
  await page.keyboard.type('stat:x');
  await page.getByText(/There is no field “stat”/).waitFor();
  await expect.poll(rows).toEqual(['Glue']);
  await page.keyboard.press('Escape');
  await journey.shot('filter-fault');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect.poll(rows).toEqual(['Cut', 'Glue', 'Paint']);
  await page.getByRole('button', { name: 'Add a filter' }).click();
  await page.getByRole('option', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'To do' }).click();
  await page.keyboard.press('Escape');
  await expect.poll(rows).toEqual(['Cut', 'Paint']);
  // The address holds it: it outlives the page, and can be handed on.
  await page.reload();
  await expect.poll(rows).toEqual(['Cut', 'Paint']);
  await page.getByRole('button', { name: /Status is.*todo/ }).click();
  await expect.poll(rows).toEqual(['Cut', 'Glue', 'Paint']);
  expect(journey.faults).toEqual([]);
});

it('keeps a view, shares it, says when it differs, and brings a deleted one back', async () => {
  const journey = await browser.page({ url: td.url, theme: 'light' });
  const { page } = journey;
  await openAs(page, adminName, `/projects/${shop.id}?view=table&of=tasks&filter=status:todo&sort=-name`);
  const picker = page.getByRole('button', { name: /^View: / });
  await picker.click();
  await journey.shot('views-menu');
  await page.getByRole('menuitem', { name: 'Save as a new view' }).click();
  await page.getByLabel('Name of the view').fill('Still to do');
  await page.getByLabel('Everyone may use it').click();
  await journey.shot('views-save');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'View: Still to do', exact: true }).waitFor();
  await page.getByRole('combobox', { name: 'Filter' }).fill('status:done');
  await page.getByRole('button', { name: 'View: Still to do changed' }).waitFor();
  await picker.click();
  await page.getByRole('menuitem', { name: 'Save the changes' }).click();
  await page.getByRole('button', { name: 'View: Still to do', exact: true }).waitFor();
  const layouts = async () => (await td.admin.call('listLayouts', { query: { project_id: shop.id } })).data.items;
  await expect.poll(async () => (await layouts())[0]?.config.filter).toBe('status:done');

  // Somebody else uses it, and cannot change it.
  const other = await browser.page({ url: td.url, size: 'phone' });
  await openAs(other.page, 'vera', `/projects/${shop.id}?view=table`);
  await other.page.getByRole('button', { name: /^View: / }).tap();
  await other.page.getByRole('menuitemcheckbox', { name: 'Still to do' }).tap();
  await expect.poll(() => other.page.locator('[data-row-list] li').allTextContents()).toHaveLength(1);
  await other.page.getByRole('button', { name: /^View: / }).tap();
  await other.page.getByRole('menuitem', { name: 'Save as a new view' }).waitFor();
  expect(await other.page.getByRole('menuitem', { name: 'Delete the view' }).count()).toBe(0);
  await other.shot('views-menu-phone');
  expect(await other.axe()).toEqual([]);

  await picker.click();
  await page.getByRole('menuitem', { name: 'Delete the view' }).click();
  await expect.poll(layouts).toEqual([]);
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
  await expect.poll(async () => (await layouts()).map(({ name }) => name)).toEqual(['Still to do']);
  expect([...journey.faults, ...other.faults]).toEqual([]);
});

it('has views for what is asked daily', async () => {
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await openAs(page, adminName, `/projects/${shop.id}?view=board`);
  await page.getByRole('button', { name: /^View: / }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Ready' }).click();
  // The frame can be started, the pump waits for it.
  await expect.poll(() => page.locator('[data-card-button]').allTextContents()).toHaveLength(1);
  await page.locator('[data-card]').filter({ hasText: 'Frame' }).waitFor();
  expect(page.url()).toContain('saved=ready');
  await page.getByRole('link', { name: 'Table' }).click();
  await page.getByRole('grid').waitFor();
  expect(journey.faults).toEqual([]);
});
