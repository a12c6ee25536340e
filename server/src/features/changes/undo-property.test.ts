// Any history of a project: taking its last changes back, the newest first, gives exactly what was; doing them again what came of it.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { act, gesture } from '../../../../test/harness/gestures.ts';
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

const history = fc.record({
  gestures: fc.array(gesture, { minLength: 3, maxLength: 14 }),
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
    for (const one of gestures) {
      const before = await state(project_id);
      const change_id = await act(td, project_id, one);
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
