// My work: the inbox is filed, tasks are ticked, put off and handed over by hand, menu and keys; what others do appears.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../harness/app.ts';
import { journeyBrowser, type Size, timeZone } from '../harness/browser.ts';
import { openAs } from '../harness/journey-steps.ts';

let td: TestApp;
const browser = journeyBrowser();
let project = '';
let pump = '';
let bob: Awaited<ReturnType<TestApp['user']>>;
let runs = 0;
let name = '';

/** A calendar day of the browsers' zone, whose today may be another than that of the machine. */
const day = (from_today: number) => {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(Date.now());
  return new Date(Date.parse(today) + from_today * 86_400_000).toISOString();
};

beforeAll(async () => {
  td = await testApp();
  project = (await td.admin.call('createProject', { body: { name: 'Greenhouse', status: 'active' } })).data.id;
  const component = { name: 'Pump', description: null };
  pump = (await td.admin.call('createComponent', { params: { id: project }, body: component })).data.id;
});
afterAll(() => td.stop());
beforeEach(async () => {
  runs += 1;
  name = `bob${runs}`;
  bob = await td.user({
    username: name,
    grants: [
      { permission: 'write:tasks', project_id: null },
      { permission: 'write:projects', project_id: null },
    ],
  });
});

async function assigned(called: string, due_date: string | null): Promise<string> {
  const body = { name: called, assignee_id: bob.id, due_date, due_is_date: due_date !== null };
  return (await td.admin.call('createTask', { params: { id: pump }, body })).data.id;
}

async function myWork(page: Page): Promise<void> {
  await openAs(page, name, '/projects');
  await page
    .getByRole('link', { name: /^My work/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'My work' }).waitFor();
}

const group = (page: Page, title: string) => page.getByRole('list', { name: title, exact: true });
/** A task's name, under this head. */
const row = (page: Page, title: string, called: string) => group(page, title).getByRole('link', { name: called });

it('teaches while nothing waits', async () => {
  const { page, context } = await browser.page({ url: td.url });
  await myWork(page);
  await page.getByText('Nothing waits for you.').waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Add a task' }).last().click();
  await page.getByRole('dialog', { name: 'Add a task' }).waitFor();
  await context.close();
});

it('sorts by day, ticks, undoes, and follows what others assign', async () => {
  await assigned('Late', day(-2));
  await assigned('Now', day(0));
  await assigned('Some time', null);
  const { page, faults, context } = await browser.page({ url: td.url });
  await myWork(page);
  await row(page, 'Overdue', 'Late').waitFor();
  await row(page, 'Today', 'Now').waitFor();
  await row(page, 'No date', 'Some time').waitFor();
  // A badge says how much waits.
  await page.getByRole('link', { name: 'My work 1 thing waiting for you' }).first().waitFor();

  await page.getByRole('checkbox', { name: 'Done: Late' }).click();
  await page
    .getByRole('region', { name: /^Notices/ })
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect
    .poll(async () => (await bob.client.call('myWork', {})).data.tasks.map((task) => task.name))
    .toContain('Late');
  await row(page, 'Overdue', 'Late').waitFor();

  const live = await assigned('From Ada', day(0));
  await row(page, 'Today', 'From Ada').waitFor();
  await td.admin.call('deleteTask', { params: { id: live } });
  await row(page, 'Today', 'From Ada').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'By project' }).click();
  await row(page, 'Greenhouse', 'Some time').waitFor();
  await page.reload();
  await row(page, 'Greenhouse', 'Some time').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

it('needs no mouse: goes from task to task, puts off, dates, weighs, hands over, deletes', async () => {
  const first = await assigned('First', day(0));
  const second = await assigned('Second', day(0));
  const { page, context } = await browser.page({ url: td.url });
  await myWork(page);
  await row(page, 'Today', 'Second').waitFor();
  const task = async (id: string) => (await td.admin.call('getTask', { params: { id } })).data;
  const focused = () => page.evaluate('document.activeElement.textContent');
  await page.keyboard.press('j');
  expect(await focused()).toBe('First');
  await page.keyboard.press('s');
  await expect.poll(async () => (await task(first)).due_date?.slice(0, 10)).toBe(day(1).slice(0, 10));
  await expect.poll(focused).toBe('Second');
  await page.keyboard.press('p');
  await page.getByRole('combobox', { name: 'Priority of Second' }).waitFor();
  await page.keyboard.type('urg');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await task(second)).priority).toBe(1);
  await expect.poll(focused).toBe('Second');
  await page.keyboard.press('d');
  await page.getByRole('button', { name: 'No date' }).click();
  await expect.poll(async () => (await task(second)).due_date).toBeNull();
  await row(page, 'No date', 'Second').focus();
  await page.keyboard.press('a');
  await page.getByRole('combobox', { name: 'Who does Second?' }).fill('admin');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await task(second)).assignee_id).not.toBe(bob.id);
  await page.getByText('“Second” is admin’s now.').first().waitFor();
  await context.close();
});

it('files from the inbox, edits beside the list, starts what is ready', async () => {
  await bob.client.call('createInboxTask', { body: { name: 'Loose end' } });
  const body = { name: 'Tank', assignee_id: bob.id };
  const tank = (await td.admin.call('createComponent', { params: { id: project }, body })).data.id;
  const { page, context } = await browser.page({ url: td.url });
  await myWork(page);
  await row(page, 'Inbox', 'Loose end').waitFor();
  await page.getByRole('link', { name: 'Loose end' }).click();
  await page.getByRole('complementary', { name: /Loose end/ }).waitFor();
  await page.waitForURL('**/my-work?task=*');
  await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'File Loose end into a component' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Pump' }).click();
  await page.getByText('Filed “Loose end” under Greenhouse › Pump.').first().waitFor();
  await group(page, 'Inbox').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Start Tank' }).click();
  await expect
    .poll(async () => (await td.admin.call('getComponent', { params: { id: tank } })).data.status)
    .toBe('in_progress');
  await context.close();
});

describe.each([
  ['desktop', 'dark'],
  ['tablet', 'light'],
  ['phone', 'light'],
] as const)('%s, %s', (size: Size, theme) => {
  it('stands well, accessibly', async () => {
    await assigned('Order the drip emitters', day(-2));
    await assigned('Measure the north wall, and the south one, before the glass is ordered from the shop', day(0));
    await bob.client.call('createInboxTask', { body: { name: 'Ask about seedlings' } });
    const journey = await browser.page({ size, theme, url: td.url });
    const { page } = journey;
    await myWork(page);
    await row(page, 'Overdue', 'Order the drip').waitFor();
    const problems: string[] = [];
    const look = async (called: string) => {
      await journey.shot(called);
      problems.push(...(await journey.axe()).map((problem) => `${called}: ${problem}`));
      const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
      if (wide === true) problems.push(`${called}: scrolls sideways`);
    };
    await look('my-work-list');
    await page.getByRole('button', { name: 'Actions for Order the drip emitters' }).click();
    await page.getByRole('menuitem', { name: 'Snooze to tomorrow' }).waitFor();
    await look('my-work-menu');
    await page.getByRole('menuitem', { name: 'Due' }).click();
    await page.getByRole('button', { name: 'Tomorrow' }).waitFor();
    await look('my-work-due');
    expect(problems).toEqual([]);
    expect(journey.faults).toEqual([]);
    await journey.context.close();
  }, 60_000);
});
