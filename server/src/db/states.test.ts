// SQL and core derive the same from the same rows: what each component shows, which lists it is in, and how progress adds up.
import { randomUUID } from 'node:crypto';
import type { Component } from '@taylordash/core/entities';
import { progressByTasks, rollUp } from '@taylordash/core/progress';
import { needsAttention, shownStateNames, shownStates } from '@taylordash/core/states';
import { componentStatuses, taskStatuses, trayType } from '@taylordash/core/statuses';
import fc from 'fast-check';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/harness/postgres.ts';
import * as components from '../features/components/queries.ts';
import * as projects from '../features/projects/queries.ts';
import { workOf } from '../features/tasks/my-work-queries.ts';
import type { Handle } from './transaction.ts';
import type { DB } from './types.gen.ts';

let database: TestDatabase;
let pool: pg.Pool;
let handle: Handle;
const owner_id = randomUUID();

beforeAll(async () => {
  database = await testDatabase();
  // One connection: what a run puts in is seen by what it reads, and by nothing else.
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
  handle = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  await pool.query("insert into public.users (id, username, password_hash, role) values ($1, 'ada', 'x', 'admin')", [
    owner_id,
  ]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const today = '2026-06-15';
const most = 12;
type Part = Pick<Component, 'status' | 'start_on' | 'progress' | 'weight' | 'type'>;
/** Sums of these are exact in whatever order. */
const weight = fc.integer({ min: 0, max: 12 }).map((quarters) => quarters / 4);
const part = fc.record({
  type: fc.constantFrom(null, 'pump'),
  // Twice, so that paths are long: what is completed or cancelled cuts them.
  status: fc.constantFrom(...componentStatuses, 'pending' as const, 'pending' as const, 'in_progress' as const),
  start_on: fc.constantFrom(null, '2026-06-14', today, '2026-06-16'),
  progress: fc.integer({ min: 0, max: 100 }),
  weight,
});
type Drawn = { parts: Part[]; pairs: (readonly [number, number])[]; tray: boolean };
/** Each waits for earlier ones alone, so that there is no loop. */
const graph: fc.Arbitrary<Drawn> = fc
  .record({
    parts: fc.array(part, { minLength: 3, maxLength: most, size: 'max' }),
    pairs: fc.array(fc.tuple(fc.nat(most - 1), fc.nat(most - 1)), { maxLength: 24, size: 'max' }),
    tray: fc.boolean(),
  })
  .map(({ parts, pairs, tray }) => {
    const within = pairs.map(([a, b]) => [a % parts.length, b % parts.length] as const);
    const down = within.map(([a, b]) => [Math.max(a, b), Math.min(a, b)] as const).filter(([a, b]) => a !== b);
    return { parts, tray, pairs: [...new Map(down.map((pair) => [pair.join(), pair])).values()] };
  });

async function put({ parts, pairs, tray }: Drawn) {
  const project_id = randomUUID();
  const nodes: (Part & { id: string })[] = parts.map((fields) => ({ id: randomUUID(), ...fields }));
  const edges = pairs.map(([a, b]) => ({ component_id: nodes[a]?.id ?? '', depends_on_id: nodes[b]?.id ?? '' }));
  if (tray) {
    nodes.push({ id: randomUUID(), type: trayType, status: 'pending', start_on: null, progress: 50, weight: 1 });
  }
  await pool.query("insert into public.projects (id, name, owner_id) values ($1, 'Drawn by lot', $2)", [
    project_id,
    owner_id,
  ]);
  await pool.query(
    `insert into public.components (project_id, name, id, type, status, start_on, progress, weight)
     select $1, 'Part', id, type, status, start_on, progress, weight
     from json_to_recordset($2) as r (id uuid, type text, status text, start_on date, progress int, weight float8)`,
    [project_id, JSON.stringify(nodes)],
  );
  await pool.query(
    `insert into public.component_dependencies (component_id, depends_on_id)
     select component_id, depends_on_id from json_to_recordset($1) as r (component_id uuid, depends_on_id uuid)`,
    [JSON.stringify(edges)],
  );
  return { project_id, nodes, edges };
}

/** Runs the check in a transaction that leaves nothing behind. */
async function undone(check: () => Promise<void>): Promise<void> {
  await pool.query('begin');
  try {
    await check();
  } finally {
    await pool.query('rollback');
  }
}

const seeded = { seed: 14, numRuns: 150 };

it('component_states is shownStates', async () => {
  const check = fc.asyncProperty(graph, (drawn) =>
    undone(async () => {
      const { project_id, nodes, edges } = await put(drawn);
      const { rows } = await pool.query(
        'select component_id, state, held_up, open_needs from taylordash.component_states($1, $2)',
        [project_id, today],
      );
      const found = new Map(rows.map(({ component_id, ...shown }) => [component_id, shown]));
      expect(found).toEqual(shownStates(nodes, edges, today));
    }),
  );
  await fc.assert(check, seeded);
});

it('lists by state and by what is held up are those of shownStates', async () => {
  const filters = fc.record({
    states: fc.option(fc.subarray([...shownStateNames], { minLength: 1 }), { nil: undefined }),
    held_up: fc.option(fc.boolean(), { nil: undefined }),
    across: fc.boolean(),
  });
  const check = fc.asyncProperty(graph, filters, (drawn, { states, held_up, across }) =>
    undone(async () => {
      const { project_id, nodes, edges } = await put(drawn);
      const filter = { limit: 200, ...(states && { states }), ...(held_up !== undefined && { held_up }) };
      const page = await components.listComponents(handle, across ? filter : { ...filter, project_id }, today);
      const { items }: { items: { id: string }[] } = JSON.parse(page);
      const wanted = [...shownStates(nodes, edges, today)].filter(
        ([, shown]) =>
          (states === undefined || states.includes(shown.state)) &&
          (held_up === undefined || held_up === shown.held_up),
      );
      const asked = states !== undefined || held_up !== undefined;
      expect(items.map(({ id }) => id).sort()).toEqual(
        (asked ? wanted.map(([id]) => id) : nodes.map(({ id }) => id)).sort(),
      );
    }),
  );
  await fc.assert(check, seeded);
});

it('the counts of a project are those of shownStates and rollUp', async () => {
  const check = fc.asyncProperty(graph, (drawn) =>
    undone(async () => {
      const { nodes, edges } = await put(drawn);
      const { items } = JSON.parse(await projects.listProjects(handle, { include: 'counts' }, today));
      const shown = [...shownStates(nodes, edges, today).values()];
      const count = (state: string) => shown.filter((one) => one.state === state).length;
      expect(items[0].counts).toEqual({
        components: shown.length,
        components_completed: count('completed'),
        components_blocked: count('blocked'),
        components_ready: count('ready'),
        components_held_up: shown.filter(({ held_up }) => held_up).length,
        components_dead_blocked: count('dead_blocked'),
        attention: shown.filter(needsAttention).length,
        ...{ tasks: 0, tasks_done: 0, progress: rollUp(nodes) },
      });
    }),
  );
  await fc.assert(check, seeded);
});

it('what my work lists of an own project is what is ready or in progress', async () => {
  const check = fc.asyncProperty(graph, (drawn) =>
    undone(async () => {
      const { nodes, edges } = await put(drawn);
      const items: { id: string; state: string }[] = JSON.parse((await workOf(handle, owner_id)).ready);
      const wanted = [...shownStates(nodes, edges, today)].filter(([, { state }]) =>
        /^(ready|in_progress)$/.test(state),
      );
      const found = items.map(({ id, state }) => `${id} ${state}`);
      expect(found.sort()).toEqual(wanted.map(([id, { state }]) => `${id} ${state}`).sort());
    }),
  );
  await fc.assert(check, seeded);
});

it('the progress of a component by its tasks is progressByTasks', async () => {
  const task = fc.record({
    status: fc.constantFrom(...taskStatuses),
    weight,
  });
  const one = { type: null, status: 'pending', start_on: null, progress: 0, weight: 1 } as const;
  const check = fc.asyncProperty(fc.array(task, { maxLength: 9 }), (tasks) =>
    undone(async () => {
      const { nodes } = await put({ parts: [one], pairs: [], tray: false });
      const id = nodes[0]?.id ?? '';
      await pool.query(
        `insert into public.tasks (name, component_id, status, weight)
         select 'Step', $1, status, weight from json_to_recordset($2) as r (status text, weight float8)`,
        [id, JSON.stringify(tasks)],
      );
      expect(await components.progressByTasks(handle, id)).toBe(progressByTasks(tasks));
    }),
  );
  await fc.assert(check, seeded);
});
