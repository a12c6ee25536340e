// Reads the operations of a bulk: what each takes, its fields by the schema of the endpoint that does the same alone.
import type { BulkOperation, BulkOperationName } from '@taylordash/core/changes';
import { createComponent, updateComponent } from '@taylordash/core/endpoints/components';
import type { BodyOf } from '@taylordash/core/endpoints/endpoint';
import { createTask, updateTask } from '@taylordash/core/endpoints/tasks';
import type { FieldError } from '@taylordash/core/problems';
import { strict } from '@taylordash/core/schema';
import type { TProperties } from 'typebox';
import { Problem, sayFaults } from '../../kernel/problem.ts';
import { checker } from '../../kernel/validation.ts';

/** An operation whose parts are there, its ids in lower case. */
export type Operation =
  | {
      op: 'create_component';
      id?: string;
      project_id: string;
      fields: Omit<BodyOf<typeof createComponent>, 'id'>;
    }
  | { op: 'update_component'; id: string; if_match: number | null; fields: BodyOf<typeof updateComponent> }
  | { op: 'delete_component'; id: string; if_match: number | null; dependents: 'link' | 'drop' }
  | { op: 'add_dependency' | 'remove_dependency'; id: string; depends_on_id: string }
  | { op: 'create_task'; id?: string; component_id: string | null; fields: Omit<BodyOf<typeof createTask>, 'id'> }
  | { op: 'update_task'; id: string; if_match: number | null; fields: BodyOf<typeof updateTask> }
  | { op: 'delete_task'; id: string; if_match: number | null };

type Part = Exclude<keyof BulkOperation, 'op'>;

interface Shape {
  needs: readonly Part[];
  takes?: readonly Part[];
  /** Faults of `fields`. */
  check?: (value: unknown) => FieldError[];
}

/** The id of what is made stands beside the fields. */
function withoutId({ id: _id, ...others }: TProperties) {
  return strict(others);
}

const shapes: Readonly<Record<BulkOperationName, Shape>> = {
  create_component: {
    needs: ['project_id', 'fields'],
    takes: ['id'],
    check: checker(withoutId(createComponent.body.properties)),
  },
  update_component: { needs: ['id', 'fields'], takes: ['if_match'], check: checker(updateComponent.body) },
  delete_component: { needs: ['id'], takes: ['if_match', 'dependents'] },
  add_dependency: { needs: ['id', 'depends_on_id'] },
  remove_dependency: { needs: ['id', 'depends_on_id'] },
  create_task: {
    needs: ['fields'],
    takes: ['id', 'component_id'],
    check: checker(withoutId(createTask.body.properties)),
  },
  update_task: { needs: ['id', 'fields'], takes: ['if_match'], check: checker(updateTask.body) },
  delete_task: { needs: ['id'], takes: ['if_match'] },
};

const mostErrors = 20;

/** Throws request.invalid with the place of each fault. */
export function readOperations(given: readonly BulkOperation[]): Operation[] {
  const errors: FieldError[] = [];
  for (const [index, operation] of given.entries()) {
    for (const { pointer, detail } of faultsOf(operation)) {
      errors.push({ pointer: `/operations/${index}${pointer}`, detail });
    }
    if (errors.length >= mostErrors) break;
  }
  if (errors.length > 0) {
    throw new Problem('request.invalid', { detail: sayFaults(errors), errors: errors.slice(0, mostErrors) });
  }
  return given.map(asOperation);
}

function faultsOf({ op, ...parts }: BulkOperation): FieldError[] {
  const { needs, takes = [], check } = shapes[op];
  const faults: FieldError[] = needs
    .filter((part) => parts[part] === undefined)
    .map((part) => ({ pointer: `/${part}`, detail: `is missing: ${op} needs it` }));
  for (const [part, value] of Object.entries(parts)) {
    const known: readonly string[] = [...needs, ...takes];
    if (value !== undefined && !known.includes(part)) {
      faults.push({ pointer: `/${part}`, detail: `is not taken by ${op}` });
    }
  }
  if (check && parts.fields !== undefined) {
    for (const { pointer, detail } of check(parts.fields)) faults.push({ pointer: `/fields${pointer}`, detail });
  }
  return faults;
}

function asOperation({ op, fields, if_match, dependents, ...ids }: BulkOperation): Operation {
  const lower = Object.fromEntries(Object.entries(ids).map(([part, id]) => [part, id?.toLowerCase() ?? id]));
  const version = op.startsWith('create') || op.endsWith('dependency') ? {} : { if_match: if_match ?? null };
  const more = {
    ...(op === 'create_task' ? { component_id: null } : {}),
    ...(op === 'delete_component' ? { dependents: dependents ?? 'drop' } : {}),
    ...(fields === undefined ? {} : { fields }),
  };
  // Its parts were checked against the shape of its kind just before.
  return { op, ...version, ...more, ...lower } as Operation;
}
