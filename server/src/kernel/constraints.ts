// What each constraint that a user's input can meet means to that user. A test holds this list against pg_constraint.
import type { ProblemCode } from '@taylordash/core/problems';
import { Problem, sayFaults } from './problem.ts';

interface Meaning {
  code: ProblemCode;
  detail: string;
  pointer?: string;
}

const noSuchUser = (pointer: string): Meaning => ({ code: 'user.unknown', detail: 'is not a user', pointer });
const wrong = (pointer: string, detail: string): Meaning => ({ code: 'request.invalid', detail, pointer });
const gone = (code: ProblemCode): Meaning => ({ code, detail: 'It was deleted meanwhile.' });
const nameTaken: Meaning = {
  code: 'user.username_taken',
  detail: 'is taken; upper and lower case do not count',
  pointer: '/username',
};

/** Says nothing of what has the id: it may be in somebody else's inbox. */
const idTaken: Meaning = {
  code: 'request.id_taken',
  detail: 'is the id of something that exists already',
  pointer: '/id',
};

export const constraintMeanings: Readonly<Record<string, Meaning>> = {
  users_username_key: nameTaken,
  users_username_lower_key: nameTaken,
  users_role_check: wrong('/role', 'must be admin or viewer'),
  users_week_start_check: wrong('/week_start', 'must be 1 to 7'),
  users_metadata_check: wrong('/metadata', 'must be an object'),
  users_created_by_fkey: noSuchUser('/created_by'),
  user_grants_project_id_fkey: { code: 'project.not_found', detail: 'A grant names a project that does not exist.' },
  user_grants_user_id_fkey: gone('user.not_found'),
  user_grants_permission_check: wrong('/grants', 'must name a permission'),
  projects_pkey: idTaken,
  components_pkey: idTaken,
  tasks_pkey: idTaken,
  projects_owner_id_fkey: noSuchUser('/owner_id'),
  projects_status_check: wrong('/status', 'is not a status of projects'),
  projects_metadata_check: wrong('/metadata', 'must be an object'),
  projects_working_days_check: wrong('/working_days', 'must be days from 1 to 7'),
  components_project_id_fkey: gone('project.not_found'),
  components_status_check: wrong('/status', 'is not a status of components'),
  components_progress_check: wrong('/progress', 'must be 0 to 100'),
  components_metadata_check: wrong('/metadata', 'must be an object'),
  components_weight_check: wrong('/weight', 'must be 0 or more'),
  components_duration_days_check: wrong('/duration_days', 'must be 0 or more'),
  components_progress_mode_check: wrong('/progress_mode', 'must be manual or tasks'),
  components_assignee_id_fkey: noSuchUser('/assignee_id'),
  component_dependencies_component_id_fkey: gone('component.not_found'),
  component_dependencies_depends_on_id_fkey: gone('component.not_found'),
  component_dependencies_self_check: {
    code: 'component.dependency_cycle',
    detail: 'A component cannot wait for itself.',
  },
  tasks_component_id_fkey: gone('component.not_found'),
  tasks_assignee_id_fkey: noSuchUser('/assignee_id'),
  tasks_created_by_fkey: gone('user.not_found'),
  tasks_status_check: wrong('/status', 'is not a status of tasks'),
  tasks_priority_check: wrong('/priority', 'must be 0 to 4'),
  tasks_weight_check: wrong('/weight', 'must be 0 or more'),
  tasks_labels_check: wrong('/labels', 'must be at most 20'),
  tasks_checklist_check: wrong('/checklist', 'must be an array'),
  tasks_estimate_minutes_check: wrong('/estimate_minutes', 'must be 1 or more'),
  tasks_repeats_check: wrong('/repeats', 'must be an object'),
  devices_pkey: idTaken,
  devices_username_key: {
    code: 'device.username_taken',
    detail: 'is another device’s',
    pointer: '/username',
  },
  devices_name_check: wrong('/name', 'must have 1 to 100 characters'),
  devices_username_check: wrong('/username', 'must be small letters, digits, _ and -'),
  devices_acts_as_fkey: noSuchUser('/acts_as'),
  devices_created_by_fkey: gone('user.not_found'),
  bindings_pkey: idTaken,
  bindings_topic_filter_check: wrong('/topic_filter', 'must have 1 to 255 characters'),
  bindings_path_check: wrong('/path', 'must have 255 characters at the most'),
  bindings_target_check: wrong('/target', 'must be an object'),
  bindings_component_id_fkey: gone('component.not_found'),
  bindings_created_by_fkey: gone('user.not_found'),
  layouts_pkey: { code: 'request.id_taken', detail: 'must be an id that nothing has yet', pointer: '/id' },
  layouts_user_id_fkey: gone('user.not_found'),
  layouts_project_id_fkey: { code: 'project.not_found', detail: 'The view names a project that does not exist.' },
  layouts_kind_check: wrong('/kind', 'must be view'),
  layouts_name_check: wrong('/name', 'must have 1 to 255 characters'),
  layouts_config_check: wrong('/config', 'must be an object'),
};

/** The problem that a violated constraint is; null where only a bug of ours can meet it. */
export function constraintProblem(constraint: string): Problem | null {
  const meaning = Object.hasOwn(constraintMeanings, constraint) ? constraintMeanings[constraint] : undefined;
  if (!meaning) return null;
  const { code, detail, pointer } = meaning;
  if (pointer === undefined) return new Problem(code, { detail });
  const errors = [{ pointer, detail }];
  return new Problem(code, { detail: sayFaults(errors), errors });
}
