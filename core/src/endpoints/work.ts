// Endpoints of projects, components, dependencies and tasks.
import { Type } from 'typebox';
import {
  component,
  componentFields,
  dependency,
  position,
  project,
  projectCounts,
  projectFields,
  task,
  taskFields,
} from '../entities.ts';
import { projectFile } from '../project-file.ts';
import { cursor, day, limit, moment, nullable, page, patch, q, strict, uuid } from '../schema.ts';
import { componentStatuses, projectStatuses, taskStatuses } from '../statuses.ts';
import { endpoint } from './endpoint.ts';

const id = strict({ id: uuid });
const paging = { limit: Type.Optional(limit), cursor: Type.Optional(cursor), q: Type.Optional(q) };
const { name: _name, ...optionalProject } = projectFields;
const { name: _componentName, ...optionalComponent } = componentFields;
const { name: _taskName, ...optionalTask } = taskFields;

/** Each field may be left out. */
function optional<P extends Record<string, Parameters<typeof Type.Optional>[0]>>(fields: P) {
  return Type.Partial(strict(fields)).properties;
}

export const listProjects = endpoint({
  method: 'GET',
  path: '/projects',
  summary: 'Projects',
  tag: 'projects',
  access: 'read:projects',
  query: strict({
    ...paging,
    status: Type.Optional(Type.Enum([...projectStatuses])),
    owner_id: Type.Optional(uuid),
    sort: Type.Optional(Type.Enum(['-updated_at', 'updated_at', '-created_at', 'created_at', 'name', '-name'])),
    /** Adds `counts` to each project. */
    include: Type.Optional(Type.Enum(['counts'])),
  }),
  reply: { status: 200, schema: page(Type.Object({ ...project.properties, counts: Type.Optional(projectCounts) })) },
  problems: ['request.bad_cursor'],
});

export const createProject = endpoint({
  method: 'POST',
  path: '/projects',
  summary: 'Make a project',
  tag: 'projects',
  access: 'write:projects',
  body: strict({ name: projectFields.name, ...optional(optionalProject) }),
  reply: { status: 201, schema: project },
  problems: ['user.unknown'],
  etag: true,
  idempotent: true,
});

export const getProject = endpoint({
  method: 'GET',
  path: '/projects/{id}',
  summary: 'One project',
  tag: 'projects',
  access: 'read:projects',
  params: id,
  reply: { status: 200, schema: project },
  problems: ['project.not_found'],
  etag: true,
});

export const updateProject = endpoint({
  method: 'PATCH',
  path: '/projects/{id}',
  summary: 'Change a project',
  tag: 'projects',
  access: 'write:projects',
  params: id,
  body: patch(projectFields),
  reply: { status: 200, schema: project },
  problems: ['project.not_found', 'request.precondition_failed', 'user.unknown'],
  etag: true,
});

export const deleteProject = endpoint({
  method: 'DELETE',
  path: '/projects/{id}',
  summary: 'Delete a project with everything in it',
  tag: 'projects',
  access: 'write:projects',
  params: id,
  reply: { status: 204, schema: null },
  problems: ['project.not_found', 'request.precondition_failed'],
  etag: true,
});

export const projectDeletion = endpoint({
  method: 'GET',
  path: '/projects/{id}/deletion',
  summary: 'What deleting this project would take with it',
  tag: 'projects',
  access: 'read:projects',
  params: id,
  reply: {
    status: 200,
    schema: Type.Object({ components: Type.Integer(), tasks: Type.Integer(), dependencies: Type.Integer() }),
  },
  problems: ['project.not_found'],
});

export const projectGraph = endpoint({
  method: 'GET',
  path: '/projects/{id}/graph',
  summary: 'All components of a project and the dependencies between them',
  tag: 'projects',
  access: 'read:projects',
  params: id,
  reply: {
    status: 200,
    schema: Type.Object({
      project,
      nodes: Type.Array(
        Type.Object({ ...component.properties, tasks: Type.Object({ total: Type.Integer(), done: Type.Integer() }) }),
      ),
      edges: Type.Array(dependency),
      /** Id of the newest event in this answer's past: a live view goes on from here. */
      as_of: Type.String(),
    }),
  },
  problems: ['project.not_found'],
});

export const exportProject = endpoint({
  method: 'GET',
  path: '/projects/{id}/export',
  summary: 'The whole project as taylordash-project/1',
  tag: 'projects',
  access: 'read:projects',
  params: id,
  reply: { status: 200, schema: projectFile },
  problems: ['project.not_found'],
  rate_per_minute: 120,
});

export const importProject = endpoint({
  method: 'POST',
  path: '/projects/import',
  summary: 'Make a project from a file: the graph shape or taylordash-project/1',
  tag: 'projects',
  access: 'write:projects',
  query: strict({
    /** Leaves out the dependencies that close a cycle instead of refusing. */
    skip_cycles: Type.Optional(Type.Boolean()),
    /** Names the project otherwise than the file does. */
    name: Type.Optional(projectFields.name),
    /** Answers with lines of JSON: progress while it goes on, then the result or the problem. */
    progress: Type.Optional(Type.Boolean()),
  }),
  body: Type.Record(Type.String(), Type.Unknown()),
  reply: {
    status: 201,
    schema: Type.Object({
      project,
      components: Type.Integer(),
      dependencies: Type.Integer(),
      tasks: Type.Integer(),
      /** Dependencies left out because they close a cycle. */
      skipped: Type.Array(Type.Object({ component: Type.String(), depends_on: Type.String() })),
      /** Names in the file that no user here has; what they were named for has nobody now. */
      unknown_people: Type.Array(Type.String()),
    }),
  },
  problems: ['project.import_invalid', 'project.import_cycle'],
  body_limit: 32 * 1024 * 1024,
});

export const addExample = endpoint({
  method: 'POST',
  path: '/projects/examples/greenhouse',
  summary: 'Add the greenhouse example',
  tag: 'projects',
  access: 'admin',
  reply: { status: 201, schema: project },
});

const componentSort = ['name', '-name', '-updated_at', 'updated_at', 'created_at', '-created_at'];
const componentQuery = {
  ...paging,
  status: Type.Optional(Type.Enum([...componentStatuses])),
  type: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  assignee_id: Type.Optional(uuid),
  sort: Type.Optional(Type.Enum(componentSort)),
};

export const listComponents = endpoint({
  method: 'GET',
  path: '/components',
  summary: 'Components of all projects',
  tag: 'components',
  access: 'read:projects',
  query: strict({ ...componentQuery, project_id: Type.Optional(uuid) }),
  reply: { status: 200, schema: page(component) },
  problems: ['request.bad_cursor'],
});

export const listProjectComponents = endpoint({
  method: 'GET',
  path: '/projects/{id}/components',
  summary: 'Components of one project',
  tag: 'components',
  access: 'read:projects',
  params: id,
  query: strict(componentQuery),
  reply: { status: 200, schema: page(component) },
  problems: ['project.not_found', 'request.bad_cursor'],
});

export const createComponent = endpoint({
  method: 'POST',
  path: '/projects/{id}/components',
  summary: 'Make a component',
  tag: 'components',
  access: 'write:projects',
  params: id,
  body: strict({
    name: componentFields.name,
    ...optional(optionalComponent),
    /** What it waits for, in one go with it. */
    depends_on: Type.Optional(Type.Array(uuid, { maxItems: 200, uniqueItems: true })),
  }),
  reply: { status: 201, schema: component },
  problems: [
    'project.not_found',
    'component.not_found',
    'component.dependency_other_project',
    'component.tray_exists',
    'user.unknown',
  ],
  etag: true,
  idempotent: true,
});

export const getComponent = endpoint({
  method: 'GET',
  path: '/components/{id}',
  summary: 'One component with what it waits for and what waits for it',
  tag: 'components',
  access: 'read:projects',
  params: id,
  reply: {
    status: 200,
    schema: Type.Object({ ...component.properties, depends_on: Type.Array(uuid), dependents: Type.Array(uuid) }),
  },
  problems: ['component.not_found'],
  etag: true,
});

export const updateComponent = endpoint({
  method: 'PATCH',
  path: '/components/{id}',
  summary: 'Change a component',
  tag: 'components',
  access: 'write:projects',
  params: id,
  body: patch(componentFields),
  reply: { status: 200, schema: component },
  problems: ['component.not_found', 'component.tray_exists', 'request.precondition_failed', 'user.unknown'],
  etag: true,
});

export const deleteComponent = endpoint({
  method: 'DELETE',
  path: '/components/{id}',
  summary: 'Delete a component with its tasks',
  tag: 'components',
  access: 'write:projects',
  params: id,
  query: strict({
    /** `link`: what waited for it waits for its prerequisites instead. `drop`: the links go. */
    dependents: Type.Optional(Type.Enum(['link', 'drop'])),
  }),
  reply: { status: 204, schema: null },
  problems: ['component.not_found', 'request.precondition_failed'],
  etag: true,
});

export const componentDeletion = endpoint({
  method: 'GET',
  path: '/components/{id}/deletion',
  summary: 'What deleting this component would take with it, and what waits for it',
  tag: 'components',
  access: 'read:projects',
  params: id,
  reply: {
    status: 200,
    schema: Type.Object({
      tasks: Type.Integer(),
      dependencies: Type.Integer(),
      dependents: Type.Array(Type.Object({ id: uuid, name: Type.String() })),
    }),
  },
  problems: ['component.not_found'],
});

export const moveComponents = endpoint({
  method: 'POST',
  path: '/components/positions',
  summary: 'Move components of one project on its canvas, in one gesture',
  tag: 'components',
  access: 'write:projects',
  body: strict({
    project_id: uuid,
    positions: Type.Array(strict({ id: uuid, position: nullable(position) }), { minItems: 1, maxItems: 5000 }),
  }),
  reply: {
    status: 200,
    schema: Type.Object({ items: Type.Array(Type.Object({ id: uuid, version: Type.Integer() })) }),
  },
  problems: ['project.not_found', 'component.not_found'],
});

const dependencyParams = strict({ id: uuid, depends_on_id: uuid });

export const addDependency = endpoint({
  method: 'PUT',
  path: '/components/{id}/dependencies/{depends_on_id}',
  summary: 'Let a component wait for another',
  tag: 'components',
  access: 'write:projects',
  params: dependencyParams,
  reply: { status: 200, schema: dependency },
  problems: [
    'component.not_found',
    'component.dependency_cycle',
    'component.dependency_other_project',
    'component.tray_has_no_dependencies',
  ],
});

export const removeDependency = endpoint({
  method: 'DELETE',
  path: '/components/{id}/dependencies/{depends_on_id}',
  summary: 'Let a component no longer wait for another',
  tag: 'components',
  access: 'write:projects',
  params: dependencyParams,
  reply: { status: 204, schema: null },
  problems: ['component.not_found', 'component.dependency_not_found'],
});

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
  params: id,
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
  params: id,
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
  params: id,
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
  params: id,
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
  params: id,
  reply: { status: 204, schema: null },
  problems: ['task.not_found', 'request.precondition_failed'],
  etag: true,
});
