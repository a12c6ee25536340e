// Components and dependencies over HTTP: answers, rows, events; the tray, deletions, moves, and races for the shape of the graph.
import { randomUUID } from 'node:crypto';
import { adjacency, findPath } from '@taylordash/core/graph';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { everyPage, expectAllOnce } from '../../../../test/harness/pages.ts';
import { connectSql, fingerprint, type TestSql } from '../../../../test/harness/sql.ts';
import { expectOneChange, told } from '../../../../test/harness/told.ts';
import * as queries from './queries.ts';

let td: TestApp;
let sql: TestSql;
let project_id: string;
beforeAll(async () => {
  td = await testApp();
  sql = await connectSql(td.database_url);
});
afterAll(async () => {
  await sql.end();
  await td.stop();
});
beforeEach(async () => {
  project_id = (await td.admin.call('createProject', { body: { name: 'Shed' } })).data.id;
});

const part = async (name: string, depends_on: string[] = [], more: object = {}) =>
  (await td.admin.call('createComponent', { params: { id: project_id }, body: { name, depends_on, ...more } })).data.id;
const link = (id: string, depends_on_id: string) => td.admin.call('addDependency', { params: { id, depends_on_id } });
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { body?: { code?: string } }) => error.body?.code ?? String(error),
  );
const edges = async () => {
  const { data } = await td.admin.call('projectGraph', { params: { id: project_id } });
  return data.edges.map((edge) => [edge.component_id, edge.depends_on_id] as const);
};

describe('making one', () => {
  it('201 with what it waits for, each told in one change', async () => {
    const first = await part('First');
    let id = '';
    const events = await told(sql, async () => {
      id = await part('Second', [first], { position: { x: 1.5, y: -2 }, metadata: { a: [1] } });
    });
    expectOneChange(events, ['component_created', 'component_dependency_added']);
    expect(events[0]).toMatchObject({
      project_id,
      entity_id: id,
      payload: { entity: { name: 'Second', position: { x: 1.5, y: -2 } } },
    });
    expect(events[1]?.payload.entity).toEqual({
      ...{ component_id: id, depends_on_id: first, project_id },
      ...{ component_name: 'Second', depends_on_name: 'First' },
    });
    const { data, version } = await td.admin.call('getComponent', { params: { id } });
    expect([data.depends_on, data.dependents, version]).toEqual([[first], [], 1]);
  });
  it('nothing where one of them is unknown, or of another project, or the tray', async () => {
    const tray = await part('Tray', [], { type: 'unsorted' });
    const here = project_id;
    project_id = (await td.admin.call('createProject', { body: { name: 'Elsewhere' } })).data.id;
    const elsewhere = await part('There');
    project_id = here;
    const before = await fingerprint(sql);
    expect(await code(part('X', [randomUUID()]))).toBe('component.not_found');
    expect(await code(part('X', [elsewhere]))).toBe('component.dependency_other_project');
    expect(await code(part('X', [tray]))).toBe('component.tray_has_no_dependencies');
    expect(await fingerprint(sql)).toEqual(before);
  });
  it('once for an Idempotency-Key', async () => {
    const idempotency_key = randomUUID();
    const make = () =>
      td.admin.call('createComponent', { params: { id: project_id }, body: { name: 'Once' }, idempotency_key });
    const answers = await Promise.all([make(), make(), make()]);
    expect(new Set(answers.map(({ data }) => data.id)).size).toBe(1);
  });
});

describe('changing one', () => {
  it('200: an event a specific kind and one for the rest, in table order', async () => {
    const id = await part('Frame');
    const events = await told(sql, async () => {
      const body = {
        ...({ name: 'Frames', status: 'blocked', blocked_reason: 'No wood', progress: 30 } as const),
        position: { x: 5, y: 6 },
      };
      await td.admin.call('updateComponent', { params: { id }, body, if_match: 1 });
    });
    expectOneChange(events, [
      ...['component_updated', 'component_progress_updated', 'component_status_changed', 'components_moved'],
    ]);
    expect(events.map(({ payload }) => payload.changed)).toEqual([
      { name: { before: 'Frame', after: 'Frames' }, blocked_reason: { before: null, after: 'No wood' } },
      { progress: { before: 0, after: 30 }, progress_mode: { before: 'tasks', after: 'manual' } },
      { status: { before: 'pending', after: 'blocked' } },
      {
        positions: { before: [{ id, position: null }], after: [{ id, position: { x: 5, y: 6 } }] },
      },
    ]);
  });
  it('drops the reason when it is no longer blocked', async () => {
    const id = await part('Frame', [], { status: 'blocked', blocked_reason: 'No wood' });
    const { data } = await td.admin.call('updateComponent', { params: { id }, body: { status: 'in_progress' } });
    expect(data.blocked_reason).toBeNull();
  });
  it('no event and no version where nothing differs', async () => {
    const id = await part('Same', [], { metadata: { b: 1, a: { c: [1, 2] } }, position: { x: 1, y: 2 } });
    const before = await fingerprint(sql);
    const body = { name: 'Same', metadata: { a: { c: [1, 2] }, b: 1 }, position: { y: 2, x: 1 }, progress: 0 };
    expect((await td.admin.call('updateComponent', { params: { id }, body })).version).toBe(1);
    expect(await fingerprint(sql)).toEqual(before);
  });
  it('412 with the present state', async () => {
    const id = await part('Raced');
    await td.admin.call('updateComponent', { params: { id }, body: { progress: 1 } });
    const late = td.admin.call('updateComponent', { params: { id }, body: { progress: 2 }, if_match: 1 });
    await expect(late).rejects.toMatchObject({ body: { status: 412, current: { progress: 1, version: 2 } } });
    expect(await code(td.admin.call('deleteComponent', { params: { id }, if_match: 1 }))).toBe(
      'request.precondition_failed',
    );
  });
  it('404', async () => {
    const params = { id: randomUUID() };
    for (const name of ['getComponent', 'componentDeletion', 'deleteComponent', 'listComponentTasks'] as const) {
      expect(await code(td.admin.call(name, { params }))).toBe('component.not_found');
    }
    expect(await code(td.admin.call('updateComponent', { params, body: { progress: 1 } }))).toBe('component.not_found');
  });
});

describe('the tray', () => {
  it('is one a project', async () => {
    await part('Tray', [], { type: 'unsorted' });
    expect(await code(part('Second', [], { type: 'unsorted' }))).toBe('component.tray_exists');
    const id = await part('Plain');
    const change = td.admin.call('updateComponent', { params: { id }, body: { type: 'unsorted' } });
    expect(await code(change)).toBe('component.tray_exists');
  });
  it('is one, however many ask at the same time', async () => {
    await Promise.allSettled(Array.from({ length: 6 }, () => part('Tray', [], { type: 'unsorted' })));
    expect(
      await sql.count(`select count(*) from public.components where type = 'unsorted' and project_id = $1`, [
        project_id,
      ]),
    ).toBe(1);
  });
  it('stays outside the graph', async () => {
    const tray = await part('Tray', [], { type: 'unsorted' });
    const [a, b] = [await part('A'), await part('B')];
    expect(await code(link(tray, a))).toBe('component.tray_has_no_dependencies');
    expect(await code(link(a, tray))).toBe('component.tray_has_no_dependencies');
    await td.admin.call('updateComponent', { params: { id: tray }, body: { type: null } });
    await link(a, b);
    for (const id of [a, b]) {
      const change = td.admin.call('updateComponent', { params: { id }, body: { type: 'unsorted' } });
      expect(await code(change)).toBe('component.tray_has_no_dependencies');
    }
  });
});

describe('deleting one', () => {
  const chain = async () => {
    const first = await part('First');
    const middle = await part('Middle', [first]);
    const last = await part('Last', [middle]);
    for (const name of ['One', 'Two']) await td.admin.call('createTask', { params: { id: middle }, body: { name } });
    return { first, middle, last };
  };
  it('first says what would go and who waits', async () => {
    const { middle, last } = await chain();
    const { data } = await td.admin.call('componentDeletion', { params: { id: middle } });
    expect(data).toEqual({ tasks: 2, dependencies: 2, dependents: [{ id: last, name: 'Last' }] });
  });
  it('drops the links: an event for each row that goes, children first', async () => {
    const { middle } = await chain();
    const events = await told(sql, () => td.admin.call('deleteComponent', { params: { id: middle } }));
    expectOneChange(events, [
      ...['task_deleted', 'task_deleted', 'component_dependency_removed', 'component_dependency_removed'],
      'component_deleted',
    ]);
    expect(await edges()).toEqual([]);
  });
  it('or links what waited to its prerequisites', async () => {
    const { first, middle, last } = await chain();
    const params = { params: { id: middle }, query: { dependents: 'link' as const } };
    const events = await told(sql, () => td.admin.call('deleteComponent', params));
    expectOneChange(events, [
      ...['task_deleted', 'task_deleted', 'component_dependency_removed', 'component_dependency_removed'],
      ...['component_dependency_added', 'component_deleted'],
    ]);
    expect(await edges()).toEqual([[last, first]]);
  });
  it('tells of a task too that somebody else was just putting into it', async () => {
    const { middle } = await chain();
    const other = await connectSql(td.database_url);
    await other.rows('begin');
    await other.rows(`insert into public.tasks (component_id, name) values ($1, 'Late')`, [middle]);
    const events = await told(sql, async () => {
      const deletion = td.admin.call('deleteComponent', { params: { id: middle } });
      const waiting = `select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      await expect.poll(() => sql.count(waiting)).toBeGreaterThan(0);
      await other.rows('commit');
      await deletion;
    });
    await other.end();
    expect(events.filter(({ kind }) => kind === 'task_deleted')).toHaveLength(3);
  });
});

describe('moving', () => {
  it('many at once: one event, told before and after', async () => {
    const [a, b] = [await part('A'), await part('B', [], { position: { x: 1, y: 1 } })];
    const positions = [
      { id: b, position: { x: 10, y: 20 } },
      { id: a, position: { x: 5, y: 5 } },
    ];
    const events = await told(sql, async () => {
      const { data } = await td.admin.call('moveComponents', { body: { project_id, positions } });
      expect(new Map(data.items.map(({ id, version }) => [id, version])).get(b)).toBe(2);
    });
    expectOneChange(events, ['components_moved']);
    expect(events[0]?.payload.entity).toEqual({ project_id, positions });
  });
  it('only what stands elsewhere than before is told of', async () => {
    const [a, b] = [await part('A', [], { position: { x: 2, y: 2 } }), await part('B')];
    const positions = [
      { id: a, position: { y: 2, x: 2 } },
      { id: b, position: null },
    ];
    expect(await told(sql, () => td.admin.call('moveComponents', { body: { project_id, positions } }))).toEqual([]);
  });
  it('nothing where one is named twice or not of this project', async () => {
    const a = await part('A');
    const before = await fingerprint(sql);
    const twice = [a, a].map((id) => ({ id, position: { x: 1, y: 1 } }));
    expect(await code(td.admin.call('moveComponents', { body: { project_id, positions: twice } }))).toBe(
      'request.invalid',
    );
    const stranger = [a, randomUUID()].map((id) => ({ id, position: { x: 1, y: 1 } }));
    expect(await code(td.admin.call('moveComponents', { body: { project_id, positions: stranger } }))).toBe(
      'component.not_found',
    );
    expect(await fingerprint(sql)).toEqual(before);
  });
});

describe('dependencies', () => {
  it('are there once, and told once', async () => {
    const [a, b] = [await part('A'), await part('B')];
    const events = await told(sql, async () => {
      await link(a, b);
      await link(a, b);
    });
    expectOneChange(events, ['component_dependency_added']);
    const removal = await told(sql, () => td.admin.call('removeDependency', { params: { id: a, depends_on_id: b } }));
    expectOneChange(removal, ['component_dependency_removed']);
    expect(removal[0]?.payload.entity).toEqual(events[0]?.payload.entity);
    const again = td.admin.call('removeDependency', { params: { id: a, depends_on_id: b } });
    expect(await code(again)).toBe('component.dependency_not_found');
  });
  it('409 with the loop that one would close', async () => {
    const a = await part('Frame');
    const b = await part('Wiring', [a]);
    const c = await part('Pump', [b]);
    const closing = link(a, c);
    await expect(closing).rejects.toMatchObject({
      body: {
        code: 'component.dependency_cycle',
        detail: 'Closes a loop: Frame → Pump → Wiring → Frame.',
        path: [a, c, b, a].map((id) => expect.objectContaining({ id })),
      },
    });
    expect(await code(link(a, a))).toBe('component.dependency_cycle');
    expect(await code(link(a, a.toUpperCase()))).toBe('component.dependency_cycle');
  });
  it('never close a cycle together, however often two race', async () => {
    const outcomes: string[] = [];
    for (let round = 0; round < 25; round++) {
      const [a, c] = [await part('A'), await part('C')];
      const [b, d] = [await part('B', [c]), await part('D', [a])];
      // a → b → c is fine, c → d → a is fine: not both. No component is in both, so that no row holds them apart.
      outcomes.push((await Promise.all([code(link(a, b)), code(link(c, d))])).sort().join(' '));
    }
    expect(new Set(outcomes)).toEqual(new Set(['component.dependency_cycle done']));
  });
  it('would without the lock: both checks pass before either commits', async () => {
    const [a, b] = [await part('A'), await part('B')];
    const { app } = td.app.database;
    const both = await Promise.all([app.startTransaction().execute(), app.startTransaction().execute()]);
    const [one, two] = both;
    expect(await queries.dependsOn(one, b, a)).toBe(false);
    expect(await queries.dependsOn(two, a, b)).toBe(false);
    await queries.insertDependency(one, a, b, project_id);
    await queries.insertDependency(two, b, a, project_id);
    for (const tx of both) await tx.commit().execute();
    expect(findPath(adjacency(await edges()), a, b)).not.toBeNull();
    expect(findPath(adjacency(await edges()), b, a)).not.toBeNull();
  });
  it('survive a storm of random links, moves and deletions without a cycle or a deadlock', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, (_, n) => part(`N${n}`)));
    let state = 7;
    const pick = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return ids[Math.floor(state / 65_536) % ids.length] ?? '';
    };
    const codes = await Promise.all(
      Array.from({ length: 120 }, (_, n) =>
        n % 15 === 14
          ? code(td.admin.call('deleteComponent', { params: { id: pick() }, query: { dependents: 'link' } }))
          : code(link(pick(), pick())),
      ),
    );
    const allowed = ['done', 'component.dependency_cycle', 'component.not_found'];
    expect(codes.filter((found) => !allowed.includes(found))).toEqual([]);
    const list = await edges();
    const around = adjacency(list);
    for (const [from, to] of list) expect(findPath(around, to, from)).toBeNull();
  });
  it('reach in SQL what they reach in core, on any graph', async () => {
    const ids = Array.from({ length: 9 }, () => randomUUID());
    await sql.rows(
      'insert into public.components (id, project_id, name) select id, $2, $3 from unnest($1::uuid[]) as t (id)',
      [ids, project_id, 'Node'],
    );
    const pair = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }));
    const graphs = fc.uniqueArray(pair, { maxLength: 20, selector: ([a, b]) => `${a} ${b}` });
    const check = fc.asyncProperty(graphs, pair, async (graph, [from, to]) => {
      const list = graph.filter(([a, b]) => a !== b).map(([a, b]) => [ids[a] ?? '', ids[b] ?? ''] as const);
      await sql.rows('delete from public.component_dependencies where project_id = $1', [project_id]);
      await sql.rows(
        'insert into public.component_dependencies (component_id, depends_on_id) select * from unnest($1::uuid[], $2::uuid[])',
        [list.map(([a]) => a), list.map(([, b]) => b)],
      );
      const [start, end] = [ids[from] ?? '', ids[to] ?? ''];
      const inSql = await queries.dependsOn(td.app.database.app, start, end);
      expect(inSql).toBe(findPath(adjacency(list), start, end) !== null);
    });
    await fc.assert(check, { seed: 42, numRuns: 60 });
  });
});

describe('lists', () => {
  it('give everything once in every order, ties and all, within a project and beyond', async () => {
    await sql.rows(
      `insert into public.components (project_id, name, created_at, updated_at, status) select $1, 'tie ' || n % 3,
         now() - n % 4 * interval '1 day', now() - n % 2 * interval '1 second', 'pending' from generate_series(1, 30) n`,
      [project_id],
    );
    const ids = (await sql.rows('select id from public.components where project_id = $1', [project_id])).map(({ id }) =>
      String(id),
    );
    for (const sort of ['-updated_at', 'updated_at', '-created_at', 'created_at', 'name', '-name'] as const) {
      const within = await everyPage((cursor) =>
        td.admin.call('listProjectComponents', { params: { id: project_id }, query: { sort, limit: 7, ...cursor } }),
      );
      expectAllOnce(within, ids, sort);
      const filtered = await everyPage((cursor) =>
        td.admin.call('listComponents', { query: { project_id, status: 'pending', sort, limit: 11, ...cursor } }),
      );
      expectAllOnce(filtered, ids, sort);
    }
  });
});
