// Texts of changing things together: what gestures are called, undo, conflicts, the connection.

const many = (count: number, one: string, more = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : more}`;

export const conflictStrings = {
  title: (name: string) => `Somebody else changed “${name}” as well`,
  text: 'Choose what shall stand. Nothing was overwritten yet.',
  mine: 'Mine',
  theirs: 'Theirs',
  apply: 'Keep these',
} as const;

export const liveStrings = {
  lost: 'No connection. What you see may be old; what you change is not saved.',
  again: 'Connected again',
  by: (name: string) => name,
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

/** What a value is called where it has no words of its own. */
export const valueStrings = {
  nothing: 'nothing',
  yes: 'yes',
  no: 'no',
  place: 'another place',
  percent: (value: number) => `${value} %`,
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
