// Does an event fit a filter? In memory, for live streams and pages.
import type { StoredEvent } from './entities.ts';
import type { EventCondition } from './event-filter.ts';
import { topicMatcher } from './topics.ts';

/** Letter by letter, as the database does it: not by the letters around. */
function foldCase(text: string): string {
  return Array.from(text, (letter) => {
    const lower = letter.toLowerCase();
    return lower.length === letter.length ? lower : letter;
  }).join('');
}

/** As much of an event as a filter looks at. */
export type FilteredEvent = Pick<
  StoredEvent,
  | 'kind'
  | 'topic'
  | 'source'
  | 'client_id'
  | 'actor_id'
  | 'project_id'
  | 'trace_id'
  | 'change_id'
  | 'entity_id'
  | 'created_at'
  | 'payload'
>;

/** The same as the SQL of server/src/features/events/filter-sql.ts; a test holds the two together. */
export function eventMatcher(conditions: readonly EventCondition[]): (event: FilteredEvent) => boolean {
  const tests = conditions.map(({ field, negated, values }) => {
    const test = testOf(field, values);
    return negated ? (event: FilteredEvent) => !test(event) : test;
  });
  return (event) => tests.every((test) => test(event));
}

const columns = {
  source: 'source',
  actor: 'actor_id',
  project: 'project_id',
  trace: 'trace_id',
  change: 'change_id',
  entity: 'entity_id',
} as const;

function testOf(field: EventCondition['field'], values: readonly string[]): (event: FilteredEvent) => boolean {
  switch (field) {
    case 'kind':
    case 'client': {
      const tests = values.map(starTest);
      const column = field === 'kind' ? 'kind' : 'client_id';
      return (event) => {
        const text = event[column];
        return text !== null && tests.some((test) => test(text));
      };
    }
    case 'topic': {
      const matches = topicMatcher(values);
      return (event) => matches(event.topic);
    }
    case 'after':
      return (event) => values.some((value) => event.created_at >= value);
    case 'before':
      return (event) => values.some((value) => event.created_at < value);
    case 'word': {
      const words = values.map(foldCase);
      return (event) => {
        const text = foldCase([event.kind, event.topic, ...namesOf(event.payload)].join('\n'));
        return words.some((word) => text.includes(word));
      };
    }
    default: {
      const wanted = new Set(values);
      const column = columns[field];
      return (event) => {
        const value = event[column];
        return value !== null && wanted.has(value);
      };
    }
  }
}

/** `*` stands for any letters. By hand: a regular expression of many stars can take for ever. */
function starTest(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** What the event is about, by name: the entity's, or that of something measured. */
function namesOf({ entity, name }: Record<string, unknown>): string[] {
  const names: unknown[] = [
    typeof entity === 'object' && entity !== null && 'name' in entity ? entity.name : null,
    name,
  ];
  return names.map((one) => (typeof one === 'string' ? one : ''));
}
