// Who may come in and what they may change: a wrong password, a viewer, a member of tasks alone, a user made and put out again.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp, testPassword } from '../harness/app.ts';
import { journeyBrowser } from '../harness/browser.ts';
import { node, signIn } from '../harness/journey-steps.ts';

let td: TestApp;
let project_id = '';
const browser = journeyBrowser();

beforeAll(async () => {
  td = await testApp();
  const { data } = await td.admin.call('createProject', { body: { name: 'Workshop', status: 'active' } });
  project_id = data.id;
  const position = { x: 0, y: 0 };
  const made = await td.admin.call('createComponent', {
    params: { id: project_id },
    body: { name: 'Pump', position },
  });
  await td.admin.call('createTask', { params: { id: made.data.id }, body: { name: 'Fit the valve' } });
  await td.user({ username: 'vera' });
  await td.user({ username: 'tom', grants: [{ permission: 'write:tasks', project_id: null }] });
});
afterAll(() => td.stop());

it('says nothing about which part was wrong, and after some tries how long to wait', async () => {
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await page.goto('/login');
  await page.getByLabel('User name').fill('nobody');
  const password = page.getByLabel('Password', { exact: true });
  const tries: string[] = [];
  for (let attempt = 0; attempt < 6; attempt++) {
    await password.fill('not the password');
    const answered = page.waitForResponse('**/auth/login');
    await page.keyboard.press('Enter');
    await answered;
    const alert = page.getByRole('alert').first();
    await alert.waitFor();
    tries.push(await alert.innerText());
  }
  expect(tries[0]).toBe('The user name or the password is wrong.');
  expect(tries.at(-1)).toMatch(/^Too many attempts\. Try again in \d+ seconds?\.$/);
  expect(await page.getByRole('button', { name: 'Sign in' }).isDisabled()).toBe(true);
  await journey.shot('login-wait');
  // The countdown ends by itself.
  await expect.poll(() => page.getByRole('button', { name: 'Sign in' }).isEnabled(), { timeout: 8000 }).toBe(true);
  expect(journey.faults).toEqual([]);
});

it('shows a viewer everything and offers nothing that changes it', async () => {
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await signIn(page, 'vera');
  await page.getByText('Workshop').waitFor();
  expect(await page.getByRole('button', { name: 'New project' }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
  await page.goto(`/projects/${project_id}`);
  await node(page, 'Pump').dblclick();
  await page.getByLabel('Done: Fit the valve').waitFor();
  expect(await page.getByLabel('Done: Fit the valve').isDisabled()).toBe(true);
  expect(await page.getByPlaceholder('Add a task, Enter for the next').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Delete component' }).count()).toBe(0);
  expect(await page.getByLabel('Name', { exact: true }).getAttribute('readonly')).not.toBeNull();
  await journey.shot('canvas-viewer');
  await page.keyboard.press('Escape');
  // The keys are silent as well.
  await page.locator('.canvas').press('c');
  expect(await page.getByLabel('Name of the component').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Add component' }).count()).toBe(0);
  expect(journey.faults).toEqual([]);
});

it('lets a member of tasks tick and add tasks, and nothing else', async () => {
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await signIn(page, 'tom');
  await page.goto(`/projects/${project_id}`);
  await node(page, 'Pump').dblclick();
  await page.getByLabel('Done: Fit the valve').click();
  await page.getByPlaceholder('Add a task, Enter for the next').fill('Prime it');
  await page.keyboard.press('Enter');
  await expect
    .poll(async () =>
      (await td.admin.call('listTasks', { query: { project_id } })).data.items
        .map((task) => [task.name, task.status])
        .sort(),
    )
    .toEqual([
      ['Fit the valve', 'done'],
      ['Prime it', 'todo'],
    ]);
  expect(await page.getByRole('button', { name: 'Delete component' }).count()).toBe(0);
  expect(await page.getByLabel('Name', { exact: true }).getAttribute('readonly')).not.toBeNull();
  expect(await page.getByRole('button', { name: 'Add component' }).count()).toBe(0);
  expect(journey.faults).toEqual([]);
});

it('makes a member, changes what they may do, and signs them out when they are deactivated', async () => {
  const admins = await browser.page({ url: td.url });
  const { page } = admins;
  await signIn(page, adminName);
  await page.goto('/admin/users');
  await page.getByRole('button', { name: 'New user' }).click();
  await page.getByRole('dialog').getByLabel('User name').fill('max');
  await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(testPassword);
  await admins.shot('user-new');
  await page.getByRole('button', { name: 'Create user' }).click();
  await page.getByText('“max” can sign in now.').first().waitFor();

  const theirs = await browser.page({ url: td.url, theme: 'light' });
  await signIn(theirs.page, 'max');
  await theirs.page.goto(`/projects/${project_id}`);
  await theirs.page.getByRole('button', { name: 'Add component' }).waitFor();

  await page.getByRole('button', { name: 'Actions for max' }).click();
  await page.getByRole('menuitem', { name: 'Change access' }).click();
  await page.getByRole('radio', { name: /^Viewer/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  // Their page follows without a reload: it asks every few seconds what it may do.
  await theirs.page.getByRole('button', { name: 'Add component' }).waitFor({ state: 'detached', timeout: 12_000 });

  await page.getByRole('button', { name: 'Actions for max' }).click();
  await page.getByRole('menuitem', { name: 'Deactivate' }).click();
  await admins.shot('user-deactivate');
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await theirs.page.waitForURL('**/login**', { timeout: 2500 });
  await theirs.page.getByText('Your session ended.').waitFor();
  await theirs.shot('login-ended');
  expect([...admins.faults, ...theirs.faults]).toEqual([]);
});
