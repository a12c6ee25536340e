// Whole projects in and out: what comes back is what went, wrong files are refused by the place, and nothing is left of them.
import { randomUUID } from 'node:crypto';
import type { ProjectFile } from '@taylordash/core/project-file';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminName, type TestApp, testApp } from '../../../../test/harness/app.ts';
import { connectSql, fingerprint, type TestSql } from '../../../../test/harness/sql.ts';
import { told } from '../../../../test/harness/told.ts';

let td: TestApp;
let sql: TestSql;
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});

const load = async (body: Record<string, unknown>, query: { skip_cycles?: boolean; name?: string } = {}) =>
  (await td.admin.call('importProject', { body, query })).data;
const save = async (id: string): Promise<ProjectFile> =>
  (await td.admin.call('exportProject', { params: { id } })).data;
const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ code: 'done', errors: [], closing: [] }),
    (error: { body?: { code: string; errors?: { pointer: string }[]; closing?: unknown } }) => error.body,
  );

const text = (most: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: most })
    .filter((value) => /\S/.test(value) && !value.includes('\0') && value.isWellFormed());
const moment = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().replace('Z', '123Z'));
const day = moment.map((at) => at.slice(0, 10));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const metadata = fc.dictionary(
  text(10).filter((key) => key !== '__proto__'),
  fc.oneof(text(20), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer(), { maxLength: 3 })),
  { maxKeys: 4 },
);
const weight = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => Math.abs(value));
const person = fc.constantFrom(adminName, null);
const task = fc.record({
  ...{ name: text(40), description: maybe(text(80)), assignee: person, created_by: person, weight },
  ...{ due_date: maybe(moment), due_is_date: fc.boolean(), priority: fc.integer({ min: 0, max: 4 }) },
  ...{ created_at: moment, updated_at: moment },
  labels: fc.uniqueArray(fc.constantFrom('later', 'Öl', 'to buy', '3/4'), { maxLength: 3 }),
  checklist: fc.uniqueArray(fc.record({ id: fc.uuid(), text: text(40), done: fc.boolean() }), {
    ...{ maxLength: 3, selector: ({ id }) => id },
  }),
  estimate_minutes: maybe(fc.integer({ min: 1, max: 600_000 })),
  repeats: maybe(
    fc.record({
      every: fc.integer({ min: 1, max: 365 }),
      unit: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const),
    }),
  ),
  done: fc.boolean(),
});
const component = fc.record({
  ...{
    name: text(40),
    type: maybe(text(20).filter((type) => type !== 'unsorted')),
    description: maybe(text(80)),
    metadata,
    weight,
  },
  status: fc.constantFrom(
    'pending' as const,
    'in_progress' as const,
    'blocked' as const,
    'completed' as const,
    'cancelled' as const,
  ),
  ...{
    progress: fc.integer({ min: 0, max: 100 }),
    pinned: fc.boolean(),
    assignee: person,
    blocked_reason: maybe(text(20)),
  },
  position: maybe(
    fc.record({ x: fc.integer({ min: -1e7, max: 1e7 }), y: fc.double({ min: -1e7, max: 1e7, noNaN: true }) }),
  ),
  ...{ start_on: maybe(day), due_on: maybe(day), duration_days: maybe(fc.integer({ min: 0, max: 36_500 })) },
  ...{ progress_mode: fc.constantFrom('manual' as const, 'tasks' as const), updated_at: moment },
  tasks: fc.array(task, { maxLength: 3 }),
});
const file = fc
  .record({
    project: fc.record({
      ...{ name: text(60), description: maybe(text(80)), metadata, owner: person },
      status: fc.constantFrom('planning' as const, 'active' as const, 'on_hold' as const, 'archived' as const),
      ...{ start_on: maybe(day), due_on: maybe(day), created_at: moment, updated_at: moment },
      working_days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    }),
    components: fc.array(component, { maxLength: 6 }),
    edges: fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 8, selector: String }),
  })
  .map(({ project, components, edges }): ProjectFile => {
    const parts = components.map(({ tasks, ...fields }, n) => ({
      ...fields,
      key: randomUUID(),
      // In the order of the list, as an export writes them.
      created_at: `2020-01-01T00:00:00.00000${n}Z`,
      position: fields.position && { x: fields.position.x, y: fields.position.y + 0 },
      tasks: tasks.map(({ done, ...own }, place) => ({
        ...own,
        status: done ? ('done' as const) : ('todo' as const),
        completed_at: done ? own.created_at : null,
        rank: `r${place}`,
      })),
    }));
    const dependencies = edges
      .filter(([from, to]) => from > to && from < parts.length)
      .map(([from, to]) => ({ component: parts[from]?.key ?? '', depends_on: parts[to]?.key ?? '' }))
      .sort((a, b) => (`${a.component} ${a.depends_on}` < `${b.component} ${b.depends_on}` ? -1 : 1));
    return { format: 'taylordash-project/1', project, components: parts, dependencies };
  });

/** The same project, its parts named by their place. */
function byPlace(given: ProjectFile): unknown {
  const places = new Map(given.components.map(({ key }, n) => [key, n]));
  const { components, dependencies, ...rest } = given;
  return {
    ...rest,
    components: components.map((part, n) => ({ ...part, key: n })),
    dependencies: dependencies
      .map(({ component, depends_on }) => `${places.get(component)} ${places.get(depends_on)}`)
      .sort(),
  };
}

describe('a project that goes out and comes back', () => {
  it('is the same, and as a copy the same but for its keys', async () => {
    const check = fc.asyncProperty(file, async (given) => {
      const { project } = await load({ ...given });
      const out = await save(project.id);
      expect(out).toEqual(given);
      const copy = await load({ ...out });
      expect(byPlace(await save(copy.project.id))).toEqual(byPlace(given));
      for (const id of [project.id, copy.project.id]) await td.admin.call('deleteProject', { params: { id } });
      const back = await load({ ...out });
      expect(await save(back.project.id)).toEqual(given);
      await td.admin.call('deleteProject', { params: { id: back.project.id } });
    });
    // Three exports each, of the 120 that one address may ask for in a minute.
    await fc.assert(check, { seed: 3, numRuns: 25 });
  });
  it('has its events: one for each row, in one change', async () => {
    const part = (key: string, name: string) => ({ key, name });
    const events = await told(sql, () =>
      load({ title: 'Graph', components: [part('a', 'A'), part('b', 'B')], dependencies: [['b', 'a']] }),
    );
    expect(events.map(({ kind }) => kind)).toEqual([
      ...['project_created', 'component_created', 'component_created', 'component_dependency_added'],
    ]);
    expect(new Set(events.map(({ change_id }) => change_id)).size).toBe(1);
  });
  it('of a time before labels and checklists comes in without any', async () => {
    const { project } = await load({ title: 'Old', components: [{ key: 1, name: 'A' }], dependencies: [] });
    const out = await save(project.id);
    const old = {
      ...{
        name: 'Step',
        description: null,
        status: 'todo',
        due_date: null,
        due_is_date: false,
        priority: 0,
        weight: 1,
      },
      ...{ rank: null, assignee: null, created_by: null, completed_at: null },
    };
    const twice = [1, 2].map(() => ({ id: 'a', text: 'x', done: false }));
    const withTask = (task: object) => ({
      ...out,
      components: out.components.map((one) => ({ ...one, tasks: [task] })),
    });
    const again = await load(withTask(old));
    expect((await save(again.project.id)).components[0]?.tasks[0]).toMatchObject({
      ...{ labels: [], checklist: [], estimate_minutes: null, repeats: null },
    });
    expect(await problemOf(load(withTask({ ...old, checklist: twice })))).toMatchObject({
      ...{ code: 'project.import_invalid', errors: [{ pointer: '/components/0/tasks/0/checklist' }] },
    });
  });
  it('loses the people nobody here knows, and says so', async () => {
    const { project, unknown_people } = await load(withPart({ assignee: 'Nobody', tasks: [] }));
    expect(unknown_people).toEqual(['Nobody']);
    expect((await save(project.id)).components[0]?.assignee).toBeNull();
  });
  it('is one copy each, however many import it at the same time', async () => {
    const given = withPart({});
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => load(given)));
    const ids = await sql.rows('select id from public.components where project_id = any($1::uuid[])', [
      outcomes.map(({ project }) => project.id),
    ]);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(5);
  });
  it('keeps its dependencies when the keys are written in capitals', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    const given = withPart({ key: a.toUpperCase() }, { key: b });
    const loaded = await load({ ...given, dependencies: [{ component: b.toUpperCase(), depends_on: a }] });
    expect((await save(loaded.project.id)).dependencies).toEqual([{ component: b, depends_on: a }]);
  });
});

function withPart(...parts: object[]): Record<string, unknown> {
  const plain = {
    ...{ name: 'Part', type: null, status: 'pending', progress: 0, position: null, metadata: {}, description: null },
    ...{ start_on: null, due_on: null, duration_days: null, weight: 1, progress_mode: 'manual', assignee: null },
    ...{ blocked_reason: null, pinned: false, tasks: [] },
  };
  return {
    format: 'taylordash-project/1',
    project: {
      ...{ name: 'File', description: null, status: 'active', metadata: {}, start_on: null, due_on: null },
      ...{ working_days: [1], owner: null },
    },
    components: parts.map((part) => ({ key: randomUUID(), ...plain, ...part })),
    dependencies: [],
  };
}

describe('a wrong file', () => {
  const key = randomUUID();
  const graph = (more: object) => ({ title: 'G', components: [{ key: 1, name: 'A' }], dependencies: [], ...more });
  const task = {
    ...{ name: 'T', description: null, status: 'todo', due_date: null, due_is_date: false, priority: 0, weight: 1 },
    ...{ rank: null, assignee: null, created_by: null, completed_at: null },
  };
  const wrong: [what: string, file: Record<string, unknown>, pointer: string][] = [
    ['no title', { components: [], dependencies: [] }, '/title'],
    ['a blank title', graph({ title: ' ' }), '/title'],
    ['a further field', graph({ author: 'me' }), '/author'],
    ['a component without a name', graph({ components: [{ key: 1 }] }), '/components/0/name'],
    ['a component without a key', graph({ components: [{ name: 'A' }] }), '/components/0/key'],
    [
      'a key used twice',
      graph({
        components: [
          { key: 1, name: 'A' },
          { key: 1, name: 'B' },
        ],
      }),
      '/components/1/key',
    ],
    ['a component that is none', graph({ components: [7] }), '/components/0'],
    [
      'fields beyond all bounds',
      graph({ components: [{ key: 1, name: 'A', x: 'x'.repeat(20_000) }] }),
      '/components/0',
    ],
    ['a dependency on nothing', graph({ dependencies: [[1, 2]] }), '/dependencies/0/1'],
    ['a dependency of nothing', graph({ dependencies: [['1', 1]] }), '/dependencies/0/0'],
    ['half a dependency', graph({ dependencies: [[1]] }), '/dependencies/0'],
    ['another format', { format: 'other/2' }, '/format'],
    ['two parts of one key', withPart({ key }, { key }), '/components/1/key'],
    ['two parts of one key in capitals', withPart({ key }, { key: key.toUpperCase() }), '/components/1/key'],
    ['two trays', withPart({ type: 'unsorted' }, { type: 'unsorted' }), '/components/1/type'],
    ['a wrong day', withPart({ due_on: '2026-02-30' }), '/components/0/due_on'],
    ['a wrong moment', withPart({ created_at: '0000-01-01T00:00:00Z' }), '/components/0/created_at'],
    ['a wrong task', withPart({ tasks: [{ ...task, priority: 9 }] }), '/components/0/tasks/0/priority'],
    ['metadata beyond all bounds', withPart({ metadata: { x: 'x'.repeat(20_000) } }), '/components/0/metadata'],
    [
      'a dependency of nothing here',
      { ...withPart({ key }), dependencies: [{ component: randomUUID(), depends_on: key }] },
      '/dependencies/0/component',
    ],
    [
      'a dependency of the tray',
      { ...withPart({ key, type: 'unsorted' }, {}), dependencies: [{ component: key, depends_on: key }] },
      '/dependencies/0/component',
    ],
  ];
  it.each(wrong)('with %s is refused, named by its place, and leaves nothing', async (_what, given, pointer) => {
    const before = await fingerprint(sql);
    const problem = await problemOf(load(given));
    expect(problem?.code).toBe('project.import_invalid');
    expect(problem?.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(await fingerprint(sql)).toEqual(before);
  });

  const loops = graph({
    components: ['A', 'B', 'C', 'D'].map((name, n) => ({ key: n, name })),
    dependencies: [
      [1, 0],
      [2, 1],
      [0, 2],
      [3, 3],
    ],
  });
  it('with cycles is refused with the dependencies that close them', async () => {
    const before = await fingerprint(sql);
    expect(await problemOf(load(loops))).toMatchObject({
      code: 'project.import_cycle',
      closing: [
        { component: 'B', depends_on: 'A' },
        { component: 'D', depends_on: 'D' },
      ],
    });
    expect(await fingerprint(sql)).toEqual(before);
  });
  it('with cycles comes in without those where that was asked for', async () => {
    const { dependencies, skipped, project } = await load(loops, { skip_cycles: true, name: 'Mended' });
    expect([dependencies, skipped.length, project.name]).toEqual([2, 2, 'Mended']);
    expect((await save(project.id)).dependencies).toHaveLength(2);
  });
  it('that the database refuses in the middle leaves nothing', async () => {
    await sql.rows(
      `create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
    );
    await sql.rows(
      `create trigger refuse before insert on public.tasks for each row when (new.name = 'Refused') execute function public.refuse()`,
    );
    const before = await fingerprint(sql);
    const problem = await problemOf(load(withPart({ tasks: [task, { ...task, name: 'Refused' }] })));
    expect(problem?.code).toBe('server.error');
    expect(await fingerprint(sql)).toEqual(before);
    await sql.rows('drop trigger refuse on public.tasks');
  });
});

it('tells of its progress line by line, and of a problem in the same way', async () => {
  const lines = async (body: unknown) => {
    const response = await td.raw('/api/v1/projects/import?progress=true', {
      ...{ method: 'POST', token: td.admin_token, headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(body),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/x-ndjson; charset=utf-8',
    ]);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const text = await response.text();
    return text
      .trimEnd()
      .split('\n')
      .map((line): Record<string, Record<string, unknown>> => JSON.parse(line));
  };
  const components = Array.from({ length: 1200 }, (_, n) => ({ key: n, name: `N${n}` }));
  const good = await lines({ title: 'Large', components, dependencies: [[1, 0]] });
  expect(good.slice(0, -1).map(({ progress }) => progress?.done)).toEqual([500, 1000, 1200, 1201]);
  expect(good.at(-1)?.result).toMatchObject({ components: 1200, dependencies: 1, project: { name: 'Large' } });
  const bad = await lines({ title: 7, components: [], dependencies: [] });
  expect(bad).toMatchObject([
    { problem: { code: 'project.import_invalid', status: 400, errors: [{ pointer: '/title' }] } },
  ]);
});
