// Several operations as one change: their locks in one order for the whole, their rights, and the place of what is wrong.
import { classify } from '../../db/errors.ts';
import type { Change } from '../../kernel/change.ts';
import { constraintProblem } from '../../kernel/constraints.ts';
import { authorise } from '../../kernel/context.ts';
import { Problem } from '../../kernel/problem.ts';
import type { ComponentService } from '../components/service.ts';
import type { TaskService } from '../tasks/service.ts';
import type { Operation } from './bulk-operations.ts';

export interface BulkDependencies {
  components: ComponentService;
  tasks: TaskService;
}

/** Carries the operations out in their order; returns what each leaves, as JSON text. */
export async function carryOut(
  { components, tasks }: BulkDependencies,
  change: Change,
  operations: readonly Operation[],
): Promise<string[]> {
  await lockAll({ components, tasks }, change, operations);
  const items: string[] = [];
  for (const [index, operation] of operations.entries()) {
    try {
      items.push(await carryOutOne(operation));
    } catch (error) {
      throw placed(error, index);
    }
  }
  return items;

  async function carryOutOne(operation: Operation): Promise<string> {
    switch (operation.op) {
      case 'create_component': {
        const { project_id, fields, op: _op, ...id } = operation;
        return (await components.within.create(change, project_id, { ...fields, ...id })).json;
      }
      case 'update_component':
        return (await components.within.update(change, operation.id, operation.fields, operation.if_match)).json;
      case 'delete_component':
        await components.within.remove(change, operation.id, operation.dependents, operation.if_match);
        return 'null';
      case 'add_dependency': {
        const { id: component_id, depends_on_id } = operation;
        await components.within.addDependency(change, component_id, depends_on_id);
        return JSON.stringify({ component_id, depends_on_id });
      }
      case 'remove_dependency':
        await components.within.removeDependency(change, operation.id, operation.depends_on_id);
        return 'null';
      case 'create_task': {
        const { component_id, fields, op: _op, ...id } = operation;
        return (await tasks.within.create(change, component_id, { ...fields, ...id })).json;
      }
      case 'update_task':
        return (await tasks.within.update(change, operation.id, operation.fields, operation.if_match)).json;
      case 'delete_task':
        await tasks.within.remove(change, operation.id, operation.if_match);
        return 'null';
    }
  }
}

/** Graphs, then components, then tasks, each in the order of their ids: two bulks never wait for each other in a ring. */
async function lockAll(
  { components, tasks }: BulkDependencies,
  change: Change,
  operations: readonly Operation[],
): Promise<void> {
  const component_ids = new Set<string>();
  const task_ids = new Set<string>();
  for (const operation of operations) for (const id of componentsOf(operation)) component_ids.add(id);
  for (const { op, ...ids } of operations) {
    if ((op === 'update_task' || op === 'delete_task') && 'id' in ids && ids.id) task_ids.add(ids.id);
  }
  const places = await tasks.within.placesOf(change, [...task_ids]);
  for (const { component_id } of places.values()) if (component_id !== null) component_ids.add(component_id);
  const projects = await components.projectsOf(change.tx, [...component_ids]);
  const graphs = new Set<string>();
  for (const [index, operation] of operations.entries()) {
    const project_id = projectOf(operation);
    if (project_id === undefined) continue;
    try {
      const permission = operation.op.endsWith('task') ? 'write:tasks' : 'write:projects';
      authorise(change.context, permission, project_id);
    } catch (error) {
      throw placed(error, index);
    }
    if (changesGraph(operation)) graphs.add(project_id);
  }
  for (const project_id of [...graphs].sort()) {
    // Whether there is one, the operation says with its own place.
    await components.within.holdGraph(change, project_id).catch(onlyBugs);
  }
  const deleted = operations.filter(({ op }) => op === 'delete_component').flatMap(componentsOf);
  await components.within.holdAll(change, projects.keys(), { to_delete: deleted.length > 0 });
  await tasks.within.holdAll(change, places.keys(), deleted);

  /** Undefined: what it names does not exist yet, or not at all, or is in an inbox. */
  function projectOf(operation: Operation): string | undefined {
    if (operation.op === 'create_component') return operation.project_id;
    if (operation.op === 'update_task' || operation.op === 'delete_task') {
      const component_id = places.get(operation.id)?.component_id;
      return component_id ? projects.get(component_id) : undefined;
    }
    const [first] = componentsOf(operation);
    return first === undefined ? undefined : projects.get(first);
  }
}

/** What an operation names among the components; of a task, where it goes. */
function componentsOf(operation: Operation): string[] {
  switch (operation.op) {
    case 'create_component':
      return (operation.fields.depends_on ?? []).map((id) => id.toLowerCase());
    case 'update_component':
    case 'delete_component':
      return [operation.id];
    case 'add_dependency':
    case 'remove_dependency':
      return [operation.id, operation.depends_on_id];
    case 'create_task':
      return operation.component_id === null ? [] : [operation.component_id];
    case 'update_task':
      return operation.fields.component_id ? [operation.fields.component_id.toLowerCase()] : [];
    case 'delete_task':
      return [];
  }
}

/** A tray has no dependencies, so that making one of a component needs the graph too. */
function changesGraph(operation: Operation): boolean {
  if (operation.op === 'update_component') return operation.fields.type !== undefined;
  return !operation.op.endsWith('task');
}

function onlyBugs(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
}

/** The same error with the place of its operation in the body. */
function placed(error: unknown, index: number): unknown {
  const failure = error instanceof Problem ? null : classify(error);
  const problem =
    error instanceof Problem ? error : failure?.kind === 'constraint' ? constraintProblem(failure.constraint) : null;
  if (!problem) return error;
  const here = `/operations/${index}`;
  const place = problem.code === 'request.precondition_failed' ? `${here}/if_match` : here;
  const errors = problem.details.errors?.map(({ pointer, detail }) => ({
    pointer: pointer === '/id' ? `${here}/id` : `${here}/fields${pointer}`,
    detail,
  }));
  return new Problem(problem.code, {
    ...problem.details,
    errors: errors ?? [{ pointer: place, detail: problem.message }],
  });
}
