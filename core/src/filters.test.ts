// The filter grammar: what it reads, what it says about mistakes, that it prints what it read, and what it proposes.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  completeFilter,
  type FilterField,
  type FilterTerm,
  minutesOf,
  parseFilter,
  printFilter,
  quoteValue,
  withTerm,
} from './filters.ts';

const fields: FilterField[] = [
  { name: 'status', kind: 'choice', values: ['todo', 'in_progress', 'done'] },
  { name: 'assignee', kind: 'choice', values: ['me', 'ada', 'Sam Smith'], open: true, empty: true },
  { name: 'label', kind: 'choice', values: ['later', 'none'], open: true, empty: true },
  { name: 'due', kind: 'day', empty: true },
  { name: 'priority', kind: 'number', empty: true },
  { name: 'estimate', kind: 'minutes', empty: true },
  { name: 'name', kind: 'text' },
  { name: 'kind', kind: 'text' },
  { name: 'topic', kind: 'text' },
];
const plain = (terms: readonly FilterTerm[]) => terms.map(({ start: _start, end: _end, ...term }) => term);
const value = (text: string, comparison = '=', quoted = false) => ({ text, quoted, comparison });

it('reads every shape of a term', () => {
  const text =
    'status:todo,in_progress assignee:me -label:later due:<7d priority:>=2 "big pump" -old kind:task_* -topic:tracker/#';
  const { terms, faults } = parseFilter(text, fields);
  expect(faults).toEqual([]);
  expect(plain(terms)).toEqual([
    { field: 'status', negated: false, values: [value('todo'), value('in_progress')] },
    { field: 'assignee', negated: false, values: [value('me')] },
    { field: 'label', negated: true, values: [value('later')] },
    { field: 'due', negated: false, values: [value('7d', '<')] },
    { field: 'priority', negated: false, values: [value('2', '>=')] },
    { field: null, negated: false, values: [value('big pump', '=', true)] },
    { field: null, negated: true, values: [value('old')] },
    { field: 'kind', negated: false, values: [value('task_*')] },
    { field: 'topic', negated: true, values: [value('tracker/#')] },
  ]);
  expect(terms.map(({ start, end }) => text.slice(start, end))).toEqual(text.match(/"[^"]*"|\S+/g));
});

test.each([
  ['due:overdue', 0],
  ['due:none,today', 0],
  ['due:<2026-02-28', 0],
  ['due:>=-2w', 0],
  ['estimate:<1h30', 0],
  ['label:"two words","a \\"b\\""', 0],
  ['10:30 - x', 0],
  ['due:7d', 1],
  ['due:<2026-02-30', 1],
  ['due:<week', 1],
  ['status:nowhere', 1],
  ['status:<todo', 1],
  ['status:none', 1],
  ['status:', 1],
  ['priority:high', 1],
  ['estimate:soon', 1],
  ['nothing:here pump', 1],
  ['"open', 1],
  ['label:""', 1],
])('%s has %i faults', (text, count) => {
  expect(parseFilter(text, fields).faults).toHaveLength(count);
});

it('says what would be right', () => {
  const said = (text: string) => parseFilter(text, fields).faults.map((fault) => fault.text);
  expect(said('status:nowhere')).toEqual(['status cannot be “nowhere”. Right is todo, in_progress or done.']);
  expect(said('priority:')).toEqual(['priority needs a value: a number, <5, >=5, none or any.']);
  expect(said('stat:todo')[0]).toMatch(/^There is no field “stat”\. There are status, assignee, .* and topic\./);
});

it('goes on filtering by what is right', () => {
  expect(plain(parseFilter('status:nope due:today', fields).terms)).toEqual([
    { field: 'due', negated: false, values: [value('today')] },
  ]);
});

describe('what is printed', () => {
  const texts = fc.string({ minLength: 1, unit: fc.constantFrom(...'ab:,"\\ <>-#*ü') });
  it('reads back as what was read, whatever was typed', () => {
    const typed = fc.array(
      fc.constantFrom('status:', 'label:', '-', '"', ',', ' ', 'todo', '<', 'x', '\\', ':', 'due:<7d'),
    );
    const check = fc.property(typed, (parts) => {
      const { terms } = parseFilter(parts.join(''), fields);
      const again = parseFilter(printFilter(terms), fields);
      expect(again.faults).toEqual([]);
      expect(plain(again.terms)).toEqual(plain(terms));
    });
    fc.assert(check, { seed: 1, numRuns: 2000 });
  });
  it('holds any text as a value', () => {
    const check = fc.property(fc.array(texts, { minLength: 1, maxLength: 3 }), fc.boolean(), (values, negated) => {
      const text = withTerm('status:todo pump', fields, 'label', values.map(quoteValue), negated);
      const { terms, faults } = parseFilter(text, fields);
      expect(faults).toEqual([]);
      expect(terms.find(({ field }) => field === 'label')?.values.map((one) => one.text)).toEqual(values);
    });
    fc.assert(check, { seed: 1, numRuns: 500 });
  });
});

it('reads any text without throwing, every part of it as a term or as a fault', () => {
  const check = fc.property(fc.string({ unit: 'grapheme' }), (text) => {
    const { terms, faults } = parseFilter(text, fields);
    const covered = [...terms, ...faults].sort((a, b) => a.start - b.start);
    let at = 0;
    for (const { start, end } of covered) {
      expect(text.slice(at, start).trim()).toBe('');
      expect(end).toBeGreaterThan(start);
      at = end;
    }
    expect(text.slice(at).trim()).toBe('');
  });
  fc.assert(check, { seed: 1, numRuns: 1000 });
});

it('sets, changes and takes out one field in a text that somebody typed', () => {
  expect(withTerm('pump', fields, 'status', ['todo', 'done'])).toBe('pump status:todo,done');
  expect(withTerm('a status:todo  b', fields, 'status', ['done'])).toBe('a status:done  b');
  expect(withTerm('a status:todo b status:done', fields, 'status', [])).toBe('a b');
  expect(withTerm('-status:todo', fields, 'status', ['done'])).toBe('-status:todo status:done');
  expect(withTerm('', fields, 'label', ['x'], true)).toBe('-label:x');
});

describe('what is proposed', () => {
  const at = (text: string) => {
    const { start, end, options } = completeFilter(text, text.length, fields);
    return options.map((option) => text.slice(0, start) + option + text.slice(end));
  };
  it('is fields where a term begins', () => {
    expect(at('st')).toEqual(['status:']);
    expect(at('pump -l')).toEqual(['pump -label:']);
    expect(at('pump ')).toHaveLength(fields.length);
  });
  it('is values after a field, without those that are there', () => {
    expect(at('status:')).toEqual(['status:todo', 'status:in_progress', 'status:done']);
    expect(at('status:todo,d')).toEqual(['status:todo,done']);
    expect(at('assignee:s')).toEqual(['assignee:"Sam Smith"']);
    expect(at('assignee:"Sam S')).toEqual(['assignee:"Sam Smith"']);
    expect(at('label:n')).toEqual(['label:"none"', 'label:none']);
    expect(at('nothing:x')).toEqual([]);
  });
});

it('reads times of work', () => {
  expect(['90', '90m', '1h30', '2h', '1.5h', '1h30m'].map(minutesOf)).toEqual([90, 90, 90, 120, 90, 90]);
  expect(['', 'h', 'x', '2d'].map(minutesOf)).toEqual([null, null, null, null]);
});
