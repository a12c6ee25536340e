// Texts of changing things together: what gestures are called, undo, conflicts, the connection.
import { many } from './words.ts';

const what = (components: number, tasks: number) =>
  [...(components > 0 ? [many(components, 'component')] : []), ...(tasks > 0 ? [many(tasks, 'task')] : [])].join(
    ' and ',
  );

export const conflictStrings = {
  title: (name: string) => `Somebody else changed “${name}” as well`,
  text: 'Choose what shall stand. Nothing was overwritten yet.',
  mine: 'Mine',
  theirs: 'Theirs',
  apply: 'Keep these',
} as const;

export const liveStrings = {
  lost: 'No connection. What you see may be old; what you change is kept and sent when it is back.',
  waiting: (count: number) =>
    `No connection. ${many(count, 'change')} ${count === 1 ? 'waits and is' : 'wait and are'} sent when it is back.`,
  sending: (count: number) => `Connected again. Sending ${many(count, 'change')}…`,
  refused: (count: number) => `${many(count, 'change')} could not be saved.`,
  look: 'Look',
  again: 'Connected again',
  by: (name: string) => name,
  updates: (count: number) => many(count, 'update'),
  import: (name: string, components: number, tasks: number) => `Import by ${name}: ${what(components, tasks)}`,
  deleted: (name: string, components: number, tasks: number) => `${name} deleted ${what(components, tasks)}`,
  changed: (name: string, components: number, tasks: number) => `${name} changed ${what(components, tasks)}`,
} as const;

/** Of what waits and of what was refused. */
export const queueStrings = {
  title: 'Changes on their way',
  waiting: 'Waiting for the connection',
  waiting_text: 'They are sent in this order as soon as TaylorDash answers, each once.',
  not_kept: 'This browser has no room to keep them: they last as long as this page stays open.',
  refused: 'Could not be saved',
  refused_text: 'TaylorDash refused these. What you see does not have them.',
  nothing: 'Everything is saved.',
  drop: 'Discard',
  draft: 'Not saved yet.',
  retry: 'Try again',
  copy: 'Copy',
  trace: 'Trace',
  full: 'Too many changes wait for the connection. Wait until it is back.',
  sign_out_title: (count: number) => `${many(count, 'change')} ${count === 1 ? 'is' : 'are'} not sent yet`,
  sign_out_text: 'They are lost if you sign out now.',
  sign_out: 'Sign out and discard',
} as const;

/** What is asked before undoing over another's change. */
export const undoQuestionStrings = {
  title: (label: string) => `Undo “${label}”?`,
  title_unnamed: 'Undo this change?',
  text: 'Others changed the same since.',
  set: (who: string, value: string, at: string) => `${who} set this to ${value} at ${at}.`,
  set_undated: (who: string, value: string) => `${who} set this to ${value}.`,
  somebody: 'Somebody',
  anyway: 'Undo anyway',
  keep: (name: string) => `Keep ${name}’s`,
  keep_theirs: 'Keep theirs',
  restores: (value: string) => `Undoing puts ${value} back.`,
} as const;

/** What a gesture is called: in the list of what waits, and behind the word Undo. */
export const gestureStrings = {
  change: (name: string, field: string) => `Change ${field.toLowerCase()} of ${name}`,
  rename: (to: string) => `Rename to ${to}`,
  complete: (name: string) => `Complete ${name}`,
  reopen: (name: string) => `Reopen ${name}`,
  file: (name: string) => `Move ${name} to another component`,
  edit: (name: string) => `Edit ${name}`,
  move: (count: number) => `Move ${many(count, 'component')}`,
  create: (name: string) => `Add ${name}`,
  delete: (name: string) => `Delete ${name}`,
  connect: (component: string, depends_on: string) => `Link ${component} to ${depends_on}`,
  disconnect: (component: string, depends_on: string) => `Unlink ${component} from ${depends_on}`,
  several: (count: number) => many(count, 'change'),
  unknown: 'something',
} as const;
