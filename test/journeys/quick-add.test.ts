// Quick add: plain words become a task where they say, names are completed, a word is taken back, drafts are kept.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { journeyBrowser, type Size } from '../harness/browser.ts';
import { openAs } from '../harness/journey-steps.ts';

let td: TestApp;
const browser = journeyBrowser();
let greenhouse = '';
let pump = '';

beforeAll(async () => {
  td = await testApp();
  await td.user({ username: 'sam', grants: [{ permission: 'write:tasks', project_id: null }] });
});
afterAll(() => td.stop());
beforeEach(async () => {
  for (const { id } of (await td.admin.call('listProjects', {})).data.items)
    await td.admin.call('deleteProject', { params: { id } });
  greenhouse = (await td.admin.call('createProject', { body: { name: 'Greenhouse', status: 'active' } })).data.id;
  const made = await td.admin.call('createComponent', { params: { id: greenhouse }, body: { name: 'Pump' } });
  pump = made.data.id;
});

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Add a task' });
const field = (page: Page) => dialog(page).getByLabel('What is to be done?');
const chips = (page: Page) => dialog(page).getByRole('list', { name: 'Understood' });
const tasks = async (query: Parameters<typeof td.admin.call<'listTasks'>>[1]['query'] = {}) =>
  (await td.admin.call('listTasks', { query })).data.items;

async function begin(page: Page): Promise<void> {
  await page.locator('#content').waitFor();
  await page.keyboard.press('q');
  await field(page).waitFor();
}

it('adds what was written where it says, keeps the place, and undoes it from the notice', async () => {
  const { page, faults, context } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/projects');
  await begin(page);
  await page.keyboard.type('wire sensor tomorrow #gr');
  await dialog(page)
    .getByRole('option', { name: /^Greenhouse/ })
    .waitFor();
  await page.keyboard.press('Tab');
  await expect.poll(() => field(page).inputValue()).toBe('wire sensor tomorrow #Greenhouse ');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('/pu');
  await dialog(page).getByRole('option', { name: /^Pump/ }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => field(page).inputValue()).toBe('wire sensor tomorrow #Greenhouse/Pump ');
  await page.keyboard.type('@sam !2 ~2h');
  for (const words of ['Greenhouse › Pump', 'Tomorrow', 'sam', 'High', '2 h']) {
    await chips(page).getByText(words, { exact: true }).waitFor();
  }
  await page.keyboard.press('Enter');
  const notice = page.getByRole('region', { name: /^Notices/ });
  await notice.getByText('Added to Greenhouse › Pump, due Tomorrow.').waitFor();
  expect(await tasks({ component_id: pump })).toMatchObject([
    { name: 'wire sensor', priority: 2, estimate_minutes: 120, due_is_date: true },
  ]);
  // The next one goes to the same place.
  await expect.poll(() => field(page).inputValue()).toBe('#Greenhouse/Pump ');
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await tasks({ component_id: pump })).length).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
});

it('takes a word back by Backspace, and the server takes it as a word too', async () => {
  const { page, context } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/projects');
  await begin(page);
  await page.keyboard.type('watch the show today');
  await chips(page).getByText('Today').waitFor();
  await page.keyboard.press('Backspace');
  await chips(page).getByText('Today').waitFor({ state: 'detached' });
  expect(await field(page).inputValue()).toBe('watch the show today');
  // A chip's own button does the same for those without a keyboard.
  await page.keyboard.type(' !1');
  await chips(page).getByRole('button', { name: 'Take “!1” as plain words' }).click();
  await chips(page).getByText('Urgent').waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.getByText('Added to your inbox.').first().waitFor();
  expect(await tasks({ inbox: true })).toMatchObject([
    { name: 'watch the show today !1', due_date: null, priority: 0 },
  ]);
  await context.close();
});

it('asks before it makes a project, and says who or what it does not know', async () => {
  const { page, context } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/projects');
  await begin(page);
  await page.keyboard.type('paint it #barn @zoe ');
  await page.keyboard.press('Enter');
  await dialog(page).getByRole('alert').getByText('There is no project called “barn”.').waitFor();
  await dialog(page).getByRole('button', { name: 'Create project “barn”' }).click();
  await chips(page).getByText('New project barn › Unsorted').waitFor();
  await page.keyboard.press('Enter');
  await dialog(page).getByRole('alert').getByText('Nobody is called “zoe”.').waitFor();
  await field(page).fill('paint it #barn @sam ');
  await page.keyboard.press('Enter');
  await page.getByText('Added to barn › Unsorted.').first().waitFor();
  await context.close();
});

it('keeps a draft over Esc and a reload, takes the page’s project, and opens what it added', async () => {
  const { page, context } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/projects');
  await begin(page);
  await page.keyboard.type('half a thought');
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  await page.goto(`/projects/${greenhouse}?component=${pump}`);
  await page.getByRole('complementary', { name: /Pump/ }).waitFor();
  await page.locator('.canvas').click({ position: { x: 40, y: 300 } });
  await begin(page);
  expect(await field(page).inputValue()).toBe('half a thought');
  await chips(page).getByText('Greenhouse › ').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL('**task=*');
  await page.getByRole('complementary').getByText('half a thought').first().waitFor();
  await context.close();
});

it('adds several pasted lines at once, as one change', async () => {
  const { page, context } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/projects');
  await begin(page);
  const lines = ['dig', 'pour', 'wait 2 days', '- frame it #greenhouse', 'glaze', 'wire', 'plant tomorrow'];
  await page.keyboard.insertText(lines.join('\n'));
  await dialog(page).getByRole('button', { name: 'Add 7 tasks' }).click();
  await page.getByText('Added 7 tasks.').first().waitFor();
  const all = [...(await tasks({ inbox: true })), ...(await tasks({ project_id: greenhouse }))].map(({ name }) => name);
  expect(all).toEqual(expect.arrayContaining(['dig', 'pour', 'frame it', 'glaze', 'wire', 'plant']));
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await tasks({ project_id: greenhouse })).length).toBe(0);
  await context.close();
});

describe.each([
  ['desktop', 'dark'],
  ['tablet', 'light'],
  ['phone', 'light'],
] as const)('%s, %s', (size: Size, theme) => {
  it('is there by button, accessibly', async () => {
    const journey = await browser.page({ size, theme, url: td.url });
    const { page } = journey;
    await openAs(page, adminName, '/projects');
    const problems: string[] = [];
    const look = async (name: string) => {
      await journey.shot(name);
      problems.push(...(await journey.axe()).map((problem) => `${name}: ${problem}`));
    };
    await page.getByRole('button', { name: 'Add a task' }).last().click();
    await field(page).waitFor();
    await look('quick-add');
    await field(page).fill('wire the sensor @');
    await dialog(page).getByRole('option').first().waitFor();
    await look('quick-add-names');
    await field(page).fill('wire the sensor #greenhouse/pump tomorrow 6pm @sam !1 ~2h every 2 weeks ');
    await chips(page).getByText('Every 2 weeks').waitFor();
    await look('quick-add-chips');
    await field(page).fill('wire the sensor #barn @zoe ');
    await dialog(page).getByRole('button', { name: 'Add task' }).click();
    await dialog(page).getByRole('alert').getByText('There is no project').waitFor();
    await look('quick-add-unknown');
    expect(problems).toEqual([]);
    expect(journey.faults).toEqual([]);
    await journey.context.close();
  }, 60_000);
});
