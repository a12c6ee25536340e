// Two people at once: the same field edited by both, a project that goes away under the other; and files that close a cycle.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { type JourneyPage, journeyBrowser } from '../harness/browser.ts';
import { node, signIn } from '../harness/journey-steps.ts';

let td: TestApp;
let project_id = '';
let component_id = '';
let first: JourneyPage;
let second: JourneyPage;
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
  project_id = (await td.admin.call('createProject', { body: { name: 'Workshop', status: 'active' } })).data.id;
  const body = { name: 'Pump', description: 'As it came', position: { x: 0, y: 0 } };
  component_id = (await td.admin.call('createComponent', { params: { id: project_id }, body })).data.id;
  await td.admin.call('createTask', { params: { id: component_id }, body: { name: 'Fit the valve' } });
  await td.user({ username: 'vera', grants: [{ permission: 'write:projects', project_id: null }] });
  first = await browser.page({ url: td.url });
  second = await browser.page({ url: td.url, theme: 'light' });
  await signIn(first.page, adminName);
  await signIn(second.page, 'vera');
});
afterAll(() => td.stop());

const description = async () =>
  (await td.admin.call('getComponent', { params: { id: component_id } })).data.description;

it('asks whose words shall stand where both changed the same field', async () => {
  for (const { page } of [first, second]) {
    await page.goto(`/projects/${project_id}?component=${component_id}`);
    await page.getByLabel('Description').waitFor();
  }
  await first.page.getByLabel('Description').fill('Needs a new seal');
  await second.page.getByLabel('Description').fill('Sold, comes out on Friday');
  await second.page.keyboard.press('Control+Enter');
  await expect.poll(description).toBe('Sold, comes out on Friday');
  // What is being typed is not overwritten by what arrives.
  await first.page.waitForTimeout(300);
  expect(await first.page.getByLabel('Description').inputValue()).toBe('Needs a new seal');
  await first.page.keyboard.press('Control+Enter');
  const dialog = first.page.getByRole('dialog');
  await dialog.getByText('Sold, comes out on Friday').waitFor();
  await dialog.getByText('Needs a new seal').waitFor();
  await first.shot('conflict');
  expect(await first.axe()).toEqual([]);
  expect(await description()).toBe('Sold, comes out on Friday');
  await dialog.getByText('Needs a new seal').click();
  await dialog.getByRole('button', { name: 'Keep these' }).click();
  await expect.poll(description).toBe('Needs a new seal');
  await expect.poll(() => second.page.getByLabel('Description').inputValue()).toBe('Needs a new seal');
});

it('asks about a stale version too, where the other change had not arrived yet', async () => {
  const { page } = first;
  await page.route('**/events/stream*', (route) => route.abort());
  await page.reload();
  await page.getByLabel('Description').fill('Mine, while away');
  const { data } = await td.admin.call('getComponent', { params: { id: component_id } });
  await td.admin.call('updateComponent', {
    params: { id: component_id },
    body: { description: 'Theirs meanwhile' },
    if_match: data.version,
  });
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Theirs meanwhile').waitFor();
  await dialog.getByRole('button', { name: 'Keep these' }).click();
  await expect.poll(() => page.getByLabel('Description').inputValue()).toBe('Theirs meanwhile');
  expect(await description()).toBe('Theirs meanwhile');
  await page.unroute('**/events/stream*');
});

it('names what closes a cycle in a file, and imports the rest', async () => {
  const { page } = first;
  await page.goto('/projects?dialog=import');
  const graph = {
    title: 'Round and round',
    components: [
      { key: 'a', name: 'Egg' },
      { key: 'b', name: 'Hen' },
      { key: 'c', name: 'Coop' },
    ],
    dependencies: [
      ['b', 'a'],
      ['a', 'b'],
      ['b', 'c'],
    ],
  };
  const file = { name: 'round.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(graph)) };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByText('1 dependency closes a cycle').waitFor();
  await first.shot('import-cycle');
  expect(await first.axe()).toEqual([]);
  await page.getByRole('button', { name: /^Import without / }).click();
  await page.waitForURL(/projects\/[0-9a-f-]{36}/);
  await node(page, 'Coop').waitFor();
  await first.shot('import-done');
  const id = /projects\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
  const made = (await td.admin.call('projectGraph', { params: { id } })).data;
  expect([made.nodes.length, made.edges.length]).toEqual([3, 2]);
});

it('says what goes with a project before it deletes it, and the other page hears of it', async () => {
  const { page } = first;
  await page.goto('/projects');
  await page.getByRole('button', { name: 'Actions for Workshop' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('1 component and 1 task go with it, for everyone.').waitFor();
  await first.shot('project-delete');
  expect(await first.axe()).toEqual([]);
  await page.getByRole('button', { name: 'Delete project' }).click();
  await page.getByText('Workshop').waitFor({ state: 'detached' });
  await second.page.getByText('There is no such project').waitFor();
  await second.shot('project-gone');
  expect([...first.faults, ...second.faults]).toEqual([]);
});
