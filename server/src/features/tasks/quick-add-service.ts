// Decides what becomes of lines of plain words: where each goes, what is made for it, all in one change.

import type { Task } from '@taylordash/core/entities';
import type { FieldError } from '@taylordash/core/problems';
import { type QuickAdd, type QuickAddOptions, readQuickAdd } from '@taylordash/core/quick-add';
import { foldedName } from '@taylordash/core/resolve-name';
import { type Change, type ChangeMaker, loaded, type Written } from '../../kernel/change.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Context } from '../../kernel/context.ts';
import { Problem, sayFault } from '../../kernel/problem.ts';
import type { ComponentService } from '../components/service.ts';
import type { ProjectService } from '../projects/service.ts';
import { profileOf } from './queries.ts';
import { type NamedKind, nameReader, type Unknown, unknownNames } from './quick-add-names.ts';
import * as queries from './quick-add-queries.ts';
import type { TaskService } from './service.ts';

export interface QuickAddInput {
  text: string;
  /** Each `[start, end)`. */
  plain?: number[][];
  project_id?: string;
  component_id?: string;
  create_project?: boolean;
}

export interface QuickAddDependencies {
  changes: ChangeMaker;
  projects: ProjectService;
  components: ComponentService;
  tasks: TaskService;
  clock: Clock;
}

export type QuickAddService = ReturnType<typeof quickAddService>;

interface Line extends QuickAdd {
  line: number;
}

/** A line whose names are known. A project that is not there yet goes by the name that it will have. */
interface Placed {
  line: Line;
  assignee_id: string | null;
  place: { component_id: string } | { project_id: string } | { new_project: string; component: string | null } | null;
}

const mostLines = 200;
const longestName = 255;

export function quickAddService({ changes, projects, components, tasks, clock }: QuickAddDependencies) {
  /** Every line with what its names mean. Throws task.quick_add_unknown for all that mean nothing. */
  async function placed(change: Change, lines: readonly Line[], input: QuickAddInput): Promise<Placed[]> {
    const names = nameReader(change.tx, change.context.actor);
    const unknown: Unknown[] = [];
    const out: Placed[] = [];
    const known = (
      line: number,
      kind: NamedKind,
      text: string,
      resolved: Awaited<ReturnType<typeof names.project>>,
    ) => {
      if (resolved.found) return resolved.found.id;
      unknown.push({ line, kind, text, suggestions: resolved.suggestions.map(({ name }) => name) });
      return null;
    };
    for (const line of lines) {
      const { person, project, component } = line;
      const assignee_id = person === null ? null : known(line.line, 'person', person, await names.person(person));
      let place: Placed['place'] = null;
      if (project !== null) {
        const meant = await names.project(project);
        const makes = input.create_project === true && !meant.found && !meant.ambiguous;
        const project_id = makes ? null : known(line.line, 'project', project, meant);
        if (makes) place = { new_project: project, component };
        else if (project_id !== null && component === null) place = { project_id };
        else if (project_id !== null && component !== null) {
          const found = await names.component(project_id, component);
          const component_id = known(line.line, 'component', component, found);
          if (component_id !== null) place = { component_id };
        }
      } else if (input.component_id !== undefined) place = { component_id: input.component_id.toLowerCase() };
      else if (input.project_id !== undefined) place = { project_id: input.project_id.toLowerCase() };
      out.push({ line, assignee_id, place });
    }
    if (unknown.length > 0) throw unknownNames(unknown);
    return out;
  }

  /** Makes the projects that are to be there, once each, with the components that lines name in them. */
  function maker(change: Change) {
    const made = new Map<string, { id: string; json: string; components: Map<string, string> }>();
    return {
      projects: () => [...made.values()].map(({ json }) => json),
      async componentIn(name: string, component: string | null): Promise<string> {
        let project = made.get(foldedName(name));
        if (!project) {
          const { id, json } = await projects.within.create(change, { name });
          project = { id, json, components: new Map() };
          made.set(foldedName(name), project);
        }
        if (component === null) return components.within.trayOf(change, project.id);
        const known = project.components.get(foldedName(component));
        if (known !== undefined) return known;
        const { json } = await components.within.create(change, project.id, { name: component });
        const { id } = loaded<{ id: string }>(json).entity;
        project.components.set(foldedName(component), id);
        return id;
      },
    };
  }

  async function trayIn(change: Change, project_id: string): Promise<string> {
    if (!(await queries.projectExists(change.tx, project_id))) {
      throw new Problem('project.not_found', { detail: `There is no project ${project_id}.` });
    }
    return components.within.trayOf(change, project_id);
  }

  return {
    /** All lines or none. */
    add(context: Context, input: QuickAddInput): Promise<Written> {
      return changes.change(context, async (change) => {
        const profile = await profileOf(change.tx, context.actor.id);
        const plain = (input.plain ?? []).map(([start = 0, end = 0]) => [start, end] as const);
        const lines = readLines(input.text, { ...profile, now: clock.now(), plain });
        if (input.create_project === true && lines.some(({ project }) => project !== null)) {
          await queries.lockNaming(change.tx);
        }
        const wanted = await placed(change, lines, input);
        const makes = maker(change);
        const targets: (string | null)[] = [];
        for (const { place } of wanted) {
          if (place === null) targets.push(null);
          else if ('component_id' in place) targets.push(place.component_id);
          else if ('project_id' in place) targets.push(await trayIn(change, place.project_id));
          else targets.push(await makes.componentIn(place.new_project, place.component));
        }
        // In one order, before the tasks that count in their progress.
        await components.within.holdAll(
          change,
          targets.filter((id) => id !== null),
        );
        const made: { json: string; component_id: string | null }[] = [];
        for (const [index, { line, assignee_id }] of wanted.entries()) {
          const component_id = targets[index] ?? null;
          const { json } = await tasks.within.create(change, component_id, { ...fieldsOf(line), assignee_id });
          made.push({ json, component_id });
        }
        const places = await queries.placesOf(change.tx, [...new Set(targets.filter((id) => id !== null))]);
        const nowhere = { project_id: null, project_name: null, component_name: null };
        const items = made.map(({ json, component_id }) => {
          const place = component_id === null ? undefined : places.get(component_id);
          return `${json.slice(0, -1)},${JSON.stringify(place ?? nowhere).slice(1)}`;
        });
        const json = `{"change_id":"${change.change_id}","tasks":[${items.join(',')}],"projects":[${makes.projects().join(',')}]}`;
        return { json };
      });
    },
  };
}

function fieldsOf({ name, priority, estimate_minutes, due, repeats }: QuickAdd): Pick<Task, 'name'> & Partial<Task> {
  return { name, estimate_minutes, repeats, ...(priority === null ? {} : { priority }), ...due };
}

/** The lines, understood; throws request.invalid with every line that makes no task. */
function readLines(text: string, options: QuickAddOptions): Line[] {
  const lines = readQuickAdd(text, options).map(({ line, read }) => ({ line, ...read }));
  const errors: FieldError[] = [];
  const wrong = (detail: string) => errors.push({ pointer: '/text', detail });
  if (lines.length > mostLines) wrong(`has ${lines.length} lines; ${mostLines} is the most`);
  if (lines.length === 0) wrong('must have a line with words in it');
  for (const { line, name } of lines) {
    if (name === '') wrong(`line ${line} has nothing left for a name; put words into quotes that are to stay words`);
    else if ([...name].length > longestName) wrong(`line ${line} has a name of more than ${longestName} characters`);
  }
  const [first] = errors;
  if (!first) return lines;
  throw new Problem('request.invalid', { detail: sayFault(first), errors: errors.slice(0, 20) });
}
