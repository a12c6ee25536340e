// Changes in words: what each event did, and what a change of many events did as a whole. Pure.
import type { ActivityEntry } from '@taylordash/core/changes';
import type { Words } from '../../strings/activity.ts';
import { activityStrings as words } from '../../strings/activity.ts';
import { type ActivityEvent, type Reader, sayValue, stepsOf } from './values.ts';

export interface FieldChange {
  field: string;
  before: string;
  after: string;
}

type Changed = { before: unknown; after: unknown };

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const plain = (text: string): Words => [text];
/** Fields that only repeat what another one says. */
const silent = new Set(['completed_at', 'due_is_date', 'created_at', 'project_id']);

/** What one event did. */
export function sayEvent(event: ActivityEvent, reader: Reader): Words {
  const { name } = event;
  const other = event.other_name ?? words.unknown;
  switch (event.kind) {
    case 'project_created':
      return plain(words.project_made);
    case 'project_deleted':
      return plain(words.project_deleted);
    case 'project_status_changed':
      return plain(words.project_status(sayValue('project_status', event.changed.status?.after, event, reader)));
    case 'project_updated':
      return sayProject(event);
    case 'component_created':
      return words.made(name);
    case 'component_deleted':
      return words.deleted(name);
    case 'component_dependency_added':
      return words.linked(name, other);
    case 'component_dependency_removed':
      return words.unlinked(name, other);
    case 'components_moved':
      return plain(words.placed_some);
    case 'task_created':
      return words.task_made(name);
    case 'task_deleted':
      return words.task_deleted(name);
    case 'task_completed':
      return 'repeats' in event.changed ? words.finished_for_now(name) : words.finished(name);
    case 'task_reopened':
      return words.reopened(name);
    default: {
      const [field] = shownFields(event);
      const changed = field === undefined ? undefined : event.changed[field];
      return field === undefined || !changed ? words.other(name) : sayField(field, changed, event, reader);
    }
  }
}

function sayProject({ changed }: ActivityEvent): Words {
  const [field] = Object.keys(changed).filter((one) => !silent.has(one));
  const to = changed.name?.after;
  if (isText(to)) return words.project_renamed(to);
  return plain(words.project_field(fieldWord(field ?? '')));
}

/** The fields that an event changed, the one that matters most first. */
function shownFields(event: ActivityEvent): string[] {
  const order = [
    'status',
    'progress',
    'component_id',
    'assignee_id',
    'name',
    'due_date',
    'due_on',
    'rank',
    'blocked_reason',
  ];
  const place = (field: string) => (order.indexOf(field) + order.length + 1) % (order.length + 1);
  return Object.keys(event.changed)
    .filter((field) => !silent.has(field))
    .sort((a, b) => place(a) - place(b));
}

function sayField(field: string, { before, after }: Changed, event: ActivityEvent, reader: Reader): Words {
  const { name } = event;
  const value = (of: unknown) => sayValue(field, of, event, reader);
  switch (field) {
    case 'status': {
      const why = event.changed.blocked_reason?.after;
      if (after === 'blocked' && isText(why)) return words.blocked(name, why);
      return after === 'completed' ? words.finished(name) : words.status(name, value(after));
    }
    case 'progress':
      return words.progress(name, value(before), value(after));
    case 'name':
      return words.renamed(String(before), String(after));
    case 'description':
      return isText(after) ? (isText(before) ? words.redescribed : words.described)(name) : words.undescribed(name);
    case 'assignee_id':
      if (after === null) return words.took(name, value(before));
      return before === null ? words.gave(name, value(after)) : words.handed(name, value(before), value(after));
    case 'progress_mode':
      return after === 'tasks' ? words.from_tasks(name) : words.by_hand(name);
    case 'pinned':
      return after === true ? words.pinned(name) : words.unpinned(name);
    case 'position':
      return words.placed(name);
    case 'component_id':
      return after === null ? words.unfiled(name) : words.filed(name, value(after));
    case 'labels':
      return sayLabels(before, after, name);
    case 'checklist':
      return saySteps(before, after, name);
    case 'rank':
      return words.sorted(name);
    case 'metadata':
      return words.edited(fieldWord(field), name);
  }
  const what = fieldWord(field);
  const none = (of: unknown) => of === null || of === undefined || of === '' || (field === 'priority' && of === 0);
  if (none(after)) return words.removed(what, name);
  if (none(before)) return words.set(what, name, value(after));
  const isDay = field === 'start_on' || field === 'due_on' || field === 'due_date';
  return (isDay ? words.moved : words.changed)(what, name, value(before), value(after));
}

function sayLabels(before: unknown, after: unknown, name: string): Words {
  const [was, is] = [before, after].map((of) => (Array.isArray(of) ? of.map(String) : []));
  const added = is?.filter((label) => was?.includes(label) !== true) ?? [];
  const gone = was?.filter((label) => is?.includes(label) !== true) ?? [];
  if (added.length > 0) return words.labelled(name, added);
  return gone.length > 0 ? words.unlabelled(name, gone) : words.other(name);
}

function saySteps(before: unknown, after: unknown, name: string): Words {
  const was = new Map(stepsOf(before).map((step) => [step.id, step]));
  const is = stepsOf(after);
  const turned = is.filter((step) => was.has(step.id) && was.get(step.id)?.done !== step.done);
  const [only] = turned.length === 1 ? turned : [];
  if (only) return (only.done ? words.ticked : words.unticked)(name, only.text);
  const added = is.filter((step) => !was.has(step.id));
  return added.length > 0 && added.length === is.length - was.size
    ? words.steps_added(name, added.length)
    : words.steps(name);
}

function fieldWord(field: string): string {
  return words.fields[field] ?? field.replaceAll('_', ' ');
}

/** Everything that an event changed, before and after. */
export function fieldChanges(event: ActivityEvent, reader: Reader): FieldChange[] {
  if (/_(created|deleted|added|removed)$/.test(event.kind)) return [];
  return shownFields(event)
    .filter((field) => field !== 'rank' && field !== 'position')
    .map((field) => ({
      field,
      before: sayValue(
        event.kind.startsWith('project') && field === 'status' ? 'project_status' : field,
        event.changed[field]?.before,
        event,
        reader,
      ),
      after: sayValue(
        event.kind.startsWith('project') && field === 'status' ? 'project_status' : field,
        event.changed[field]?.after,
        event,
        reader,
      ),
    }));
}

type Told = Pick<ActivityEntry, 'events' | 'events_total' | 'counts' | 'undoes'>;

/** What a change did as a whole. */
export function sayEntry({ events, events_total, counts, undoes }: Told, reader: Reader): Words {
  const [first] = events;
  if (!first) return [words.nothing];
  if (events_total === 1) return sayEvent(first, reader);
  const { project_created, component_created, component_dependency_added, task_created } = counts;
  // Only a file brings a project and what is in it at once; an undo gives back what was deleted.
  if (project_created && component_created && undoes === null)
    return [words.imported(component_created, component_dependency_added ?? 0, task_created ?? 0)];
  const all = events_total === events.length;
  const shown = together(events).filter(({ kind }) => kind !== 'components_moved' || events.length === 1);
  const kinds = Map.groupBy(shown, ({ kind }) => kind);
  const parts = [...(all ? kinds.keys() : Object.keys(counts))].map((kind): Words => {
    const list = kinds.get(kind) ?? [];
    const [only] = list;
    // The same thing told several times over is told once.
    const ids = new Set(list.map(({ entity_id, other_name }) => `${entity_id} ${other_name}`));
    const count = all ? ids.size : (counts[kind] ?? 0);
    return only && count === 1 ? sayEvent(only, reader) : [words.counts[kind]?.(count) ?? kind];
  });
  return parts.flatMap((part, at): Words => (at === 0 ? part : [at === parts.length - 1 ? ' and ' : ', ', ...part]));
}

/** Events that say one thing together as one: a block with its reason, a task that was finished and comes back. */
function together(events: readonly ActivityEvent[]): readonly ActivityEvent[] {
  const only = ({ kind, changed }: ActivityEvent, of: string, field: string) =>
    kind === of && field in changed && Object.keys(changed).length === 1;
  const isReason = (one: ActivityEvent) => only(one, 'component_updated', 'blocked_reason');
  const isRest = (one: ActivityEvent) => only(one, 'task_updated', 'repeats') && one.changed.repeats?.after === null;
  const merged = new Set<ActivityEvent>();
  const out = events.map((one) => {
    const blocks = one.kind === 'component_status_changed' && one.changed.status?.after === 'blocked';
    if (!blocks && one.kind !== 'task_completed') return one;
    const isOther = blocks ? isReason : isRest;
    const other = events.find((event) => event.entity_id === one.entity_id && isOther(event));
    if (!other) return one;
    merged.add(other);
    const next = blocks ? undefined : events.find(({ kind, name }) => kind === 'task_created' && name === one.name);
    if (next) merged.add(next);
    return { ...one, changed: { ...other.changed, ...one.changed } };
  });
  return out.filter((one) => !merged.has(one));
}

/** Words without their marks, for labels. */
export function plainWords(said: Words): string {
  return said.map((part) => (typeof part === 'string' ? part : part.name)).join('');
}
