// Endpoints of components and the dependencies between them.
import { Type } from 'typebox';
import { component, componentFields, dependency, position } from '../entities.ts';
import { nullable, page, patch, strict, uuid } from '../schema.ts';
import { shownStateNames } from '../states.ts';
import { componentStatuses } from '../statuses.ts';
import { endpoint } from './endpoint.ts';
import { byId, newId, optional, paging } from './inputs.ts';

const { name: _name, ...optionalComponent } = componentFields;
const componentSort = ['name', '-name', '-updated_at', 'updated_at', 'created_at', '-created_at'];
const componentQuery = {
  ...paging,
  status: Type.Optional(Type.Enum([...componentStatuses])),
  /** Shown states, several with commas between. */
  state: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: `One or more of ${shownStateNames.join(', ')}, with commas between`,
    }),
  ),
  /** Waiting past its start, or in progress over an open prerequisite; today as it is in the caller's time zone. */
  held_up: Type.Optional(Type.Boolean()),
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
  params: byId,
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
  params: byId,
  body: strict({
    id: newId,
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
    'request.id_taken',
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
  params: byId,
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
  params: byId,
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
  params: byId,
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
  params: byId,
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
