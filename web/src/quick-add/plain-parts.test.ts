// Parts taken back as plain words stay where their words are, and the server reads them as plain.
import { parseQuickAdd } from '@taylordash/core/quick-add';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedParts, type Part, quoted } from './plain-parts.ts';

describe('movedParts', () => {
  const text = 'watch today show';
  const today: Part = [6, 11];

  it('follows words that move, and leaves those before the edit', () => {
    expect(movedParts([today], text, `we ${text}`)).toEqual([[9, 14]]);
    expect(movedParts([today], text, `${text} at home`)).toEqual([today]);
    expect(movedParts([today], text, 'watch today')).toEqual([today]);
  });
  it('drops a part whose words change', () => {
    expect(movedParts([today], text, 'watch tday show')).toEqual([]);
    expect(movedParts([today], text, '')).toEqual([]);
  });
  it('keeps the words of every part it keeps, whatever is inserted or cut', () => {
    const edit = fc.record({ at: fc.nat(60), cut: fc.nat(6), put: fc.string({ maxLength: 6 }) });
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, maxLength: 60 }),
        fc.nat(20),
        fc.integer({ min: 1, max: 8 }),
        edit,
        (before, from, length, { at, cut, put }) => {
          const start = Math.min(from, before.length - 1);
          const part: Part = [start, Math.min(before.length, start + length)];
          const after = before.slice(0, at) + put + before.slice(at + cut);
          for (const [first, last] of movedParts([part], before, after)) {
            expect(after.slice(first, last)).toBe(before.slice(...part));
          }
        },
      ),
    );
  });
});

describe('quoted', () => {
  const options = { now: Date.parse('2026-05-13T08:00:00Z'), time_zone: 'Europe/Berlin', week_start: 1 };

  it.each([
    ['watch today show', 'today'],
    ['buy #12 bolts tomorrow', 'tomorrow'],
    ['ask @sam', '@sam'],
    ['paint #shed/door blue', '#shed/door'],
    ['paint #"Green house" blue', '#"Green house"'],
    ['call 6pm', '6pm'],
  ])('is read by the server as the field reads it: %s', (text, words) => {
    const start = text.indexOf(words);
    const part: Part = [start, start + words.length];
    const here = parseQuickAdd(text, { ...options, plain: [part] });
    const there = parseQuickAdd(quoted(text, [part]), options);
    const unquoted = (name: string) => name.replaceAll('"', '');
    expect({ ...there, name: unquoted(there.name), tokens: there.tokens.length }).toEqual({
      ...here,
      name: unquoted(here.name),
      tokens: here.tokens.length,
    });
  });
});
