// Two people on one project at once, and one of them without a connection for a while.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { type JourneyPage, journeyBrowser } from '../harness/browser.ts';
import { node, signIn } from '../harness/journey-steps.ts';

let td: TestApp;
let project_id = '';
let component_id = '';
let ada: JourneyPage;
let sam: JourneyPage;
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
  await td.user({
    username: 'sam',
    grants: [
      { permission: 'write:projects', project_id: null },
      { permission: 'write:tasks', project_id: null },
    ],
  });
  ada = await browser.page({ url: td.url });
  sam = await browser.page({ url: td.url, size: 'phone', theme: 'light' });
  await signIn(ada.page, adminName);
  await signIn(sam.page, 'sam');
});
afterAll(() => td.stop());
beforeEach(async () => {
  project_id = (await td.admin.call('createProject', { body: { name: 'Workshop', status: 'active' } })).data.id;
  const body = { name: 'Pump', description: 'As it came', position: { x: 0, y: 0 } };
  component_id = (await td.admin.call('createComponent', { params: { id: project_id }, body })).data.id;
  for (const { page, context } of [ada, sam]) {
    await context.setOffline(false);
    await page.goto(`/projects/${project_id}?component=${component_id}`);
    await description(page).waitFor();
  }
  // What lies ahead is loaded at the first sign of a hand: without a connection it could not be.
  await ada.page.mouse.move(5, 5);
  await ada.page.waitForTimeout(2500);
});

const description = (page: Page) => page.getByLabel('Description');
const addTask = (page: Page) => page.getByLabel('Add a task, Enter for the next');
const component = async () => (await td.admin.call('getComponent', { params: { id: component_id } })).data;
const taskNames = async () =>
  (await td.admin.call('listComponentTasks', { params: { id: component_id } })).data.items.map(({ name }) => name);
const graphEvents = async () => (await td.admin.call('listEvents', { query: { project_id, limit: 100 } })).data.items;

it('shows another’s change with who made it, and merges what is edited field by field', async () => {
  await description(ada.page).fill('Needs a new seal');
  const name = sam.page.getByRole('textbox', { name: 'Name', exact: true });
  await name.fill('Water pump');
  await name.press('Enter');
  await ada.page.getByRole('complementary').getByText('sam', { exact: true }).first().waitFor();
  await node(ada.page, 'Water pump').waitFor();
  await ada.shot('live-named');
  // What is being typed stays, and is saved beside the other's change without a question.
  expect(await description(ada.page).inputValue()).toBe('Needs a new seal');
  await ada.page.keyboard.press('Control+Enter');
  await expect.poll(async () => (await component()).description).toBe('Needs a new seal');
  expect((await component()).name).toBe('Water pump');
  expect(await ada.page.getByRole('dialog').count()).toBe(0);
});

it('keeps what is changed without a connection, and sends it once', async () => {
  const { page, context } = ada;
  await context.setOffline(true);
  await addTask(page).fill('Order the seal');
  await addTask(page).press('Enter');
  await addTask(page).fill('Fit the seal');
  await addTask(page).press('Enter');
  await page.getByRole('checkbox', { name: 'Done: Order the seal' }).click();
  await description(page).fill('Waits for a seal');
  await page.keyboard.press('Control+Enter');
  // All of it shows although nobody else knows of it.
  await page.getByRole('status').getByText('4 changes wait and are sent when it is back.').waitFor();
  await ada.shot('offline');
  expect(await ada.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Look' }).click();
  const dialog = page.getByRole('dialog', { name: 'Changes on their way' });
  await dialog.getByText('Add Order the seal').waitFor();
  await ada.shot('offline-list');
  expect(await ada.axe()).toEqual([]);
  await page.keyboard.press('Escape');
  expect(await taskNames()).toEqual([]);
  await context.setOffline(false);
  await expect.poll(taskNames, { timeout: 20_000 }).toEqual(['Order the seal', 'Fit the seal']);
  await expect.poll(async () => (await component()).description).toBe('Waits for a seal');
  await page.getByText('is back').waitFor({ state: 'detached' });
  const kinds = (await graphEvents()).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'task_created')).toHaveLength(2);
  expect(kinds.filter((kind) => kind === 'task_completed')).toHaveLength(1);
  await sam.page.getByRole('checkbox', { name: 'Done: Order the seal' }).waitFor();
});

it('asks where somebody changed the same while one was away, and says what was refused for good', async () => {
  const { page, context } = ada;
  await context.setOffline(true);
  await description(page).fill('Mine, while away');
  await page.keyboard.press('Control+Enter');
  await addTask(page).fill('Lost with it');
  await addTask(page).press('Enter');
  await page.getByText('2 changes wait').waitFor();
  await td.admin.call('updateComponent', { params: { id: component_id }, body: { description: 'Theirs meanwhile' } });
  await context.setOffline(false);
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Theirs meanwhile').waitFor({ timeout: 20_000 });
  expect((await component()).description).toBe('Theirs meanwhile');
  await dialog.getByText('Mine, while away').click();
  await dialog.getByRole('button', { name: 'Keep these' }).click();
  await expect.poll(async () => (await component()).description).toBe('Mine, while away');
  await expect.poll(taskNames).toEqual(['Lost with it']);
  // Away again; meanwhile the component is deleted.
  await context.setOffline(true);
  await addTask(page).fill('Nobody will have this');
  await addTask(page).press('Enter');
  await page.getByText('1 change waits').waitFor();
  await td.admin.call('deleteComponent', { params: { id: component_id } });
  await context.setOffline(false);
  await page.getByText('1 change could not be saved.').waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Look' }).click();
  await page.getByRole('dialog').getByText('Add Nobody will have this').waitFor();
  await ada.shot('refused');
  expect(await ada.axe()).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await page.getByText('Everything is saved.').waitFor();
  await page.keyboard.press('Escape');
});

it('keeps a text that was being typed over a reload', async () => {
  const { page } = ada;
  await description(page).fill('Half a thought');
  await page.reload();
  await expect.poll(() => description(page).inputValue()).toBe('Half a thought');
  await page.getByText('Not saved yet.').waitFor();
  await ada.shot('draft');
  expect(await ada.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(async () => (await component()).description).toBe('Half a thought');
  await page.getByText('Not saved yet.').waitFor({ state: 'detached' });
});

it('asks before undoing over what somebody changed since', async () => {
  const { page } = ada;
  await description(page).fill('First words');
  await page.keyboard.press('Control+Enter');
  await expect.poll(async () => (await component()).description).toBe('First words');
  // Sam has seen it: who writes over what arrived meanwhile is asked.
  await expect.poll(() => description(sam.page).inputValue()).toBe('First words');
  await description(sam.page).fill('Better words');
  await sam.page.keyboard.press('Control+Enter');
  await expect.poll(() => description(page).inputValue()).toBe('Better words');
  await page.keyboard.press('Control+z');
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^sam set this to “Better words” at \d\d:\d\d\.$/).waitFor();
  await ada.shot('undo-question');
  expect(await ada.axe()).toEqual([]);
  await dialog.getByRole('button', { name: 'Undo anyway' }).click();
  await expect.poll(async () => (await component()).description).toBe('As it came');
  await expect.poll(() => description(page).inputValue()).toBe('As it came');
  expect([...ada.faults, ...sam.faults]).toEqual([]);
});
