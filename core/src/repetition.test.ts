// Repeating tasks: when they are due again.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weekdayOf } from './days.ts';
import { nextDue } from './repetition.ts';

const where = { now: Date.parse('2026-05-13T08:00:00Z'), time_zone: 'Europe/Berlin' };
const day = (text: string) => ({ due_date: `${text}T00:00:00.000000Z`, due_is_date: true });
const time = (text: string) => ({ due_date: text, due_is_date: false });
const next = (due: Parameters<typeof nextDue>[0], every: number, unit: 'day' | 'week' | 'month' | 'year', at = where) =>
  nextDue(due, { every, unit }, at)?.due_date;

describe('a day', () => {
  it.each([
    ['today, done today', '2026-05-13', 1, 'day', '2026-05-14'],
    ['ahead, done early', '2026-05-15', 1, 'week', '2026-05-22'],
    ['long past, done late', '2026-04-29', 1, 'week', '2026-05-20'],
    ['every third day keeps its beat', '2026-05-01', 3, 'day', '2026-05-16'],
    ['the last of January', '2026-01-31', 1, 'month', '2026-05-31'],
    ['the last of May', '2026-05-31', 1, 'month', '2026-06-30'],
    ['leap day', '2024-02-29', 1, 'year', '2027-02-28'],
    ['the first of all', '0001-01-01', 1, 'day', '2026-05-14'],
  ] as const)('%s', (_what, due, every, unit, expected) => {
    expect(next(day(due), every, unit)).toBe(`${expected}T00:00:00Z`);
  });
  it('of the person, who is there already', () => {
    const late = { ...where, now: Date.parse('2026-05-13T22:30:00Z') };
    expect(next(day('2026-05-13'), 1, 'day', late)).toBe('2026-05-15T00:00:00Z');
    expect(next(day('2026-05-13'), 1, 'day', { ...late, time_zone: 'America/New_York' })).toBe('2026-05-14T00:00:00Z');
  });
  it('is counted from today where there is none', () => {
    expect(nextDue({ due_date: null, due_is_date: false }, { every: 2, unit: 'week' }, where)).toEqual({
      ...{ due_date: '2026-05-27T00:00:00Z', due_is_date: true },
    });
  });
  it('is none past the year 9999', () => {
    expect(next(day('9999-12-31'), 1, 'day')).toBeUndefined();
  });
});

describe('a time', () => {
  it('stays the same on the wall when clocks change', () => {
    const autumn = { ...where, now: Date.parse('2026-10-24T12:00:00Z') };
    expect(next(time('2026-10-24T05:00:00Z'), 1, 'day', autumn)).toBe('2026-10-25T06:00:00.000Z');
    const spring = { ...where, now: Date.parse('2027-03-27T12:00:00Z') };
    expect(next(time('2027-03-27T06:00:00Z'), 1, 'day', spring)).toBe('2027-03-28T05:00:00.000Z');
  });
  it('of today that is still to come is not today again', () => {
    expect(next(time('2026-05-13T16:00:00Z'), 1, 'day')).toBe('2026-05-14T16:00:00.000Z');
    expect(next(time('2026-05-12T16:00:00Z'), 1, 'day')).toBe('2026-05-13T16:00:00.000Z');
  });
});

it('the next one is after now, after the last one, and the first such', () => {
  const repeats = fc.record({
    every: fc.integer({ min: 1, max: 30 }),
    unit: fc.constantFrom('day' as const, 'week' as const),
  });
  const moment = fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2050-01-01') });
  fc.assert(
    fc.property(moment, moment, repeats, fc.boolean(), (due, now, rule, due_is_date) => {
      const due_date = new Date(due).toISOString();
      const found = nextDue({ due_date, due_is_date }, rule, { now, time_zone: 'UTC' });
      const step = rule.every * (rule.unit === 'day' ? 1 : 7) * 86_400_000;
      const from = due_is_date ? Date.parse(due_date.slice(0, 10)) : due;
      const bar = due_is_date ? Date.parse(new Date(now).toISOString().slice(0, 10)) : now;
      const expected = from + step * Math.max(1, Math.floor((bar - from) / step) + 1);
      expect(Date.parse(found?.due_date ?? '')).toBe(expected);
      if (rule.unit === 'week') {
        expect(weekdayOf(found?.due_date.slice(0, 10) ?? '')).toBe(weekdayOf(due_date.slice(0, 10)));
      }
    }),
  );
});
