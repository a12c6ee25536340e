// Every page at desktop, tablet and phone size, and in both themes: it renders, keeps a picture, and axe finds nothing.
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { journeyBrowser } from '../harness/browser.ts';
import { signIn } from '../harness/journey-steps.ts';

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

// Each page in both themes over its three sizes, each size in both over its pages; the contrast of every pair of tokens,
// in both, is scripts/contrast.test.ts.
describe.each([
  ['desktop', ['dark', 'light']],
  ['tablet', ['light', 'dark']],
  ['phone', ['dark', 'light']],
] as const)('%s', (size, themes) => {
  it('shows every page, accessibly', async () => {
    const journey = await browser.page({ size, url: td.url });
    const { page } = journey;
    const problems: string[] = [];
    const look = async (name: string) => {
      await journey.shot(name);
      problems.push(...(await journey.axe()).map((problem) => `${name}: ${problem}`));
      const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
      if (wide === true) problems.push(`${name}: scrolls sideways`);
    };
    await journey.turn(themes[1]);
    await page.goto('/login');
    await page.getByLabel('User name').waitFor();
    await look('login');
    await signIn(page, adminName);
    for (const [index, [name, path, shows]] of pages.entries()) {
      await journey.turn(themes[index % 2] ?? 'dark');
      await page.goto(path());
      await page.getByText(shows).first().waitFor();
      await look(name);
    }
    expect(problems).toEqual([]);
    expect(journey.faults).toEqual([]);
    await journey.context.close();
  }, 120_000);
});
