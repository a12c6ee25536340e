// What live tabs hold, whatever two people do at once, is what a fresh reading says. With a real server and its real stream.
import { type QueryKey, QueryObserver, type QueryObserverOptions } from '@tanstack/react-query';
import type { Client } from '@taylordash/sdk/client';
import { followEvents } from '@taylordash/sdk/follow';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../test/harness/app.ts';
import {
  createQueryClient,
  type Graph,
  graphQuery,
  keys,
  type ProjectTasks,
  projectTasksQuery,
  type Task,
  tasksQuery,
} from '../api.ts';
import type { Burst } from './bursts.ts';
import { createWork } from './changes.ts';
import { createHeld } from './held.ts';
import { createHistory } from './history.ts';
import { newId } from './ids.ts';
import { createMerger } from './merger.ts';
import type { Operation } from './operations.ts';

let td: TestApp;
let sam: { id: string; client: Client };
const closing: (() => void)[] = [];

beforeAll(async () => {
  td = await testApp();
  sam = await td.user({
    username: 'sam',
    grants: [
      { permission: 'write:projects', project_id: null },
      { permission: 'write:tasks', project_id: null },
    ],
  });
});
afterAll(async () => {
  for (const close of closing) close();
  await td.stop();
});

/** Everything that a tab of the web app has, but pages. Its stream is late by that many milliseconds. */
async function tab(api: Client, me: string | null, late_ms: number) {
  const cache = createQueryClient();
  const history = createHistory({ api, ask: async () => 'overwrite', storage: null });
  const work = createWork({
    ...{ api, cache, history },
    ask: async ({ conflicts }) => new Set(conflicts.map(({ field }) => field)),
    reason: (error) => ({ what: String(error), why: '', trace_id: null }),
  });
  history.connect({ drop: () => null, settled: work.queue.settled });
  const held = createHeld();
  const touched: { name: string; entity_ids: readonly string[] }[] = [];
  const bursts: Burst[] = [];
  const merger = createMerger({
    ...{ cache, work, held },
    me: () => me,
    onTouched: (name, entity_ids) => touched.push({ name, entity_ids }),
    onBurst: (burst) => bursts.push(burst),
    nextFrame: (callback) => setImmediate(callback),
    now: Date.now,
  });
  const ended = new AbortController();
  const seen = new Set<string>();
  const connected = Promise.withResolvers<void>();
  void (async () => {
    for await (const step of followEvents(api, { after: null, signal: ended.signal })) {
      if (step.type === 'connected') connected.resolve();
      if (step.type !== 'event') continue;
      const { event } = step;
      setTimeout(() => {
        merger.take(event);
        if (event.entity_id !== null) seen.add(event.entity_id);
      }, late_ms);
    }
  })();
  await connected.promise;
  closing.push(() => {
    ended.abort();
    merger.stop();
    cache.clear();
  });
  return {
    ...{ api, cache, work, changes: work.changes, history, held, touched, bursts, merger },
    /** Reads it and keeps it read, like a page that shows it. */
    async shows<T, K extends QueryKey>(options: QueryObserverOptions<T, Error, T, T, K>) {
      const leave = new QueryObserver<T, Error, T, T, K>(cache, options).subscribe(() => {});
      await expect.poll(() => cache.getQueryState(options.queryKey)?.status).toBe('success');
      return leave;
    },
    /** Events come in the order of commits: a project made now is told of after all that happened before. */
    async caughtUp() {
      await expect.poll(() => work.queue.busy(), { interval: 5 }).toBe(false);
      const { data } = await td.admin.call('createProject', { body: { name: 'Marker' } });
      await expect.poll(() => seen.has(data.id), { interval: 5 }).toBe(true);
      await expect.poll(() => cache.isFetching({ queryKey: ['graph'] }), { interval: 5 }).toBe(0);
    },
  };
}
type Tab = Awaited<ReturnType<typeof tab>>;

/** A move does not say which version it made, as nobody edits a place: of components neither that nor when is compared. */
const withoutVersions = (nodes: readonly Graph['nodes'][number][]) =>
  byId(nodes).map(({ version: _version, updated_at: _updated_at, ...node }) => node);

const byId = <T extends { id: string }>(list: readonly T[]) => [...list].sort((a, b) => (a.id < b.id ? -1 : 1));

/** What a tab holds, so that it can be compared: without order where there is none, and without when it was read. */
function heldBy({ cache }: Tab, project_id: string, component_ids: readonly string[]) {
  const graph = cache.getQueryData<Graph>(keys.graph(project_id));
  return {
    project: graph?.project,
    nodes: withoutVersions(graph?.nodes ?? []),
    edges: (graph?.edges ?? []).map((edge) => `${edge.component_id} ${edge.depends_on_id}`).sort(),
    tasks: byId(cache.getQueryData<ProjectTasks>(keys.projectTasks(project_id))?.tasks ?? []),
    lists: component_ids.map((id) => cache.getQueryData<Task[]>(keys.tasks(id)) ?? []),
  };
}

async function freshly(api: Client, project_id: string, component_ids: readonly string[]) {
  const [graph, tasks, ...lists] = await Promise.all([
    api.call('projectGraph', { params: { id: project_id } }),
    api.call('projectTasks', { params: { id: project_id } }),
    ...component_ids.map(async (id) => {
      try {
        return (await api.call('listComponentTasks', { params: { id }, query: { limit: 200 } })).data.items;
      } catch {
        return null;
      }
    }),
  ]);
  return {
    project: graph.data.project,
    nodes: withoutVersions(graph.data.nodes),
    edges: graph.data.edges.map((edge) => `${edge.component_id} ${edge.depends_on_id}`).sort(),
    tasks: byId(tasks.data.tasks),
    lists,
  };
}

const step = fc.record({
  who: fc.nat(1),
  what: fc.constantFrom(
    ...(['component', 'component', 'rename', 'progress', 'status', 'move', 'link', 'unlink', 'delete'] as const),
    ...([
      'task',
      'task',
      'task',
      'tick',
      'tick',
      'file',
      'describe',
      'both',
      'delete_task',
      'bulk',
      'project',
    ] as const),
    ...(['undo', 'redo', 'reread'] as const),
  ),
  a: fc.nat(),
  b: fc.nat(),
  wait: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Does a step as the person in that tab sees the project now. */
async function take({ what, a, b }: Step, tab: Tab, project_id: string, count: number): Promise<unknown> {
  const { changes, cache } = tab;
  const graph = cache.getQueryData<Graph>(keys.graph(project_id));
  const tasks = cache.getQueryData<ProjectTasks>(keys.projectTasks(project_id))?.tasks ?? [];
  const nodes = graph?.nodes ?? [];
  const [one, other] = [nodes[a % nodes.length], nodes[b % nodes.length]];
  const task = tasks[a % tasks.length];
  const edge = graph?.edges[a % graph.edges.length];
  if (what === 'component') {
    const depends_on = other && b % 2 === 0 ? [other.id] : [];
    return changes.createComponent(project_id, { name: `Component ${count}`, depends_on });
  }
  if (what === 'undo') return tab.history.undo();
  if (what === 'redo') return tab.history.redo();
  if (what === 'reread')
    return cache.invalidateQueries({ predicate: ({ queryKey }) => /graph|tasks/.test(String(queryKey[0])) });
  if (what === 'project' && graph) return changes.projects.change(graph.project, { name: `Project ${count}` });
  if (!one || !other) return undefined;
  if (what === 'rename') return changes.components.change(one, { name: `Renamed ${count}` });
  if (what === 'progress') return changes.components.change(one, { progress: b % 101 });
  if (what === 'status') {
    const status = (['pending', 'in_progress', 'completed', 'cancelled'] as const)[b % 4];
    return status && changes.components.change(one, { status });
  }
  if (what === 'move') {
    return changes.move(project_id, [
      { component: one, position: { x: b % 500, y: count } },
      ...(other === one ? [] : [{ component: other, position: { x: a % 500, y: count } }]),
    ]);
  }
  if (what === 'link' && one !== other) return changes.connect(one.id, other.id);
  if (what === 'unlink' && edge) return changes.disconnect(edge.component_id, edge.depends_on_id);
  if (what === 'delete') return changes.deleteComponent(one, b % 2 === 0 ? 'link' : 'drop');
  if (what === 'task')
    return changes.createTask(one.id, { name: `Task ${count}`, status: b % 3 === 0 ? 'done' : 'todo' });
  if (what === 'bulk') {
    const id = newId();
    const operations: Operation[] = [
      { op: 'create_component', id, project_id, fields: { name: `Bulk ${count}`, progress_mode: 'manual' } },
      { op: 'add_dependency', id, depends_on_id: one.id },
      { op: 'create_task', id: newId(), component_id: id, fields: { name: `In bulk ${count}`, status: 'done' } },
      { op: 'update_component', id: one.id, fields: { description: `Bulk ${count}` } },
      ...(task ? [{ op: 'update_task', id: task.id, fields: { component_id: id } } as const] : []),
    ];
    return changes.apply({ label: 'Bulk', operations });
  }
  if (!task) return undefined;
  if (what === 'tick') return changes.tasks.change(task, { status: task.status === 'done' ? 'todo' : 'done' });
  if (what === 'file') return changes.tasks.change(task, { component_id: other.id });
  if (what === 'describe')
    return changes.tasks.change(task, { description: `Words ${count}`, labels: ['a', `l${b % 5}`] });
  if (what === 'both')
    return changes.tasks.change(task, { component_id: other.id, status: 'done', name: `Both ${count}` });
  if (what === 'delete_task') return changes.deleteTask(task);
  return undefined;
}

test('after whatever two people do, both tabs hold what a fresh reading says', async () => {
  const tabs = [await tab(td.admin, null, 0), await tab(sam.client, sam.id, 100)] as const;
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const project_id = (await td.admin.call('createProject', { body: { name: 'Workshop' } })).data.id;
      const component_ids: string[] = [];
      for (const name of ['Pump', 'Frame']) {
        const { data } = await td.admin.call('createComponent', { params: { id: project_id }, body: { name } });
        component_ids.push(data.id);
        await td.admin.call('createTask', { params: { id: data.id }, body: { name: `First of ${name}` } });
      }
      const shown: (() => void)[] = [];
      for (const one of tabs) {
        shown.push(await one.shows(graphQuery(one.api, project_id)));
        shown.push(await one.shows(projectTasksQuery(one.api, project_id)));
        // One tab has the panel of a component open, the other does not.
        if (one === tabs[0]) shown.push(await one.shows(tasksQuery(one.api, component_ids[0] ?? '')));
      }
      const running: Promise<unknown>[] = [];
      for (const one of steps) {
        count += 1;
        // What the other deleted meanwhile is refused, as it should be.
        const done = take(one, tabs[one.who === 0 ? 0 : 1], project_id, count).catch(() => {});
        running.push(done);

        if (one.wait) await done;
      }
      await Promise.all(running);

      for (const one of tabs) await one.caughtUp();

      for (const leave of shown) leave();
      const open = component_ids.slice(0, 1);
      const fresh = await freshly(td.admin, project_id, open);
      for (const one of tabs) {
        const lists = one === tabs[0] && fresh.lists[0] !== null ? fresh.lists : [[]];
        const there = heldBy(one, project_id, open);
        expect({ ...there, lists: fresh.lists[0] === null ? [[]] : there.lists }).toEqual({ ...fresh, lists });
      }
    }),
    { numRuns: 15, endOnFailure: true },
  );
}, 90_000);
