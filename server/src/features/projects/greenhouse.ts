// The greenhouse example: a small project as somebody would really have it, with six weeks behind it.
import { createHash } from 'node:crypto';
import type { ChangedFields, EventKind } from '@taylordash/core/events';
import { projectFileFormat } from '@taylordash/core/project-file';
import { appendedRank } from '@taylordash/core/rank';
import { type Part, parts } from './greenhouse-parts.ts';

const dayMs = 86_400_000;

export interface HistoricChange {
  kind: EventKind;
  entity_id: string;
  entity: Readonly<Record<string, unknown>>;
  changed: ChangedFields;
  /** Milliseconds since 1970. */
  at: number;
}

/** The example as of `now`, owned by the named user: a file to import, and the history that led to it. */
export function greenhouse(now: number, owner: string) {
  const seed = now.toString(36);
  /** Stable within one example, another for the next. */
  const idOf = (key: string): string => {
    const hex = createHash('sha256').update(`greenhouse ${seed} ${key}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  const daysAgo = (days: number, hour = 17): number => {
    const at = new Date(now - days * dayMs);
    at.setUTCHours(hour, (days * 7) % 60, (days * 13) % 60, 0);
    return Math.min(at.getTime(), now);
  };
  const iso = (ms: number) => new Date(ms).toISOString();
  const dayIn = (days: number) => iso(now + days * dayMs).slice(0, 10);
  const began = daysAgo(42, 8);

  const components = parts.map((part, index) => ({
    key: idOf(part.key),
    name: part.name,
    type: part.type,
    status:
      part.ended !== null ? 'completed' : part.blocked ? 'blocked' : part.began !== null ? 'in_progress' : 'pending',
    progress: part.progress ?? shareDone(part, 0),
    position: { x: part.at[0] * 304, y: part.at[1] * 136 },
    metadata: {},
    description: part.description ?? null,
    start_on: part.began === null ? null : dayIn(-part.began),
    due_on: part.slipped !== undefined ? dayIn(part.slipped) : part.due !== undefined ? dayIn(part.due) : null,
    duration_days: null,
    weight: 1,
    progress_mode: part.progress === undefined ? 'tasks' : 'manual',
    assignee: null,
    blocked_reason: part.blocked ?? null,
    pinned: false,
    created_at: iso(began + index * 60_000),
    updated_at: iso(daysAgo(part.ended ?? Math.min(part.began ?? 42, 2))),
    tasks: part.tasks.map(([name, done], place) => ({
      name,
      description: null,
      status: done === null ? 'todo' : 'done',
      due_date: null,
      due_is_date: false,
      priority: 0,
      weight: 1,
      rank: appendedRank(began, place),
      labels: [],
      checklist: [],
      estimate_minutes: null,
      repeats: null,
      assignee: null,
      created_by: null,
      completed_at: done === null ? null : iso(daysAgo(done)),
      created_at: iso(began + index * 60_000 + place * 1000),
      updated_at: iso(done === null ? began : daysAgo(done)),
    })),
  }));
  const file = {
    format: projectFileFormat,
    project: {
      name: 'Greenhouse',
      description: 'An example to look around in. Delete it whenever you like: one click takes everything of it along.',
      status: 'active',
      metadata: { example: 'greenhouse' },
      start_on: dayIn(-42),
      due_on: dayIn(28),
      working_days: [1, 2, 3, 4, 5, 6],
      owner,
      created_at: iso(began),
      updated_at: iso(daysAgo(1)),
    },
    components,
    dependencies: parts.flatMap((part) =>
      part.needs.map((need) => ({ component: idOf(part.key), depends_on: idOf(need) })),
    ),
  };

  /** What happened, oldest first, ending in the state of the file. */
  function history(project_id: string, project: Readonly<Record<string, unknown>>, until: number): HistoricChange[] {
    const out: HistoricChange[] = [
      { kind: 'project_created', entity_id: project_id, entity: project, changed: {}, at: began },
    ];
    const add = (change: HistoricChange) => out.push({ ...change, at: Math.min(change.at, until) });
    for (const [index, part] of parts.entries()) {
      tellPart(part, index, project_id, add);
    }
    return out.sort((a, b) => a.at - b.at);
  }

  function tellPart(part: Part, index: number, project_id: string, add: (change: HistoricChange) => void): void {
    const made = components[index];
    if (!made) return;
    const { key: id, tasks: _tasks, assignee: _assignee, ...fields } = made;
    const at = began + index * 60_000;
    let state: Record<string, unknown> = {
      ...{ id, project_id, assignee_id: null, version: 1 },
      ...fields,
      ...{ status: 'pending', progress: 0, blocked_reason: null },
      due_on: part.due === undefined ? null : dayIn(part.due),
    };
    add({ kind: 'component_created', entity_id: id, entity: state, changed: {}, at });
    for (const need of part.needs) {
      const entity = {
        ...{ component_id: id, depends_on_id: idOf(need), project_id },
        ...{ component_name: part.name, depends_on_name: parts.find((other) => other.key === need)?.name ?? '' },
      };
      add({ kind: 'component_dependency_added', entity_id: id, entity, changed: {}, at: at + 30_000 });
    }
    const set = (kind: EventKind, days: number, hour: number, values: Record<string, unknown>) => {
      const changed = Object.fromEntries(
        Object.entries(values).map(([field, after]) => [field, { before: state[field] ?? null, after }]),
      );
      state = { ...state, ...values, version: Number(state.version) + 1 };
      add({ kind, entity_id: id, entity: state, changed, at: daysAgo(days, hour) });
    };
    if (part.began !== null) set('component_status_changed', part.began, 9, { status: 'in_progress' });
    tellTasks(part, made, project_id, add);
    for (const [, done] of part.progress === undefined ? part.tasks : []) {
      if (done !== null) set('component_progress_updated', done, 17, { progress: shareDone(part, done) });
    }
    if (part.slipped !== undefined)
      set('component_updated', (part.ended ?? 4) + 2, 12, { due_on: dayIn(part.slipped) });
    if (part.progress !== undefined && part.began !== null) {
      set('component_progress_updated', Math.max(part.began - 4, 3), 18, { progress: Math.round(part.progress / 2) });
      set('component_progress_updated', 2, 18, { progress: part.progress });
    }
    if (part.blocked) set('component_status_changed', 1, 11, { status: 'blocked', blocked_reason: part.blocked });
    if (part.ended !== null) {
      set('component_status_changed', part.ended, 19, { status: 'completed' });
    }
  }

  function tellTasks(
    part: Part,
    made: (typeof components)[number],
    project_id: string,
    add: (change: HistoricChange) => void,
  ): void {
    for (const [place, task] of made.tasks.entries()) {
      const { assignee: _assignee, created_by: _creator, ...own } = task;
      const id = idOf(`${part.key} ${place}`);
      const entity = {
        id,
        component_id: made.key,
        project_id,
        ...own,
        assignee_id: null,
        created_by: null,
        version: 1,
      };
      const open = { ...entity, status: 'todo', completed_at: null };
      add({ kind: 'task_created', entity_id: id, entity: open, changed: {}, at: Date.parse(task.created_at) });
      if (task.completed_at === null) continue;
      const changed = {
        status: { before: 'todo', after: 'done' },
        completed_at: { before: null, after: task.completed_at },
      };
      add({ kind: 'task_completed', entity_id: id, entity, changed, at: Date.parse(task.completed_at) });
    }
  }

  /** Ids of the tasks in the order of the file, so that rows and history name the same ones. */
  const task_ids = parts.flatMap((part) => part.tasks.map((_, place) => idOf(`${part.key} ${place}`)));
  return { file, history, task_ids };
}

/** Percent of a part's tasks that were done that many days ago. */
function shareDone({ tasks }: Part, days: number): number {
  return Math.round((100 * tasks.filter(([, done]) => done !== null && done >= days).length) / tasks.length);
}
