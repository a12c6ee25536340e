// Every kind of event that TaylorDash itself emits: its topic and the schema of its payload. The one table.
import { type Static, type TSchema, Type } from 'typebox';
import { deadLetterReplay, letterSelection } from './dead-letter-entities.ts';
import { binding, device } from './device-entities.ts';
import { component, grant, layout, position, project, task, user } from './entities.ts';
import { eventReplay } from './event-replays.ts';
import { sameJson } from './json.ts';
import { nullable, uuid } from './schema.ts';

const actorType = Type.Enum(['user', 'system', 'device']);
/** Who did it, with the name of then. */
export const eventActor = Type.Object({ id: nullable(uuid), name: Type.String(), type: actorType });
export type EventActor = Static<typeof eventActor>;

/** What a change did to each field it touched. */
export const changedFields = Type.Record(Type.String(), Type.Object({ before: Type.Unknown(), after: Type.Unknown() }));
export type ChangedFields = Static<typeof changedFields>;

/**
 * The payload of a change: who, which change, the entity after it (before it, where it was deleted) and what changed; where it
 * undoes another change, which one.
 */
function change<S extends TSchema>(entity: S) {
  return Type.Object({
    actor: eventActor,
    change_id: uuid,
    undoes: Type.Optional(uuid),
    entity,
    changed: changedFields,
  });
}

const dependencyEntity = Type.Object({
  component_id: uuid,
  depends_on_id: uuid,
  project_id: uuid,
  component_name: Type.String(),
  depends_on_name: Type.String(),
});
const placed = Type.Array(Type.Object({ id: uuid, position: nullable(position) }));
const movedEntity = Type.Object({ project_id: uuid, positions: placed });
/** Sign-ins: who it was about, and from where. */
const signIn = Type.Object({
  actor: eventActor,
  user_id: nullable(uuid),
  username: Type.String(),
  address: nullable(Type.String()),
});
const passwordChange = Type.Object({ actor: eventActor, change_id: uuid, user_id: uuid, username: Type.String() });
const grantsChange = Type.Object({
  actor: eventActor,
  change_id: uuid,
  entity: Type.Object({ user_id: uuid, username: Type.String(), grants: Type.Array(grant) }),
  changed: changedFields,
});
/** What was done to how many dead letters. */
const someLetters = Type.Object({ selection: letterSelection, letters: Type.Integer() });
const letterGroupMute = Type.Object({ group_id: Type.String(), muted: Type.Boolean() });
const lifecycle = Type.Object({ actor: eventActor, version: Type.String() });
const openPayload = Type.Record(Type.String(), Type.Unknown());

const domains = ['projects', 'components', 'tasks', 'auth', 'plugins', 'system'] as const;
type EventDomain = (typeof domains)[number];

interface KindSpec {
  topic: string;
  domain: EventDomain;
  payload: TSchema;
}

function kind<D extends EventDomain, S extends TSchema>(domain: D, action: string, payload: S) {
  return { topic: `tracker/events/${domain}/${action}`, domain, payload } as const satisfies KindSpec;
}

export const eventKinds = {
  project_created: kind('projects', 'created', change(project)),
  project_updated: kind('projects', 'updated', change(project)),
  project_status_changed: kind('projects', 'status_changed', change(project)),
  project_deleted: kind('projects', 'deleted', change(project)),
  component_created: kind('components', 'created', change(component)),
  component_updated: kind('components', 'updated', change(component)),
  component_progress_updated: kind('components', 'progress_updated', change(component)),
  component_status_changed: kind('components', 'status_changed', change(component)),
  component_deleted: kind('components', 'deleted', change(component)),
  components_moved: kind('components', 'moved', change(movedEntity)),
  component_dependency_added: kind('components', 'dependency_added', change(dependencyEntity)),
  component_dependency_removed: kind('components', 'dependency_removed', change(dependencyEntity)),
  task_created: kind('tasks', 'created', change(task)),
  task_updated: kind('tasks', 'updated', change(task)),
  task_assigned: kind('tasks', 'assigned', change(task)),
  task_completed: kind('tasks', 'completed', change(task)),
  task_reopened: kind('tasks', 'reopened', change(task)),
  task_deleted: kind('tasks', 'deleted', change(task)),
  login_success: kind('auth', 'login_success', signIn),
  login_failed: kind('auth', 'login_failed', signIn),
  logout: kind('auth', 'logout', signIn),
  session_expired: kind('auth', 'session_expired', signIn),
  password_changed: kind('auth', 'password_changed', passwordChange),
  user_created: kind('auth', 'user_created', change(user)),
  user_updated: kind('auth', 'user_updated', change(user)),
  user_deactivated: kind('auth', 'user_deactivated', change(user)),
  user_deleted: kind('auth', 'user_deleted', change(user)),
  user_grants_changed: kind('auth', 'user_grants_changed', grantsChange),
  layout_created: kind('auth', 'layout_created', change(layout)),
  layout_updated: kind('auth', 'layout_updated', change(layout)),
  layout_deleted: kind('auth', 'layout_deleted', change(layout)),
  device_created: kind('auth', 'device_created', change(device)),
  device_updated: kind('auth', 'device_updated', change(device)),
  device_password_renewed: kind('auth', 'device_password_renewed', change(device)),
  device_deleted: kind('auth', 'device_deleted', change(device)),
  binding_created: kind('system', 'binding_created', change(binding)),
  binding_updated: kind('system', 'binding_updated', change(binding)),
  binding_deleted: kind('system', 'binding_deleted', change(binding)),
  dead_letters_discarded: kind('system', 'dead_letters_discarded', change(someLetters)),
  dead_letters_restored: kind('system', 'dead_letters_restored', change(someLetters)),
  dead_letters_muted: kind('system', 'dead_letters_muted', change(letterGroupMute)),
  dead_letters_replay_started: kind('system', 'dead_letters_replay_started', change(deadLetterReplay)),
  dead_letters_replay_stopped: kind('system', 'dead_letters_replay_stopped', change(deadLetterReplay)),
  dead_letters_replay_resumed: kind('system', 'dead_letters_replay_resumed', change(deadLetterReplay)),
  dead_letters_replay_finished: kind('system', 'dead_letters_replay_finished', change(deadLetterReplay)),
  event_replay_started: kind('system', 'event_replay_started', change(eventReplay)),
  event_replay_cancelled: kind('system', 'event_replay_cancelled', change(eventReplay)),
  event_replay_finished: kind('system', 'event_replay_finished', change(eventReplay)),
  plugin_installed: kind('plugins', 'installed', openPayload),
  plugin_updated: kind('plugins', 'updated', openPayload),
  plugin_enabled: kind('plugins', 'enabled', openPayload),
  plugin_disabled: kind('plugins', 'disabled', openPayload),
  plugin_uninstalled: kind('plugins', 'uninstalled', openPayload),
  plugin_security_violation: kind('plugins', 'security_violation', openPayload),
  plugin_health_changed: kind('plugins', 'health_changed', openPayload),
  system_started: kind('system', 'started', lifecycle),
  system_stopping: kind('system', 'stopping', lifecycle),
  settings_changed: kind('system', 'settings_changed', openPayload),
  retention_applied: kind('system', 'retention_applied', openPayload),
  error_threshold_exceeded: kind('system', 'error_threshold_exceeded', openPayload),
} as const satisfies Record<string, KindSpec>;

export type EventKind = keyof typeof eventKinds;
export type EventPayload<K extends EventKind> = Static<(typeof eventKinds)[K]['payload']>;

/** Topics whose events a viewer sees; the rest are the administrators'. */
export const viewerTopicFilters = [
  'tracker/events/projects/#',
  'tracker/events/components/#',
  'tracker/events/tasks/#',
] as const;
/** What only the server may publish. */
export const serverTopicFilters = ['tracker/status/#', 'tracker/replies/#', 'tracker/dlq/#'] as const;

/** The fields that differ between two states of an entity; `version` and `updated_at`, which every write moves, are left out. */
export function changedBetween(before: object, after: object): ChangedFields {
  const was: Record<string, unknown> = { ...before };
  const is: Record<string, unknown> = { ...after };
  const changed: ChangedFields = {};
  for (const field of Object.keys(is)) {
    if (field === 'version' || field === 'updated_at') continue;
    if (!sameJson(was[field], is[field])) changed[field] = { before: was[field] ?? null, after: is[field] };
  }
  return changed;
}
