// How long events are kept, as an administrator decides it: a policy with its mistakes, what goes by it, its archive brought back and let go.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../harness/app.ts';
import { journeyBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/events.ts';
import { openAs } from '../harness/journey-steps.ts';
import { connectSql, type TestSql } from '../harness/sql.ts';

let td: TestApp;
let sql: TestSql;
const browser = journeyBrowser();
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
  await td.user({ username: 'vera' });
  await td.admin.call('createProject', { body: { name: 'Old shed' } });
  await appended();
  await sql.rows("select setval('public.events_mirror_id_seq', 1000000)");
  await sql.rows('select taylordash.ensure_partitions()');
  await sql.rows("update public.events_mirror set created_at = created_at - interval '40 days'");
  await td.admin.call('createProject', { body: { name: 'New shed' } });
  await appended();
  await eventually(
    async () => (await sql.rows('select 1 from taylordash.cursors where position < 1000000')).length === 0,
  );
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});

const appended = () => eventually(async () => (await sql.rows('select 1 from taylordash.outbox')).length === 0);
const oldEvents = () => sql.count('select count(*) from public.events_mirror where id < 1000000');

it('changes the policy, refuses what is no number of days, and says before what would go', async () => {
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await openAs(page, adminName, '/admin/users');
  await page.getByRole('link', { name: 'Retention' }).click();
  await page.getByText('Events are kept for ever.').waitFor();
  await page.getByText('No archive yet.', { exact: false }).waitFor();
  await page.getByText('0 to 999,999').waitFor();
  await journey.shot('retention-for-ever');

  await page.getByRole('button', { name: 'Change' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('By this, nothing goes now.').waitFor();
  await dialog.getByRole('radio', { name: /For some time/ }).click();
  const days = dialog.getByLabel('Days');
  for (const wrong of ['0', '1.5', '40000', 'soon', '']) {
    await days.fill(wrong);
    await dialog.getByText('A whole number of days, from 1 to 36,500.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  }
  await journey.shot('retention-wrong');
  await days.fill('41');
  await dialog.getByText('By this, nothing goes now.').waitFor();
  await days.fill('30');
  const before = await oldEvents();
  await dialog.getByText(`By this, ${before} events in 1 part go within the hour.`, { exact: false }).waitFor();
  await dialog.getByLabel('Archive what goes').uncheck();
  await dialog.getByText('Without an archive nothing brings dropped events back.').waitFor();
  await dialog.getByLabel('Archive what goes').check();
  await journey.shot('retention-change');
  expect(await journey.axe()).toEqual([]);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Events are kept for 30 days, then archived and dropped.').waitFor();
  expect((await td.admin.call('getRetention', {})).data.events).toEqual({ keep_days: 30, archive: true });
  expect(journey.faults).toEqual([]);
  await journey.context.close();
});

it('names who holds events back, and drops them once nobody does', async () => {
  await sql.rows("insert into taylordash.cursors (name, position) values ('a slow reader', 5)");
  const before = await oldEvents();
  const journey = await browser.page({ url: td.url });
  const { page } = journey;
  await openAs(page, adminName, '/admin/retention');
  await page.getByText('a slow reader has not read events 0 to 999,999. They stay until it has.').waitFor();
  await page.getByText('Held back').waitFor();
  await page.getByRole('button', { name: 'Apply now' }).click();
  await page
    .getByText('Events 0 to 999,999 are older than the policy and stay: a slow reader', { exact: false })
    .first()
    .waitFor();
  await journey.shot('retention-held');
  await sql.rows("delete from taylordash.cursors where name = 'a slow reader'");
  await page.reload();
  await page.getByText(`${before} events in 1 part are due.`).waitFor();
  await page.getByRole('button', { name: 'Apply now' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('They are archived first.', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Drop them' }).click();
  await page.getByText('Only here').waitFor();
  await page.getByText('Nothing is due.').waitFor();
  expect(await oldEvents()).toBe(0);
  expect(journey.faults).toEqual([]);
  await journey.context.close();
});

it('checks an archive, brings its events back, and lets them go again', async () => {
  const events = (await td.admin.call('listArchives', {})).data.items[0]?.events ?? 0;
  const journey = await browser.page({ url: td.url, size: 'tablet' });
  const { page } = journey;
  await openAs(page, adminName, '/admin/retention');
  const dialog = page.getByRole('dialog');
  const actions = page.getByRole('button', { name: 'Actions for Events 0 to 999,999' });
  await actions.click();
  await page.getByRole('menuitem', { name: 'Check it' }).click();
  await page.getByText('Checked: it is whole.').waitFor();
  await actions.click();
  await page.getByRole('menuitem', { name: 'Bring back' }).click();
  await dialog.getByRole('button', { name: 'Bring back' }).click();
  await page.getByText(`${events} events are back.`).waitFor();
  await page.getByText('Brought back, stays').waitFor();
  expect(await oldEvents()).toBe(events);
  await journey.shot('retention-back');
  expect(await journey.axe()).toEqual([]);
  await actions.click();
  await page.getByRole('menuitem', { name: 'Let them go again' }).click();
  await dialog.getByRole('button', { name: 'Let them go again' }).click();
  await page.getByText(`${events} events in 1 part are due.`).waitFor();
  expect(journey.faults).toEqual([]);
  await journey.context.close();
});

it('says what is wrong with a damaged archive, and brings nothing back', async () => {
  await td.admin.call('runRetention', {});
  const path = join(td.data_dir, 'archive', 'events', 'events_mirror_p000000.ndjson.gz');
  const whole = await readFile(path);
  await writeFile(path, whole.subarray(0, whole.length - 20));
  const journey = await browser.page({ url: td.url, size: 'tablet', theme: 'light' });
  const { page } = journey;
  await openAs(page, adminName, '/admin/retention');
  const actions = page.getByRole('button', { name: 'Actions for Events 0 to 999,999' });
  await actions.click();
  await page.getByRole('menuitem', { name: 'Bring back' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Bring back' }).click();
  await dialog.getByText('Nothing was brought back.', { exact: false }).waitFor();
  await journey.shot('retention-damaged');
  expect(await journey.axe()).toEqual([]);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await actions.click();
  await page.getByRole('menuitem', { name: 'Check it' }).click();
  await page.getByText('Damaged').waitFor();
  expect(await oldEvents()).toBe(0);
  await writeFile(path, whole);
  // A server that fails says so, with a way to try again.
  await page.route('**/api/v1/retention', (route) => route.fulfill({ status: 500, json: {} }));
  await page.reload();
  await page.getByRole('button', { name: 'Try again' }).waitFor({ timeout: 20_000 });
  await journey.shot('retention-failed');
  await page.unroute('**/api/v1/retention');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Events are kept for 30 days', { exact: false }).waitFor();
  await journey.context.close();
});

it('is the administrators’ alone', async () => {
  const { page, context } = await browser.page({ url: td.url });
  await openAs(page, 'vera', '/admin/retention');
  await page.getByText('Only administrators decide how long events are kept.').waitFor();
  expect(await page.getByRole('link', { name: 'Retention' }).count()).toBe(0);
  await context.close();
});
