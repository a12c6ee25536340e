// Takes events as they arrive and puts them into the query cache, all of a frame at once; repairs what was read while they arrived.

import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { StoredEvent } from '@taylordash/core/entities';
import type { ChangedFields } from '@taylordash/core/events';
import { type Graph, keys, type ProjectTasks, type Task } from '../api.ts';
import { type Burst, createBursts } from './bursts.ts';
import type { Draft } from './cache.ts';
import type { Work } from './changes.ts';
import type { Held } from './held.ts';
import { countedBefore, isLate, mergeEvent, type Told, toldBy } from './merge-event.ts';
import type { Step } from './pending-counts.ts';

export interface MergerOptions {
  cache: QueryClient;
  work: Work;
  held: Held;
  /** Whose own changes carry no name. */
  me: () => string | null;
  onTouched: (name: string, entity_ids: readonly string[]) => void;
  onBurst: (burst: Burst) => void;
  /** Calls back when the next picture is due. */
  nextFrame: (callback: () => void) => void;
  now: () => number;
  /** A change may be committed before a reading and told after it: counts read so lately are read once more. */
  unsure_ms?: number;
}

export interface Merger {
  take: (event: StoredEvent) => void;
  /** Events were missed: everything is read again. */
  missed: () => void;
  stop: () => void;
}

/** Events remembered for what is being read while they arrive. */
const mostRecent = 2000;
/** A batch like this is part of a flood: the next one may wait, as each costs a new picture. */
const floodSize = 200;
const floodPauseMs = 250;
const listsMs = 2000;
const soonMs = 600;

export function createMerger(options: MergerOptions): Merger {
  const { cache, work, held, now, unsure_ms: unsureMs = 1000 } = options;
  const bursts = createBursts(options.onBurst);
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** When each project's graph was read, and how often in a row for being unsure. */
  const landed = new Map<string, { at: number; again: number; unsure: boolean }>();
  /** Projects whose graphs were read while changes were on their way. */
  const unsure = new Set<string>();
  let waiting: StoredEvent[] = [];
  let recent: StoredEvent[] = [];
  let forgotten = 0n;
  let scheduled = false;

  /** Reads a query again, once for everything that asks for it within the time. */
  function rereadSoon(key: QueryKey, ms: number): void {
    const name = JSON.stringify(key);
    if (timers.has(name)) return;
    timers.set(
      name,
      setTimeout(() => {
        timers.delete(name);
        void cache.invalidateQueries({ queryKey: key });
      }, ms),
    );
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    options.nextFrame(flush);
  }

  function flush(): void {
    const batch = waiting;
    waiting = [];
    for (const event of batch) remember(event);
    mergeBatch(batch, true);
    if (batch.length < floodSize) {
      scheduled = false;
      if (waiting.length > 0) schedule();
      return;
    }
    setTimeout(() => {
      scheduled = false;
      if (waiting.length > 0) schedule();
    }, floodPauseMs);
  }

  /** `fresh`: not held back before. */
  function mergeBatch(batch: readonly StoredEvent[], fresh: boolean): void {
    const names = new Map<string, Set<string>>();
    work.store.edit((draft) => {
      for (const { event, told } of folded(batch)) {
        const { actor } = told.payload;
        const mine = actor.id !== null && actor.id === options.me();
        if (!mine && holdsBack(event, told)) continue;
        const merged = mergeOne(event, told, draft, mine);
        if (mine) continue;
        if (fresh && !bursts.shows(actor, told, merged.entity_ids, now())) continue;
        const ids = names.get(actor.name) ?? new Set();
        for (const id of merged.entity_ids) ids.add(id);
        names.set(actor.name, ids);
      }
    });
    for (const { kind, entity_id, source } of batch) {
      if (kind !== 'project_deleted' || source !== 'server' || entity_id === null) continue;
      // Where it is on show, reading it again says that it is gone.
      void cache.resetQueries({ queryKey: keys.graph(entity_id) });
      void cache.resetQueries({ queryKey: keys.projectTasks(entity_id) });
    }
    for (const [name, ids] of names) options.onTouched(name, [...ids]);
    if (fresh) rereadLists(batch);
  }

  /** Keeps back what would move under somebody's hands. */
  function holdsBack(event: StoredEvent, told: Told): boolean {
    if (told.kind === 'components_moved') {
      for (const { id } of told.payload.entity.positions)
        if (held.isHeld(id)) held.keep(id, onlyMoveOf(event, told, id));
      return false;
    }
    if (told.kind.includes('dependency') || told.kind.startsWith('project')) return false;
    const id = event.entity_id;
    if (id === null || !held.isHeld(id)) return false;
    held.keep(id, event);
    return true;
  }

  function mergeOne(event: StoredEvent, told: Told, draft: Draft, mine: boolean) {
    const merged = mergeEvent(event, told, work, draft, mine ? undefined : held.isHeld);
    if (told.kind === 'components_moved') work.told(told.payload.change_id);
    const { project_id } = event;
    if (project_id !== null && told.kind.startsWith('task')) {
      if (now() - (landed.get(project_id)?.at ?? 0) < unsureMs) beUnsure(project_id);
    }
    return merged;
  }

  /** The graph may count a task that is counted again when it is told of: it is read once more, less often each time in a row. */
  function beUnsure(project_id: string): void {
    const last = landed.get(project_id);
    if (!last) return;
    last.unsure = true;
    rereadSoon(keys.graph(project_id), unsureMs * 2 ** Math.min(last.again, 6));
  }

  function rereadLists(batch: readonly StoredEvent[]): void {
    const projects = new Set<string>();
    const kinds = new Set(batch.map(({ kind }) => kind));
    for (const { kind, project_id } of batch) {
      if (project_id !== null && isWork(kind)) projects.add(project_id);
    }
    for (const kind of kinds) {
      if (/^(user|grants|login_success)/.test(kind)) {
        rereadSoon(keys.users, 0);
        // A change of one's own on its way brings the answer itself; what is read before it arrived would show the old again.
        if (cache.isMutating({ mutationKey: keys.me }) === 0) rereadSoon(keys.me, 0);
      } else if (kind.startsWith('layout')) rereadSoon(keys.layouts, 0);
      if (!isWork(kind)) continue;
      rereadSoon(keys.myWork, soonMs);
      // The counts of the project lists follow, but not for every single event of a burst.
      rereadSoon(keys.projects, kind === 'project_created' ? 0 : listsMs);
    }
    for (const project_id of projects) rereadSoon(keys.activity(project_id), soonMs);
  }

  function remember(event: StoredEvent): void {
    recent.push(event);
    if (recent.length < mostRecent * 2) return;
    forgotten = BigInt(recent[mostRecent - 1]?.id ?? 0);
    recent = recent.slice(mostRecent);
  }

  /** What was read while events arrived lacks those that came after it was put together: they are put in again. */
  function repair([what, id]: QueryKey): void {
    if (typeof id !== 'string') return;
    if (what === 'graph') repairGraph(id);
    else if (what === 'project_tasks') {
      const data = cache.getQueryData<ProjectTasks>(keys.projectTasks(id));
      if (!data || outOfReach(data.as_of, keys.projectTasks(id))) return;
      replayTasks((event) => event.project_id === id && BigInt(event.id) > BigInt(data.as_of));
      for (const task of data.tasks) work.tasks.reread(task);
    } else if (what === 'tasks') {
      replayTasks((_event, { entity, changed }) => entity.component_id === id || changed.component_id?.before === id);
      for (const task of cache.getQueryData<Task[]>(keys.tasks(id)) ?? []) work.tasks.reread(task);
    } else return;
    if (!work.queue.busy()) return;
    work.queue.showAgain();
    // Whether it counts what is on its way to the server nobody can tell: it is read once more afterwards.
    if (what === 'graph') unsure.add(id);
  }

  function settleUnsure(): void {
    if (unsure.size === 0 || work.queue.busy()) return;
    for (const project_id of unsure) rereadSoon(keys.graph(project_id), unsureMs);
    unsure.clear();
  }

  function outOfReach(as_of: string, key: QueryKey): boolean {
    if (BigInt(as_of) >= forgotten) return false;
    rereadSoon(key, soonMs);
    return true;
  }

  function repairGraph(project_id: string): void {
    const graph = cache.getQueryData<Graph>(keys.graph(project_id));
    if (!graph || outOfReach(graph.as_of, keys.graph(project_id))) return;
    const last = landed.get(project_id);
    landed.set(project_id, { at: now(), again: last?.unsure ? last.again + 1 : 0, unsure: false });
    const later = recent.filter((event) => event.project_id === project_id && BigInt(event.id) > BigInt(graph.as_of));
    work.store.edit((draft) => {
      for (const { event, told } of folded(later)) {
        if (!told.kind.startsWith('task_')) mergeEvent(event, told, work, draft, held.isHeld);
        else if (isOfTask(told)) draft.recount(project_id, [stepOf(told)]);
      }
      draft.recount(project_id, draft.pendingSteps());
      for (const node of graph.nodes) work.components.reread(node);
    });
    work.projects.reread(graph.project);
    if (later.some(({ kind }) => kind.startsWith('task_'))) beUnsure(project_id);
  }

  function replayTasks(
    concerns: (event: StoredEvent, payload: Extract<Told, { kind: 'task_updated' }>['payload']) => boolean,
  ): void {
    work.store.edit((draft) => {
      for (const { event, told } of folded(recent)) {
        if (!isOfTask(told) || !concerns(event, told.payload)) continue;
        const { entity } = told.payload;
        draft.event = BigInt(event.id);
        if (told.kind === 'task_deleted') draft.unlistTask(entity.id, entity.version);
        else if (isLate(told, draft)) continue;
        else if ((draft.task(entity.id)?.version ?? 0) <= entity.version) draft.listTask(entity, event.project_id);
      }
      draft.event = null;
    });
  }

  const unsubscribe = cache.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual === true) return;
    repair(event.query.queryKey);
  });
  const unwatch = work.queue.watch(settleUnsure);
  const unrelease = held.onRelease((events) => mergeBatch(events, false));

  return {
    take(event) {
      waiting.push(event);
      schedule();
    },
    missed() {
      work.store.forget();
      recent = [];
      landed.clear();
      // What nobody looks at would be merged with what is new: it is read when it is looked at.
      for (const queryKey of [['tasks'], ['task'], ['project_tasks'], ['graph']]) {
        cache.removeQueries({ queryKey, type: 'inactive' });
      }
      void cache.invalidateQueries({ predicate: ({ state }) => state.dataUpdatedAt > 0 });
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      bursts.stop();
      unsubscribe();
      unwatch();
      unrelease();
      waiting = [];
      recent = [];
    },
  };
}

const isWork = (kind: string) => /^(project|component|task)/.test(kind);

interface Folded {
  event: StoredEvent;
  told: Told;
}

type TaskTold = Extract<Told, { kind: `task_${string}` }>;
const isOfTask = (told: Told): told is TaskTold => told.kind.startsWith('task_');

/** The events of one writing of one entity as one, with all that it changed: each carries the entity after all of it. */
function folded(batch: readonly StoredEvent[]): Folded[] {
  const list: Folded[] = [];
  for (const event of batch) {
    const told = toldBy(event);
    if (!told) continue;
    const last = list.at(-1);
    const [a, b] = [last?.told.payload, told.payload];
    const one =
      last !== undefined &&
      last.event.entity_id === event.entity_id &&
      last.event.change_id === event.change_id &&
      a !== undefined &&
      'version' in a.entity &&
      'version' in b.entity &&
      a.entity.version === b.entity.version &&
      !/_(created|deleted)$/.test(last.told.kind) &&
      !/_(created|deleted)$/.test(told.kind);
    if (one) {
      const changed: ChangedFields = { ...a.changed, ...b.changed };
      // The same kind of payload: only its list of changed fields grows.
      list[list.length - 1] = { event, told: { ...told, payload: { ...told.payload, changed } } as Told };
    } else list.push({ event, told });
  }
  return list;
}

function stepOf({ kind, payload: { entity, changed } }: TaskTold): Step {
  if (kind === 'task_created') return [undefined, entity];
  return kind === 'task_deleted' ? [entity, undefined] : [countedBefore(entity, changed), entity];
}

/** A move of many, as far as one of them goes. */
function onlyMoveOf(event: StoredEvent, told: Extract<Told, { kind: 'components_moved' }>, id: string): StoredEvent {
  const { entity } = told.payload;
  const positions = entity.positions.filter((one) => one.id === id);
  return { ...event, entity_id: id, payload: { ...told.payload, entity: { ...entity, positions } } };
}
