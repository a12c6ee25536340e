// The filter of events: `kind:task_* actor:sam -topic:tracker/metrics/# after:2026-11-01 pump`. Read and resolved; event-matcher.ts matches.
import { isDay } from './days.ts';
import { isMoment, isUuid } from './envelope.ts';
import { type FilterFault, type FilterField, parseFilter } from './filters.ts';
import { isTopicFilter } from './topics.ts';
import { type WallClock, wallClock } from './wall-clock.ts';

export const eventSources = ['server', 'mqtt', 'http'] as const;
const idFields = ['trace', 'change', 'entity'] as const;
const namedFields = ['actor', 'project'] as const;
export type NamedField = (typeof namedFields)[number];
export type EventField =
  | 'kind'
  | 'topic'
  | 'source'
  | 'client'
  | 'after'
  | 'before'
  | NamedField
  | (typeof idFields)[number];

/** Longest filter, in characters, and most terms of one. */
const eventFilterLength = 1000;
const mostTerms = 50;

const kindPattern = /^[a-z0-9_.*]+$/i;
const relative = /^(\d{1,5})([smhdw])$/;
const seconds = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const isUnit = (text: string): text is keyof typeof seconds => text in seconds;
const local = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d)$/;
const momentWords = ['today', 'yesterday'];

function isTime(text: string): boolean {
  const day = local.exec(text)?.[1];
  if (day !== undefined) return isDay(day);
  return isDay(text) || relative.test(text) || momentWords.includes(text) || isMoment(text);
}

const moment = {
  test: isTime,
  right: 'a day such as 2026-11-01, a time such as 2026-11-01T14:00, today, yesterday, or how long ago: 30m, 2h, 7d',
};
const id = { test: isUuid, right: 'an id such as 5f0c8e1a-7d3b-4c53-9a52-0f2d3c1b7e90' };

/** The fields of the grammar. What is given are values to propose. */
export function eventFields(proposed: Partial<Record<EventField, readonly string[]>> = {}): FilterField[] {
  const values = (field: EventField) => (proposed[field] === undefined ? {} : { values: proposed[field] });
  return [
    {
      ...{ name: 'kind', kind: 'text', ...values('kind') },
      takes: {
        test: (text) => kindPattern.test(text),
        right: 'a kind such as task_created, or task_* for all that begin so',
      },
    },
    {
      ...{ name: 'topic', kind: 'text', ...values('topic') },
      takes: { test: isTopicFilter, right: 'a topic such as tracker/events/#: + fills one level, # stands last' },
    },
    {
      name: 'actor',
      kind: 'text',
      ...values('actor'),
      takes: { test: () => true, right: 'the name or id of a user or device' },
    },
    {
      name: 'project',
      kind: 'text',
      ...values('project'),
      takes: { test: () => true, right: 'a project’s name or id' },
    },
    { name: 'source', kind: 'choice', values: eventSources },
    {
      ...{ name: 'client', kind: 'text', ...values('client') },
      takes: { test: () => true, right: 'a client’s name, or pump-* for all that begin so' },
    },
    { name: 'after', kind: 'text', values: values('after').values ?? ['1h', '24h', '7d', 'today'], takes: moment },
    { name: 'before', kind: 'text', values: values('before').values ?? ['today', '1h', '24h'], takes: moment },
    ...idFields.map((name): FilterField => ({ name, kind: 'text', takes: id })),
  ];
}

/** Holds where one of the values does; negated, where none does. */
export interface EventTerm {
  /** `word`: in kind, topic or name. */
  field: EventField | 'word';
  negated: boolean;
  values: readonly string[];
}

export interface ParsedEventFilter {
  terms: EventTerm[];
  faults: FilterFault[];
}

const fields = eventFields();
const isField = (name: string): name is EventField => fields.some((field) => field.name === name);

/** Reads a filter; a field that stands there again means or, words must all be found. Never throws: see `faults`. */
export function parseEventFilter(text: string): ParsedEventFilter {
  const { terms, faults } = parseFilter(text, fields);
  const merged = new Map<string, { field: EventField; negated: boolean; values: string[] }>();
  const words: EventTerm[] = [];
  const unstorable = text.includes('\0') || !text.isWellFormed();
  for (const { field, negated, values } of terms) {
    const texts = values.map((value) => value.text);
    if (field === null) {
      words.push({ field: 'word', negated, values: texts });
      continue;
    }
    if (!isField(field)) continue;
    const key = `${negated}${field}`;
    const known = merged.get(key);
    if (known) known.values.push(...texts);
    else merged.set(key, { field, negated, values: texts });
  }
  const all = [...merged.values(), ...words.filter(({ values }) => values[0] !== '')];
  const whole = { start: 0, end: text.length };
  if (unstorable) faults.push({ text: 'The filter has a character that no event can have.', ...whole });
  if (all.length > mostTerms || text.length > eventFilterLength) {
    faults.push({ text: `A filter has ${mostTerms} terms and ${eventFilterLength} characters at the most.`, ...whole });
  }
  return { terms: all, faults };
}

/** What names in a filter stand for, in lower case: a name that several have is all of them. */
export type EventNames = Record<NamedField, Readonly<Record<string, readonly string[]>>>;

/** The names in a filter that have to be looked up. */
export function namesIn(terms: readonly EventTerm[], field: NamedField): string[] {
  const named = terms.filter((term) => term.field === field).flatMap(({ values }) => values);
  return [...new Set(named.filter((value) => !isUuid(value)).map((value) => value.toLowerCase()))];
}

export interface Presently {
  /** Milliseconds since 1970. */
  now: number;
  /** In which days begin at midnight. */
  time_zone: string;
}

/** A term whose values are ids and moments instead of names and words; patterns in the case that matches. */
export type EventCondition = EventTerm;

/** What a filter asks of an event. Names that nobody has are faults. */
export function resolveEventFilter(
  terms: readonly EventTerm[],
  names: EventNames,
  present: Presently,
): { conditions: EventCondition[]; faults: string[] } {
  const faults: string[] = [];
  let zone: WallClock | null = null;
  const clock = () => {
    zone ??= wallClock(present.time_zone);
    return zone;
  };
  const idsOf = (field: NamedField, value: string): readonly string[] => {
    if (isUuid(value)) return [value.toLowerCase()];
    const known = names[field];
    const name = value.toLowerCase();
    const ids = Object.hasOwn(known, name) ? (known[name] ?? []) : [];
    if (ids.length === 0) {
      faults.push(
        field === 'actor'
          ? `actor cannot be “${value}”: nobody has this name. Right is the name or the id of a user or device.`
          : `project cannot be “${value}”: no project that you see has this name. Right is its name or id.`,
      );
    }
    return ids;
  };
  const conditions = terms.map((term): EventCondition => {
    const { field, values } = term;
    switch (field) {
      case 'actor':
      case 'project':
        return { ...term, values: values.flatMap((value) => idsOf(field, value)) };
      case 'trace':
      case 'change':
      case 'entity':
        return { ...term, values: values.map((value) => value.toLowerCase()) };
      case 'after':
      case 'before':
        return { ...term, values: values.map((value) => momentOf(value, present.now, clock)) };
      case 'kind':
      case 'source':
        return { ...term, values: values.map((value) => value.toLowerCase()) };
      default:
        return term;
    }
  });
  return { conditions, faults };
}

/** A moment as events write theirs, so that text compares as time does. */
function momentOf(text: string, now: number, clock: () => WallClock): string {
  const [, count, unit] = relative.exec(text) ?? [];
  if (count !== undefined && unit !== undefined && isUnit(unit))
    return written(now - Number(count) * seconds[unit] * 1000);
  const midnight = (day: string) => clock().when(day, 0);
  const today = () => clock().read(now).day;
  if (text === 'today') return written(midnight(today()));
  if (text === 'yesterday') return written(midnight(clock().read(midnight(today()) - 1).day));
  const [, day, hour, minute] = local.exec(text) ?? [];
  if (day !== undefined) return written(clock().when(day, (Number(hour) * 60 + Number(minute)) * 60_000));
  return written(isDay(text) ? midnight(text) : Date.parse(text.replace(/:60(?=[.Zz+-])/, ':59')));
}

const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59Z');

function written(at: number): string {
  const bounded = Math.min(latest, Math.max(earliest, Number.isNaN(at) ? earliest : at));
  return `${new Date(bounded).toISOString().slice(0, -1)}000Z`;
}
