// Several operations as one change over HTTP: answers, rows, events; what is refused, and where; rights; races.
import { randomUUID } from 'node:crypto';
import type { BulkOperation } from '@taylordash/core/changes';
import { closingEdges } from '@taylordash/core/graph';
import type { Client } from '@taylordash/sdk/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { connectSql, fingerprint, type TestSql } from '../../../../test/harness/sql.ts';
import { appended, expectOneChange, told } from '../../../../test/harness/told.ts';

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

const bulk = (operations: BulkOperation[], client: Client = td.admin, idempotency_key?: string) =>
  client.call('bulk', { body: { operations }, ...(idempotency_key === undefined ? {} : { idempotency_key }) });
const part = async (name: string, more: object = {}) =>
  (await td.admin.call('createComponent', { params: { id: project_id }, body: { name, ...more } })).data.id;
const step = async (id: string, name: string, more: object = {}) =>
  (await td.admin.call('createTask', { params: { id }, body: { name, ...more } })).data.id;
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ code: 'done' }),
    (error: { body?: Record<string, unknown> }) => error.body ?? { code: String(error) },
  );
const graph = async () => (await td.admin.call('projectGraph', { params: { id: project_id } })).data;

describe('200', () => {
  it('makes components, links them and fills them by ids of the caller’s, as one change', async () => {
    const [wood, frame, task] = [randomUUID(), randomUUID(), randomUUID()];
    let answer: Awaited<ReturnType<typeof bulk>> | undefined;
    const events = await told(sql, async () => {
      answer = await bulk([
        { op: 'create_component', id: wood, project_id, fields: { name: 'Wood' } },
        { op: 'create_component', id: frame, project_id, fields: { name: 'Frame', depends_on: [wood] } },
        { op: 'create_task', id: task, component_id: frame, fields: { name: 'Saw' } },
        { op: 'create_task', fields: { name: 'Think' } },
        { op: 'update_component', id: wood, fields: { status: 'completed', progress: 100 } },
      ]);
    });
    expectOneChange(events, [
      ...['component_created', 'component_created', 'component_dependency_added', 'task_created', 'task_created'],
      ...['component_progress_updated', 'component_status_changed'],
    ]);
    expect(answer?.change_id).toBe(events[0]?.change_id);
    expect(answer?.data).toMatchObject({
      change_id: events[0]?.change_id,
      items: [
        { id: wood, name: 'Wood', version: 1 },
        { id: frame, project_id },
        { id: task, component_id: frame, name: 'Saw' },
        { component_id: null, name: 'Think' },
        { id: wood, status: 'completed', progress: 100, version: 2 },
      ],
    });
    const { nodes, edges } = await graph();
    const totals = new Map(nodes.map(({ id, tasks }) => [id, tasks.total]));
    expect([totals.get(wood), totals.get(frame), totals.size]).toEqual([0, 1, 2]);
    expect(edges).toEqual([{ component_id: frame, depends_on_id: wood }]);
  });

  it('names no change where nothing changed', async () => {
    const id = await part('Same');
    const { data, change_id } = await bulk([{ op: 'update_component', id, fields: { name: 'Same' } }]);
    expect([data.change_id, change_id, data.items.length]).toEqual([null, null, 1]);
  });

  it('deletes a chain and links what is left around it', async () => {
    const first = await part('First');
    const second = await part('Second', { depends_on: [first] });
    const third = await part('Third', { depends_on: [second] });
    const last = await part('Last', { depends_on: [third] });
    await step(second, 'One');
    const operations = [third, second].map((id) => ({ op: 'delete_component', id, dependents: 'link' }) as const);
    const { data } = await bulk([...operations]);
    expect(data.items).toEqual([null, null]);
    const { nodes, edges } = await graph();
    expect(nodes.map(({ id }) => id).sort()).toEqual([first, last].sort());
    expect(edges).toEqual([{ component_id: last, depends_on_id: first }]);
  });

  it('lets a component follow its tasks once, however many change', async () => {
    const id = await part('Pump', { progress_mode: 'tasks' });
    const tasks = await Promise.all(['One', 'Two', 'Three', 'Four'].map((name) => step(id, name)));
    const events = await told(sql, () =>
      bulk(tasks.slice(0, 3).map((task) => ({ op: 'update_task', id: task, fields: { status: 'done' } }))),
    );
    expectOneChange(events, [...['task_completed', 'task_completed', 'task_completed'], 'component_progress_updated']);
    expect(events.at(-1)?.payload.changed).toEqual({ progress: { before: 0, after: 75 } });
  });

  it('follows no component that it deletes', async () => {
    const id = await part('Pump', { progress_mode: 'tasks' });
    const task = await step(id, 'One');
    await bulk([
      { op: 'update_task', id: task, fields: { status: 'done' } },
      { op: 'delete_component', id },
    ]);
    expect((await graph()).nodes).toEqual([]);
  });

  it('once for an Idempotency-Key', async () => {
    const key = randomUUID();
    const operations: BulkOperation[] = [{ op: 'create_component', project_id, fields: { name: 'Once' } }];
    const answers = await Promise.all([1, 2, 3].map(() => bulk(operations, td.admin, key)));
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(new Set(answers.map(({ change_id }) => change_id)).size).toBe(1);
    expect((await graph()).nodes).toHaveLength(1);
  });
});

describe('all or nothing', () => {
  it('names the place of what is wrong', async () => {
    const id = await part('A', { progress: 5 });
    const other = await part('B', { depends_on: [id] });
    const task = await step(id, 'T');
    await part('Tray', { type: 'unsorted' });
    const elsewhere = (await td.admin.call('createProject', { body: { name: 'Elsewhere' } })).data.id;
    const there = (await td.admin.call('createComponent', { params: { id: elsewhere }, body: { name: 'X' } })).data.id;
    const nobody = randomUUID();
    const wrong: [BulkOperation, code: string, pointer: string][] = [
      [{ op: 'update_component', id }, 'request.invalid', '/fields'],
      [{ op: 'update_component', id, fields: {} }, 'request.invalid', '/fields'],
      [{ op: 'update_component', id, fields: { name: ' ' } }, 'request.invalid', '/fields/name'],
      [{ op: 'update_component', id, fields: { colour: 'red' } }, 'request.invalid', '/fields/colour'],
      [{ op: 'update_component', id, fields: { blocked_reason: 'x' } }, 'request.invalid', '/fields/blocked_reason'],
      [{ op: 'update_component', id, fields: { assignee_id: nobody } }, 'user.unknown', '/fields/assignee_id'],
      [
        { op: 'update_component', id, fields: { metadata: { x: 'x'.repeat(17_000) } } },
        'request.invalid',
        '/fields/metadata',
      ],
      [{ op: 'update_component', id, fields: { type: 'unsorted' } }, 'component.tray_exists', ''],
      [
        { op: 'update_component', id, fields: { progress: 6 }, if_match: 9 },
        'request.precondition_failed',
        '/if_match',
      ],
      [{ op: 'update_component', id: nobody, fields: { name: 'X' } }, 'component.not_found', ''],
      [{ op: 'update_component', id: task, fields: { name: 'X' } }, 'component.not_found', ''],
      [{ op: 'update_task', id, fields: { name: 'X' } }, 'task.not_found', ''],
      [{ op: 'delete_component', id, depends_on_id: other }, 'request.invalid', '/depends_on_id'],
      [{ op: 'delete_component', id: nobody }, 'component.not_found', ''],
      [{ op: 'add_dependency', id }, 'request.invalid', '/depends_on_id'],
      [{ op: 'add_dependency', id, depends_on_id: other }, 'component.dependency_cycle', ''],
      [{ op: 'add_dependency', id, depends_on_id: id }, 'component.dependency_cycle', ''],
      [{ op: 'add_dependency', id, depends_on_id: there }, 'component.dependency_other_project', ''],
      [{ op: 'remove_dependency', id, depends_on_id: other }, 'component.dependency_not_found', ''],
      [{ op: 'create_component', fields: { name: 'X' } }, 'request.invalid', '/project_id'],
      [{ op: 'create_component', project_id: nobody, fields: { name: 'X' } }, 'project.not_found', ''],
      [{ op: 'create_component', project_id, id, fields: { name: 'X' } }, 'request.id_taken', '/id'],
      [{ op: 'create_component', project_id, fields: { name: 'X', id: nobody } }, 'request.invalid', '/fields/id'],
      [{ op: 'create_component', project_id, fields: { name: 'X', depends_on: [nobody] } }, 'component.not_found', ''],
      [{ op: 'create_task', component_id: nobody, fields: { name: 'X' } }, 'component.not_found', ''],
      [
        { op: 'create_task', component_id: id, fields: { name: 'X', due_date: 'soon' } },
        'request.invalid',
        '/fields/due_date',
      ],
      [{ op: 'create_task', id: task, component_id: id, fields: { name: 'X' } }, 'request.id_taken', '/id'],
      [{ op: 'update_task', id: task, fields: { component_id: nobody } }, 'component.not_found', ''],
      [{ op: 'delete_task', id: task, if_match: 7 }, 'request.precondition_failed', '/if_match'],
      [{ op: 'delete_task', id: task, fields: { name: 'X' } }, 'request.invalid', '/fields'],
    ];
    await appended(sql);
    const before = await fingerprint(sql);
    for (const [operation, code, pointer] of wrong) {
      const fine: BulkOperation = { op: 'update_component', id: other, fields: { description: randomUUID() } };
      const answer = await refusal(bulk([fine, operation]));
      expect(answer, JSON.stringify(operation)).toMatchObject({
        code,
        errors: [{ pointer: `/operations/1${pointer}` }],
      });
    }
    expect(await fingerprint(sql)).toEqual(before);
    expect(td.lines.filter((line) => line.includes('"error"'))).toEqual([]);
  });

  it('names the loop that two new dependencies would close together', async () => {
    const [a, b, c] = [await part('A'), await part('B'), await part('C')];
    const answer = await refusal(
      bulk([
        { op: 'add_dependency', id: a, depends_on_id: b },
        { op: 'add_dependency', id: b, depends_on_id: c },
        { op: 'add_dependency', id: c, depends_on_id: a },
      ]),
    );
    expect(answer).toMatchObject({
      ...{ code: 'component.dependency_cycle', path: [{ name: 'C' }, { name: 'A' }, { name: 'B' }, { name: 'C' }] },
      errors: [{ pointer: '/operations/2' }],
    });
    expect((await graph()).edges).toEqual([]);
  });

  it('takes 500 operations and not one more', async () => {
    const operations = (count: number) =>
      Array.from({ length: count }, (_, n): BulkOperation => ({ op: 'create_task', fields: { name: `Note ${n}` } }));
    expect(await refusal(bulk(operations(501)))).toMatchObject({
      ...{ code: 'request.invalid', errors: [{ pointer: '/operations' }] },
    });
    expect((await bulk(operations(500))).data.items).toHaveLength(500);
  });
});

describe('rights', () => {
  it('are asked for each operation', async () => {
    const other = (await td.admin.call('createProject', { body: { name: 'Other' } })).data.id;
    const there = (await td.admin.call('createComponent', { params: { id: other }, body: { name: 'X' } })).data.id;
    const here = await part('Here');
    const note = (await td.admin.call('createInboxTask', { body: { name: 'The administrator’s' } })).data.id;
    const filed = await step(there, 'Theirs');
    const grants = (['write:projects', 'write:tasks'] as const).map((permission) => ({ permission, project_id }));
    const { client } = await td.user({ username: `member${Date.now()}`, grants });
    const viewer = (await td.user({ username: `viewer${Date.now()}` })).client;
    const fine: BulkOperation = { op: 'update_component', id: here, fields: { progress: 10 } };
    const not: [BulkOperation, string][] = [
      [{ op: 'update_component', id: there, fields: { progress: 1 } }, 'auth.forbidden'],
      [{ op: 'delete_component', id: there }, 'auth.forbidden'],
      [{ op: 'create_component', project_id: other, fields: { name: 'X' } }, 'auth.forbidden'],
      [{ op: 'add_dependency', id: there, depends_on_id: there }, 'auth.forbidden'],
      [{ op: 'create_task', component_id: there, fields: { name: 'X' } }, 'auth.forbidden'],
      [{ op: 'update_task', id: filed, fields: { component_id: here } }, 'auth.forbidden'],
      [{ op: 'delete_task', id: filed }, 'auth.forbidden'],
      [{ op: 'update_task', id: note, fields: { name: 'Mine' } }, 'task.not_found'],
    ];
    for (const [operation, code] of not) {
      const answer = await refusal(bulk([fine, operation], client));
      expect(answer, JSON.stringify(operation)).toMatchObject({ code, errors: [{ pointer: '/operations/1' }] });
    }
    expect(await refusal(bulk([fine], viewer))).toMatchObject({ code: 'auth.forbidden' });
    expect(await refusal(bulk([{ op: 'create_task', fields: { name: 'X' } }], viewer))).toMatchObject({
      code: 'auth.forbidden',
    });
    expect(await refusal(bulk([fine], td.anonymous))).toMatchObject({ code: 'auth.required' });
    expect((await graph()).nodes[0]?.progress).toBe(0);
    expect((await bulk([fine], client)).data.items[0]).toMatchObject({ progress: 10 });
  });
});

describe('races', () => {
  it('bulks that cross each other all end, and nobody is given up', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => part(`Part ${n}`, { progress_mode: 'tasks' })));
    const tasks = await Promise.all(ids.map((id) => step(id, 'Step')));
    const rounds = Array.from({ length: 16 }, (_, round) => {
      const order = round % 2 === 0 ? [...ids.keys()] : [...ids.keys()].reverse();
      const operations = order.flatMap((n): BulkOperation[] => [
        { op: 'update_component', id: ids[n] ?? '', fields: { description: `round ${round}` } },
        { op: 'update_task', id: tasks[n] ?? '', fields: { status: round % 3 === 0 ? 'done' : 'todo' } },
      ]);
      return bulk(operations);
    });
    for (const round of await Promise.allSettled(rounds)) expect(round.status).toBe('fulfilled');
    // Counted where PostgreSQL broke a ring of waiting transactions, which are then run again.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await sql.count('select deadlocks from pg_stat_database where datname = current_database()')).toBe(0);
    const { nodes } = await graph();
    expect(new Set(nodes.map(({ description }) => description)).size).toBe(1);
  });

  it('no cycle, whichever order two bulks come in', async () => {
    for (let round = 0; round < 8; round++) {
      const [a, b, c] = [await part('A'), await part('B'), await part('C')];
      await Promise.allSettled([
        bulk([
          { op: 'add_dependency', id: a, depends_on_id: b },
          { op: 'add_dependency', id: b, depends_on_id: c },
        ]),
        bulk([{ op: 'add_dependency', id: c, depends_on_id: a }]),
        bulk([{ op: 'delete_component', id: b, dependents: 'link' }]),
      ]);
    }
    const { nodes, edges } = await graph();
    const pairs = edges.map((edge) => [edge.component_id, edge.depends_on_id] as const);
    expect(
      closingEdges(
        nodes.map(({ id }) => id),
        pairs,
      ),
    ).toEqual([]);
  });

  it('a bulk against the deletion of what it fills: both told, or it is refused', async () => {
    for (let round = 0; round < 8; round++) {
      const id = await part('Shelf');
      const events = await told(sql, () =>
        Promise.allSettled([
          bulk(['One', 'Two', 'Three'].map((name) => ({ op: 'create_task', component_id: id, fields: { name } }))),
          td.admin.call('deleteComponent', { params: { id } }),
        ]),
      );
      const count = (kind: string) => events.filter((event) => event.kind === kind).length;
      expect(count('component_deleted')).toBe(1);
      expect(count('task_deleted')).toBe(count('task_created'));
    }
  });
});
