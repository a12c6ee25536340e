// The operations that a gesture consists of, and what each shows before the server has answered.
import type { endpoints } from '@taylordash/core/endpoints/all';
import type { BodyOf } from '@taylordash/core/endpoints/endpoint';
import type { Component, Task } from '@taylordash/core/entities';

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
