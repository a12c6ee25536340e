// Endpoints of tasks.
import { Type } from 'typebox';
import { task, taskFields } from '../entities.ts';
import { day, moment, nullable, page, patch, strict, uuid } from '../schema.ts';
import { taskStatuses } from '../statuses.ts';
import { endpoint } from './endpoint.ts';
import { byId, optional, paging } from './inputs.ts';

const { name: _name, ...optionalTask } = taskFields;

export const listTasks = endpoint({
  method: 'GET',
  path: '/tasks',
  summary: 'Tasks',
  tag: 'tasks',
  access: 'read:tasks',
  query: strict({
    ...paging,
    project_id: Type.Optional(uuid),
    component_id: Type.Optional(uuid),
    assignee_id: Type.Optional(uuid),
    status: Type.Optional(Type.Enum([...taskStatuses])),
    /** True: only the caller's inbox, tasks without a component. */
    inbox: Type.Optional(Type.Boolean()),
    due_before: Type.Optional(Type.Union([moment, day])),
    sort: Type.Optional(
      Type.Enum(['due_date', '-due_date', '-updated_at', 'updated_at', 'created_at', '-created_at', 'name', '-name']),
    ),
  }),
  reply: { status: 200, schema: page(task) },
  problems: ['request.bad_cursor'],
});

export const listComponentTasks = endpoint({
  method: 'GET',
  path: '/components/{id}/tasks',
  summary: 'Tasks of one component, in their order',
  tag: 'tasks',
  access: 'read:tasks',
  params: byId,
  query: strict({ limit: paging.limit, cursor: paging.cursor }),
  reply: { status: 200, schema: page(task) },
  problems: ['component.not_found', 'request.bad_cursor'],
});

const newTask = { name: taskFields.name, ...optional(optionalTask) };

export const createTask = endpoint({
  method: 'POST',
  path: '/components/{id}/tasks',
  summary: 'Make a task in a component',
  tag: 'tasks',
  access: 'write:tasks',
  params: byId,
  body: strict(newTask),
  reply: { status: 201, schema: task },
  problems: ['component.not_found', 'user.unknown'],
  etag: true,
  idempotent: true,
});

export const createInboxTask = endpoint({
  method: 'POST',
  path: '/tasks',
  summary: 'Make a task in the own inbox, or in a component that is named',
  tag: 'tasks',
  access: 'write:tasks',
  body: strict({ ...newTask, component_id: Type.Optional(nullable(uuid)) }),
  reply: { status: 201, schema: task },
  problems: ['component.not_found', 'user.unknown'],
  etag: true,
  idempotent: true,
});

export const getTask = endpoint({
  method: 'GET',
  path: '/tasks/{id}',
  summary: 'One task',
  tag: 'tasks',
  access: 'read:tasks',
  params: byId,
  reply: { status: 200, schema: task },
  problems: ['task.not_found'],
  etag: true,
});

export const updateTask = endpoint({
  method: 'PATCH',
  path: '/tasks/{id}',
  summary: 'Change a task; a new component_id files it there',
  tag: 'tasks',
  access: 'write:tasks',
  params: byId,
  body: patch({ ...taskFields, component_id: nullable(uuid) }),
  reply: { status: 200, schema: task },
  problems: ['task.not_found', 'component.not_found', 'request.precondition_failed', 'user.unknown'],
  etag: true,
});

export const deleteTask = endpoint({
  method: 'DELETE',
  path: '/tasks/{id}',
  summary: 'Delete a task',
  tag: 'tasks',
  access: 'write:tasks',
  params: byId,
  reply: { status: 204, schema: null },
  problems: ['task.not_found', 'request.precondition_failed'],
  etag: true,
});
