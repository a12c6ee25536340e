// The palette, shortcuts and undo: found by a few letters, done by key, taken back; on every size and in both themes.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { journeyBrowser, type Size } from '../harness/browser.ts';
import { openAs } from '../harness/journey-steps.ts';

let td: TestApp;
const browser = journeyBrowser();
let greenhouse = '';

beforeAll(async () => {
  td = await testApp();
  greenhouse = (await td.admin.call('addExample', {})).data.id;
});
afterAll(() => td.stop());

const palette = (page: Page) => page.getByRole('dialog', { name: 'Search and do' });
const field = (page: Page) => page.getByPlaceholder('Find anything');

async function opened(page: Page): Promise<void> {
  // Keys are listened for once the frame stands.
  await page.locator('#content').waitFor();
  await page.keyboard.press('Control+k');
  await field(page).waitFor();
}

it('finds what there is and opens it where it lives', async () => {
  const { page, faults, context } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/projects');
  await opened(page);
  await page.keyboard.type('drip');
  await palette(page)
    .getByRole('option', { name: /^Drip irrigation/ })
    .waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/projects/${greenhouse}?component=*`);
  await page.getByRole('complementary', { name: /Drip irrigation/ }).waitFor();

  // What was looked at last stands first before anything is typed.
  await page.goto('/profile');
  await page.getByText('This device').waitFor();
  await opened(page);
  await palette(page)
    .getByRole('group', { name: 'Recent' })
    .getByRole('option', { name: /^Drip irrigation/ })
    .waitFor();
  await page.keyboard.press('Escape');

  // A task is opened in its editor.
  await opened(page);
  await page.keyboard.type('emitters');
  await palette(page)
    .getByRole('option', { name: /emitters/ })
    .first()
    .click();
  await page.waitForURL('**task=*');
  expect(faults).toEqual([]);
  await context.close();
});

it('takes what is typed before it is there, on a slow connection too', async () => {
  const { page, faults, context } = await browser.page({ url: td.url });
  await page.route(/\/(palette|quick-add)-[^/]*\.js$/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.continue();
  });
  await openAs(page, adminName, '/projects');
  await page.getByRole('link', { name: 'Greenhouse' }).waitFor();
  await page.keyboard.press('q');
  // N alone would begin a new project.
  await page.keyboard.type('new pumpx');
  await page.keyboard.press('Backspace');
  const quick = page.getByRole('dialog', { name: 'Add a task' }).getByRole('textbox');
  await expect.poll(() => quick.inputValue()).toBe('new pump');
  await quick.fill('');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('new dark');
  await expect.poll(() => field(page).inputValue()).toBe('new dark');
  expect(await page.getByRole('dialog').count()).toBe(1);
  expect(faults).toEqual([]);
  await context.close();
});

it('opens a pasted trace, a pasted change and the number of an event', async () => {
  const made = await td.admin.call('createProject', { body: { name: 'Traced', status: 'active' } });
  const events = async () => (await td.admin.call('listEvents', { query: { entity_id: made.data.id } })).data.items;
  await expect.poll(async () => (await events()).length).toBe(1);
  const [event] = await events();
  if (!event?.change_id) throw new Error('The event names no change');
  const { page, context } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/projects');
  const choose = async (text: string, option: RegExp) => {
    await opened(page);
    await page.keyboard.insertText(text);
    await palette(page).getByRole('option', { name: option }).click();
  };
  await choose(event.trace_id, /Everything with the trace or change/);
  await page.waitForURL(`**/signals/traces/${event.trace_id}`);
  await page.getByRole('list', { name: 'In the order of time' }).getByText('Traced').waitFor();
  await choose(event.change_id, /Everything with the trace or change/);
  await page.waitForURL('**/signals/events?*');
  await page.getByRole('button', { name: `Change is ${event.change_id}` }).waitFor();
  await page.getByRole('list', { name: 'Events, newest first' }).getByText('project_created').waitFor();
  await choose(event.id, new RegExp(`Event ${event.id}$`));
  await page
    .getByRole('complementary', { name: `Event ${event.id}` })
    .getByText(event.trace_id)
    .waitFor();
  await context.close();
});

it('does what can be done: a theme, a page, what the page itself offers', async () => {
  const { page, context } = await browser.page({ url: td.url, theme: 'light' });
  await openAs(page, adminName, '/projects');
  await opened(page);
  await page.keyboard.type('dark th');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark');
  await expect
    .poll(async () => (await td.admin.call('me', {})).data.metadata.preferences)
    .toMatchObject({ theme: 'dark' });
  await opened(page);
  await palette(page).getByRole('option', { name: 'New project' }).first().click();
  await page.getByRole('dialog', { name: 'New project' }).waitFor();
  await page.keyboard.press('Escape');
  await opened(page);
  await page.keyboard.type('my wo');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/my-work');
  await expect.poll(() => page.title()).toBe('My work · TaylorDash');
  await opened(page);
  await page.keyboard.type('nothing of this name');
  await palette(page).getByText('Nothing is called “nothing of this name”.').waitFor();
  await context.close();
});

it('says inside the frame that there is nothing at an address, and leads on from what the rail names', async () => {
  const { page, faults, context, axe, shot } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/projects');
  await page.getByRole('link', { name: 'Greenhouse' }).waitFor();
  await page.goto('/nowhere/at-all');
  await page.getByRole('heading', { name: 'Nothing here' }).waitFor();
  await page.getByRole('navigation').first().waitFor();
  await shot('missing');
  expect(await axe()).toEqual([]);
  await page.goto('/signals');
  await page.waitForURL('**/signals/events');
  await page.goto('/admin');
  await page.waitForURL('**/admin/users');
  expect(faults).toEqual([]);
  await context.close();
});

it('shows all keys, undoes and redoes by key, and leaves single letters alone where they are switched off', async () => {
  const { data } = await td.admin.call('createProject', { body: { name: 'Undone', status: 'active' } });
  const { page, context } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/projects');
  await page.getByRole('link', { name: 'Undone' }).waitFor();
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'All keys' });
  await keys.getByText('New project').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Actions for Undone' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Renamed');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Renamed' }).waitFor();
  const name = async () => (await td.admin.call('getProject', { params: { id: data.id } })).data.name;
  await expect.poll(name).toBe('Renamed');
  await page.keyboard.press('Control+z');
  await page.getByRole('link', { name: 'Undone', exact: true }).waitFor();
  await expect.poll(name).toBe('Undone');
  await page.keyboard.press('Control+Shift+z');
  await page.getByRole('link', { name: 'Renamed' }).waitFor();
  await expect.poll(name).toBe('Renamed');
  // The notice offers it as well.
  await page
    .getByRole('region', { name: /Notices/ })
    .getByRole('button', { name: 'Undo' })
    .last()
    .click();
  await page.getByRole('link', { name: 'Undone', exact: true }).waitFor();

  await page.goto('/profile');
  await page.getByLabel('Keys of a single letter').click();
  await expect.poll(() => page.getByLabel('Keys of a single letter').isChecked()).toBe(false);
  await expect
    .poll(async () => (await td.admin.call('me', {})).data.metadata.preferences)
    .toMatchObject({ single_keys: false });
  await page.goto('/projects');
  await page.getByRole('link', { name: 'Undone', exact: true }).waitFor();
  await page.keyboard.press('n');
  await page.keyboard.press('q');
  await opened(page);
  expect(await page.getByRole('dialog').count()).toBe(1);
  await context.close();
});

describe.each([
  ['desktop', 'dark'],
  ['tablet', 'light'],
  ['phone', 'light'],
] as const)('%s, %s', (size: Size, theme) => {
  it('lies over the page, accessibly', async () => {
    // What was chosen before would stand over the system's theme.
    await td.admin.call('updateMe', { body: { metadata: {} } });
    const journey = await browser.page({ size, theme, url: td.url });
    const { page } = journey;
    await openAs(page, adminName, '/projects');
    const problems: string[] = [];
    const look = async (name: string) => {
      await journey.shot(name);
      problems.push(...(await journey.axe()).map((problem) => `${name}: ${problem}`));
    };
    // By touch from the bar, else from the rail.
    await page.getByRole('button', { name: 'Search' }).last().click();
    await field(page).waitFor();
    await look('palette');
    await field(page).fill('ra');
    await palette(page).getByRole('group', { name: 'Found' }).getByRole('option').first().waitFor();
    await look('palette-found');
    await page.getByRole('button', { name: 'Close' }).click();
    await palette(page).waitFor({ state: 'detached' });
    if (size === 'phone') {
      await page.getByRole('button', { name: 'More' }).last().click();
      await page.getByRole('dialog', { name: 'More' }).waitFor();
      await look('more');
      await page.getByRole('link', { name: 'Profile' }).click();
      await page.waitForURL('**/profile');
    } else {
      await page.keyboard.press('Control+k');
      await field(page).fill('all keys');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'All keys' }).waitFor();
      await look('all-keys');
    }
    expect(problems).toEqual([]);
    expect(journey.faults).toEqual([]);
    await journey.context.close();
  }, 60_000);
});
