// The greenhouse example: a small project as somebody would really have it, with six weeks behind it.
import { randomUUID } from 'node:crypto';
import { addDays } from '@taylordash/core/days';
import type { Task } from '@taylordash/core/entities';
import type { Actor } from '@taylordash/core/permissions';
import { appendedRank } from '@taylordash/core/rank';
import { dayAfter } from '@taylordash/core/repetition';
import { wallClock } from '@taylordash/core/wall-clock';
import { type Part, type PartTask, parts } from './greenhouse-parts.ts';
import { type Gesture, moment, type PastEvent, type Story, story } from './greenhouse-story.ts';
import type { ImportPlan } from './import-plan.ts';

interface Whose {
  now: number;
  owner: Pick<Actor, 'id' | 'username' | 'time_zone'>;
  /** The change that adds it: in the story, the one that made the project. */
  change_id: string;
}

/** Something that happened, to be told in the order of all. */
type Happening = readonly [at: number, tell: (gesture: Gesture) => void];

/** The example as it stands now, and what led to it, oldest first. Days and hours are the owner's. */
export function greenhouse({ now, owner, change_id }: Whose): { plan: ImportPlan; past: PastEvent[] } {
  const clock = wallClock(owner.time_zone);
  const today = clock.read(now).day;
  const dayIn = (days: number) => addDays(today, days);
  const when = (day: string, hour: number, minute = 0) => clock.when(day, (hour * 60 + minute) * 60_000);
  const ago = (days: number, hour: number, minute = 0) => when(dayIn(-days), hour, minute);
  const told = story();
  const project_id = randomUUID();
  const ids = new Map(parts.map(({ key }) => [key, randomUUID()]));
  const idOf = (key: string) => ids.get(key) ?? '';
  const componentOf = (key: string) => told.states.component.get(idOf(key));

  function projectHappens(): Happening[] {
    const fields = {
      ...{ id: project_id, name: 'Greenhouse', status: 'planning' as const, owner_id: owner.id },
      description: 'An example to look around in. Delete it whenever you like: one click takes everything of it along.',
      ...{
        metadata: { example: 'greenhouse' },
        start_on: dayIn(-42),
        due_on: dayIn(28),
        working_days: [1, 2, 3, 4, 5, 6],
      },
    };
    return [
      [ago(42, 8), ({ at }) => told.make({ at, change_id }, 'project', fields)],
      [ago(38, 10, 30), (gesture) => told.change(gesture, 'project', project_id, { status: 'active' })],
    ];
  }

  function partHappens(part: Part, index: number): Happening[] {
    const id = idOf(part.key);
    const set = (fields: Parameters<typeof told.change<'component'>>[3]) => (gesture: Gesture) =>
      told.change(gesture, 'component', id, fields);
    const out: Happening[] = [[ago(part.drawn, 9, index * 3), (gesture) => draw(part, gesture)]];
    for (const need of parts) {
      if (part.needs.includes(need.key) && need.drawn < part.drawn) {
        const link = (gesture: Gesture) => linkParts(gesture, part.key, need.key);
        out.push([ago(need.drawn, 9, parts.indexOf(need) * 3 + 2), link]);
      }
    }
    if (part.began !== undefined) out.push([ago(part.began, 11, index), set({ status: 'in_progress' })]);
    for (const [day, progress] of part.by_hand ?? [])
      out.push([ago(day, 18, index), set({ progress, progress_mode: 'manual' })]);
    if (part.slipped) out.push([ago(part.slipped.day, 12, index), set({ due_on: dayIn(part.slipped.to) })]);
    if (part.blocked)
      out.push([ago(part.blocked.day, 11, index), set({ status: 'blocked', blocked_reason: part.blocked.reason })]);
    if (part.ended !== undefined) out.push([ago(part.ended, 19, index), set({ status: 'completed' })]);
    return out;
  }

  function draw(part: Part, gesture: Gesture): void {
    told.make(gesture, 'component', {
      ...{ id: idOf(part.key), project_id, name: part.name, type: part.type, description: part.description ?? null },
      ...{ status: 'pending', progress: 0, progress_mode: 'tasks', weight: 1, metadata: {}, pinned: false },
      position: { x: part.at[0] * 304, y: part.at[1] * 136 },
      ...{
        start_on: part.began === undefined ? null : dayIn(-part.began),
        due_on: part.due === undefined ? null : dayIn(part.due),
      },
      ...{ duration_days: null, assignee_id: null, blocked_reason: null },
    });
    for (const need of part.needs) linkParts(gesture, part.key, need);
  }

  /** Nothing happens where one of the two is not drawn yet. */
  function linkParts(gesture: Gesture, key: string, need: string): void {
    const [component, needed] = [componentOf(key), componentOf(need)];
    if (component && needed) told.link(gesture, component, needed);
  }

  function tasksHappen(part: Part, index: number): Happening[] {
    const rows = part.tasks.map((task) => ({ task, id: randomUUID() }));
    const out: Happening[] = [];
    for (const [listed, list] of Map.groupBy(rows, ({ task }) => task.listed ?? part.listed)) {
      const list_all = (gesture: Gesture) => {
        for (const [place, { task, id }] of list.entries())
          told.make(gesture, 'task', listedTask(part, task, id, gesture.at, place));
        follow(told, gesture, idOf(part.key));
      };
      out.push([ago(listed, 10, index * 2), list_all]);
    }
    for (const [place, { task, id }] of rows.entries()) {
      const set = (fields: Partial<Task>) => (gesture: Gesture) => told.change(gesture, 'task', id, fields);
      const minute = (index * 7 + place * 3) % 50;
      if (task.planned !== undefined) out.push([ago(task.planned, 15, minute), set(planOf(task))]);
      for (const [step, [, ticked]] of (task.steps ?? []).entries()) {
        if (ticked !== null) out.push([ago(ticked, 16, minute), (gesture) => tick(gesture, id, step)]);
      }
      if (task.done !== undefined) out.push([ago(task.done, 17, minute), (gesture) => finish(gesture, id)]);
    }
    return out;
  }

  function listedTask(part: Part, task: PartTask, id: string, at: number, place: number) {
    const checklist = (task.steps ?? []).map(([text]) => ({ id: randomUUID(), text, done: false }));
    return {
      ...{ id, component_id: idOf(part.key), name: task.name, description: null, status: 'todo' as const },
      ...{ assignee_id: null, due_date: null, due_is_date: false, completed_at: null, created_by: owner.id },
      ...{ priority: task.priority ?? 0, weight: 1, rank: appendedRank(at, place), labels: [...(task.labels ?? [])] },
      ...{ checklist, estimate_minutes: task.estimate_minutes ?? null, repeats: task.repeats ?? null },
    };
  }

  /** Its due date, and the owner as who does it. */
  function planOf({ due = 0, hour }: PartTask): Partial<Task> {
    const at = hour === undefined ? Date.parse(`${dayIn(due)}T00:00:00Z`) : when(dayIn(due), hour);
    return { due_date: moment(at), due_is_date: hour === undefined, assignee_id: owner.id };
  }

  function tick(gesture: Gesture, id: string, step: number): void {
    const checklist = told.states.task.get(id)?.checklist ?? [];
    const ticked = checklist.map((item, place) => (place === step ? { ...item, done: true } : item));
    told.change(gesture, 'task', id, { checklist: ticked });
  }

  /** As the server does it: what repeats makes its next one, and the component follows. */
  function finish(gesture: Gesture, id: string): void {
    const task = told.states.task.get(id);
    if (!task) return;
    told.change(gesture, 'task', id, { status: 'done', completed_at: moment(gesture.at), repeats: null });
    if (task.repeats && task.due_date !== null) {
      const due_date = moment(Date.parse(`${dayAfter(task.due_date.slice(0, 10), task.repeats)}T00:00:00Z`));
      const { version: _version, created_at: _created, updated_at: _updated, ...own } = task;
      told.make(gesture, 'task', { ...own, id: randomUUID(), due_date, rank: appendedRank(gesture.at) });
    }
    follow(told, gesture, task.component_id ?? '');
  }

  const happenings = [...projectHappens(), ...parts.flatMap(partHappens), ...parts.flatMap(tasksHappen)].sort(
    ([a], [b]) => a - b,
  );
  for (const [at, tell] of happenings) tell({ at, change_id: randomUUID() });
  const { events: past, states } = told;
  const plan = planOfStory(
    states,
    project_id,
    owner.username,
    parts.flatMap(({ key, needs }) => needs.map((need) => [idOf(key), idOf(need)] as const)),
  );
  return { plan, past };
}

/** Progress after a change of tasks, where they drive it. */
function follow({ states, change }: Story, gesture: Gesture, id: string): void {
  if (states.component.get(id)?.progress_mode !== 'tasks') return;
  const tasks = [...states.task.values()].filter(({ component_id }) => component_id === id);
  const done = tasks.filter(({ status }) => status === 'done').length;
  change(gesture, 'component', id, { progress: Math.round((100 * done) / tasks.length) });
}

/** The rows that the story ends with, as an import writes them. */
function planOfStory(
  { project, component, task }: Story['states'],
  project_id: string,
  username: string,
  edges: ImportPlan['edges'],
): ImportPlan {
  return {
    project: { name: '', ...project.get(project_id) },
    owner: username,
    components: [...component.values()].map(({ id, ...fields }) => ({ id, fields, assignee: null })),
    tasks: [...task.values()].map(({ component_id, assignee_id, ...fields }) => ({
      ...{ component: component_id ?? '', fields },
      people: { assignee: assignee_id === null ? null : username, created_by: username },
    })),
    ...{ edges, closing: [], names: new Map() },
  };
}
