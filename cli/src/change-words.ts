// A change in words: what each of its events did, as a sentence behind somebody's name.
import type { ActivityEntry } from '@taylordash/core/changes';

type Told = ActivityEntry['events'][number];

const plain = (value: unknown) => (value === null || value === '' ? 'nothing' : String(value).replaceAll('_', ' '));

function fieldsOf({ changed }: Told): string {
  return Object.keys(changed)
    .map((field) => field.replace(/_(id|on|date)$/, '').replaceAll('_', ' '))
    .join(', ');
}

/** `finished “Wiring”`. */
function eventWords(event: Told): string {
  const { kind, changed } = event;
  const name = `“${event.name}”`;
  const other = `“${event.other_name ?? ''}”`;
  switch (kind) {
    case 'project_created':
      return `made the project ${name}`;
    case 'component_created':
      return `made ${name}`;
    case 'task_created':
      return `added the task ${name}`;
    case 'project_deleted':
    case 'component_deleted':
    case 'task_deleted':
      return `deleted ${name}`;
    case 'component_progress_updated':
      return `set ${name} to ${plain(changed.progress?.after)} %`;
    case 'project_status_changed':
    case 'component_status_changed':
      return `set ${name} to ${plain(changed.status?.after)}`;
    case 'component_dependency_added':
      return `let ${name} wait for ${other}`;
    case 'component_dependency_removed':
      return `let ${name} no longer wait for ${other}`;
    case 'task_completed':
      return `finished ${name}`;
    case 'task_reopened':
      return `reopened ${name}`;
    case 'task_assigned':
      return changed.assignee_id?.after === null ? `took ${name} from its assignee` : `assigned ${name}`;
    default:
      return `changed ${fieldsOf(event)} of ${name}`;
  }
}

/** One sentence of a whole change. */
export function changeWords({ events, events_total, undoes, undone_by }: ActivityEntry): string {
  const [first] = events;
  const more = events_total > 1 ? ` and ${events_total - 1} more` : '';
  const words = `${first ? eventWords(first) : ''}${more}`;
  return `${undoes === null ? words : `took back: ${words}`}${undone_by === null ? '' : ' (taken back since)'}`;
}

/** `Thu 14 May 16:20` where the person is, with the year where it is not this one. */
export function momentWords(moment: string, { now, time_zone }: { now: number; time_zone: string }): string {
  const year = (at: number) => new Intl.DateTimeFormat('en-GB', { year: 'numeric', timeZone: time_zone }).format(at);
  const at = Date.parse(moment);
  return new Intl.DateTimeFormat('en-GB', {
    ...({ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const),
    ...(year(at) === year(now) ? {} : ({ year: 'numeric' } as const)),
    timeZone: time_zone,
  })
    .format(at)
    .replaceAll(',', '');
}
