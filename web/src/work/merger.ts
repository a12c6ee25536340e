// Takes events as they arrive and puts them into the query cache, all of a frame at once; repairs what was read while they arrived.
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { StoredEvent } from '@taylordash/core/entities';
import { type Graph, keys, type ProjectTasks, type Task } from '../api.ts';
import { type Burst, createBursts } from './bursts.ts';
import type { Draft } from './cache.ts';
import type { Work } from './changes.ts';
import type { Held } from './held.ts';
import { isLate, mergeEvent, type Told, toldBy } from './merge-event.ts';
import { includedIn, placeOf } from './reading.ts';
import { createToldSteps } from './told-steps.ts';

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
  const { cache, work, held, now } = options;
  const bursts = createBursts(options.onBurst);
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
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
      for (const event of batch) {
        const told = toldBy(event);
        if (!told) continue;
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
    return merged;
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
      const includes = includedIn(data);
      // Of other projects too: a task may have moved there.
      replayTasks((event) => !includes(placeOf(event)));
      for (const task of data.tasks) work.tasks.reread(task);
    } else if (what === 'tasks') {
      replayTasks((_event, { entity, changed }) => entity.component_id === id || changed.component_id?.before === id);
      for (const task of cache.getQueryData<Task[]>(keys.tasks(id)) ?? []) work.tasks.reread(task);
    } else return;
    if (work.queue.busy()) work.queue.showAgain();
  }

  function outOfReach(as_of: string, key: QueryKey): boolean {
    if (BigInt(as_of) >= forgotten) return false;
    rereadSoon(key, soonMs);
    return true;
  }

  function repairGraph(project_id: string): void {
    const graph = cache.getQueryData<Graph>(keys.graph(project_id));
    if (!graph || outOfReach(graph.as_of, keys.graph(project_id))) return;
    const includes = includedIn(graph);
    const steps = createToldSteps();
    work.store.edit((draft) => {
      for (const event of recent) {
        const told = toldBy(event);
        if (!told || includes(placeOf(event)) || held.keeps(event)) continue;
        // Of other projects too: a task may have moved there.
        if (isOfTask(told)) draft.recount(project_id, [steps.next(told).step]);
        else if (event.project_id === project_id) mergeEvent(event, told, work, draft, held.isHeld);
      }
      draft.recount(project_id, draft.pendingSteps());
      for (const node of graph.nodes) work.components.reread(node);
    });
    work.projects.reread(graph.project);
  }

  function replayTasks(
    concerns: (event: StoredEvent, payload: Extract<Told, { kind: 'task_updated' }>['payload']) => boolean,
  ): void {
    work.store.edit((draft) => {
      for (const event of recent) {
        const told = toldBy(event);
        if (!told || !isOfTask(told) || held.keeps(event) || !concerns(event, told.payload)) continue;
        const { entity } = told.payload;
        draft.event = placeOf(event);
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
  const unrelease = held.onRelease((events) => mergeBatch(events, false));

  return {
    take(event) {
      waiting.push(event);
      schedule();
    },
    missed() {
      work.store.forget();
      recent = [];
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
      unrelease();
      waiting = [];
      recent = [];
    },
  };
}

const isWork = (kind: string) => /^(project|component|task)/.test(kind);

type TaskTold = Extract<Told, { kind: `task_${string}` }>;
const isOfTask = (told: Told): told is TaskTold => told.kind.startsWith('task_');

/** A move of many, as far as one of them goes. */
function onlyMoveOf(event: StoredEvent, told: Extract<Told, { kind: 'components_moved' }>, id: string): StoredEvent {
  const { entity } = told.payload;
  const positions = entity.positions.filter((one) => one.id === id);
  return { ...event, entity_id: id, payload: { ...told.payload, entity: { ...entity, positions } } };
}
