// What projects, components, tasks, users and the rest look like on the wire: columns under their own names.
import { type Static, Type } from 'typebox';
import { bigId, day, description, metadata, moment, name, nullable, strict, uuid, version, weight } from './schema.ts';
import {
  componentStatuses,
  deadLetterStatuses,
  progressModes,
  projectStatuses,
  roles,
  taskStatuses,
} from './statuses.ts';

/** Where a component stands on the canvas: the top left corner, in canvas pixels. */
export const position = Type.Object(
  { x: Type.Number({ minimum: -1e7, maximum: 1e7 }), y: Type.Number({ minimum: -1e7, maximum: 1e7 }) },
  { additionalProperties: false },
);
export type Position = Static<typeof position>;

/** Which days count as work: 1 is Monday, 7 is Sunday. */
const workingDays = Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
  minItems: 1,
  maxItems: 7,
  uniqueItems: true,
});

export const projectFields = {
  name,
  description: nullable(description),
  status: Type.Enum([...projectStatuses]),
  owner_id: nullable(uuid),
  metadata,
  start_on: nullable(day),
  due_on: nullable(day),
  working_days: workingDays,
};
export const project = Type.Object({ id: uuid, ...projectFields, created_at: moment, updated_at: moment, version });
export type Project = Static<typeof project>;

export const projectCounts = Type.Object({
  components: Type.Integer(),
  components_completed: Type.Integer(),
  /** Blocked by hand. */
  components_blocked: Type.Integer(),
  /** All prerequisites completed, and not begun. */
  components_ready: Type.Integer(),
  /** Waiting past their start, or in progress over an open prerequisite. */
  components_held_up: Type.Integer(),
  /** They lead to something cancelled. */
  components_dead_blocked: Type.Integer(),
  /** Blocked, dead-blocked and held up together: what a badge counts. */
  attention: Type.Integer(),
  tasks: Type.Integer(),
  tasks_done: Type.Integer(),
  /** Mean progress of what is not cancelled, by weight, 0 to 100. */
  progress: Type.Integer(),
});

export const componentFields = {
  name,
  type: nullable(Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' })),
  status: Type.Enum([...componentStatuses]),
  progress: Type.Integer({ minimum: 0, maximum: 100 }),
  position: nullable(position),
  metadata,
  description: nullable(description),
  start_on: nullable(day),
  due_on: nullable(day),
  duration_days: nullable(Type.Integer({ minimum: 0, maximum: 36_500 })),
  weight,
  progress_mode: Type.Enum([...progressModes]),
  assignee_id: nullable(uuid),
  blocked_reason: nullable(Type.String({ minLength: 1, maxLength: 1000 })),
  pinned: Type.Boolean(),
};
export const component = Type.Object({
  id: uuid,
  project_id: uuid,
  ...componentFields,
  created_at: moment,
  updated_at: moment,
  version,
});
export type Component = Static<typeof component>;

/** A word or a few that tasks are found by. */
export const label = Type.String({
  minLength: 1,
  maxLength: 50,
  pattern: '^[\\p{L}\\p{N}]([\\p{L}\\p{N} _./-]*[\\p{L}\\p{N}])?$',
});
/** Small steps of a task, in their order. */
export const checklist = Type.Array(
  strict({
    id: Type.String({ minLength: 1, maxLength: 40 }),
    text: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }),
    done: Type.Boolean(),
  }),
  { maxItems: 100 },
);
export type Checklist = Static<typeof checklist>;
/** How a task comes back: completing it makes the next one, that much after its due date. */
export const repeats = strict({
  every: Type.Integer({ minimum: 1, maximum: 365 }),
  unit: Type.Enum(['day', 'week', 'month', 'year']),
});
export type Repeats = Static<typeof repeats>;

export const taskFields = {
  name,
  description: nullable(description),
  status: Type.Enum([...taskStatuses]),
  assignee_id: nullable(uuid),
  due_date: nullable(moment),
  /** True where due_date means a calendar day and not an instant: that which its form in UTC begins with, at midnight there. */
  due_is_date: Type.Boolean(),
  /** 1 is urgent, 4 is low; 0 says nothing. */
  priority: Type.Integer({ minimum: 0, maximum: 4 }),
  weight,
  /** Order within its component: text that sorts by code point, so that one can be put between two. */
  rank: nullable(Type.String({ minLength: 1, maxLength: 200, pattern: '^[!-~]+$' })),
  labels: Type.Array(label, { maxItems: 20, uniqueItems: true }),
  checklist,
  estimate_minutes: nullable(Type.Integer({ minimum: 1, maximum: 600_000 })),
  repeats: nullable(repeats),
};
export const task = Type.Object({
  id: uuid,
  component_id: nullable(uuid),
  ...taskFields,
  completed_at: nullable(moment),
  created_by: nullable(uuid),
  created_at: moment,
  updated_at: moment,
  version,
});
export type Task = Static<typeof task>;

/** A task with where it is; all null for one in the inbox. */
export const placedTask = Type.Object({
  ...task.properties,
  project_id: nullable(uuid),
  project_name: nullable(Type.String()),
  component_name: nullable(Type.String()),
});
export type PlacedTask = Static<typeof placedTask>;

const { description: _description, ...listed } = task.properties;
/** A task as lists of a whole project have it. */
export const projectTask = Type.Object(listed);
export type ProjectTask = Static<typeof projectTask>;

/** `component_id` waits for `depends_on_id`. */
export const dependency = Type.Object({ component_id: uuid, depends_on_id: uuid });
export type Dependency = Static<typeof dependency>;

export const username = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^[\\p{L}\\p{N}][\\p{L}\\p{N}._@+'-]*$",
});
/** At least 8 characters, at most 256; everything else about it is the service's to refuse. */
export const password = Type.String({ minLength: 8, maxLength: 256 });
/** An IANA name, `Europe/Berlin`; the service refuses those that do not exist. */
export const timeZone = Type.String({ minLength: 1, maxLength: 64 });
/** First day of the week: 1 is Monday, 7 is Sunday. */
export const weekStart = Type.Integer({ minimum: 1, maximum: 7 });
export const defaultView = nullable(Type.String({ minLength: 1, maxLength: 100 }));

export const grantFields = {
  permission: Type.Enum(['write:projects', 'write:tasks', 'publish:events']),
  /** Null: in every project. */
  project_id: nullable(uuid),
};
export const grant = Type.Object(grantFields, { additionalProperties: false });
export type Grant = Static<typeof grant>;

export const user = Type.Object({
  id: uuid,
  username: Type.String(),
  role: Type.Enum([...roles]),
  default_view: defaultView,
  single_view_mode: Type.Boolean(),
  is_active: Type.Boolean(),
  created_by: nullable(uuid),
  created_at: moment,
  updated_at: moment,
  last_login: nullable(moment),
  metadata,
  time_zone: timeZone,
  week_start: weekStart,
  version,
});
export type User = Static<typeof user>;
/** A user with what grants allow. */
export const userWithGrants = Type.Object({ ...user.properties, grants: Type.Array(grant) });
export type UserWithGrants = Static<typeof userWithGrants>;
/** What everyone may know of everyone: enough to show who did something. */
export const person = Type.Object({ id: uuid, username: Type.String(), is_active: Type.Boolean() });

/** What somebody keeps for themselves or shares: a named view of a board or table. */
export const layoutFields = {
  kind: Type.Enum(['view']),
  name,
  /** Null: not of one project. */
  project_id: nullable(uuid),
  /** Everyone may use it; only its owner and administrators change it. */
  shared: Type.Boolean(),
  /** For `view` the shape in views.ts. */
  config: Type.Record(Type.String(), Type.Unknown()),
};
export const layout = Type.Object({
  id: uuid,
  user_id: uuid,
  ...layoutFields,
  created_at: moment,
  updated_at: moment,
  version,
});
export type Layout = Static<typeof layout>;

export const storedEvent = Type.Object({
  id: bigId,
  topic: Type.String(),
  kind: Type.String(),
  ts: Type.String(),
  trace_id: uuid,
  idempotency_key: Type.String(),
  payload: Type.Record(Type.String(), Type.Unknown()),
  /** `server` is what happened here; `mqtt` and `http` is what others said. */
  source: Type.Enum(['server', 'mqtt', 'http']),
  client_id: nullable(Type.String()),
  change_id: nullable(uuid),
  project_id: nullable(uuid),
  entity_id: nullable(uuid),
  actor_id: nullable(uuid),
  created_at: moment,
});
export type StoredEvent = Static<typeof storedEvent>;

export const deadLetter = Type.Object({
  id: bigId,
  original_topic: Type.String(),
  failure_reason: Type.String(),
  payload: Type.Unknown(),
  created_at: moment,
  raw_base64: Type.String(),
  raw_size: Type.Integer(),
  reason_code: Type.String(),
  error_class: nullable(Type.String()),
  stage: Type.String(),
  client_id: nullable(Type.String()),
  /** The device that sent it, empty where there was no account. */
  client_identity: Type.String(),
  qos: nullable(Type.Integer()),
  retain: nullable(Type.Boolean()),
  sqlstate: nullable(Type.String()),
  fingerprint: Type.String(),
  event_key: nullable(Type.String()),
  event_id: nullable(bigId),
  attempts: Type.Integer(),
  /** Replays that it came back from. */
  hops: Type.Integer(),
  first_failed_at: moment,
  last_failed_at: moment,
  status: Type.Enum([...deadLetterStatuses]),
  replay_id: nullable(uuid),
  resolved_by: nullable(uuid),
  resolved_at: nullable(moment),
  note: nullable(Type.String()),
  topic_pattern: Type.String(),
  sender: Type.String(),
  group_id: Type.String(),
  /** What became of it in the replay it was part of last. */
  replay_outcome: nullable(Type.Enum(['stored', 'duplicate', 'redone', 'failed'])),
  replay_reason_code: nullable(Type.String()),
  replay_failure: nullable(Type.String()),
});
export type DeadLetter = Static<typeof deadLetter>;
