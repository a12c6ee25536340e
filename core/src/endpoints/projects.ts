// Endpoints of projects.
import { Type } from 'typebox';
import { component, dependency, project, projectCounts, projectFields } from '../entities.ts';
import { projectFile } from '../project-file.ts';
import { day, page, patch, readingOf, strict, uuid } from '../schema.ts';
import { projectStatuses } from '../statuses.ts';
import { endpoint } from './endpoint.ts';
import { byId, newId, optional, paging } from './inputs.ts';

const { name: _name, ...optionalProject } = projectFields;

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
  body: strict({ id: newId, name: projectFields.name, ...optional(optionalProject) }),
  reply: { status: 201, schema: project },
  problems: ['user.unknown', 'request.id_taken'],
  etag: true,
  idempotent: true,
});

export const getProject = endpoint({
  method: 'GET',
  path: '/projects/{id}',
  summary: 'One project',
  tag: 'projects',
  access: 'read:projects',
  params: byId,
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
  params: byId,
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
  params: byId,
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
  params: byId,
  reply: {
    status: 200,
    schema: Type.Object({ components: Type.Integer(), tasks: Type.Integer(), dependencies: Type.Integer() }),
  },
  problems: ['project.not_found'],
});

const ids = Type.Array(uuid);

/** What follows from the graph, by states.ts; the lists in the order of the nodes. */
const analysis = Type.Object({
  /** Today in the caller's time zone. */
  today: day,
  /** Mean progress of what is not cancelled, by weight, 0 to 100. */
  progress: Type.Integer(),
  /** What can be started: not begun, all prerequisites completed. */
  ready: ids,
  /** Not begun, a prerequisite is open. */
  waiting: ids,
  /** Waiting past their start, or in progress over an open prerequisite. */
  held_up: ids,
  /** They lead to something cancelled. */
  dead_blocked: ids,
  /** Open, waiting for nothing open while others wait for them; worst first. */
  root_blockers: Type.Array(
    Type.Object({
      id: uuid,
      /** How many of those that wait for it are held up. */
      held_up: Type.Integer(),
      /** How many wait for it, directly or through others. */
      waiting: Type.Integer(),
      /** Nobody touched it for 14 days. */
      stalled: Type.Boolean(),
    }),
  ),
});

export const projectGraph = endpoint({
  method: 'GET',
  path: '/projects/{id}/graph',
  summary: 'All components of a project, the dependencies between them, and what follows from them',
  tag: 'projects',
  access: 'read:projects',
  params: byId,
  reply: {
    status: 200,
    schema: Type.Object({
      project,
      nodes: Type.Array(
        Type.Object({ ...component.properties, tasks: Type.Object({ total: Type.Integer(), done: Type.Integer() }) }),
      ),
      edges: Type.Array(dependency),
      ...readingOf,
      analysis,
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
  params: byId,
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
