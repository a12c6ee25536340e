// A new user's first ten minutes: the code, a project drawn by hand, a loop refused, tasks, a second browser, a device, a hard kill.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp, testPassword } from '../harness/app.ts';
import { type JourneyPage, journeyBrowser } from '../harness/browser.ts';
import { draw, node, signIn } from '../harness/journey-steps.ts';

let td: TestApp;
const browser = journeyBrowser();
let first: JourneyPage;
let second: JourneyPage;
let project_id = '';

beforeAll(async () => {
  td = await testApp({ set_up: false, environment: { HOST: '' } });
  first = await browser.page({ url: td.url });
});
afterAll(async () => {
  await td.stop();
});

async function components(): Promise<{ id: string; name: string; position: { x: number; y: number } | null }[]> {
  return (await td.admin.call('projectGraph', { params: { id: project_id } })).data.nodes;
}

it('lets nobody in but by the code, and names the administrator', async () => {
  const { page } = first;
  const code = await td.app.setup.newCode();
  await page.goto('/');
  await page.waitForURL('**/setup');
  await page.getByLabel('Set-up code').fill('ABCD-EFGH');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByText('This is not the code.').isVisible()).toBe(true);
  await first.shot('setup-wrong-code');
  await page.getByLabel('Set-up code').fill((code?.code ?? '').toLowerCase());
  await page.keyboard.press('Enter');
  await page.getByLabel('User name').fill('sam');
  await page.getByLabel('Password', { exact: true }).fill(testPassword);
  await first.shot('setup-who');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('Only this machine').click();
  await first.shot('setup-reach');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('Start empty').click();
  await first.shot('setup-start');
  await page.getByRole('button', { name: 'Open TaylorDash' }).click();
  await page.waitForURL('**/projects');
  const session = await td.anonymous.call('login', { body: { username: 'sam', password: testPassword } });
  td.admin = td.as(session.data.token ?? '');
  expect((await td.admin.call('me', {})).data.role).toBe('admin');
});

it('makes a project and draws five components that wait for each other', async () => {
  const { page } = first;
  await first.shot('projects-empty');
  await page.getByRole('button', { name: 'New project' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Workshop');
  await page.getByRole('button', { name: 'Create project' }).click();
  await page.waitForURL(/projects\/[0-9a-f-]{36}/);
  project_id = /projects\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
  await expect.poll(() => page.getByText('Double-click to place the first component.').isVisible()).toBe(true);
  await first.shot('canvas-empty');
  const names = ['Frame', 'Wiring', 'Pump', 'Sensors', 'Opening day'];
  const places = [
    [300, 250],
    [620, 250],
    [940, 250],
    [620, 480],
    [1180, 480],
  ] as const;
  for (const [index, name] of names.entries()) {
    const [x = 0, y = 0] = places[index] ?? [];
    await page.mouse.dblclick(x, y);
    await page.getByLabel('Name of the component').fill(name);
    await page.keyboard.press('Enter');
    await expect.poll(() => node(page, name).count()).toBe(1);
    await page.keyboard.press('Escape');
  }
  await expect.poll(async () => (await components()).map(({ name }) => name).sort()).toEqual([...names].sort());
  for (const [from, to] of [
    ['Frame', 'Wiring'],
    ['Wiring', 'Pump'],
    ['Frame', 'Sensors'],
    ['Pump', 'Opening day'],
  ] as const) {
    await draw(page, from, to);
  }
  await expect
    .poll(async () => (await td.admin.call('projectGraph', { params: { id: project_id } })).data.edges.length)
    .toBe(4);
  await first.shot('canvas-drawn');
});

it('refuses a loop while it is drawn, and says which', async () => {
  const { page } = first;
  await draw(page, 'Pump', 'Frame', false);
  await expect
    .poll(() =>
      page
        .getByText(/Closes a loop: /)
        .first()
        .isVisible(),
    )
    .toBe(true);
  await first.shot('canvas-loop');
  await page.mouse.up();
  await page.waitForTimeout(300);
  expect((await td.admin.call('projectGraph', { params: { id: project_id } })).data.edges.length).toBe(4);
});

it('keeps where a component was dragged to', async () => {
  const { page } = first;
  const before = (await components()).find(({ name }) => name === 'Sensors')?.position;
  const box = await node(page, 'Sensors').boundingBox();
  if (!box) throw new Error('Sensors is not there');
  await page.mouse.move(box.x + 60, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 120, { steps: 8 });
  await page.mouse.up();
  await expect
    .poll(async () => (await components()).find(({ name }) => name === 'Sensors')?.position?.y)
    .not.toBe(before?.y);
  await page.reload();
  await expect.poll(() => node(page, 'Sensors').count()).toBe(1);
});

it('takes tasks in the panel', async () => {
  const { page } = first;
  await node(page, 'Pump').click();
  await page.keyboard.press('Enter');
  const add = page.getByPlaceholder('Add a task, Enter for the next');
  await add.fill('Fit the foot valve');
  await add.press('Enter');
  await add.fill('Wire the float switch');
  await add.press('Enter');
  await expect.poll(() => page.getByLabel('Done: Wire the float switch').count()).toBe(1);
  await page.getByLabel('Done: Fit the foot valve').click();
  await expect
    .poll(async () =>
      (await td.admin.call('listTasks', { query: { project_id, status: 'done' } })).data.items.map(({ name }) => name),
    )
    .toEqual(['Fit the foot valve']);
  await first.shot('panel-tasks');
});

it('shows a change in a second browser within a second', async () => {
  second = await browser.page({ url: td.url, size: 'tablet', theme: 'light' });
  const { page } = second;
  await signIn(page, 'sam');
  await page.goto(`/projects/${project_id}`);
  await node(page, 'Pump').waitFor();
  await page.waitForTimeout(500);
  const wiring = (await components()).find(({ name }) => name === 'Wiring');
  await td.admin.call('updateComponent', { params: { id: wiring?.id ?? '' }, body: { name: 'Wiring and fuses' } });
  await expect.poll(() => node(page, 'Wiring and fuses').count(), { timeout: 2000 }).toBe(1);
  await expect.poll(() => node(first.page, 'Wiring and fuses').count(), { timeout: 2000 }).toBe(1);
  await second.shot('canvas-second-browser');
});

it('ran without a fault of its scripts or a refusal of its policy', () => {
  expect(first.faults).toEqual([]);
  expect(second.faults).toEqual([]);
});
