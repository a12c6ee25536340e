// The filter of events: what it reads, what it says about mistakes, that it never throws, and what it matches.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { eventFields, namesIn, parseEventFilter, resolveEventFilter } from './event-filter.ts';
import { eventMatcher, type FilteredEvent } from './event-matcher.ts';
import { completeFilter, parseFilter, printFilter } from './filters.ts';

const sam = '5f0c8e1a-7d3b-4c53-9a52-0f2d3c1b7e90';
const other = '5f0c8e1a-7d3b-4c53-9a52-0f2d3c1b7e91';
const present = { now: Date.parse('2026-11-27T10:00:00Z'), time_zone: 'Europe/Berlin' };
const names = { actor: { sam: [sam] }, project: { greenhouse: [sam, other] } };
const event = (fields: Partial<FilteredEvent> = {}): FilteredEvent => ({
  ...{ kind: 'task_created', topic: 'tracker/events/tasks/created', source: 'server', client_id: null },
  ...{ actor_id: sam, project_id: other, trace_id: other, change_id: null, entity_id: null },
  ...{ created_at: '2026-11-27T09:30:00.000000Z', payload: { entity: { name: 'Wire the Pump' } } },
  ...fields,
});
function matcher(text: string) {
  const { terms, faults } = parseEventFilter(text);
  expect(faults).toEqual([]);
  const resolved = resolveEventFilter(terms, names, present);
  expect(resolved.faults).toEqual([]);
  return eventMatcher(resolved.conditions);
}

it('reads the example of every field; what stands there again means or', () => {
  const text = 'kind:task_*  kind:login_failed actor:sam -topic:tracker/metrics/#,a/+ "big pump" source:mqtt -old';
  expect(parseEventFilter(text)).toEqual({
    faults: [],
    terms: [
      { field: 'kind', negated: false, values: ['task_*', 'login_failed'] },
      { field: 'actor', negated: false, values: ['sam'] },
      { field: 'topic', negated: true, values: ['tracker/metrics/#', 'a/+'] },
      { field: 'source', negated: false, values: ['mqtt'] },
      { field: 'word', negated: false, values: ['big pump'] },
      { field: 'word', negated: true, values: ['old'] },
    ],
  });
});

test.each([
  ['kind:task_*', true],
  ['kind:TASK_created', true],
  ['kind:*e*d', true],
  ['kind:task', false],
  ['-kind:task_*', false],
  ['kind:login_failed kind:task_created', true],
  ['topic:tracker/events/#', true],
  ['topic:tracker/+/tasks/created', true],
  ['topic:tracker/+', false],
  ['-topic:tracker/metrics/#', true],
  ['actor:Sam', true],
  [`actor:${other},${sam.toUpperCase()}`, true],
  ['project:greenhouse', true],
  ['source:mqtt', false],
  ['client:*', false],
  ['-client:pump-*', true],
  [`trace:${other}`, true],
  [`change:${other}`, false],
  ['after:1h', true],
  ['after:29m', false],
  ['before:1h', false],
  ['after:today', true],
  ['before:yesterday', false],
  ['after:2026-11-27T10:30', true],
  ['after:2026-11-27T10:31', false],
  ['before:2026-11-28', true],
  ['after:2026-11-27T09:30:00Z before:2026-11-27T09:30:01Z', true],
  ['pump', true],
  ['"wire the" tasks/created', true],
  ['pump valve', false],
  ['-valve', true],
  ['', true],
])('%s matches: %s', (text, matches) => {
  expect(matcher(text)(event())).toBe(matches);
});

it('begins days where the reader is, also on the days when clocks change', () => {
  const at = (text: string) => resolveEventFilter(parseEventFilter(text).terms, names, present).conditions[0]?.values;
  expect(at('after:2026-11-27')).toEqual(['2026-11-26T23:00:00.000000Z']);
  expect(at('after:2026-07-01,2026-03-29T03:00')).toEqual([
    '2026-06-30T22:00:00.000000Z',
    '2026-03-29T01:00:00.000000Z',
  ]);
  expect(at('before:yesterday')).toEqual(['2026-11-25T23:00:00.000000Z']);
});

describe('mistakes', () => {
  test.each([
    ['kin:task', 'There is no field “kin”. There are kind, topic,'],
    ['kind:täsk', 'kind cannot be “täsk”. Right is a kind such as task_created'],
    ['topic:a/#/b', 'topic cannot be “a/#/b”. Right is a topic such as tracker/events/#'],
    ['source:radio', 'source cannot be “radio”. Right is server, mqtt or http.'],
    ['trace:17', 'trace cannot be “17”. Right is an id such as'],
    ['after:2026-02-30', 'after cannot be “2026-02-30”. Right is a day such as'],
    ['after:>2026-02-20', 'after cannot be “2026-02-20”.'],
    ['actor:', 'actor needs a value'],
    ['"open', 'This quotation has no end'],
    ['a\0', 'a character that no event can have'],
    [Array.from({ length: 60 }, (_, n) => `w${n}`).join(' '), '50 terms'],
  ])('%s', (text, says) => {
    expect(
      parseEventFilter(text)
        .faults.map((fault) => fault.text)
        .join(' '),
    ).toContain(says);
  });
  it('names that nobody has are told when they are looked up', () => {
    const { terms } = parseEventFilter(`actor:sam,kim,${sam} -project:"Shed 2"`);
    expect([namesIn(terms, 'actor'), namesIn(terms, 'project')]).toEqual([['sam', 'kim'], ['shed 2']]);
    const [first, second] = resolveEventFilter(terms, names, present).faults;
    expect(first).toContain('actor cannot be “kim”');
    expect(second).toContain('project cannot be “Shed 2”');
    expect(resolveEventFilter(parseEventFilter('actor:constructor').terms, names, present).faults).toHaveLength(1);
  });
});

it('never throws, and reads back what it prints', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'kind:',
      'topic:',
      'after:',
      'actor:',
      '-',
      '"',
      ',',
      ' ',
      '*',
      '#',
      '+',
      '/',
      '\\',
      '1h',
      '2026-11-01',
      '<',
    ),
    fc.string({ maxLength: 4 }),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = pieces.join('');
      const { terms } = parseEventFilter(text);
      eventMatcher(resolveEventFilter(terms, names, present).conditions)(event());
      const read = parseFilter(text, eventFields()).terms;
      const printed = printFilter(read);
      expect(printFilter(parseFilter(printed, eventFields()).terms)).toBe(printed);
      expect(parseEventFilter(printed).terms).toEqual(terms);
    }),
    { numRuns: 3000 },
  );
});

it('is quick over patterns of many stars', () => {
  const matches = matcher(`client:${'*a'.repeat(400)}b`);
  expect(matches(event({ client_id: 'a'.repeat(5000) }))).toBe(false);
});

it('proposes fields, and values that it was given', () => {
  const fields = eventFields({ kind: ['task_created', 'task_updated'] });
  expect(completeFilter('k', 1, fields).options).toEqual(['kind:']);
  expect(completeFilter('kind:task_c', 11, fields).options).toEqual(['task_created']);
  expect(completeFilter('source:', 7, fields).options).toEqual(['server', 'mqtt', 'http']);
});
