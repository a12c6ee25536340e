// A project as its events tell it: state and events make the next state, purely, for a check of the tables and for any time in the past.
import type { ChangedFields } from './events.ts';
import { isJsonObject, sameJson } from './json.ts';

type Row = Readonly<Record<string, unknown>>;

/** A project with all in it, at one point of its history. Plain JSON, so that it can be kept and sent. */
export interface ProjectState {
  /** Null: not there yet, or deleted. */
  project: Row | null;
  components: Record<string, Row>;
  tasks: Record<string, Row>;
  /** By `component_id depends_on_id`. */
  dependencies: Record<string, Row>;
}

/** An event of the server's own; hearsay makes no history. */
export interface HistoryEvent {
  kind: string;
  project_id: string | null;
  entity_id: string | null;
  payload: { entity?: unknown; changed?: ChangedFields };
}

export const emptyState: ProjectState = { project: null, components: {}, tasks: {}, dependencies: {} };

/**
 * What the events make of the state; `start` stays as it is. They are those about the project, and those about its tasks
 * after they went elsewhere, in their order. Kinds that tell of nothing inside a project are passed over.
 */
export function rebuild(project_id: string, start: ProjectState, events: Iterable<HistoryEvent>): ProjectState {
  const state: ProjectState = {
    project: start.project,
    components: { ...start.components },
    tasks: { ...start.tasks },
    dependencies: { ...start.dependencies },
  };
  for (const event of events) apply(project_id, state, event);
  return state;
}

function apply(project_id: string, state: ProjectState, event: HistoryEvent): void {
  const { kind, entity_id, payload } = event;
  const entity = rowOf(payload.entity);
  if (entity === null || entity_id === null) return;
  if (kind.startsWith('task_')) {
    // It went to another project, or to an inbox.
    const elsewhere = event.project_id !== project_id || entity.component_id === null;
    put(state.tasks, entity_id, elsewhere || kind === 'task_deleted' ? null : entity);
    return;
  }
  if (event.project_id !== project_id) return;
  if (kind === 'components_moved') move(state, entity);
  else if (kind === 'component_dependency_added' || kind === 'component_dependency_removed') {
    const { component_id, depends_on_id } = entity;
    const added = kind === 'component_dependency_added';
    put(state.dependencies, `${component_id} ${depends_on_id}`, added ? { component_id, depends_on_id } : null);
  } else if (kind.startsWith('component_'))
    put(state.components, entity_id, kind === 'component_deleted' ? null : entity);
  else if (kind.startsWith('project_')) state.project = kind === 'project_deleted' ? null : entity;
}

function put(into: Record<string, Row>, id: string, row: Row | null): void {
  if (row === null) delete into[id];
  else into[id] = row;
}

function move(state: ProjectState, { positions }: Row): void {
  if (!Array.isArray(positions)) return;
  for (const { id, position } of positions) {
    const row = state.components[id];
    if (row) state.components[id] = { ...row, position };
  }
}

function rowOf(value: unknown): Row | null {
  return isJsonObject(value) ? { ...value } : null;
}

/** One thing in which the tables and the events disagree. */
export interface Difference {
  entity: 'project' | 'component' | 'task' | 'dependency';
  id: string;
  name: string | null;
  /** Null: the row as a whole, which only one of the two has. */
  field: string | null;
  table: unknown;
  rebuilt: unknown;
}

/** They follow from the writes themselves, and a write that changes nothing else tells of nothing. */
const derived: ReadonlySet<string> = new Set(['version', 'updated_at']);

/**
 * Where the tables say something else than the events. Every field is a fact but `version` and `updated_at`. A field that an
 * older event does not have is not compared; nor is who created a task whose account has gone since.
 */
export function differences(table: ProjectState, rebuilt: ProjectState): Difference[] {
  const found: Difference[] = [];
  const compare = (entity: Difference['entity'], id: string, is: Row | null, told: Row | null) => {
    const about = { entity, id, name: nameOf(is) ?? nameOf(told) };
    if (is === null || told === null) {
      if (is !== told) found.push({ ...about, field: null, table: is, rebuilt: told });
      return;
    }
    for (const [field, value] of Object.entries(is)) {
      if (derived.has(field) || told[field] === undefined) continue;
      if (field === 'created_by' && value === null) continue;
      if (!sameJson(value, told[field])) found.push({ ...about, field, table: value, rebuilt: told[field] });
    }
  };
  const whole = [table.project, rebuilt.project].find((row) => row !== null);
  if (whole) compare('project', String(whole.id), table.project, rebuilt.project);
  const parts = [
    ['component', table.components, rebuilt.components],
    ['task', table.tasks, rebuilt.tasks],
    ['dependency', table.dependencies, rebuilt.dependencies],
  ] as const;
  for (const [entity, is, told] of parts) {
    for (const id of new Set([...Object.keys(is), ...Object.keys(told)]))
      compare(entity, id, is[id] ?? null, told[id] ?? null);
  }
  return found;
}

function nameOf(row: Row | null): string | null {
  return typeof row?.name === 'string' ? row.name : null;
}
