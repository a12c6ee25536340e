// Endpoints of tasks.
import { Type } from 'typebox';
import { component, label, placedTask, project, projectTask, task, taskFields } from '../entities.ts';
import { day, moment, nullable, page, patch, readingOf, strict, uuid } from '../schema.ts';
import { taskStatuses } from '../statuses.ts';
import { endpoint } from './endpoint.ts';
import { byId, newId, optional, paging } from './inputs.ts';

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
    /** Tasks with this label. */
    label: Type.Optional(label),
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

const newTask = { id: newId, name: taskFields.name, ...optional(optionalTask) };

export const createTask = endpoint({
  method: 'POST',
  path: '/components/{id}/tasks',
  summary: 'Make a task in a component',
  tag: 'tasks',
  access: 'write:tasks',
  params: byId,
  body: strict(newTask),
  reply: { status: 201, schema: task },
  problems: ['component.not_found', 'user.unknown', 'request.id_taken'],
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
  problems: ['component.not_found', 'user.unknown', 'request.id_taken'],
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

export const quickAdd = endpoint({
  method: 'POST',
  path: '/tasks/quick-add',
  summary: 'Make tasks from plain words, a line each: wire sensor tomorrow #greenhouse/pump @sam !2 ~2h',
  tag: 'tasks',
  access: 'write:tasks',
  body: strict({
    text: Type.String({ minLength: 1, maxLength: 20_000, pattern: '\\S' }),
    /** Parts of the text to take as plain words, `[start, end)` in UTF-16 units. */
    plain: Type.Optional(
      Type.Array(Type.Array(Type.Integer({ minimum: 0, maximum: 20_000 }), { minItems: 2, maxItems: 2 }), {
        maxItems: 500,
      }),
    ),
    /** Where lines go that name no project: into its tray of unsorted tasks. */
    project_id: Type.Optional(uuid),
    /** Where lines go that name no project, before project_id. */
    component_id: Type.Optional(uuid),
    /** Make a project that a line names and that does not exist, instead of refusing. */
    create_project: Type.Optional(Type.Boolean()),
  }),
  reply: {
    status: 201,
    schema: Type.Object({
      change_id: uuid,
      /** In the order of the lines. */
      tasks: Type.Array(placedTask),
      /** The projects that were made for them. */
      projects: Type.Array(project),
    }),
  },
  problems: ['task.quick_add_unknown', 'component.not_found', 'project.not_found'],
  idempotent: true,
});

export const projectTasks = endpoint({
  method: 'GET',
  path: '/projects/{id}/tasks',
  summary: 'All tasks of a project in one answer, without their descriptions',
  tag: 'tasks',
  access: 'read:tasks',
  params: byId,
  reply: {
    status: 200,
    schema: Type.Object({
      tasks: Type.Array(projectTask),
      ...readingOf,
    }),
  },
  problems: ['project.not_found'],
});

export const myWork = endpoint({
  method: 'GET',
  path: '/my-work',
  summary: "The caller's inbox, open tasks and components that are ready to start; up to 500 of each",
  tag: 'tasks',
  access: 'read:tasks',
  reply: {
    status: 200,
    schema: Type.Object({
      /** Today in the caller's time zone. */
      today: day,
      /** Open tasks without a component that the caller made, newest first. */
      inbox: Type.Array(placedTask),
      /** Open tasks assigned to the caller, by due date, then priority. */
      tasks: Type.Array(placedTask),
      /** Components that are ready or in progress, assigned to the caller, or to nobody in a project that the caller owns. */
      ready: Type.Array(
        Type.Object({
          ...component.properties,
          project_name: Type.String(),
          state: Type.Enum(['ready', 'in_progress']),
        }),
      ),
    }),
  },
});
