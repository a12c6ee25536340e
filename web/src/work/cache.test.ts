// The query cache while events arrive: each query written once a batch, nothing counted twice, what is unchanged left as it is.
import type { StoredEvent } from '@taylordash/core/entities';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createQueryClient, type Graph, keys, type ProjectTasks, type Task } from '../api.ts';
import { createWork } from './changes.ts';
import { createHeld } from './held.ts';
import { newId } from './ids.ts';
import { createMerger } from './merger.ts';
import { componentToBe, taskToBe } from './operations.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const project_id = newId();
const now = '2026-05-14T10:00:00Z';
const pump = { ...componentToBe(newId(), project_id, { name: 'Pump' }, now), version: 1 };
const frame = { ...componentToBe(newId(), project_id, { name: 'Frame' }, now), version: 1 };
const fit = { ...taskToBe(newId(), pump.id, { name: 'Fit' }, now), version: 1 };
const actor = { id: 'sam', name: 'Sam', type: 'user' as const };

let id = 100;
function event(kind: string, entity: { id: string }, changed: object = {}, change_id = newId()): StoredEvent {
  id += 1;
  return {
    ...{ id: String(id), topic: '', kind, ts: now, trace_id: newId(), idempotency_key: newId(), source: 'server' },
    ...{ client_id: null, change_id, project_id, entity_id: entity.id, actor_id: 'sam', created_at: now },
    payload: { actor, change_id, entity, changed },
  };
}

/** A tab with a project of two components and a task on show; nobody answers its requests. */
function setUp(as_of = '100', untold: string[] = []) {
  const cache = createQueryClient();
  // Entities as the server would send them; the project is of no matter here.
  const graph = {
    project: { id: project_id, name: 'Workshop', version: 1 },
    nodes: [
      { ...pump, tasks: { total: 1, done: 0 } },
      { ...frame, tasks: { total: 0, done: 0 } },
    ],
    edges: [{ component_id: pump.id, depends_on_id: frame.id }],
    as_of,
    untold,
  } as unknown as Graph;
  const { description: _description, ...listed } = fit;
  cache.setQueryData<Graph>(keys.graph(project_id), graph);
  cache.setQueryData<ProjectTasks>(keys.projectTasks(project_id), { tasks: [listed], as_of, untold });
  const history = { begin() {}, record() {}, forget() {} };
  const never = () => new Promise<never>(() => {});
  // No request is answered.
  const api = { call: never, raw: never, url: () => '' } as unknown as Parameters<typeof createWork>[0]['api'];
  const work = createWork({ api, cache, history, ask: async () => new Set(), reason: String as never });
  const held = createHeld();
  let writes = 0;
  const merger = createMerger({
    ...{ cache, work, held, me: () => 'ada', onTouched() {}, onBurst() {}, now: () => 1e9 },
    nextFrame: (callback) => setTimeout(callback, 16),
  });
  cache.getQueryCache().subscribe(({ type, query }) => {
    if (type === 'updated' && query.queryKey[0] === 'graph') writes += 1;
  });
  const take = (...events: StoredEvent[]) => {
    for (const one of events) merger.take(one);
    vi.advanceTimersByTime(20);
  };
  const shown = () => cache.getQueryData<Graph>(keys.graph(project_id));
  const node = (component_id: string) => shown()?.nodes.find((one) => one.id === component_id);
  return { cache, work, held, take, shown, node, writes: () => writes };
}

test('a flood of events is one writing of each query', () => {
  const { take, shown, writes } = setUp();
  const made = Array.from({ length: 5000 }, (_, place) =>
    componentToBe(newId(), project_id, { name: `C${place}` }, now),
  );
  take(...made.map((one) => event('component_created', { ...one, version: 1 } as { id: string })));
  expect(shown()?.nodes).toHaveLength(5002);
  expect(writes()).toBe(1);
});

test('what an event does not touch stays the very object it was', () => {
  const { take, shown, cache } = setUp();
  const before = shown();
  const tasks = cache.getQueryData(keys.projectTasks(project_id));
  take(event('component_updated', { ...pump, version: 2, name: 'Big pump' } as { id: string }));
  expect(shown()?.nodes[0]?.name).toBe('Big pump');
  expect(shown()?.nodes[1]).toBe(before?.nodes[1]);
  expect(shown()?.edges).toEqual(before?.edges);
  expect(cache.getQueryData(keys.projectTasks(project_id))).toBe(tasks);
});

test('an event that the reading includes already changes nothing, however late it comes', () => {
  const { take, shown, node, cache } = setUp('100000');
  const before = shown();
  const another = { ...taskToBe(newId(), pump.id, { name: 'Late' }, now), version: 1 };
  take(
    event('task_created', another),
    event('component_deleted', frame),
    event('component_dependency_removed', { id: pump.id, ...before?.edges[0], project_id } as { id: string }),
  );
  expect(shown()).toBe(before);
  expect(node(pump.id)?.tasks.total).toBe(1);
  expect(cache.getQueryData<ProjectTasks>(keys.projectTasks(project_id))?.tasks).toHaveLength(1);
});

test('a task counts once, whoever tells of it first', () => {
  const { work, take, node } = setUp();
  void work.changes.tasks.change(fit, { status: 'done' });
  expect(node(pump.id)?.tasks).toEqual({ total: 1, done: 1 });
  const done: Task = { ...fit, status: 'done', version: 2 };
  take(event('task_completed', done, { status: { before: 'todo', after: 'done' } }));
  expect(node(pump.id)?.tasks).toEqual({ total: 1, done: 1 });
  take(
    event('task_updated', { ...done, version: 3, component_id: frame.id } as Task, {
      component_id: { before: pump.id, after: frame.id },
    }),
  );
  expect([node(pump.id)?.tasks, node(frame.id)?.tasks]).toEqual([
    { total: 0, done: 0 },
    { total: 1, done: 1 },
  ]);
});

test('what one write did in several events is counted as one', () => {
  const { take, node } = setUp();
  const [change_id, after] = [newId(), { ...fit, status: 'done', component_id: frame.id, version: 2 }];
  take(
    event('task_completed', after, { status: { before: 'todo', after: 'done' } }, change_id),
    event('task_updated', after, { component_id: { before: pump.id, after: frame.id } }, change_id),
  );
  expect([node(pump.id)?.tasks, node(frame.id)?.tasks]).toEqual([
    { total: 0, done: 0 },
    { total: 1, done: 1 },
  ]);
});

test('what one write did is counted as one where its events come apart, among those of others', () => {
  const { take, node } = setUp();
  const [change_id, after] = [newId(), { ...fit, status: 'done', component_id: frame.id, version: 2 }];
  const another = { ...taskToBe(newId(), frame.id, { name: 'Another' }, now), version: 1 };
  take(
    event('task_completed', after, { status: { before: 'todo', after: 'done' } }, change_id),
    event('task_created', another),
  );
  take(event('task_updated', after, { component_id: { before: pump.id, after: frame.id } }, change_id));
  expect([node(pump.id)?.tasks, node(frame.id)?.tasks]).toEqual([
    { total: 0, done: 0 },
    { total: 2, done: 1 },
  ]);
});

test('a change that the reading includes counts once, however much later the stream tells of it', () => {
  const change_id = newId();
  const { take, node, cache } = setUp('100', [change_id]);
  vi.advanceTimersByTime(60_000);
  const another = { ...taskToBe(newId(), pump.id, { name: 'Read already' }, now), version: 1 };
  take(event('task_created', another, {}, change_id));
  expect(node(pump.id)?.tasks.total).toBe(1);
  expect(cache.getQueryData<ProjectTasks>(keys.projectTasks(project_id))?.tasks).toHaveLength(1);
  take(event('task_completed', { ...fit, status: 'done', version: 2 }, { status: { before: 'todo', after: 'done' } }));
  expect(node(pump.id)?.tasks).toEqual({ total: 1, done: 1 });
});

test('what is held back over a reading counts once', async () => {
  const { held, take, node, cache, shown } = setUp();
  const release = held.hold(fit.id);
  take(event('task_completed', { ...fit, status: 'done', version: 2 }, { status: { before: 'todo', after: 'done' } }));
  expect(node(pump.id)?.tasks.done).toBe(0);
  const same = shown();
  await cache.fetchQuery({ queryKey: keys.graph(project_id), queryFn: () => same, staleTime: 0 });
  expect(node(pump.id)?.tasks.done).toBe(0);
  release();
  expect(node(pump.id)?.tasks.done).toBe(1);
});

test('a task that moved to another project while this one was read counts here no more', async () => {
  const { take, node, cache, shown } = setUp();
  const same = shown();
  const elsewhere = { ...fit, component_id: newId(), version: 2 };
  const moved = event('task_updated', elsewhere, { component_id: { before: pump.id, after: elsewhere.component_id } });
  take({ ...moved, project_id: newId() });
  await cache.fetchQuery({ queryKey: keys.graph(project_id), queryFn: () => structuredClone(same), staleTime: 0 });
  expect(node(pump.id)?.tasks).toEqual({ total: 0, done: 0 });
});

test('events from before a deletion of one’s own bring nothing back', () => {
  const { work, take, node } = setUp();
  void work.changes.deleteComponent(pump, 'drop');
  expect(node(pump.id)).toBeUndefined();
  take(event('component_updated', { ...pump, version: 2, name: 'Renamed meanwhile' } as { id: string }));
  expect(node(pump.id)).toBeUndefined();
  // Made again by an undo, it is newer than what was deleted.
  take(event('component_deleted', { ...pump, version: 2 } as { id: string }));
  take(event('component_created', { ...pump, version: 3, name: 'Back' } as { id: string }));
  expect(node(pump.id)?.name).toBe('Back');
});

test('what is held stays where it is until it is let go, and the rest of a move goes on', () => {
  const { held, take, node } = setUp();
  const release = held.hold(pump.id);
  const positions = [
    { id: pump.id, position: { x: 5, y: 5 } },
    { id: frame.id, position: { x: 9, y: 9 } },
  ];
  take(event('components_moved', { id: project_id, project_id, positions } as { id: string }));
  take(
    event('component_updated', { ...pump, version: 2, name: 'Renamed', position: { x: 5, y: 5 } } as { id: string }),
  );
  expect([node(pump.id)?.position, node(pump.id)?.name, node(frame.id)?.position]).toEqual([
    null,
    'Pump',
    { x: 9, y: 9 },
  ]);
  expect(held.count(pump.id)).toBe(2);
  release();
  expect([node(pump.id)?.position, node(pump.id)?.name]).toEqual([{ x: 5, y: 5 }, 'Renamed']);
});

test('what outsiders say changes nothing', () => {
  const { take, shown } = setUp();
  const before = shown();
  take({ ...event('component_updated', { ...pump, version: 9, name: 'Hearsay' } as { id: string }), source: 'mqtt' });
  expect(shown()).toBe(before);
});
