// What can be done to tasks inside a change: each authorises for itself, and keeps the rows that the change holds true.
import type { Repeats, Task } from '@taylordash/core/entities';
import { changedBetween, type EventKind } from '@taylordash/core/events';
import { may } from '@taylordash/core/permissions';
import { appendedRank } from '@taylordash/core/rank';
import { nextDue } from '@taylordash/core/repetition';
import { insertRows } from '../../db/row.ts';
import { checkChecklist } from '../../kernel/bounds.ts';
import { type Change, checkVersion, fieldsToSet, type Loaded, loaded, type Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import { authorise, type Context } from '../../kernel/context.ts';
import { Problem } from '../../kernel/problem.ts';
import type { ComponentService } from '../components/service.ts';
import type { FoundTask } from './queries.ts';
import * as queries from './queries.ts';

type Own = Omit<Task, 'id' | 'version' | 'created_at' | 'updated_at' | 'completed_at' | 'created_by'>;
export type NewTask = Pick<Own, 'name'> & Partial<Own> & { id?: string };
export type TaskPatch = Partial<Own>;

interface Found {
  task: Loaded<Task>;
  project_id: string | null;
}

export function taskOperations({ components, clock }: { components: ComponentService; clock: Clock }) {
  const { followTasks, holdAll: holdComponents } = components.within;

  async function projectOf(change: Change, component_id: string): Promise<string | null> {
    const held = change.held.components.get(component_id);
    return held ? held.project_id : components.projectOf(change.tx, component_id);
  }

  /** The project of a component that a task goes to, having made sure of the right; null for the inbox. */
  async function authoriseTarget(change: Change, component_id: string | null): Promise<string | null> {
    if (component_id === null) {
      authoriseIn(change.context, null);
      return null;
    }
    const project_id = await projectOf(change, component_id);
    if (project_id === null) {
      throw new Problem('component.not_found', { detail: `There is no component ${component_id}.` });
    }
    authoriseIn(change.context, project_id);
    return project_id;
  }

  /** The task under a lock on its row, after its component and the one it may go to: every change takes its locks in this order. */
  async function hold(change: Change, id: string, counts: boolean, target: string | null): Promise<Found> {
    const { context, held, tx } = change;
    const before = visible(context, held.tasks.get(id) ?? (await queries.findTask(tx, id)), id);
    authoriseIn(context, before.project_id);
    if (counts) {
      const touched = [before.task.entity.component_id, target].filter((component) => component !== null);
      await holdComponents(change, touched);
    }
    const known = held.tasks.get(id);
    const row = known ?? (await queries.lockTask(tx, id));
    const found = visible(context, row, id);
    authoriseIn(context, found.project_id);
    if (row && !known) held.tasks.set(id, row);
    return found;
  }

  function follow(change: Change, component_ids: Iterable<string | null>): void {
    for (const id of component_ids) if (id !== null) followTasks(change, id);
  }

  /** Adds a row that is authorised and checked already. */
  async function insert(
    change: Change,
    project_id: string | null,
    fields: Partial<Task>,
  ): Promise<Written & { json: string }> {
    const { tx, held, emit } = change;
    const component_id = fields.component_id ?? null;
    // Made in one go, they keep the order of their making.
    const json = await queries.insertTask(tx, { rank: appendedRank(clock.now(), held.tasks.size), ...fields });
    const { id } = loaded<Task>(json).entity;
    held.tasks.set(id, { json, project_id });
    emit({ kind: 'task_created', project_id, entity_id: id, entity: json });
    follow(change, [component_id]);
    return { json, version: 1, location: `/api/v1/tasks/${id}` };
  }

  /** A task that repeats and is done makes its next one; in the same place, with the same people. */
  async function repeat(change: Change, done: Task, repeats: Repeats): Promise<void> {
    const { context, held, tx } = change;
    const { time_zone } = await queries.profileOf(tx, done.assignee_id ?? context.actor.id);
    const due = nextDue(done, repeats, { now: clock.now(), time_zone });
    if (due === null) return;
    const { component_id, name, description, assignee_id, priority, weight, labels, estimate_minutes, created_by } =
      done;
    await insert(change, held.tasks.get(done.id)?.project_id ?? null, {
      ...{ component_id, name, description, assignee_id, priority, weight, labels, estimate_minutes, created_by },
      ...{ repeats, ...due, checklist: done.checklist.map((item) => ({ ...item, done: false })) },
    });
  }

  /** Sets fields of a held task, tells of them and follows in its components. */
  async function write(change: Change, before: Found, fields: queries.TaskFields): Promise<Loaded<Task>> {
    const { id, component_id: from } = before.task.entity;
    const after = loaded<Task>(await queries.updateTask(change.tx, id, fields));
    const to = after.entity.component_id;
    const project_id = to === null ? null : await projectOf(change, to);
    change.held.tasks.set(id, { json: after.json, project_id });
    // A task that leaves for the inbox is still told of in the project it leaves.
    emitTaskChanges(change, before.task.entity, after.entity, after.json, to === null ? before.project_id : project_id);
    const counts = from !== to || fields.status !== undefined || fields.weight !== undefined;
    if (counts) follow(change, new Set([from, to]));
    return after;
  }

  return {
    write,
    follow,

    /** Makes tasks again as they were, a version later. Their components are there, their ids free. For undo, which has asked. */
    async restore(change: Change, tasks: readonly Task[], projectOfTask: (task: Task) => string | null): Promise<void> {
      const byId = new Map(tasks.map((task) => [task.id, task]));
      for (const { id, json } of await insertRows(change.tx, 'tasks', tasks)) {
        const task = byId.get(id);
        const project_id = task ? projectOfTask(task) : null;
        change.held.tasks.set(id, { json, project_id });
        change.emit({ kind: 'task_created', project_id, entity_id: id, entity: json });
        if (task) follow(change, [task.component_id]);
      }
    },

    /** Where those of these tasks are that the caller may know of. */
    async placesOf(change: Change, ids: readonly string[]): Promise<Map<string, { component_id: string | null }>> {
      const { id: me, role } = change.context.actor;
      const rows = ids.length === 0 ? [] : await queries.placesOfTasks(change.tx, ids);
      const known = rows.filter((row) => row.component_id !== null || row.created_by === me || role === 'admin');
      return new Map(known.map(({ id, component_id }) => [id, { component_id }]));
    },

    /** Several at once, in the order of their ids; with the tasks of these components. Those that do not exist are left out. */
    async holdAll(change: Change, ids: Iterable<string>, component_ids: readonly string[] = []): Promise<void> {
      const unheld = [...new Set(ids)].filter((id) => !change.held.tasks.has(id));
      if (unheld.length + component_ids.length === 0) return;
      for (const { id, ...row } of await queries.lockTasks(change.tx, unheld, component_ids)) {
        change.held.tasks.set(id, row);
      }
    },

    async create(change: Change, component_id: string | null, input: NewTask): Promise<Written & { json: string }> {
      const { context } = change;
      const project_id = await authoriseTarget(change, component_id);
      checkChecklist(input);
      return insert(change, project_id, { ...input, component_id, created_by: context.actor.id });
    },

    async update(
      change: Change,
      id: string,
      input: TaskPatch,
      if_match: number | null,
    ): Promise<Written & { json: string }> {
      const counts = input.component_id !== undefined || input.status !== undefined || input.weight !== undefined;
      const before = await hold(change, id, counts, input.component_id ?? null);
      if (input.component_id !== undefined) await authoriseTarget(change, input.component_id);
      checkChecklist(input);
      checkVersion(before.task, if_match);
      const fields = fieldsToSet(before.task.entity, input);
      if (!fields) return { json: before.task.json, version: before.task.entity.version };
      const { repeats: kept } = { ...before.task.entity, ...fields };
      const repeats = fields.status === 'done' ? kept : null;
      const { json, entity } = await write(change, before, repeats ? { ...fields, repeats: null } : fields);
      if (repeats) await repeat(change, entity, repeats);
      return { json, version: entity.version };
    },

    async remove(change: Change, id: string, if_match: number | null): Promise<void> {
      const { task, project_id } = await hold(change, id, true, null);
      checkVersion(task, if_match);
      await queries.deleteTask(change.tx, id);
      change.held.tasks.delete(id);
      change.emit({ kind: 'task_deleted', project_id, entity_id: id, entity: task.json });
      follow(change, [task.entity.component_id]);
    },
  };
}

/** Null: in an inbox, where any right to write tasks is enough. */
function authoriseIn(context: Context, project_id: string | null): void {
  if (project_id !== null) authorise(context, 'write:tasks', project_id);
  else if (!may(context.actor, 'write:tasks')) authorise(context, 'write:tasks', null);
}

/** The task, or task.not_found: also for what lies in somebody else's inbox. */
export function visible(context: Context, found: FoundTask | null, id: string): Found {
  const task = found && loaded<Task>(found.json);
  const hidden =
    task?.entity.component_id === null && task.entity.created_by !== context.actor.id && context.actor.role !== 'admin';
  if (!found || !task || hidden) throw new Problem('task.not_found', { detail: `There is no task ${id}.` });
  return { task, project_id: found.project_id };
}

function emitTaskChanges({ emit }: Change, before: Task, after: Task, entity: string, project_id: string | null): void {
  const { assignee_id, status, completed_at, ...others } = changedBetween(before, after);
  const toldByOwnKind = status && (before.status === 'done' || after.status === 'done');
  const rest = { ...others, ...(status && !toldByOwnKind ? { status } : {}) };
  const tell = (kind: EventKind, changed: typeof others) =>
    emit({ kind, project_id, entity_id: after.id, entity, changed });
  if (Object.keys(rest).length > 0) tell('task_updated', rest);
  if (assignee_id) tell('task_assigned', { assignee_id });
  if (status && toldByOwnKind) {
    tell(after.status === 'done' ? 'task_completed' : 'task_reopened', {
      status,
      ...(completed_at ? { completed_at } : {}),
    });
  }
}
