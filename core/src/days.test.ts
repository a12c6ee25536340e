// Calendar days: stepping over months and years, weeks from any first day, and the day of a moment on both sides of midnight.
import { expect, it, test } from 'vitest';
import { addDays, addMonths, dayTeller, isDay, startOfWeek } from './days.ts';

it('knows days that exist', () => {
  expect(['2026-02-28', '2024-02-29'].map(isDay)).toEqual([true, true]);
  expect(['2026-02-29', '2026-13-01', '2026-1-1', 'today', ''].map(isDay)).toEqual([false, false, false, false, false]);
});

it('steps over ends of months and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(addMonths('2026-03-31', -13)).toBe('2025-02-28');
});

test.each([
  [1, '2026-05-11'],
  [7, '2026-05-10'],
  [4, '2026-05-14'],
  [5, '2026-05-08'],
])('a week that begins on day %i', (week_start, first) => {
  expect(startOfWeek('2026-05-14', week_start)).toBe(first);
});

it('tells the day of a moment where the person is', () => {
  expect(dayTeller('Europe/Berlin')('2026-05-14T21:59:59.999999Z')).toBe('2026-05-14');
  expect(dayTeller('Europe/Berlin')('2026-05-14T22:00:00.000000Z')).toBe('2026-05-15');
  expect(dayTeller('Asia/Kathmandu')('2026-05-14T18:14:00Z')).toBe('2026-05-14');
  expect(dayTeller('Asia/Kathmandu')('2026-05-14T18:15:00Z')).toBe('2026-05-15');
});
