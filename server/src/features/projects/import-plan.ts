// What an imported file asks for, pure: checked, its keys resolved, its closing dependencies found.

import { randomUUID } from 'node:crypto';
import { closingEdges, type Edge } from '@taylordash/core/graph';
import type { FieldError } from '@taylordash/core/problems';
import {
  type GraphFile,
  graphFile,
  type ProjectFile,
  projectFile,
  projectFileFormat,
} from '@taylordash/core/project-file';
import { appendedRank } from '@taylordash/core/rank';
import { trayType } from '@taylordash/core/statuses';
import { checklistFault, metadataFault } from '../../kernel/bounds.ts';
import { Problem, sayFault } from '../../kernel/problem.ts';
import { checker } from '../../kernel/validation.ts';

export interface PlannedTask {
  component: string;
  fields: Readonly<Record<string, unknown>>;
  people: { assignee: string | null; created_by: string | null };
}

export interface ImportPlan {
  project: Readonly<Record<string, unknown>> & { name: string };
  /** Undefined where the file says nothing of owners: whoever imports it. */
  owner: string | null | undefined;
  components: { id: string; fields: Readonly<Record<string, unknown>> & { name: string }; assignee: string | null }[];
  tasks: PlannedTask[];
  edges: Edge<string>[];
  /** Edges that close a cycle; not among `edges`. */
  closing: Edge<string>[];
  names: ReadonlyMap<string, string>;
}

const checkGraph = checker(graphFile);
const checkProject = checker(projectFile);

/** Reads either format. Throws project.import_invalid with every fault, or project.import_cycle unless cycles are skipped. */
export function planImport(
  file: Readonly<Record<string, unknown>>,
  options: { skip_cycles: boolean; name?: string; now: number },
): ImportPlan {
  const plan = file.format === undefined ? planGraph(asGraph(file)) : planProject(asProject(file), options.now);
  if (plan.closing.length > 0 && !options.skip_cycles) {
    const closing = plan.closing.map(([from, to]) => ({
      component: plan.names.get(from) ?? '',
      depends_on: plan.names.get(to) ?? '',
    }));
    const shown = closing.slice(0, 5).map(({ component, depends_on }) => `${component} → ${depends_on}`);
    const more = closing.length > 5 ? ` and ${closing.length - 5} more` : '';
    throw new Problem('project.import_cycle', {
      detail: `These dependencies close a cycle: ${shown.join(', ')}${more}. Import without them, or mend the file.`,
      extensions: { closing },
    });
  }
  return options.name === undefined ? plan : { ...plan, project: { ...plan.project, name: options.name } };
}

function invalid(errors: FieldError[]): Problem {
  const first = errors[0];
  return new Problem('project.import_invalid', {
    detail: first ? `${sayFault(first, 'The file')}.` : 'The file is wrong.',
    errors,
  });
}

function asGraph(file: unknown): GraphFile {
  const errors = checkGraph(file);
  if (errors.length > 0) throw invalid(errors);
  // Just checked against the schema that the type comes from.
  return file as GraphFile;
}

function asProject(file: Readonly<Record<string, unknown>>): ProjectFile {
  if (file.format !== projectFileFormat) {
    throw invalid([
      { pointer: '/format', detail: `must be "${projectFileFormat}", or be left out for the graph shape` },
    ]);
  }
  const errors = checkProject(file);
  if (errors.length > 0) throw invalid(errors);
  return file as unknown as ProjectFile;
}

function planGraph(file: GraphFile): ImportPlan {
  const ids = new Map<string | number, string>();
  const components: ImportPlan['components'] = [];
  const errors: FieldError[] = [];
  for (const [index, { key, name, ...rest }] of file.components.entries()) {
    if (ids.has(key))
      errors.push({ pointer: `/components/${index}/key`, detail: `${JSON.stringify(key)} is used twice` });
    const id = randomUUID();
    ids.set(key, id);
    const fault = metadataFault(rest);
    if (fault !== null) errors.push({ pointer: `/components/${index}`, detail: `${fault}, in its further fields` });
    components.push({ id, fields: { name, metadata: rest, progress_mode: 'tasks' }, assignee: null });
  }
  const edges: Edge<string>[] = [];
  for (const [index, pair] of file.dependencies.entries()) {
    const resolved = pair.map((key) => ids.get(key));
    const [from, to] = resolved;
    if (from === undefined || to === undefined) {
      const at = from === undefined ? 0 : 1;
      errors.push({
        pointer: `/dependencies/${index}/${at}`,
        detail: `${JSON.stringify(pair[at])} is no component's key`,
      });
    } else edges.push([from, to]);
  }
  if (errors.length > 0) throw invalid(errors.slice(0, 20));
  return finish({ project: { name: file.title }, owner: undefined, components, tasks: [] }, edges);
}

function planProject(file: ProjectFile, now: number): ImportPlan {
  const { owner, ...project } = file.project;
  const known = new Set<string>();
  const errors: FieldError[] = [];
  const components: ImportPlan['components'] = [];
  const tasks: PlannedTask[] = [];
  let trays = 0;
  const fault = metadataFault(project.metadata);
  if (fault !== null) errors.push({ pointer: '/project/metadata', detail: fault });
  for (const [index, { key: given, assignee, tasks: list, ...fields }] of file.components.entries()) {
    const key = given.toLowerCase();
    if (known.has(key)) errors.push({ pointer: `/components/${index}/key`, detail: 'is used twice' });
    known.add(key);
    if (fields.type === trayType && ++trays > 1)
      errors.push({ pointer: `/components/${index}/type`, detail: 'is the second tray' });
    const tooLarge = metadataFault(fields.metadata);
    if (tooLarge !== null) errors.push({ pointer: `/components/${index}/metadata`, detail: tooLarge });
    components.push({ id: key, fields, assignee });
    for (const [place, { assignee: who, created_by, ...task }] of list.entries()) {
      const wrong = checklistFault(task.checklist ?? []);
      if (wrong !== null) errors.push({ pointer: `/components/${index}/tasks/${place}/checklist`, detail: wrong });
      const rank = task.rank ?? appendedRank(now, place);
      const completed_at = task.status === 'done' ? (task.completed_at ?? new Date(now).toISOString()) : null;
      tasks.push({ component: key, fields: { ...task, rank, completed_at }, people: { assignee: who, created_by } });
    }
  }
  const edges: Edge<string>[] = [];
  const trayKeys = new Set(file.components.filter(({ type }) => type === trayType).map(({ key }) => key.toLowerCase()));
  for (const [index, { component, depends_on }] of file.dependencies.entries()) {
    const edge = [component.toLowerCase(), depends_on.toLowerCase()] as const;
    for (const [field, key] of Object.entries({ component: edge[0], depends_on: edge[1] })) {
      if (!known.has(key)) errors.push({ pointer: `/dependencies/${index}/${field}`, detail: 'is no component’s key' });
      if (trayKeys.has(key))
        errors.push({ pointer: `/dependencies/${index}/${field}`, detail: 'is the tray, which has no dependencies' });
    }
    edges.push(edge);
  }
  if (errors.length > 0) throw invalid(errors.slice(0, 20));
  return finish({ project, owner, components, tasks }, edges);
}

function finish(
  plan: Pick<ImportPlan, 'project' | 'owner' | 'components' | 'tasks'>,
  edges: readonly Edge<string>[],
): ImportPlan {
  const unique = [...new Map(edges.map((edge) => [edge.join(' '), edge])).values()];
  const closing = closingEdges(
    plan.components.map(({ id }) => id),
    unique,
  );
  const dropped = new Set(closing.map((edge) => edge.join(' ')));
  return {
    ...plan,
    edges: unique.filter((edge) => !dropped.has(edge.join(' '))),
    closing,
    names: new Map(plan.components.map(({ id, fields }) => [id, fields.name])),
  };
}
