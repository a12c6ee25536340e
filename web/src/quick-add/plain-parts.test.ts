// Parts taken back as plain words stay where their words are.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedParts, type Part } from './plain-parts.ts';

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
