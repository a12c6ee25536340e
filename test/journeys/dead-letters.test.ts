// The dead letters workbench as an administrator uses it: a bad one sent to try, fixed, tried, replayed; others discarded and taken back, muted.
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { journeyBrowser, sizes } from '../harness/browser.ts';
import { openAs } from '../harness/journey-steps.ts';

let td: TestApp;
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
});
afterAll(() => td.stop());

it('shows how it works with a bad one: fixed, tried, replayed', async () => {
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await openAs(page, adminName, '/signals/dead-letters');
  await page.getByText(/^No dead letters\. [\d,]+ events stored/).waitFor();
  await journey.shot('dead-letters-empty');
  await page.getByRole('button', { name: 'Send a bad one to see how this works' }).click();
  await page.getByText('example-sensor sends text where JSON is expected').click();
  await page.getByLabel(/^Select letter/).waitFor();
  await page.keyboard.press('j');
  await page.getByText('It fails at byte 1.').waitFor();
  await page.getByText('A good one looks like this').waitFor();
  await page.keyboard.press('d');
  await page.getByText('Passes').waitFor();
  const replay = page.getByRole('button', { name: 'Replay', exact: true });
  expect(await replay.isDisabled()).toBe(true);
  await page.keyboard.press('d');
  await page.getByText('1 would pass, 0 are duplicates, 0 still fail.').waitFor();
  await journey.shot('dead-letters-fix');
  // The page scrolls inside its frame, which stays as tall as the screen.
  expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0);
  await page.setViewportSize(sizes.tablet);
  const spilled = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(
    document.querySelector('section[aria-label="Fix the group"]'))`;
  expect(await page.evaluate(spilled)).toBe(0);
  await journey.shot('dead-letters-fix-narrow');
  await page.setViewportSize(sizes.desktop);
  expect(await journey.axe()).toEqual([]);
  await page.getByLabel('Field of its payload').fill('words');
  expect(await replay.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Dry run' }).click();
  await replay.click();
  await page.getByText('Done: 1 replayed, 0 duplicates, 0 failed.').waitFor();
  await journey.shot('dead-letters-done');
  const { data } = await td.admin.call('listEvents', { query: { topic: 'tracker/events/example/#' } });
  expect(data.items.map((event) => event.payload)).toMatchObject([{ words: 'temp=21.5', value: 21.5 }]);
  expect(journey.faults).toEqual([]);
  await journey.context.close();
});

it('discards with X and takes it back, and mutes a group', async () => {
  const client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { clientId: 'greenhouse-esp32' });
  for (let n = 0; n < 5; n++) await client.publishAsync(`tracker/events/greenhouse/${n}/temp`, `temp=${n}`, { qos: 1 });
  await client.endAsync(true);
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await openAs(page, adminName, '/signals/dead-letters');
  await page.getByText('greenhouse-esp32 sends text where JSON is expected').click();
  const letters = page.getByRole('list', { name: 'Letters' }).getByRole('listitem');
  await letters.nth(4).waitFor();
  await page
    .getByLabel(/^Select letter/)
    .nth(0)
    .check();
  await page
    .getByLabel(/^Select letter/)
    .nth(1)
    .check();
  await page.getByText('2 letters selected').waitFor();
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'All keys' });
  for (const does of ['Next letter', 'Previous letter', 'Discard'])
    await keys.getByText(does, { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('x');
  await page.getByText('2 letters discarded').waitFor();
  await expect.poll(() => letters.count()).toBe(3);
  // What fails says so, and can be tried again.
  const restoring = '**/api/v1/dlq/restore';
  const cameAgain = { code: 'dead_letter.came_again', title: 'The same message came again meanwhile', status: 409 };
  await page.route(restoring, (route) =>
    route.fulfill({ status: 409, contentType: 'application/problem+json', json: cameAgain }),
  );
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('alert').getByText(cameAgain.title).waitFor();
  await page.unroute(restoring);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => letters.count()).toBe(5);
  // What was put away is not gone: looked at, and opened again.
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('1 letter discarded').waitFor();
  await page.getByRole('button', { name: 'Discarded', exact: true }).click();
  await page.getByText('greenhouse-esp32 sends text where JSON is expected').click();
  await page.keyboard.press('Escape');
  await page.getByLabel('Letters').getByText('temp=').click();
  await page.getByText('Discarded.', { exact: true }).waitFor();
  await journey.shot('dead-letters-discarded');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Open again' }).click();
  await page.getByText('Nothing was discarded in the last 30 days.').waitFor();
  await page.getByRole('button', { name: 'Quarantined', exact: true }).click();
  await page.getByText(/^Nothing in quarantine/).waitFor();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByText('greenhouse-esp32 sends text where JSON is expected').click();
  await expect.poll(() => letters.count()).toBe(5);
  await page.getByRole('button', { name: 'Mute and count' }).click();
  await page.getByRole('button', { name: 'Tell of it again' }).waitFor();
  await page.getByText('Muted').waitFor();
  await journey.shot('dead-letters-muted');
  expect(journey.faults).toEqual([]);
  await journey.context.close();
});

it('leads from a letter to its device and to a binding of its topic, in the time of the tabs', async () => {
  const { device, password } = (await td.admin.call('createDevice', { body: { name: 'Tank sensor' } })).data;
  const target = { kind: 'metric', service: 'tank', metric: 'litres' } as const;
  await td.admin.call('createBinding', { body: { topic_filter: `${device.username}/litres`, target } });
  const client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { username: device.username, password });
  await client.publishAsync(`${device.username}/litres`, 'full', { qos: 1 });
  await client.endAsync();
  const journey = await browser.page({ url: td.url, size: 'tablet', theme: 'light' });
  const { page } = journey;
  await openAs(page, adminName, '/signals/events?time=hour');
  await page.getByRole('link', { name: 'Dead letters', exact: true }).click();
  await page.waitForURL('**/signals/dead-letters?time=hour');
  await page.getByRole('button', { name: /tank-sensor\/litres/ }).click();
  await page.getByLabel(/^Select letter/).waitFor();
  await page.keyboard.press('j');
  await page.getByRole('button', { name: 'Bind this topic' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('Topic filter').inputValue()).toBe('tank-sensor/litres');
  await journey.shot('dead-letters-bind');
  await page.keyboard.press('Escape');
  await journey.shot('dead-letters-device');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('link', { name: 'Open device' }).click();
  await page.waitForURL(`**/devices?open=${device.id}`);
  await page.goto('/signals/dead-letters?from=2001-01-01T00:00:00Z&to=2001-01-02T00:00:00Z');
  await page.getByText('Nothing failed in this time.').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByText('tank-sensor/litres').waitFor();
  expect(journey.faults).toEqual([]);
  await journey.context.close();
});

it('serves a thumb', async () => {
  const journey = await browser.page({ size: 'phone', url: td.url });
  const { page } = journey;
  await openAs(page, adminName, '/signals/dead-letters');
  await page.getByText('greenhouse-esp32 sends text where JSON is expected').tap();
  await page.getByRole('button', { name: 'Fix the group' }).tap();
  await page.getByText('Passes').first().waitFor();
  await journey.shot('dead-letters-phone');
  expect(await journey.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Dry run' }).tap();
  await page.getByText('5 would pass, 0 are duplicates, 0 still fail.').waitFor();
  await page.getByRole('button', { name: 'All causes' }).tap();
  await page.getByRole('list', { name: 'Causes' }).waitFor();
  expect(journey.faults).toEqual([]);
  await journey.context.close();
});
