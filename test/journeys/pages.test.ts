// Every page at desktop, tablet and phone size in both themes: it renders, keeps a picture, and axe finds nothing.
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { adminName, type TestApp, testApp, testPassword } from '../harness/app.ts';
import { journeyBrowser, type Size } from '../harness/browser.ts';

let td: TestApp;
const browser = journeyBrowser();
let greenhouse = '';
let blocked = '';
let task = '';
let device = '';
const event = { id: '', trace_id: '' };

beforeAll(async () => {
  td = await testApp({ overrides: { device_every: 200 } });
  greenhouse = (await td.admin.call('addExample', {})).data.id;
  const { nodes } = (await td.admin.call('projectGraph', { params: { id: greenhouse } })).data;
  task = (await td.admin.call('projectTasks', { params: { id: greenhouse } })).data.tasks[0]?.id ?? '';
  blocked = nodes.find(({ status }) => status === 'blocked')?.id ?? '';
  await addSensor();
  await td.user({ username: 'vera', grants: [{ permission: 'write:tasks', project_id: null }] });
  await vi.waitFor(async () => expect((await td.admin.call('listDeadLetters', {})).data.items).toHaveLength(2), {
    timeout: 15_000,
    interval: 100,
  });
  await vi.waitFor(async () => {
    const [made] = (await td.admin.call('listEvents', { query: { filter: 'kind:project_created' } })).data.items;
    Object.assign(event, made);
    expect(event.id).not.toBe('');
  });
});
afterAll(async () => {
  await td.stop();
});

/** A device that has spoken, and a value of it that is recorded. */
async function addSensor(): Promise<void> {
  const made = (await td.admin.call('createDevice', { body: { name: 'Air sensor' } })).data;
  device = made.device.id;
  const { username } = made.device;
  const target = { kind: 'metric', service: 'greenhouse', metric: 'humidity', unit: '%' } as const;
  await td.admin.call('createBinding', { body: { topic_filter: `${username}/state`, path: 'humidity', target } });
  const client = await connectAsync(`mqtt://127.0.0.1:${td.app.mqtt_port}`, { username, password: made.password });
  await client.publishAsync(`${username}/state`, '{"humidity":55.5,"battery":{"percent":91}}', { qos: 0 });
  await client.publishAsync(`${username}/online`, 'true', { qos: 1 });
  await client.endAsync();
}

const pages: readonly (readonly [name: string, path: () => string, shows: string | RegExp])[] = [
  ['projects', () => '/projects', 'Greenhouse'],
  ['canvas', () => `/projects/${greenhouse}`, 'Power and wiring'],
  ['my-work', () => '/my-work', 'Ready to work on'],
  ['profile', () => '/profile', 'This device'],
  ['events', () => '/signals/events', 'task_created'],
  ['events-metrics', () => '/signals/events?metrics=true', 'metric_measured'],
  ['events-open', () => `/signals/events?open=${event.id}&time=all`, 'Fields'],
  ['traces', () => '/signals/traces', 'project_created'],
  ['trace', () => `/signals/traces/${event.trace_id}`, 'Show as events'],
  ['canvas-panel', () => `/projects/${greenhouse}?component=${blocked}`, 'Change the reason'],
  ['outline', () => `/projects/${greenhouse}?view=outline`, 'Drip irrigation'],
  ['board', () => `/projects/${greenhouse}?view=board`, 'To do'],
  ['board-components', () => `/projects/${greenhouse}?view=board&of=components`, 'Automatic vents'],
  ['table', () => `/projects/${greenhouse}?view=table&of=components`, 'Choose the site'],
  ['table-tasks', () => `/projects/${greenhouse}?view=table&group=component`, 'Choose the site'],
  ['activity', () => `/projects/${greenhouse}?view=activity`, 'Undo'],
  ['task', () => `/projects/${greenhouse}?view=table&task=${task}`, 'Checklist'],
  ['dead-letters', () => '/signals/dead-letters', /sends a field with a wrong value/],
  ['devices', () => '/devices', 'Air sensor'],
  ['device', () => `/devices?open=${device}`, 'humidity'],
  ['values', () => '/devices?view=values', 'humidity'],
  ['bindings', () => '/devices?view=bindings', 'Metric greenhouse/humidity'],
  ['users', () => '/admin/users', 'vera'],
  ['retention', () => '/admin/retention', 'Events are kept for ever.'],
  ['nowhere', () => '/nowhere', 'There is nothing at this address.'],
];

describe.each([
  ['desktop', 'dark'],
  ['desktop', 'light'],
  ['tablet', 'dark'],
  ['tablet', 'light'],
  ['phone', 'dark'],
  ['phone', 'light'],
] as const)('%s, %s', (size: Size, theme) => {
  it('shows every page, accessibly', async () => {
    const journey = await browser.page({ size, theme, url: td.url });
    const { page } = journey;
    await page.goto('/login');
    await page.getByLabel('User name').waitFor();
    await journey.shot('login');
    const problems = await journey.axe();
    await page.getByLabel('User name').fill(adminName);
    await page.getByLabel('Password', { exact: true }).fill(testPassword);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/projects');
    for (const [name, path, shows] of pages) {
      await page.goto(path());
      await page.getByText(shows).first().waitFor();
      await journey.shot(name);
      problems.push(...(await journey.axe()).map((problem) => `${name}: ${problem}`));
      const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
      if (wide === true) problems.push(`${name}: scrolls sideways`);
    }
    expect(problems).toEqual([]);
    expect(journey.faults).toEqual([]);
    await journey.context.close();
  }, 120_000);
});
