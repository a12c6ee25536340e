// Projects over HTTP: the answer, the row and the events of each status; lists; once-only requests.
import { randomUUID } from 'node:crypto';
import { ApiProblem } from '@taylordash/sdk/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/harness/app.ts';
import { everyPage, expectAllOnce } from '../../../../test/harness/pages.ts';
import { connectSql, fingerprint, type TestSql } from '../../../../test/harness/sql.ts';
import { appended, expectOneChange, told } from '../../../../test/harness/told.ts';

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

const make = async (body: { name: string; description?: string }) =>
  (await td.admin.call('createProject', { body })).data;
const json = (body: unknown, headers: Record<string, string> = {}) => ({
  token: td.admin_token,
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

describe('making one', () => {
  it('201: the answer, where it is, its row, its event', async () => {
    const me = (await td.admin.call('me', {})).data;
    let response = new Response();
    const trace_id = randomUUID();
    const events = await told(sql, async () => {
      response = await td.raw(
        '/api/v1/projects',
        json({ name: 'Shed', due_on: '2026-08-01' }, { 'x-trace-id': trace_id }),
      );
    });
    expect(response.status).toBe(201);
    const project: Record<string, unknown> = JSON.parse(await response.text());
    expect(project).toMatchObject({ name: 'Shed', owner_id: me.id, due_on: '2026-08-01', start_on: null, version: 1 });
    expect(response.headers.get('location')).toBe(`/api/v1/projects/${project.id}`);
    expect(response.headers.get('etag')).toBe('"1"');
    expect(response.headers.get('x-trace-id')).toBe(trace_id);
    expect(await sql.rows('select name, owner_id from public.projects where id = $1', [project.id])).toEqual([
      { name: 'Shed', owner_id: me.id },
    ]);
    expectOneChange(events, ['project_created']);
    expect(events[0]).toMatchObject({
      topic: 'tracker/events/projects/created',
      ...{ trace_id, actor_id: me.id, project_id: project.id, entity_id: project.id },
      payload: { actor: { id: me.id, name: me.username, type: 'user' }, entity: project, changed: {} },
    });
  });

  it('once for an Idempotency-Key: the same answer again, another body refused', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await td.raw('/api/v1/projects', json({ name: 'Once' }, key));
    const again = await td.raw('/api/v1/projects', json({ name: 'Once' }, key));
    const texts = [await first.text(), await again.text()];
    expect(texts[1]).toBe(texts[0]);
    for (const header of ['location', 'etag']) expect(again.headers.get(header)).toBe(first.headers.get(header));
    expect([first.status, again.status]).toEqual([201, 201]);
    const other = await td.raw('/api/v1/projects', json({ name: 'Other' }, key));
    expect([other.status, JSON.parse(await other.text()).code]).toEqual([422, 'request.idempotency_key_reused']);
    expect(await sql.count(`select count(*) from public.projects where name in ('Once', 'Other')`)).toBe(1);
    // After a day the key is free.
    await sql.rows(`update taylordash.idempotency_keys set created_at = now() - interval '25 hours'`);
    expect((await td.raw('/api/v1/projects', json({ name: 'Other' }, key))).status).toBe(201);
  });

  it('once for an Idempotency-Key that many requests carry at the same time', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 12 }, async () => (await td.raw('/api/v1/projects', json({ name: 'Crowd' }, key))).text()),
    );
    expect(new Set(answers).size).toBe(1);
    expect(await sql.count(`select count(*) from public.projects where name = 'Crowd'`)).toBe(1);
    await appended(sql);
    expect(
      await sql.count(
        `select count(*) from public.events_mirror where payload->'payload'->'entity'->>'name' = 'Crowd'`,
      ),
    ).toBe(1);
  });

  it('a key is its user’s own, and a failed request leaves it free', async () => {
    const key = randomUUID();
    const bad = { name: 'Keyed', owner_id: randomUUID() };
    expect((await td.raw('/api/v1/projects', json(bad, { 'idempotency-key': key }))).status).toBe(400);
    expect((await td.raw('/api/v1/projects', json({ name: 'Keyed' }, { 'idempotency-key': key }))).status).toBe(201);
    const grants = [{ permission: 'write:projects', project_id: null }] as const;
    const other = await td.user({ username: `keyed${key.slice(0, 6)}`, grants });
    const theirs = await other.client.call('createProject', { body: { name: 'Keyed' }, idempotency_key: key });
    expect(theirs.data.owner_id).toBe(other.id);
  });
});

describe('reading one', () => {
  it('200 with its version as ETag', async () => {
    const made = await make({ name: 'Read' });
    expect(await td.admin.call('getProject', { params: { id: made.id } })).toMatchObject({ data: made, version: 1 });
  });
  it('404', async () => {
    const failed = td.admin.call('getProject', { params: { id: randomUUID() } });
    await expect(failed).rejects.toMatchObject({ body: { code: 'project.not_found', status: 404 } });
  });
});

describe('changing one', () => {
  it('200: one event a specific kind, one for the rest, with before and after', async () => {
    const { id } = await make({ name: 'Change' });
    const events = await told(sql, async () => {
      const { data, version } = await td.admin.call('updateProject', {
        params: { id },
        body: { name: 'Changed', status: 'on_hold', description: 'Why', working_days: [1, 2] },
        if_match: 1,
      });
      expect([data.name, data.version, version]).toEqual(['Changed', 2, 2]);
    });
    expectOneChange(events, ['project_updated', 'project_status_changed']);
    expect(events.map(({ payload }) => payload.changed)).toEqual([
      {
        name: { before: 'Change', after: 'Changed' },
        description: { before: null, after: 'Why' },
        working_days: { before: [1, 2, 3, 4, 5], after: [1, 2] },
      },
      { status: { before: 'active', after: 'on_hold' } },
    ]);
    for (const { payload } of events) expect(payload.entity).toMatchObject({ name: 'Changed', version: 2 });
  });
  it('null clears', async () => {
    const { id } = await make({ name: 'Clear', description: 'To go' });
    const { data } = await td.admin.call('updateProject', {
      params: { id },
      body: { description: null, owner_id: null },
    });
    expect([data.description, data.owner_id]).toEqual([null, null]);
  });
  it('no event and no version where nothing differs', async () => {
    const made = await make({ name: 'Same', description: 'As it was' });
    const before = await fingerprint(sql);
    const { name, description, working_days, metadata, owner_id } = made;
    const { data } = await td.admin.call('updateProject', {
      params: { id: made.id },
      body: { name, description, working_days, metadata, owner_id: owner_id?.toUpperCase() ?? null },
    });
    expect(data).toEqual(made);
    expect(await fingerprint(sql)).toEqual(before);
  });
  it('412 with the present state where it changed meanwhile', async () => {
    const { id } = await make({ name: 'Raced' });
    await td.admin.call('updateProject', { params: { id }, body: { name: 'Winner' } });
    const before = await fingerprint(sql);
    const late = td.admin.call('updateProject', { params: { id }, body: { name: 'Loser' }, if_match: 1 });
    const error = await late.catch((problem: unknown) => problem);
    if (!(error instanceof ApiProblem)) throw error;
    expect(error.body).toMatchObject({
      status: 412,
      code: 'request.precondition_failed',
      current: { name: 'Winner', version: 2 },
    });
    const deletion = td.admin.call('deleteProject', { params: { id }, if_match: 1 });
    await expect(deletion).rejects.toMatchObject({ body: { status: 412 } });
    expect(await fingerprint(sql)).toEqual(before);
  });
  it('one of many with the same If-Match wins', async () => {
    const { id } = await make({ name: 'Start' });
    const tries = Array.from({ length: 8 }, (_, n) =>
      td.admin.call('updateProject', { params: { id }, body: { name: `Try ${n}` }, if_match: 1 }),
    );
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await td.admin.call('getProject', { params: { id } })).version).toBe(2);
  });
});

describe('deleting one', () => {
  async function filled() {
    const { id } = await make({ name: 'Doomed' });
    const part = async (name: string) =>
      (await td.admin.call('createComponent', { params: { id }, body: { name } })).data.id;
    const [a, b] = [await part('A'), await part('B')];
    await td.admin.call('addDependency', { params: { id: a, depends_on_id: b } });
    for (const name of ['One', 'Two']) await td.admin.call('createTask', { params: { id: a }, body: { name } });
    return { id, a, b };
  }
  it('first says what would go', async () => {
    const { id } = await filled();
    const { data } = await td.admin.call('projectDeletion', { params: { id } });
    expect(data).toEqual({ components: 2, tasks: 2, dependencies: 1 });
  });
  it('204: an event for every row that goes, children first, in one change', async () => {
    const { id, a, b } = await filled();
    const events = await told(sql, () => td.admin.call('deleteProject', { params: { id } }));
    expectOneChange(events, [
      ...['task_deleted', 'task_deleted', 'component_dependency_removed'],
      ...['component_deleted', 'component_deleted', 'project_deleted'],
    ]);
    expect(new Set(events.slice(3, 5).map(({ entity_id }) => entity_id))).toEqual(new Set([a, b]));
    expect(events.every(({ project_id }) => project_id === id)).toBe(true);
    for (const { payload } of events) expect(payload.entity).toBeDefined();
    const left = await sql.count('select count(*) from public.components where project_id = $1', [id]);
    expect(left).toBe(0);
    await expect(td.admin.call('getProject', { params: { id } })).rejects.toMatchObject({ body: { status: 404 } });
    await expect(td.admin.call('deleteProject', { params: { id } })).rejects.toMatchObject({ body: { status: 404 } });
  });
  it('tells of a task too that somebody else was just putting into it', async () => {
    const { id, a } = await filled();
    const other = await connectSql(td.database_url);
    await other.rows('begin');
    await other.rows(`insert into public.tasks (component_id, name) values ($1, 'Late')`, [a]);
    const events = await told(sql, async () => {
      const deletion = td.admin.call('deleteProject', { params: { id } });
      await expect
        .poll(() =>
          sql.count(
            `select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          ),
        )
        .toBeGreaterThan(0);
      await other.rows('commit');
      await deletion;
    });
    await other.end();
    expect(events.filter(({ kind }) => kind === 'task_deleted').map(({ payload }) => payload.entity?.name)).toContain(
      'Late',
    );
  });
});

describe('lists', () => {
  it('give everything once in every order, ties and all', async () => {
    // Same times and same names on purpose.
    await sql.rows(`insert into public.projects (name, created_at, updated_at)
      select 'tie ' || n % 3, now() - n % 4 * interval '1 day', now() - n % 2 * interval '1 second' from generate_series(1, 40) n`);
    const ids = (await sql.rows('select id from public.projects')).map(({ id }) => String(id));
    for (const sort of ['-updated_at', 'updated_at', '-created_at', 'created_at', 'name', '-name'] as const) {
      for (const limit of [1, 7, 200]) {
        const found = await everyPage((cursor) => td.admin.call('listProjects', { query: { sort, limit, ...cursor } }));
        expectAllOnce(found, ids, sort);
      }
    }
  });
  it('stay stable while rows come and go', async () => {
    const ids = (await sql.rows(`select id from public.projects order by created_at, id`)).map(({ id }) => String(id));
    let page = 0;
    const found = await everyPage(async (cursor) => {
      page += 1;
      const answer = await td.admin.call('listProjects', { query: { sort: 'created_at', limit: 10, ...cursor } });
      const last = answer.data.items.at(-1)?.id;
      // What was shown goes, also the very row that the cursor stands on; a new one comes at the front.
      if (page < 4) {
        await sql.rows('delete from public.projects where id = $1', [last]);
        await sql.rows(`insert into public.projects (name, created_at) values ('early', '2000-01-01')`);
      }
      return answer;
    });
    expect(found.map(({ id }) => id)).toEqual(ids);
  });
  it('q takes wildcards and backslashes as letters, and no case', async () => {
    for (const name of ['100% oak', '100x oak', 'a_b', 'axb', 'back\\slash', 'ÄPFEL']) await make({ name });
    const search = async (q: string) =>
      (await td.admin.call('listProjects', { query: { q, sort: 'name' } })).data.items.map(({ name }) => name);
    expect(await search('100%')).toEqual(['100% oak']);
    expect(await search('a_b')).toEqual(['a_b']);
    expect(await search('k\\s')).toEqual(['back\\slash']);
    expect(await search('äpfel')).toEqual(['ÄPFEL']);
    expect(await search("'; drop table projects; --")).toEqual([]);
  });
  it('filter, and count where asked', async () => {
    const { id } = await make({ name: 'Counted' });
    const part = async (body: {
      name: string;
      status?: 'completed' | 'cancelled';
      progress?: number;
      progress_mode?: 'manual';
      weight?: number;
    }) => (await td.admin.call('createComponent', { params: { id }, body })).data.id;
    await part({ name: 'Heavy', progress: 100, weight: 3, status: 'completed' });
    const light = await part({ name: 'Light', progress: 0, weight: 1, progress_mode: 'manual' });
    await part({ name: 'Cancelled', progress: 0, weight: 100, status: 'cancelled' });
    await td.admin.call('createTask', { params: { id: light }, body: { name: 'Done', status: 'done' } });
    await td.admin.call('updateProject', { params: { id }, body: { status: 'completed' } });
    const { data } = await td.admin.call('listProjects', { query: { status: 'completed', include: 'counts' } });
    expect(data.items.map(({ name, counts }) => ({ name, counts }))).toEqual([
      {
        name: 'Counted',
        counts: {
          components: 3,
          components_completed: 1,
          components_blocked: 0,
          components_ready: 1,
          components_held_up: 0,
          components_dead_blocked: 0,
          attention: 0,
          tasks: 1,
          tasks_done: 1,
          progress: 75,
        },
      },
    ]);
    const graph = (await td.admin.call('projectGraph', { params: { id } })).data;
    expect(graph.nodes.map(({ name, tasks }) => [name, tasks])).toEqual([
      ['Heavy', { total: 0, done: 0 }],
      ['Light', { total: 1, done: 1 }],
      ['Cancelled', { total: 0, done: 0 }],
    ]);
  });
});

it('the graph and the tasks name the changes that they include though no event has told of them', async () => {
  const { client: viewer } = await td.user({ username: 'vera' });
  const { id } = await make({ name: 'Told late' });
  const { data: pump } = await td.admin.call('createComponent', { params: { id }, body: { name: 'Pump' } });
  await appended(sql);
  const read = async () => {
    const { nodes, ...graph } = (await viewer.call('projectGraph', { params: { id } })).data;
    const { tasks, ...list } = (await viewer.call('projectTasks', { params: { id } })).data;
    return { total: nodes[0]?.tasks.total, listed: tasks.length, graph: graph.untold, list: list.untold };
  };
  const lock = await connectSql(td.database_url);
  await lock.rows('begin');
  await lock.rows('lock table public.events_mirror in exclusive mode');
  const { change_id } = await td.admin.call('createTask', { params: { id: pump.id }, body: { name: 'Fit' } });
  expect(await read()).toEqual({ total: 1, listed: 1, graph: [change_id], list: [change_id] });
  await lock.rows('rollback');
  await lock.end();
  await appended(sql);
  expect(await read()).toEqual({ total: 1, listed: 1, graph: [], list: [] });
});
