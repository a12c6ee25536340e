// Any history of a project: taking its last changes back, the newest first, gives exactly what was; doing them again what came of it.
import { randomUUID } from 'node:crypto';
import type { BulkOperation } from '@taylordash/core/changes';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';

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

const place = fc.nat({ max: 30 });
const status = fc.constantFrom('pending', 'in_progress', 'blocked', 'completed', 'cancelled');
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('component'), at: place, to: place, mode: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('task'), at: place, done: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('link'), at: place, to: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unlink'), at: place, to: place }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('status'), at: place, status }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('fields'), at: place, progress: fc.nat({ max: 100 }), mode: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move'), at: place, to: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete'), at: place, link: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('tick'), at: place, done: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('file'), at: place, to: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop'), at: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('project'), at: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tray'), at: place }) },
);
type Operation = Partial<{
  at: number;
  to: number;
  mode: boolean;
  done: boolean;
  link: boolean;
  progress: number;
  status: string;
}> & {
  do: string;
};
const history = fc.record({
  gestures: fc.array(
    fc.oneof({ weight: 3, arbitrary: fc.tuple(operation) }, fc.array(operation, { minLength: 2, maxLength: 5 })),
    {
      minLength: 3,
      maxLength: 14,
    },
  ),
  back: fc.nat({ max: 14 }),
  end: fc.boolean(),
});

/** Everything of the project but what only goes up. */
async function state(project_id: string): Promise<unknown> {
  const rows = (text: string) => sql.rows(text, [project_id]);
  const without = "- 'version' - 'updated_at'";
  return {
    project: await rows(`select to_jsonb(p) ${without} as row from public.projects p where id = $1`),
    components: await rows(
      `select to_jsonb(c) ${without} as row from public.components c where project_id = $1 order by id`,
    ),
    edges: await rows(
      'select component_id, depends_on_id from public.component_dependencies where project_id = $1 order by 1, 2',
    ),
    tasks: await rows(
      `select to_jsonb(t) ${without} as row from public.tasks t join public.components c on c.id = t.component_id
       where c.project_id = $1 order by t.id`,
    ),
  };
}

/** One gesture as the interface makes it; null where it was refused or changed nothing. */
async function act(project_id: string, gesture: readonly Operation[]): Promise<string | null> {
  const { data: graph } = await td.admin.call('projectGraph', { params: { id: project_id } });
  const { data: list } = await td.admin.call('listTasks', { query: { project_id, limit: 200, sort: 'created_at' } });
  const pick = <T>(rows: readonly T[], at = 0): T | undefined => rows[at % Math.max(rows.length, 1)];
  const made: string[] = [];
  const operations = gesture.flatMap(({ do: what, at, to, mode, done, link, progress, status }): BulkOperation[] => {
    const parts = [...graph.nodes.map(({ id }) => id), ...made];
    const [id, other] = [pick(parts, at), pick(parts, to)];
    const task = pick(list.items, at)?.id;
    if (what === 'component' || what === 'tray') {
      const fresh = randomUUID();
      made.push(fresh);
      const fields = {
        ...{ name: `Part ${at}`, position: { x: at ?? 0, y: to ?? 0 }, progress_mode: mode ? 'tasks' : 'manual' },
        ...(what === 'tray'
          ? { type: 'unsorted' }
          : to !== undefined && to % 3 === 0 && other
            ? { depends_on: [other] }
            : {}),
      };
      return [{ op: 'create_component', id: fresh, project_id, fields }];
    }
    if (what === 'task' && id)
      return [{ op: 'create_task', component_id: id, fields: { name: `Step ${at}`, status: done ? 'done' : 'todo' } }];
    if (what === 'link' && id && other) return [{ op: 'add_dependency', id, depends_on_id: other }];
    if (what === 'unlink') {
      const edge = pick(graph.edges, at);
      return edge ? [{ op: 'remove_dependency', id: edge.component_id, depends_on_id: edge.depends_on_id }] : [];
    }
    if (what === 'status' && id) {
      const fields = { status, ...(status === 'blocked' ? { blocked_reason: `Because ${at}` } : {}) };
      return [{ op: 'update_component', id, fields }];
    }
    if (what === 'fields' && id)
      return [
        {
          op: 'update_component',
          id,
          fields: mode ? { progress_mode: 'tasks' } : { progress_mode: 'manual', progress },
        },
      ];
    if (what === 'move' && id) return [{ op: 'update_component', id, fields: { position: { x: to ?? 0, y: 7 } } }];
    if (what === 'delete' && id) return [{ op: 'delete_component', id, dependents: link ? 'link' : 'drop' }];
    if (what === 'tick' && task)
      return [{ op: 'update_task', id: task, fields: { status: done ? 'done' : 'in_progress' } }];
    if (what === 'file' && task && other)
      return [{ op: 'update_task', id: task, fields: { component_id: other, priority: 2 } }];
    if (what === 'drop' && task) return [{ op: 'delete_task', id: task }];
    return [];
  });
  if (operations.length === 0) {
    const { change_id } = await td.admin.call('updateProject', {
      params: { id: project_id },
      body: { description: randomUUID(), due_on: '2026-09-01', status: gesture.length > 1 ? 'on_hold' : 'active' },
    });
    return change_id;
  }
  const answer = await td.admin.call('bulk', { body: { operations } }).catch((error: { body?: { status: number } }) => {
    if (error.body === undefined || error.body.status >= 500) throw error;
    return null;
  });
  return answer?.change_id ?? null;
}

/** Null where it came to nothing: something made and deleted in one gesture. */
async function undo(id: string | null): Promise<string | null> {
  if (id === null) return null;
  const { data } = await td.admin.call('undoChange', { params: { id }, body: {} });
  expect(data.kept).toEqual([]);
  return data.change_id;
}

it('goes back and forth', async () => {
  let undone = 0;
  const check = fc.asyncProperty(history, async ({ gestures, back, end }) => {
    const project_id = (await td.admin.call('createProject', { body: { name: 'Shed' } })).data.id;
    const done: { change_id: string; before: unknown }[] = [];
    for (const gesture of gestures) {
      const before = await state(project_id);
      const change_id = await act(project_id, gesture);
      if (change_id !== null) done.push({ change_id, before });
    }
    if (end) {
      const before = await state(project_id);
      const { change_id } = await td.admin.call('deleteProject', { params: { id: project_id } });
      done.push({ change_id: change_id ?? '', before });
    }
    const after = await state(project_id);
    const last = done.slice(-1 - back).reverse();
    const undos: { change_id: string | null; before: unknown }[] = [];
    for (const { change_id, before } of last) {
      undos.push({ change_id: await undo(change_id), before: await state(project_id) });
      expect(await state(project_id)).toEqual(before);
      undone += 1;
    }
    for (const [index, { change_id }] of undos.reverse().entries()) {
      await undo(change_id);
      const next = last[last.length - 2 - index];
      expect(await state(project_id)).toEqual(next ? next.before : after);
    }
    expect(await state(project_id)).toEqual(after);
  });
  await fc.assert(check, { seed: 20_261_123, numRuns: 40, endOnFailure: false });
  expect(undone).toBeGreaterThan(100);
}, 300_000);
