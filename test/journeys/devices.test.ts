// A device in a minute: its account made in the browser, its first message seen, and a value that drives a component.
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { journeyBrowser } from '../harness/browser.ts';
import { envelope } from '../harness/events.ts';
import { openAs } from '../harness/journey-steps.ts';

let td: TestApp;
const browser = journeyBrowser();
beforeAll(async () => {
  td = await testApp();
});
afterAll(() => td.stop());

const broker = () => `mqtt://127.0.0.1:${td.app.mqtt_port}`;

it('adds a device, sees its first message, and lets a value drive progress', async () => {
  const { data: project } = await td.admin.call('createProject', { body: { name: 'Rain water' } });
  const { data: tank } = await td.admin.call('createComponent', { params: { id: project.id }, body: { name: 'Tank' } });
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await openAs(page, adminName, '/devices');
  await page.getByText('No device yet.').waitFor();
  await journey.shot('devices-empty');
  await page.getByRole('button', { name: 'Add device' }).last().click();
  await page.getByLabel('Name').fill('Tank sensor');
  await page.keyboard.press('Enter');
  await page.getByText('Waiting for its first message…').waitFor();
  await journey.shot('devices-waiting');
  expect(await journey.axe()).toEqual([]);
  const shown = await page.locator('code').allTextContents();
  const [host, port, username, password] = shown;
  expect([host, port, username]).toEqual(['127.0.0.1', String(td.app.mqtt_port), 'tank-sensor']);
  for (const snippet of ['ESPHome', 'Tasmota', 'Arduino', 'Node-RED', 'mosquitto_pub']) {
    await page.getByRole('button', { name: snippet, exact: true }).click();
    expect(await page.locator('pre').textContent()).toContain(password);
  }
  await page.getByRole('button', { name: 'Copy for mosquitto_pub' }).waitFor();
  const mistyped = { username: username ?? '', password: 'mistyped', reconnectPeriod: 0 };
  await expect(connectAsync(broker(), mistyped, false)).rejects.toMatchObject({ code: 4 });
  await page.getByRole('dialog').getByText('Refused: wrong password, from 127.0.0.1').waitFor();
  const client = await connectAsync(broker(), { username: username ?? '', password: password ?? '', clientId: 'tank' });
  await page.getByText('Connected. Waiting').waitFor();
  await client.publishAsync('tracker/events/tank', 'not an event', { qos: 1 });
  await page.getByText('It arrived, but could not be understood:').waitFor();
  await page.getByText('1 dead letter: Signals, Dead letters says why.').waitFor();
  await journey.shot('devices-not-understood');
  await client.publishAsync('tank-sensor/state', '{"level":{"litres":120},"battery":91}', { qos: 0 });
  await page.getByText('It works. This is what arrived:').waitFor();
  await page.getByText('{"level":{"litres":120},"battery":91}').waitFor();
  await journey.shot('devices-arrived');
  await page.getByRole('button', { name: 'Done' }).click();

  const detail = page.getByRole('complementary', { name: 'Tank sensor' });
  await detail.getByText('not confirmed').waitFor();
  await journey.shot('devices-detail');
  expect(await journey.axe()).toEqual([]);
  await detail.getByRole('button', { name: /level\.litres/ }).click();
  await page.getByRole('menuitem', { name: 'Drive progress' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('Topic filter').inputValue()).toBe('tank-sensor/state');
  expect(await dialog.getByLabel('Where in the message').inputValue()).toBe('level.litres');
  await dialog.getByLabel('Project').selectOption({ label: 'Rain water' });
  await dialog.getByLabel('Component').selectOption({ label: 'Tank' });
  await dialog.getByLabel('Value at 100 %').fill('200');
  await dialog.getByText('120 → 60 %').waitFor();
  await journey.shot('devices-bind');
  expect(await journey.axe()).toEqual([]);
  await dialog.getByRole('button', { name: 'Bind', exact: true }).click();
  await page.getByText('Bound. The next message counts.').waitFor();
  await client.publishAsync('tank-sensor/state', '{"level":{"litres":150},"battery":90}', { qos: 1 });
  await vi.waitFor(async () =>
    expect((await td.admin.call('getComponent', { params: { id: tank.id } })).data.progress).toBe(75),
  );

  await page.getByRole('button', { name: 'Bindings', exact: true }).click();
  await page.getByText('Progress of Tank').waitFor();
  await page.getByText('1 change made').waitFor();
  await journey.shot('devices-bindings');
  await page.goto(`/projects/${project.id}?view=activity`);
  await page.getByText('Tank sensor').first().waitFor();
  await journey.shot('devices-activity');
  await client.publishAsync('tracker/events/tank', envelope({ kind: 'tank_filled' }), { qos: 1 });
  await page.goto('/signals/events?q=kind:tank_filled');
  await page.getByRole('button', { name: 'tank_filled by Tank sensor' }).waitFor();
  await client.endAsync();
  expect(journey.faults).toEqual([]);
  await journey.context.close();
});

it('changes what a device may do, renews its password and deletes it', async () => {
  const { device, password } = (await td.admin.call('createDevice', { body: { name: 'Old lamp' } })).data;
  const journey = await browser.page({ url: td.url, size: 'tablet' });
  const { page } = journey;
  await openAs(page, adminName, `/devices?open=${device.id}`);
  const actions = page.getByRole('button', { name: 'Actions for Old lamp' });
  await actions.click();
  await page.getByRole('menuitem', { name: 'Change what it may do' }).click();
  const dialog = page.getByRole('dialog', { name: 'What Old lamp may do' });
  await dialog.getByLabel('May publish on').fill('lamp/#\na/#/b');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('a/#/b must be an MQTT topic filter').waitFor();
  await journey.shot('devices-access-wrong');
  await dialog.getByLabel('May publish on').fill('lamp/#');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved. It counts at once.').waitFor();
  expect((await td.admin.call('getDevice', { params: { id: device.id } })).data.publish_filters).toEqual(['lamp/#']);

  await actions.click();
  await page.getByRole('menuitem', { name: 'New password' }).click();
  await page.getByRole('button', { name: 'New password' }).click();
  await page.getByText('Copy the password now').waitFor();
  await expect(
    connectAsync(broker(), { username: device.username, password, reconnectPeriod: 0 }, false),
  ).rejects.toBeDefined();
  await page.getByRole('button', { name: 'Done' }).click();
  await actions.click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('“Old lamp” is deleted.').waitFor();
  expect(journey.faults).toEqual([]);
  await journey.context.close();
});
