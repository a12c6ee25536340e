// The greenhouse example over HTTP: what there is to look at, the past that led to it change by change, and its undo.
import type { ActivityEntry } from '@taylordash/core/changes';
import { addDays, dayIn } from '@taylordash/core/days';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { everyPage } from '../../../../test/harness/pages.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';

/** Far from UTC, so that a day taken from the wrong zone is another one for half of the time. */
const time_zone = 'Pacific/Kiritimati';
const dayMs = 86_400_000;

let td: TestApp;
let sql: TestSql;
let project_id: string;
let added: string | null;
let entries: ActivityEntry[];
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
  await td.admin.call('updateMe', { body: { time_zone } });
  const { data, change_id } = await td.admin.call('addExample', {});
  project_id = data.id;
  added = change_id;
  const waiting = () => sql.count('select count(*) from taylordash.outbox');
  await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 10_000 });
  entries = await activity();
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});

const activity = () =>
  everyPage((cursor) =>
    td.admin.call('projectActivity', { params: { id: project_id }, query: { limit: 50, ...cursor } }),
  );
const undo = (id: string | undefined, conflicts?: 'overwrite' | 'keep') =>
  td.admin.call('undoChange', {
    params: { id: id ?? '' },
    body: conflicts === undefined ? {} : { conflicts },
  });
const graph = async () => (await td.admin.call('projectGraph', { params: { id: project_id } })).data;
const part = async (name: string) => (await graph()).nodes.find((node) => node.name === name);
const tasks = async () => (await td.admin.call('projectTasks', { params: { id: project_id } })).data.tasks;
/** The entry that holds such an event. */
const entryOf = (kind: string, name: string, field?: string) =>
  entries.find(({ events }) =>
    events.some(
      (event) => event.kind === kind && event.name === name && (field === undefined || field in event.changed),
    ),
  );

describe('what there is to look at', () => {
  it('is fourteen components in every state that matters, and thirty-seven tasks', async () => {
    const { nodes, analysis } = await graph();
    expect([nodes.length, nodes.reduce((sum, node) => sum + node.tasks.total, 0)]).toEqual([14, 37]);
    const statuses = Map.groupBy(nodes, ({ status }) => status);
    expect(Object.fromEntries([...statuses].map(([status, list]) => [status, list.length]))).toEqual({
      ...{ completed: 6, in_progress: 3, blocked: 1, pending: 4 },
    });
    const named = (ids: readonly string[]) => nodes.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
    expect([named(analysis.ready), named(analysis.waiting).length, analysis.held_up, analysis.dead_blocked]).toEqual([
      ...[['Drip irrigation'], 3, [], []],
    ]);
    expect(named(analysis.root_blockers.map(({ id }) => id))).toContain('Power and wiring');
    // What follows its tasks stands where they say, so that ticking the next one moves it on and not back.
    for (const {
      name,
      progress,
      progress_mode,
      tasks: { total, done },
    } of nodes) {
      if (progress_mode === 'tasks') expect([name, progress]).toEqual([name, Math.round((100 * done) / total)]);
    }
    const by_hand = nodes.filter(({ progress_mode }) => progress_mode === 'manual');
    expect(by_hand.map(({ name }) => name)).toEqual(['Power and wiring']);
  });

  it('is work of whoever adds it, due by their own calendar', async () => {
    const today = dayIn(time_zone, Date.now());
    const { data } = await td.admin.call('myWork', {});
    const due = new Map(
      data.tasks.map(({ name, due_date, due_is_date }) => [
        name,
        due_date === null ? null : due_is_date ? due_date.slice(0, 10) : dayIn(time_zone, Date.parse(due_date)),
      ]),
    );
    const days = {
      'Seal the ridge': -1,
      'Water the seedlings': 0,
      'Book the inspection': 1,
      'Mount out of the sun': 2,
    };
    const later = { 'Build the corner bed': 4, 'Lay the main line': 6 };
    expect(Object.fromEntries(due)).toEqual(
      Object.fromEntries(Object.entries({ ...days, ...later }).map(([name, day]) => [name, addDays(today, day)])),
    );
    expect(data.ready.map(({ name }) => name).sort()).toEqual([
      ...['Climate sensors', 'Drip irrigation', 'Glazing', 'Raised beds'],
    ]);
  });

  it('has labels, priorities, estimates, two checklists and a task that repeats', async () => {
    const list = (await tasks()).filter(({ status }) => status !== 'done');
    expect(new Set(list.flatMap(({ labels }) => labels)).size).toBeGreaterThan(3);
    expect(new Set(list.map(({ priority }) => priority))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(list.filter(({ estimate_minutes }) => estimate_minutes !== null).length).toBeGreaterThan(4);
    const ticked = list.filter(({ checklist }) => checklist.length > 0);
    expect(
      ticked.map(({ name, checklist }) => [name, checklist.filter(({ done }) => done).length, checklist.length]),
    ).toEqual(
      expect.arrayContaining([
        ['Seal the ridge', 2, 4],
        ['Build the corner bed', 0, 3],
      ]),
    );
    expect(list.filter(({ repeats }) => repeats !== null)).toMatchObject([
      { name: 'Water the seedlings', repeats: { every: 2, unit: 'day' } },
    ]);
  });
});

describe('its past', () => {
  it('is many changes over six weeks, none of them later than now, in the order of their times', () => {
    expect(entries.length).toBeGreaterThan(80);
    const times = entries.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(times[0]).toBeLessThan(Date.now());
    expect(Date.now() - (times.at(-1) ?? 0)).toBeGreaterThan(41 * dayMs);
    const days = new Set(entries.map(({ at }) => dayIn(time_zone, Date.parse(at))));
    expect(days.size).toBeGreaterThan(30);
    expect(entries.at(-1)).toMatchObject({ change_id: added, events: [{ kind: 'project_created' }] });
    expect(entries.every(({ events_total }) => events_total <= 6)).toBe(true);
  });

  it('was told now of what happened then', async () => {
    const [row] = await sql.rows(
      `select count(*)::int as events, count(*) filter (where created_at < now() - interval '1 hour')::int as early,
         count(*) filter (where (payload->>'ts')::timestamptz > now() - interval '1 hour')::int as late,
         count(*) filter (where payload #>> '{payload,change_id}' is distinct from change_id::text)::int as torn
       from public.events_mirror where project_id = $1`,
      [project_id],
    );
    expect(row).toMatchObject({ early: 0, late: 0, torn: 0 });
    expect(row?.events).toBeGreaterThan(120);
  });

  it('ends in what is there: the newest event of each entity is its row', async () => {
    const rows = await sql.rows(
      `with newest as (
         select distinct on (entity_id) entity_id, payload #> '{payload,entity}' as told from public.events_mirror
         where project_id = $1 and topic not like '%dependency_added' order by entity_id, id desc)
       select n.told, coalesce(
           (select taylordash.project_json(p)::jsonb from public.projects p where p.id = n.entity_id),
           (select taylordash.component_json(c)::jsonb from public.components c where c.id = n.entity_id),
           (select taylordash.task_json(t)::jsonb from public.tasks t where t.id = n.entity_id)) as is
       from newest n`,
      [project_id],
    );
    expect(rows).toHaveLength(1 + 14 + 37);
    for (const row of rows) expect(row.told).toEqual(row.is);
  });

  it('leads there step by step: each change begins where the one before ended', async () => {
    const rows = await sql.rows(
      `select entity_id, payload #> '{payload,entity}' as entity, payload #> '{payload,changed}' as changed
       from public.events_mirror where project_id = $1 and topic not like '%dependency_added' order by id`,
      [project_id],
    );
    const states = new Map<unknown, Record<string, unknown>>();
    for (const { entity_id, entity, changed } of rows) {
      const before = states.get(entity_id);
      for (const [field, value] of Object.entries(Object(changed))) {
        const { before: was, after } = Object(value);
        // Of a change that several events tell of, each has what all of it left.
        expect([field, Object(entity)[field]]).toEqual([field, after]);
        if (before?.version !== Object(entity).version) expect([field, before?.[field]]).toEqual([field, was]);
      }
      states.set(entity_id, Object(entity));
    }
    expect(states.size).toBe(52);
  });

  it('tells of the slip, the block, the progress by hand and what repeated', () => {
    expect(entryOf('component_updated', 'Glazing', 'due_on')?.events).toHaveLength(1);
    expect(entries.filter(({ events }) => events.some(({ changed }) => 'due_on' in changed))).toHaveLength(1);
    expect(entryOf('component_status_changed', 'Power and wiring', 'status')).toBeDefined();
    expect(
      entries.filter(({ events }) =>
        events.some(({ kind, changed }) => kind === 'component_updated' && 'blocked_reason' in changed),
      ),
    ).toMatchObject([
      {
        events: [
          { name: 'Power and wiring' },
          { kind: 'component_status_changed', changed: { status: { after: 'blocked' } } },
        ],
      },
    ]);
    const moves = entries
      .flatMap(({ events }) => events)
      .filter(({ name, changed }) => name === 'Power and wiring' && 'progress' in changed);
    expect(moves.map(({ changed }) => [changed.progress?.before, changed.progress?.after]).slice(0, 2)).toEqual([
      [40, 60],
      [20, 40],
    ]);
    expect(entryOf('task_completed', 'Water the seedlings')?.events.map(({ kind }) => kind)).toEqual([
      ...['task_updated', 'task_completed', 'task_created', 'component_progress_updated'],
    ]);
  });
});

describe('taking a change of then back', () => {
  it('sets what nobody touched since, and back again', async () => {
    const slip = entryOf('component_updated', 'Glazing', 'due_on');
    const { before, after } = slip?.events[0]?.changed.due_on ?? {};
    const back = (await undo(slip?.change_id)).data.change_id;
    expect((await part('Glazing'))?.due_on).toBe(before);
    await undo(back ?? '');
    expect((await part('Glazing'))?.due_on).toBe(after);
  });

  it('reopens a task, and its component follows', async () => {
    const done = (await undo(entryOf('task_completed', 'Fit the roof panels')?.change_id)).data.change_id;
    expect(await part('Glazing')).toMatchObject({ progress: 33, tasks: { done: 1 } });
    await undo(done ?? '');
    expect(await part('Glazing')).toMatchObject({ progress: 67, tasks: { done: 2 } });
  });

  it('takes the next one of what repeats away', async () => {
    const back = (await undo(entryOf('task_completed', 'Water the seedlings')?.change_id)).data.change_id;
    const watering = (await tasks()).filter(({ name }) => name === 'Water the seedlings');
    expect(watering).toMatchObject([{ status: 'todo', repeats: { every: 2 } }]);
    await undo(back ?? '');
    expect((await tasks()).filter(({ name }) => name === 'Water the seedlings')).toHaveLength(2);
  });

  it('asks where more was done with it since, saying when that was', async () => {
    const asked = undo(entryOf('component_created', 'Frame')?.change_id);
    await expect(asked).rejects.toMatchObject({ body: { status: 409, code: 'change.conflict' } });
    const conflicts = await asked.catch(
      (error: { body: { conflicts: { field: string; changed_at: string | null }[] } }) => error.body.conflicts,
    );
    const status = Array.isArray(conflicts) ? conflicts.find(({ field }) => field === 'status') : undefined;
    expect(Date.now() - Date.parse(status?.changed_at ?? '')).toBeGreaterThan(14 * dayMs);
  });
});

it('goes with all that is in it, and what added it is taken back only when asked twice', async () => {
  await expect(undo(added ?? '')).rejects.toMatchObject({ body: { code: 'change.conflict' } });
  const { change_id } = await td.admin.call('deleteProject', { params: { id: project_id } });
  const left = () =>
    sql.count(
      `select (select count(*) from public.projects) + (select count(*) from public.components) + (select count(*) from public.tasks)
         + (select count(*) from public.component_dependencies)`,
    );
  expect(await left()).toBe(0);
  await undo(change_id ?? '');
  expect((await graph()).nodes).toHaveLength(14);
  await undo(added ?? '', 'overwrite');
  expect(await left()).toBe(0);
});

it('is added a second time beside the first', async () => {
  await td.admin.call('addExample', {});
  await td.admin.call('addExample', {});
  expect(await sql.count(`select count(*) from public.components`)).toBe(28);
});
