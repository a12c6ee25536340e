// The profile: looks and time follow the person to every device, sessions are seen and ended.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp, testPassword } from '../harness/app.ts';
import { journeyBrowser, type Size } from '../harness/browser.ts';
import { signIn } from '../harness/journey-steps.ts';

let td: TestApp;
const browser = journeyBrowser();
let cleo: Awaited<ReturnType<TestApp['user']>>;
beforeAll(async () => {
  td = await testApp();
  cleo = await td.user({ username: 'cleo' });
});
afterAll(() => td.stop());

const me = async () => (await cleo.client.call('me', {})).data;

it('takes the browser’s time zone where nobody chose one, and never again', async () => {
  const { page, context } = await browser.page({ url: td.url });
  await signIn(page, 'cleo');
  await expect.poll(async () => (await me()).time_zone).toBe('Europe/Berlin');
  await page.goto('/profile');
  await page.getByRole('button', { name: 'Time zone: Europe/Berlin' }).click();
  await page.getByRole('combobox', { name: 'Search cities and zones' }).fill('utc');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await me()).time_zone).toBe('UTC');
  await page.reload();
  await page.getByRole('button', { name: 'Time zone: UTC' }).waitFor();
  await page.getByText('This device is in Europe/Berlin.').waitFor();
  expect((await me()).time_zone).toBe('UTC');
  await context.close();
});

it('keeps theme, rows, week and start page with the person, so that another device has them at its first paint', async () => {
  const first = await browser.page({ url: td.url, theme: 'dark' });
  await signIn(first.page, 'cleo');
  await first.page.goto('/profile');
  await first.page.getByRole('button', { name: 'Light' }).click();
  await first.page.getByRole('button', { name: 'Compact' }).click();
  await first.page.getByLabel('Week begins on').selectOption('Sunday');
  await first.page.getByLabel('Open first').selectOption('My work');
  await expect.poll(me).toMatchObject({
    week_start: 7,
    default_view: 'my_work',
    metadata: { preferences: { theme: 'light', density: 'compact' } },
  });
  await first.context.close();

  const second = await browser.page({ url: td.url, theme: 'dark' });
  await second.page.goto('/login');
  await second.page.getByLabel('User name').fill('cleo');
  await second.page.getByLabel('Password', { exact: true }).fill(testPassword);
  await second.page.keyboard.press('Enter');
  await second.page.waitForURL('**/my-work');
  const html = second.page.locator('html');
  await expect.poll(() => html.getAttribute('data-theme')).toBe('light');
  await expect.poll(() => html.getAttribute('data-density')).toBe('compact');
  // Before any of the app's own script has run.
  await second.page.route('**/assets/*.js', (route) => route.abort());
  await second.page.reload({ waitUntil: 'domcontentloaded' });
  expect(await html.getAttribute('data-theme')).toBe('light');
  expect(await html.getAttribute('data-density')).toBe('compact');
  await second.context.close();
});

it('changes the password, and ends a session that is not known', async () => {
  const { page, context } = await browser.page({ url: td.url });
  await signIn(page, 'cleo').catch(() => {});
  await page.goto('/profile');
  const sessions = page.getByRole('list', { name: 'Signed in on' });
  await sessions.getByText('This device').waitFor();
  await page.getByRole('button', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change password' });
  await dialog.getByLabel('Present password').fill('not this one');
  await dialog.getByLabel('New password').fill('another long passphrase');
  await dialog.getByLabel('Sign out everywhere else').uncheck();
  await dialog.getByRole('button', { name: 'Change password' }).click();
  await dialog.getByText('This is not your present password.').waitFor();
  await page.keyboard.press('Escape');
  // The client of the test signed in without a browser.
  const other = sessions.getByRole('listitem').filter({ hasText: /node/ }).first();
  await other.getByRole('button', { name: /^End the session/ }).click();
  await page
    .getByText(/^The session on node has ended/)
    .first()
    .waitFor();
  await expect.poll(async () => (await td.raw('/api/v1/auth/me', { token: cleo.token })).status).toBe(401);
  await context.close();
});

describe.each([
  ['desktop', 'light'],
  ['tablet', 'dark'],
  ['phone', 'light'],
] as const)('%s, %s', (size: Size, theme) => {
  it('stands well, accessibly', async () => {
    await td.user({ username: `dora-${size}-${theme}` });
    const journey = await browser.page({ size, theme, url: td.url });
    const { page } = journey;
    await signIn(page, `dora-${size}-${theme}`);
    await page.goto('/profile');
    await page.getByText('This device').waitFor();
    const problems: string[] = [];
    const look = async (name: string) => {
      await journey.shot(name);
      problems.push(...(await journey.axe()).map((problem) => `${name}: ${problem}`));
      const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
      if (wide === true) problems.push(`${name}: scrolls sideways`);
    };
    await look('profile-page');
    await page.getByRole('button', { name: /^Time zone/ }).click();
    await page.getByRole('combobox', { name: 'Search cities and zones' }).fill('york');
    await look('profile-zone');
    expect(problems).toEqual([]);
    expect(journey.faults).toEqual([]);
    await journey.context.close();
  }, 60_000);
});
