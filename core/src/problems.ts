// Every problem that the API answers with: its code, its HTTP status and its title. The one list.

export const problems = {
  'request.invalid': [400, 'The request has wrong values'],
  'request.malformed_json': [400, 'The body is not the JSON it should be'],
  'request.bad_cursor': [400, 'The cursor is not one that this list gave out'],
  'request.not_found': [404, 'There is nothing at this address'],
  'request.method_not_allowed': [405, 'This address does not take this method'],
  'request.precondition_failed': [412, 'It changed since you read it'],
  'request.too_large': [413, 'The body is too large'],
  'request.unsupported_media_type': [415, 'The body has a type that is not taken here'],
  'request.header_too_large': [431, 'The headers are too large'],
  'request.timeout': [408, 'The request took too long to arrive'],
  'request.idempotency_key_reused': [422, 'This Idempotency-Key was used for another request'],
  'request.idempotency_key_busy': [409, 'A request with this Idempotency-Key is still running'],
  'request.id_taken': [409, 'Something with this id exists already'],
  'request.rate_limited': [429, 'Too many requests'],
  'auth.required': [401, 'Sign in first'],
  'auth.invalid_credentials': [401, 'The user name or the password is wrong'],
  'auth.too_many_attempts': [429, 'Too many attempts'],
  'auth.forbidden': [403, 'You may not do this'],
  'auth.cross_site': [403, 'The request does not come from TaylorDash itself'],
  'auth.weak_password': [400, 'This password is too easy to guess'],
  'setup.done': [409, 'TaylorDash is set up already'],
  'setup.wrong_code': [400, 'This is not the code'],
  'setup.code_ended': [410, 'This code has ended'],
  'user.not_found': [404, 'There is no such user'],
  'user.username_taken': [409, 'This user name is taken'],
  'user.owns_things': [409, 'This user still owns things'],
  'user.last_admin': [409, 'This is the last active administrator'],
  'user.unknown': [400, 'There is no such user to name here'],
  'project.not_found': [404, 'There is no such project'],
  'project.import_invalid': [400, 'This file cannot be imported'],
  'project.import_cycle': [409, 'Some dependencies of this file close a cycle'],
  'component.not_found': [404, 'There is no such component'],
  'component.dependency_cycle': [409, 'This dependency would close a cycle'],
  'component.dependency_other_project': [409, 'The two components belong to different projects'],
  'component.dependency_not_found': [404, 'There is no such dependency'],
  'component.tray_has_no_dependencies': [409, 'The tray of unsorted tasks stays outside the graph'],
  'component.tray_exists': [409, 'This project has its tray of unsorted tasks already'],
  'task.not_found': [404, 'There is no such task'],
  'task.quick_add_unknown': [400, 'This line names something that does not exist'],
  'change.not_found': [404, 'There is no such change'],
  'change.not_undoable': [409, 'This change cannot be undone'],
  'change.conflict': [409, 'Somebody changed the same since'],
  'layout.not_found': [404, 'There is no such view'],
  'layout.too_many': [409, 'You keep as many views as anybody can'],
  'event.not_found': [404, 'There is no such event'],
  'event.invalid': [400, 'This event breaks the rules for events'],
  'event.key_reused': [409, 'This idempotency key was used for another event'],
  'event.no_client': [409, 'There is no MQTT client to send to'],
  'event.none_in_range': [409, 'No event is in this range'],
  'event.no_replay': [404, 'There is no such replay'],
  'device.not_found': [404, 'There is no such device'],
  'device.username_taken': [409, 'This MQTT user name is taken'],
  'binding.not_found': [404, 'There is no such binding'],
  'binding.invalid': [400, 'This binding cannot work'],
  'trace.not_found': [404, 'There is no such trace'],
  'dead_letter.not_found': [404, 'There is no such dead letter'],
  'dead_letter.no_group': [404, 'There is no such group of dead letters'],
  'dead_letter.none_selected': [409, 'No open dead letter is selected'],
  'dead_letter.no_dry_run': [409, 'A replay needs a dry run first'],
  'dead_letter.no_replay': [404, 'There is no such replay'],
  'dead_letter.replay_state': [409, 'This replay is not in a state for that'],
  'dead_letter.came_again': [409, 'The same message came again meanwhile'],
  'retention.not_here': [409, 'Another server looks after the events'],
  'archive.not_found': [404, 'There is no such archive'],
  'archive.damaged': [409, 'This archive is damaged'],
  'archive.not_restorable': [409, 'This archive cannot be brought back now'],
  'server.unavailable': [503, 'TaylorDash cannot reach something it needs'],
  'server.busy': [503, 'TaylorDash is too busy for this right now'],
  'server.error': [500, 'Something went wrong on our side'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof problems;

/** One wrong value: where it is (JSON pointer into the body, or `#/query/…`, `#/params/…`, `#/headers/…`) and what would be right. */
export interface FieldError {
  pointer: string;
  detail: string;
}

/** RFC 9457 problem details, as sent. Extensions of a code (`path`, `current`, …) stand beside. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance: string;
  code: ProblemCode;
  trace_id: string;
  errors?: FieldError[];
  [extension: string]: unknown;
}
