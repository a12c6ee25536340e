// The operations that a gesture consists of, and what each shows before the server has answered.

import type { BulkOperation } from '@taylordash/core/changes';
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { BodyOf } from '@taylordash/core/endpoints/endpoint';
import type { Component, Position, Task } from '@taylordash/core/entities';
import type { Base } from './overlay.ts';

export type Body<N extends 'createComponent' | 'createTask' | 'updateComponent' | 'updateTask' | 'updateProject'> =
  BodyOf<(typeof endpoints)[N]>;
export type ComponentPatch = Body<'updateComponent'>;
export type TaskPatch = Body<'updateTask'>;
export type ProjectPatch = Body<'updateProject'>;

/** As POST /changes/bulk takes them, with the fields of each named. */
export type Operation =
  | { op: 'create_component'; id: string; project_id: string; fields: Body<'createComponent'> }
  | { op: 'update_component'; id: string; fields: ComponentPatch }
  | { op: 'delete_component'; id: string; dependents?: 'link' | 'drop' }
  | { op: 'add_dependency' | 'remove_dependency'; id: string; depends_on_id: string }
  /** Without a component: into one's own inbox. */
  | { op: 'create_task'; id: string; component_id: string | null; fields: Body<'createTask'> }
  | { op: 'update_task'; id: string; fields: TaskPatch }
  | { op: 'delete_task'; id: string };

/** What a gesture does, as it can be kept and sent. */
export type Intent =
  | { do: 'operations'; operations: Operation[]; bases: Record<string, Base>; sent?: Record<number, SentBulk> }
  | { do: 'move'; project_id: string; positions: { id: string; position: Position }[]; recorded: boolean }
  | { do: 'update_project'; id: string; patch: ProjectPatch; base: Base }
  | { do: 'delete_project'; id: string };

/** A bulk as it was first sent: a repeat must be the same to be known for one. */
export interface SentBulk {
  operations: BulkOperation[];
  key: string;
}

/** Ids that an operation concerns. */
export function touchedBy(operation: Operation): string[] {
  switch (operation.op) {
    case 'create_component':
      return [operation.id, ...(operation.fields.depends_on ?? [])];
    case 'add_dependency':
    case 'remove_dependency':
      return [operation.id, operation.depends_on_id];
    case 'create_task':
      return [operation.id, ...(operation.component_id === null ? [] : [operation.component_id])];
    case 'update_task':
      return [
        operation.id,
        ...(typeof operation.fields.component_id === 'string' ? [operation.fields.component_id] : []),
      ];
    default:
      return [operation.id];
  }
}

export function touches(intent: Intent): string[] {
  if (intent.do === 'operations') return intent.operations.flatMap(touchedBy);
  return intent.do === 'move' ? intent.positions.map(({ id }) => id) : [intent.id];
}

export function makes(intent: Intent): string[] {
  if (intent.do !== 'operations') return [];
  return intent.operations.flatMap((operation) => (isCreation(operation) ? [operation.id] : []));
}

function isCreation(operation: Operation): boolean {
  return operation.op === 'create_component' || operation.op === 'create_task';
}

/** A component as it will be, until the server says what it made. Version 0: whatever the server says is newer. */
export function componentToBe(id: string, project_id: string, fields: Body<'createComponent'>, now: string): Component {
  const { id: _id, depends_on: _depends_on, ...given } = fields;
  return {
    id,
    project_id,
    type: null,
    status: 'pending',
    progress: 0,
    position: null,
    metadata: {},
    description: null,
    start_on: null,
    due_on: null,
    duration_days: null,
    weight: 1,
    progress_mode: 'tasks',
    assignee_id: null,
    blocked_reason: null,
    pinned: false,
    ...given,
    created_at: now,
    updated_at: now,
    version: 0,
  };
}

export function taskToBe(id: string, component_id: string | null, fields: Body<'createTask'>, now: string): Task {
  const { id: _id, ...given } = fields;
  return {
    id,
    component_id,
    description: null,
    status: 'todo',
    assignee_id: null,
    due_date: null,
    due_is_date: false,
    priority: 0,
    weight: 1,
    rank: null,
    labels: [],
    checklist: [],
    estimate_minutes: null,
    repeats: null,
    ...given,
    completed_at: given.status === 'done' ? now : null,
    created_by: null,
    created_at: now,
    updated_at: now,
    version: 0,
  };
}
