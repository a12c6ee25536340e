// The board: cards carried by mouse, keys, finger and menu, sorted by hand, taken back; blocking asks for its reason.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { type JourneyPage, journeyBrowser } from '../harness/browser.ts';
import { middleOf, openAs, pressAndMove } from '../harness/journey-steps.ts';
import { focused, type Workshop, workshop } from '../harness/work-steps.ts';

let td: TestApp;
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
});
afterAll(() => td.stop());

async function open(journey: JourneyPage, shop: Workshop, query = ''): Promise<void> {
  await openAs(journey.page, adminName, `/projects/${shop.id}?view=board${query}`);
  await journey.page.locator('[data-card]').first().waitFor();
}
const card = (journey: JourneyPage, name: string) => journey.page.locator('[data-card]').filter({ hasText: name });
const column = (journey: JourneyPage, name: string) =>
  journey.page.locator('[data-column]').filter({ has: journey.page.getByRole('heading', { name }) });

async function drag(journey: JourneyPage, name: string, to: { x: number; y: number }, release = true): Promise<void> {
  const from = await middleOf(card(journey, name));
  await journey.page.mouse.move(from.x, from.y);
  await journey.page.mouse.down();
  await journey.page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 });
  await journey.page.mouse.move(to.x, to.y, { steps: 5 });
  if (release) await journey.page.mouse.up();
}

it('carries cards by mouse, sorts them by hand, and takes both back', async () => {
  const shop = await workshop(td.admin, ['Cut', 'Glue', 'Paint']);
  const journey = await browser.page({ url: td.url });
  await open(journey, shop);
  const target = await middleOf(column(journey, 'In progress'));
  await drag(journey, 'Glue', target, false);
  await journey.shot('board-drag');
  // Esc gives it back before it is dropped.
  await journey.page.keyboard.press('Escape');
  await journey.page.mouse.up();
  expect((await shop.columns()).todo).toEqual(['Cut', 'Glue', 'Paint']);
  await drag(journey, 'Glue', target);
  await expect.poll(shop.columns).toEqual({ todo: ['Cut', 'Paint'], in_progress: ['Glue'], done: [] });
  await journey.page.getByText('Moved “Glue” to In progress.').first().waitFor();
  expect(journey.page.url()).not.toContain('task=');
  await journey.page.getByRole('button', { name: 'Undo', exact: true }).last().click();
  await expect.poll(shop.columns).toEqual({ todo: ['Cut', 'Glue', 'Paint'], in_progress: [], done: [] });
  // The page hears of it as well; until then its cards would move under the mouse.
  await column(journey, 'To do').locator('[data-card]').nth(2).waitFor();

  const first = await middleOf(card(journey, 'Cut'));
  await drag(journey, 'Paint', { x: first.x, y: first.y - 40 });
  await expect.poll(async () => (await shop.columns()).todo).toEqual(['Paint', 'Cut', 'Glue']);
  await journey.page.keyboard.press('ControlOrMeta+z');
  await expect.poll(async () => (await shop.columns()).todo).toEqual(['Cut', 'Glue', 'Paint']);
  expect(await journey.axe()).toEqual([]);
  expect(journey.faults).toEqual([]);
});

it('does the same by keys alone, and keeps the focus on the card', async () => {
  const shop = await workshop(td.admin, ['Cut', 'Glue', 'Paint'], 'By keys');
  const journey = await browser.page({ url: td.url, theme: 'light' });
  await open(journey, shop);
  const { keyboard } = journey.page;
  await journey.page.locator('[data-card-button][tabindex="0"]').focus();
  await keyboard.press('ArrowDown');
  await expect.poll(() => focused(journey.page)).toContain('Glue');
  await keyboard.press('Space');
  await journey.page.getByText('Glue lifted. To do, place 2 of 3.').waitFor({ state: 'attached' });
  await keyboard.press('ArrowUp');
  await journey.page.getByText('To do, place 1 of 3.').waitFor({ state: 'attached' });
  await keyboard.press('Escape');
  await journey.page.getByText('Glue is back where it was.').waitFor({ state: 'attached' });
  await keyboard.press('Space');
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowRight');
  await journey.shot('board-lifted');
  await keyboard.press('Enter');
  await expect.poll(shop.columns).toEqual({ todo: ['Cut', 'Paint'], in_progress: [], done: ['Glue'] });
  await expect.poll(() => focused(journey.page)).toContain('Glue');
  await keyboard.press('Enter');
  await journey.page.getByRole('complementary', { name: 'Task Glue' }).waitFor();
  await keyboard.press('Escape');
  expect(await journey.axe()).toEqual([]);
  expect(journey.faults).toEqual([]);
});

it('carries a card under a finger after a press, and by its menu', async () => {
  const shop = await workshop(td.admin, ['Cut', 'Glue'], 'By touch');
  const journey = await browser.page({ url: td.url, size: 'tablet', theme: 'light' });
  await open(journey, shop);
  const from = await middleOf(card(journey, 'Cut'));
  const to = await middleOf(journey.page.locator('[data-column="1"]'));
  // Without the press it is no carrying.
  await pressAndMove(journey.page, from, { x: to.x - from.x, y: 20 }, 40);
  await journey.page.waitForTimeout(300);
  expect((await shop.columns()).todo).toEqual(['Cut', 'Glue']);
  await pressAndMove(journey.page, from, { x: to.x - from.x, y: 20 }, 500);
  await expect.poll(async () => (await shop.columns()).in_progress).toEqual(['Cut']);
  await journey.page.getByRole('button', { name: 'Move Glue' }).click();
  await journey.page.getByRole('menuitemcheckbox', { name: 'Done' }).click();
  await expect.poll(async () => (await shop.columns()).done).toEqual(['Glue']);
  await journey.shot('board-touch');
  expect(await journey.axe()).toEqual([]);
  expect(journey.faults).toEqual([]);
});

it('shows one column at a time on a phone, makes cards there, and asks what blocks a component', async () => {
  const shop = await workshop(td.admin, ['Cut'], 'On a phone');
  const journey = await browser.page({ url: td.url, size: 'phone' });
  const { page } = journey;
  await open(journey, shop);
  await page.getByRole('button', { name: /^Done/ }).tap();
  await page.getByLabel('Add to Done').fill('Swept the floor');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await shop.columns()).done).toEqual(['Swept the floor']);
  await page.getByRole('button', { name: 'Components' }).tap();
  await page.getByRole('button', { name: 'Move Pump' }).tap();
  await page.getByRole('menuitemcheckbox', { name: 'Blocked' }).tap();
  await page.getByRole('dialog').getByLabel('Reason').fill('No seal');
  await journey.shot('board-blocked');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Mark as blocked' }).tap();
  const pump = async () => (await td.admin.call('getComponent', { params: { id: shop.pump } })).data;
  await expect.poll(async () => (await pump()).blocked_reason).toBe('No seal');
  expect((await pump()).status).toBe('blocked');
  await journey.shot('board-phone');
  expect(journey.faults).toEqual([]);
});
