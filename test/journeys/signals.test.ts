// The Signals pages as people use them: filtering, pausing, publishing, following a trace, seeing what was lost.
import { randomUUID } from 'node:crypto';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { journeyBrowser } from '../harness/browser.ts';
import { envelope, eventually } from '../harness/events.ts';
import { openAs } from '../harness/journey-steps.ts';

let td: TestApp;
const browser = journeyBrowser();
beforeAll(async () => {
  td = await testApp();
  await td.user({ username: 'vera' });
  await td.admin.call('createProject', { body: { name: 'Garden shed' } });
  await eventually(
    async () => (await td.admin.call('listEvents', { query: { filter: 'shed' } })).data.items.length > 0,
  );
});
afterAll(() => td.stop());

const rows = 'Events, newest first';

it('filters by typing, keeps it in the address, and says what is wrong beside it', async () => {
  const { page, context, shot, faults } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/signals/events');
  const list = page.getByRole('list', { name: rows });
  await list.getByText('login_success').first().waitFor();
  await page.getByRole('button', { name: 'Topic is not tracker/metrics/#' }).waitFor();
  const field = page.getByRole('combobox', { name: 'Filter' });
  await field.fill('');
  await field.pressSequentially('kind:project_c');
  // Also once what is typed so far has been asked for, and nothing fits it.
  await page.getByText('No event fits this filter.').waitFor();
  await page.getByRole('option', { name: 'project_created' }).click();
  await field.pressSequentially('project:"Garden shed"');
  await page.waitForURL(/filter=kind/);
  await expect.poll(() => list.getByRole('listitem').count()).toBe(1);
  await list.getByText('Garden shed').waitFor();
  // An event that fits comes by itself; one that does not, does not.
  await td.admin.call('createProject', { body: { name: 'Other' } });
  const found = (await td.admin.call('listProjects', { query: { q: 'shed' } })).data.items[0];
  await page.mouse.move(5, 5);
  await field.fill('kind:project_updated project:"Garden shed"');
  await page.getByText('No event fits this filter.').waitFor();
  await td.admin.call('updateProject', { params: { id: found?.id ?? '' }, body: { description: 'With a bench' } });
  await list.getByText('project_updated').waitFor();
  await field.fill('kin:x');
  await field.blur();
  await page.getByText('There is no field “kin”.').waitFor();
  await shot('signals-filter-fault');
  await field.fill('actor:nobody');
  await page.getByText('nobody has this name').waitFor();
  await page.getByText('No event fits this filter.').waitFor();
  expect(await page.getByText('The request has wrong values').count()).toBe(0);
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await list.getByText('login_success').first().waitFor();
  // The way back is an address.
  await page.goto('/signals/events?kind=login_success&source=server');
  await page.getByRole('button', { name: 'Kind is login_success' }).waitFor();
  expect(await field.inputValue()).toBe('kind:login_success source:server');
  expect(faults).toEqual([]);
  await context.close();
});

it('holds what arrives while it is paused, and chooses a time for all tabs', async () => {
  const { page, context } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/signals/events');
  const list = page.getByRole('list', { name: rows });
  await list.getByText('login_success').first().waitFor();
  await page.mouse.move(5, 5);
  await page.getByRole('button', { name: 'Pause' }).click();
  await td.admin.call('createProject', { body: { name: 'While paused' } });
  await page.getByRole('button', { name: '1 new' }).waitFor();
  expect(await list.getByText('While paused').count()).toBe(0);
  await page.getByRole('button', { name: 'Go on' }).click();
  await list.getByText('While paused').waitFor();
  await page.getByRole('button', { name: 'Last hour' }).click();
  await page.waitForURL('**/signals/events?time=hour');
  await page.getByRole('img', { name: /at most/ }).waitFor();
  await page.getByRole('link', { name: 'Traces' }).click();
  await page.waitForURL('**/signals/traces?time=hour');
  await context.close();
});

it('publishes an event: mistakes beside their fields, the draft kept, the stored event shown, its trace followed', async () => {
  const { page, context, shot, axe, faults } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/signals/events');
  await page.getByRole('button', { name: 'Publish' }).click();
  const dialog = page.getByRole('dialog', { name: 'Publish an event' });
  await dialog.getByLabel('Topic').fill('garden/watered');
  await dialog.getByLabel('Kind').fill('Plant watered');
  await dialog.getByLabel('Payload').fill('{"litres": 2, "litres": 3}');
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await dialog.getByText('A topic below tracker/events', { exact: false }).waitFor();
  await dialog.getByText('Only a–z, 0–9, _ and .').waitFor();
  await dialog.getByText('twice', { exact: false }).waitFor();
  await shot('signals-publish-faults');
  expect(await axe()).toEqual([]);
  await dialog.getByLabel('Topic').fill('tracker/events/garden/watered');
  await dialog.getByLabel('Kind').fill('plant_watered');
  await dialog.getByLabel('Payload').fill('{"litres":');
  await dialog.getByText('This is not JSON: Unexpected end of JSON input.').waitFor();
  await page.keyboard.press('Escape');
  await page.reload();
  await page.getByRole('button', { name: 'Publish' }).click();
  expect(await dialog.getByLabel('Kind').inputValue()).toBe('plant_watered');
  await dialog.getByLabel('Payload').fill('{"litres": 2, "name": "Basil"}');
  await dialog.getByRole('button', { name: 'Publish' }).click();
  const detail = page.getByRole('complementary');
  await detail.getByText('litres').first().waitFor();
  await detail
    .getByRole('link', { name: /^[0-9a-f]{8}-/ })
    .first()
    .click();
  await page.waitForURL('**/signals/traces/*');
  const entries = page.getByRole('list', { name: 'In the order of time' });
  await entries.getByText('plant_watered').click();
  await detail.getByText('Basil').first().waitFor();
  await shot('signals-trace-open');
  expect(faults).toEqual([]);
  await context.close();
});

it('sends the events that are shown to one client again', async () => {
  const topic = 'tracker/events/garden/pruned';
  for (let n = 0; n < 40; n++) await td.admin.call('publishEvent', { body: { topic, kind: 'pruned', payload: { n } } });
  await eventually(
    async () => (await td.admin.call('listEvents', { query: { topic, limit: 200 } })).data.items.length === 40,
  );
  const client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { clientId: 'pump-9' });
  const heard: number[] = [];
  client.on('message', (_topic, payload) => heard.push(JSON.parse(payload.toString()).payload.n));
  await client.subscribeAsync('tracker/replies/pump-9/replay/#', { qos: 1 });
  const { page, context, shot, axe, faults } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/signals/events?filter=kind:pruned');
  await page.getByRole('button', { name: 'Replay' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay to one client' });
  await dialog.getByText('40 events by the filter and the time').waitFor();
  await dialog.getByLabel('Client id').fill('pump/9');
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await dialog.getByText('it is one level of the topic', { exact: false }).waitFor();
  await dialog.getByLabel('Client id').fill('pump-9');
  await dialog.getByLabel('Events a second').selectOption('10');
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await dialog.getByRole('progressbar', { name: 'Progress of the replay to pump-9' }).waitFor();
  await shot('signals-replay');
  expect(await axe()).toEqual([]);
  await dialog.getByRole('button', { name: 'Cancel the replay to pump-9' }).click();
  await dialog.getByText(/^Cancelled after \d+\.$/).waitFor();
  await dialog.getByLabel('Events a second').selectOption('500');
  await dialog.getByRole('button', { name: 'Replay', exact: true }).click();
  await dialog.getByText('Done: 40 sent.').waitFor();
  await expect.poll(() => heard.slice(-40)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  await client.endAsync();
  expect(faults).toEqual([]);
  await context.close();
});

it('shows what one message caused, dead letters too, and what was lost on the way', async () => {
  const trace_id = randomUUID();
  const client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { clientId: 'pump-1' });
  const topic = 'tracker/events/garden/watered';
  for (const producer_seq of [1, 2, 6]) {
    await client.publishAsync(topic, envelope({ trace_id, producer_id: 'pump', producer_seq }), { qos: 1 });
  }
  await client.publishAsync(topic, envelope({ trace_id, kind: 'NO KIND' }), { qos: 1 });
  await client.endAsync();
  await eventually(async () => (await td.admin.call('eventGaps', {})).data.missing === 3);
  const { page, context, shot, axe, faults } = await browser.page({ url: td.url });
  await openAs(page, adminName, '/signals/events');
  await page.getByRole('button', { name: /pump lost 3 events, the last at \d\d:\d\d/ }).click();
  await page.getByText('3–5').waitFor();
  await shot('signals-gaps');
  expect(await axe()).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Traces' }).click();
  await page.getByRole('link', { name: /1 dead letter/ }).click();
  await page.waitForURL(`**/signals/traces/${trace_id}`);
  await page.getByText('3 events and 1 dead letter within').waitFor();
  await shot('signals-trace');
  await page
    .getByRole('link', { name: /Dead letter/ })
    .filter({ hasText: 'bad field' })
    .click();
  await page.waitForURL('**/signals/dead-letters?open=*');
  expect(faults).toEqual([]);
  await context.close();
});

it('shows a viewer what a viewer may', async () => {
  const { page, context } = await browser.page({ url: td.url });
  await openAs(page, 'vera', '/signals/events');
  await page.getByRole('list', { name: rows }).getByText('project_created').first().waitFor();
  expect(await page.getByText('login_success').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Publish' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: /gaps/i }).count()).toBe(0);
  await page.getByRole('link', { name: 'Dead letters' }).waitFor({ state: 'detached' });
  await context.close();
});

it('is large enough for fingers on a tablet', async () => {
  const { page, context } = await browser.page({ url: td.url, size: 'tablet' });
  await openAs(page, adminName, '/signals/events');
  await page.getByRole('list', { name: rows }).waitFor();
  // Of what is pressed; links within text may be as high as it.
  const small = `[...document.querySelectorAll('button, nav a')].filter((one) => one.checkVisibility())
    .map((one) => ({ name: one.ariaLabel ?? one.innerText, box: one.getBoundingClientRect() }))
    .filter(({ box }) => Math.min(box.width, box.height) < 43.5)
    .map(({ name, box }) => name + ': ' + box.width + ' x ' + box.height)`;
  expect(await page.evaluate(small)).toEqual([]);
  await page.goto('/devices');
  await page.getByRole('button', { name: 'Add device' }).first().waitFor();
  expect(await page.evaluate(small)).toEqual([]);
  await context.close();
});
