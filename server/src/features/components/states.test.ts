// States over HTTP: lists by state, the analysis in a graph, and whose day it is.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { send } from '../../../../test/harness/send.ts';
import { connectSql } from '../../../../test/harness/sql.ts';

let td: TestApp;
let project_id = '';
const ids: Record<string, string> = {};

beforeAll(async () => {
  td = await testApp({ overrides: { clock: { now: () => Date.parse('2026-06-15T10:30:00Z') } } });
  project_id = (await td.admin.call('createProject', { body: { name: 'Shed' } })).data.id;
  const part = async (body: Parameters<typeof make>[0]) => {
    ids[body.name] = await make(body);
  };
  await part({ name: 'Base' });
  await part({ name: 'Frame', depends_on: [id('Base')], start_on: '2026-06-14', weight: 3, progress: 50 });
  await part({ name: 'Roof', depends_on: [id('Frame')] });
  await part({ name: 'Pool', status: 'cancelled' });
  await part({ name: 'Pump', depends_on: [id('Pool')] });
  await part({ name: 'Notes', type: 'unsorted' });
});
afterAll(() => td.stop());

async function make(body: {
  name: string;
  depends_on?: string[];
  start_on?: string;
  status?: 'cancelled';
  type?: string;
  weight?: number;
  progress?: number;
}): Promise<string> {
  return (await td.admin.call('createComponent', { params: { id: project_id }, body })).data.id;
}
const id = (name: string): string => ids[name] ?? '';

const namesBy = async (query: { state?: string; held_up?: boolean }) => {
  const { data } = await td.admin.call('listProjectComponents', {
    params: { id: project_id },
    query: { ...query, sort: 'name' },
  });
  const { data: across } = await td.admin.call('listComponents', { query: { ...query, sort: 'name' } });
  expect(across.items).toEqual(data.items);
  return data.items.map(({ name }) => name);
};

it('lists by one state or several, in a project and across all', async () => {
  expect(await namesBy({ state: 'ready' })).toEqual(['Base']);
  expect(await namesBy({ state: 'waiting' })).toEqual(['Frame', 'Roof']);
  expect(await namesBy({ state: 'ready,dead_blocked,cancelled' })).toEqual(['Base', 'Pool', 'Pump']);
  expect(await namesBy({ held_up: true })).toEqual(['Frame']);
  expect(await namesBy({ state: 'waiting', held_up: false })).toEqual(['Roof']);
  expect(await namesBy({})).toContain('Notes');
});

it('answers a viewer the same', async () => {
  const { client } = await td.user({ username: 'vera' });
  const query = { state: 'ready,waiting,dead_blocked', sort: 'name' } as const;
  const { items } = (await client.call('listComponents', { query })).data;
  expect(items.map(({ name }) => name)).toEqual(['Base', 'Frame', 'Pump', 'Roof']);
  const { data } = await client.call('listProjects', { query: { include: 'counts' } });
  expect(data.items[0]?.counts).toMatchObject({ components_ready: 1, components_held_up: 1, attention: 2 });
});

it('names a state that does not exist, and those that do', async () => {
  for (const state of ['stuck', 'ready,', 'Ready', 'held_up', 'ready, waiting']) {
    const { status, problem } = await send(td, 'listComponents', { query: { state } }, { token: td.admin_token });
    const [error] = problem.errors ?? [];
    expect([status, error?.pointer]).toEqual([400, '#/query/state']);
    expect(error?.detail).toContain('completed, cancelled, blocked, dead_blocked, in_progress, waiting, ready');
  }
});

it('analyses the graph that it answers', async () => {
  const sql = await connectSql(td.database_url);
  // The trigger sets the time of each update, so the past needs a moment without it.
  await sql.rows('alter table public.components disable trigger components_updated_at');
  await sql.rows("update public.components set updated_at = '2026-06-01T10:30:00Z' where id = $1", [id('Pump')]);
  await sql.rows('alter table public.components enable trigger components_updated_at');
  await sql.end();
  const { data } = await td.admin.call('projectGraph', { params: { id: project_id } });
  expect(data.analysis).toEqual({
    today: '2026-06-15',
    // The tray counts: 150 by a weight of 7.
    progress: 21,
    ready: [id('Base')],
    waiting: [id('Frame'), id('Roof')],
    held_up: [id('Frame')],
    dead_blocked: [id('Pump')],
    root_blockers: [{ id: id('Base'), held_up: 1, waiting: 2, stalled: false }],
  });
  await td.admin.call('createComponent', {
    params: { id: project_id },
    body: { name: 'Hose', depends_on: [id('Pump')] },
  });
  const { data: later } = await td.admin.call('projectGraph', { params: { id: project_id } });
  expect(later.analysis.root_blockers[1]).toEqual({ id: id('Pump'), held_up: 0, waiting: 1, stalled: true });
});

it('knows the day where the caller is, as soon as the profile says so', async () => {
  const body = { name: 'Late for some', depends_on: [id('Base')], start_on: '2026-06-15' };
  const late = await td.admin.call('createComponent', { params: { id: project_id }, body });
  for (const [time_zone, today, held_up] of [
    ['Pacific/Kiritimati', '2026-06-16', true],
    ['Pacific/Niue', '2026-06-14', false],
  ] as const) {
    await td.admin.call('updateMe', { body: { time_zone } });
    const { analysis } = (await td.admin.call('projectGraph', { params: { id: project_id } })).data;
    expect(analysis).toMatchObject({ today });
    expect(analysis.held_up.includes(late.data.id)).toBe(held_up);
    expect((await namesBy({ held_up: true })).includes('Late for some')).toBe(held_up);
    const { items } = (await td.admin.call('listProjects', { query: { include: 'counts' } })).data;
    expect(items[0]?.counts?.components_held_up).toBe(analysis.held_up.length);
  }
});
