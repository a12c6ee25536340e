// Decides about whole projects: made from a file in one transaction with all their events, and written out again.
import { randomUUID } from 'node:crypto';
import type { Project } from '@taylordash/core/entities';
import type { Database } from '../../db/database.ts';
import { classify } from '../../db/errors.ts';
import { type Change, type ChangeMaker, loaded, userActor, type Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import { authorise, type Context, readHandle } from '../../kernel/context.ts';
import { changePayload } from '../../kernel/outbox.ts';
import { Problem } from '../../kernel/problem.ts';
import { greenhouse } from './greenhouse.ts';
import type { PastEvent } from './greenhouse-story.ts';
import { type ImportPlan, planImport } from './import-plan.ts';
import * as importQueries from './import-queries.ts';
import * as queries from './queries.ts';

export interface ImportOptions {
  skip_cycles?: boolean;
  name?: string;
}

export interface Imported {
  /** JSON text of the project. */
  project: string;
  components: number;
  dependencies: number;
  tasks: number;
  skipped: { component: string; depends_on: string }[];
  unknown_people: string[];
  change_id: string;
}

/** Told after each step: how many rows of the whole are written. */
export type OnProgress = (done: number, total: number) => void;

export interface ImportDependencies {
  database: Database;
  changes: ChangeMaker;
  clock: Clock;
}

export type ImportService = ReturnType<typeof importService>;

/** Rows that one statement writes. */
const batchRows = 500;

export function importService({ database, changes, clock }: ImportDependencies) {
  /** Throws auth.forbidden. An import makes a project, so it takes the right in all of them. */
  const authoriseImport = (context: Context) => authorise(context, 'write:projects', null);

  return {
    authoriseImport,

    async export(context: Context, id: string): Promise<string> {
      const file = await importQueries.readProjectFile(readHandle(database, context), id);
      if (!file) throw new Problem('project.not_found', { detail: `There is no project ${id}.` });
      return file;
    },

    /** Throws auth.forbidden, project.import_invalid or project.import_cycle, having written nothing. */
    async import(
      context: Context,
      file: Readonly<Record<string, unknown>>,
      options: ImportOptions,
      onProgress: OnProgress = () => undefined,
    ): Promise<Imported> {
      authoriseImport(context);
      const plan = planImport(file, {
        skip_cycles: options.skip_cycles ?? false,
        now: clock.now(),
        ...(options.name === undefined ? {} : { name: options.name }),
      });
      let imported: Imported | null = null;
      const attempt = () =>
        changes.change(context, async (change) => {
          imported = await write(change, plan, onProgress);
          return {};
        });
      // Another import of the same file was first to commit: the second is a copy, with ids of its own.
      await attempt().catch((error: unknown) => {
        const failure = classify(error);
        if (failure.kind !== 'constraint' || failure.constraint !== 'components_pkey') throw error;
        return attempt();
      });
      if (!imported) throw new Error('the import left nothing');
      return imported;
    },

    /** The greenhouse example with its six weeks of history. */
    async addGreenhouse(context: Context): Promise<Written & { id: string }> {
      const written = await changes.change(context, async (change) => {
        const { plan, past } = greenhouse({ now: clock.now(), owner: context.actor, change_id: change.change_id });
        const { project } = await write(change, plan, () => undefined, false);
        const { id, version } = loaded<Project>(project).entity;
        tellPast(change, id, past);
        return { json: project, version, location: `/api/v1/projects/${id}` };
      });
      return { ...written, id: loaded<Project>(written.json ?? '').entity.id };
    },
  };
}

/** Writes the plan; `tell` false leaves its events to the caller. */
async function write(change: Change, plan: ImportPlan, onProgress: OnProgress, tell = true): Promise<Imported> {
  const { tx, context } = change;
  const people = new Map<string, string>();
  const wanted = new Set<string>();
  for (const name of [
    plan.owner,
    ...plan.components.map(({ assignee }) => assignee),
    ...plan.tasks.flatMap((task) => [task.people.assignee, task.people.created_by]),
  ]) {
    if (typeof name === 'string') wanted.add(name);
  }
  if (wanted.size > 0) for (const [name, id] of await importQueries.idsOfPeople(tx, [...wanted])) people.set(name, id);
  const idOf = (name: string | null) => (name === null ? null : (people.get(name.toLowerCase()) ?? null));
  const fresh = await freshIds(change, plan);
  const total = plan.components.length + plan.edges.length + plan.tasks.length;
  let done = 0;
  const step = (rows: number) => {
    done += rows;
    onProgress(done, total);
  };

  const project = await queries.insertProject(tx, {
    ...plan.project,
    owner_id: plan.owner === undefined ? context.actor.id : idOf(plan.owner),
  });
  const project_id = loaded<Project>(project).entity.id;
  const emit: Change['emit'] = (event) => tell && change.emit(event);
  emit({ kind: 'project_created', project_id, entity_id: project_id, entity: project });

  for (const batch of batches(plan.components)) {
    const rows = batch.map(({ id, fields, assignee }) => ({ ...fields, id: fresh(id), assignee_id: idOf(assignee) }));
    for (const { id, json } of await importQueries.insertComponents(tx, project_id, rows)) {
      emit({ kind: 'component_created', project_id, entity_id: id, entity: json });
    }
    step(batch.length);
  }
  for (const batch of batches(plan.edges)) {
    await importQueries.insertDependencies(
      tx,
      project_id,
      batch.map(([from, to]) => [fresh(from), fresh(to)] as const),
    );
    for (const [from, to] of batch) {
      const entity = JSON.stringify({
        component_id: fresh(from),
        depends_on_id: fresh(to),
        project_id,
        component_name: plan.names.get(from) ?? '',
        depends_on_name: plan.names.get(to) ?? '',
      });
      emit({ kind: 'component_dependency_added', project_id, entity_id: fresh(from), entity });
    }
    step(batch.length);
  }
  for (const batch of batches(plan.tasks)) {
    const rows = batch.map(({ component, fields, people: { assignee, created_by } }) => ({
      name: '',
      ...fields,
      component_id: fresh(component),
      assignee_id: idOf(assignee),
      created_by: idOf(created_by),
    }));
    for (const { id, json } of await importQueries.insertTasks(tx, rows)) {
      emit({ kind: 'task_created', project_id, entity_id: id, entity: json });
    }
    step(batch.length);
  }
  return {
    project,
    change_id: change.change_id,
    components: plan.components.length,
    dependencies: plan.edges.length,
    tasks: plan.tasks.length,
    skipped: plan.closing.map(([from, to]) => ({
      component: plan.names.get(from) ?? '',
      depends_on: plan.names.get(to) ?? '',
    })),
    unknown_people: [...wanted].filter((name) => !people.has(name.toLowerCase())),
  };
}

/** The file's own ids where none of them is taken (a project that comes back), else new ones (a second copy). */
async function freshIds({ tx }: Change, plan: ImportPlan): Promise<(id: string) => string> {
  const ids = plan.components.map(({ id }) => id);
  if (!(await importQueries.anyComponentExists(tx, ids))) return (id) => id;
  const renewed = new Map(ids.map((id) => [id, randomUUID()]));
  return (id) => renewed.get(id) ?? id;
}

function* batches<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += batchRows) yield list.slice(start, start + batchRows);
}

/** Emits a past in its order, each event under the change that it belongs to. */
function tellPast(change: Change, project_id: string, past: readonly PastEvent[]): void {
  const actor = userActor(change.context);
  for (const { kind, entity_id, entity, changed, change_id, at } of past) {
    const payload = changePayload({ actor, change_id }, JSON.stringify(entity), changed);
    change.emitPayload({ kind, payload, project_id, entity_id, change_id, at });
  }
}
