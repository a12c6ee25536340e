// Any history of a project: what its events tell, folded from the first or from any snapshot, is what the tables hold.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { act, gesture } from '../../../../test/harness/gestures.ts';
import { connectSql, type TestSql } from '../../../../test/harness/sql.ts';
import { historyService } from './service.ts';

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

const step = fc.oneof(
  { weight: 14, arbitrary: gesture.map((operations) => ({ does: 'gesture' as const, operations, back: 0 })) },
  { weight: 3, arbitrary: fc.nat({ max: 5 }).map((back) => ({ does: 'undo' as const, operations: [], back })) },
  { weight: 1, arbitrary: fc.constant({ does: 'snapshot' as const, operations: [], back: 0 }) },
  { weight: 1, arbitrary: fc.constant({ does: 'delete' as const, operations: [], back: 0 }) },
  { weight: 1, arbitrary: fc.constant({ does: 'leave' as const, operations: [], back: 0 }) },
);

const verify = async (id: string) => (await td.admin.call('verifyProject', { params: { id } })).data;

/** Takes the newest task of the project to another one, or back. */
async function fileElsewhere(from: string, to: string): Promise<string | null> {
  const { data } = await td.admin.call('listTasks', { query: { project_id: from, limit: 1 } });
  const target = (await td.admin.call('listComponents', { query: { project_id: to, limit: 1 } })).data.items[0];
  const task = data.items[0];
  if (!task || !target) return null;
  const body = { component_id: target.id };
  return (await td.admin.call('updateTask', { params: { id: task.id }, body })).change_id;
}

it('equals the tables', async () => {
  let differ = 0;
  let events = 0;
  const check = fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 30 }), async (steps) => {
    const id = (await td.admin.call('createProject', { body: { name: 'Shed' } })).data.id;
    const other = (await td.admin.call('createProject', { body: { name: 'Barn' } })).data.id;
    await td.admin.call('createComponent', { params: { id: other }, body: { name: 'Loft' } });
    const done: string[] = [];
    const note = (change_id: string | null) => change_id !== null && done.push(change_id);
    for (const { does, operations, back } of steps) {
      if (does === 'snapshot') await historyService({ database: td.app.database }).keepAll();
      else if (does === 'leave') {
        note(await fileElsewhere(id, other));
        if (back === 0) note(await fileElsewhere(other, id));
      } else if (does === 'undo') {
        const change = done[done.length - 1 - back];
        if (change === undefined) continue;
        const undone = await td.admin
          .call('undoChange', { params: { id: change }, body: { conflicts: 'overwrite' } })
          .catch((error: { body?: { status: number } }) => {
            if (error.body === undefined || error.body.status >= 500) throw error;
            return null;
          });
        note(undone?.data.change_id ?? null);
      } else {
        const there = await td.admin.call('getProject', { params: { id } }).catch(() => null);
        if (there === null) continue;
        if (does === 'delete') note((await td.admin.call('deleteProject', { params: { id } })).change_id);
        else note(await act(td, id, operations));
      }
    }
    for (const one of [id, other]) {
      const seen = await verify(one);
      expect(seen.differences).toEqual([]);
      differ += seen.different;
      events += seen.events;
    }
    // From the newest snapshot on it is the same: as if everything before it had been dropped.
    const newest = `select max(event_id) from taylordash.project_snapshots where project_id = $1`;
    const [row] = await sql.rows(`${newest}`, [id]);
    if (row?.max !== null) {
      await sql.rows(
        `insert into taylordash.dropped_partitions (name, from_id, to_id, events, archived)
         values ('events_mirror_p999999', 0, (${newest}) + 1, 0, false)`,
        [id],
      );
      const seen = await verify(id);
      await sql.rows('delete from taylordash.dropped_partitions');
      expect(seen.begins_after).toBe(String(row?.max));
      expect(seen.differences).toEqual([]);
    }
  });
  await fc.assert(check, { seed: 20_261_127, numRuns: 30, endOnFailure: false });
  expect(differ).toBe(0);
  expect(events).toBeGreaterThan(500);
}, 300_000);

it('equals the tables of an imported project, and of the example', async () => {
  const example = (await td.admin.call('addExample', {})).data.id;
  const file = (await td.admin.call('exportProject', { params: { id: example } })).data;
  const copy = (await td.admin.call('importProject', { body: { ...file } })).data.project.id;
  for (const id of [example, copy]) {
    const seen = await verify(id);
    expect(seen.differences).toEqual([]);
    expect(seen.events).toBeGreaterThan(10);
  }
});

it('says where the tables were changed behind the events', async () => {
  const id = (await td.admin.call('createProject', { body: { name: 'Attic' } })).data.id;
  const part = (await td.admin.call('createComponent', { params: { id }, body: { name: 'Beam' } })).data.id;
  const lost = (await td.admin.call('createComponent', { params: { id }, body: { name: 'Floor' } })).data.id;
  const task = (await td.admin.call('createTask', { params: { id: part }, body: { name: 'Saw' } })).data.id;
  await sql.rows('update public.components set progress = 77 where id = $1', [part]);
  await sql.rows('update public.tasks set priority = 3 where id = $1', [task]);
  await sql.rows('delete from public.components where id = $1', [lost]);
  await sql.rows("insert into public.components (project_id, name) values ($1, 'Ghost')", [id]);
  const { differences, different, name } = await verify(id);
  expect(name).toBe('Attic');
  expect(different).toBe(4);
  expect(differences).toEqual(
    expect.arrayContaining([
      { entity: 'component', id: part, name: 'Beam', field: 'progress', table: 77, rebuilt: 0 },
      { entity: 'task', id: task, name: 'Saw', field: 'priority', table: 3, rebuilt: 0 },
      expect.objectContaining({ entity: 'component', id: lost, name: 'Floor', field: null, table: null }),
      expect.objectContaining({ entity: 'component', name: 'Ghost', field: null, rebuilt: null }),
    ]),
  );
});

it('takes no hearsay for history', async () => {
  const id = (await td.admin.call('createProject', { body: { name: 'Porch' } })).data.id;
  await sql.rows(
    `insert into public.events_mirror (id, topic, payload, source, project_id, entity_id)
     select nextval('public.events_mirror_id_seq'), topic, jsonb_set(payload, '{payload,entity,name}', '"Elsewhere"'), 'mqtt',
       project_id, entity_id
     from (select * from public.events_mirror union all
       select 0, topic, payload, created_at, null, source, client_id, change_id, project_id, entity_id, actor_id
       from taylordash.outbox) e where project_id = $1 limit 1`,
    [id],
  );
  expect((await verify(id)).differences).toEqual([]);
});
