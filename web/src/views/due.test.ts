// Due dates in somebody's zone: what is written is what is read again, days are no instants.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keepDue, readDue } from './due.ts';

it('keeps a day as a day and a time as the moment it is there', () => {
  expect(keepDue({ day: '2026-05-14', time: '' }, 'Pacific/Auckland')).toEqual({
    due_date: '2026-05-14T00:00:00Z',
    due_is_date: true,
  });
  expect(keepDue({ day: '2026-05-14', time: '18:30' }, 'Europe/Berlin')).toEqual({
    due_date: '2026-05-14T16:30:00.000Z',
    due_is_date: false,
  });
  expect(keepDue({ day: '', time: '18:30' }, 'UTC')).toEqual({ due_date: null, due_is_date: false });
});

it('reads what was written, in any zone', () => {
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Auckland');
  const day = fc.date({ min: new Date('2026-04-10'), max: new Date('2026-09-20'), noInvalidDate: true });
  const check = fc.property(zone, day, fc.option(fc.nat({ max: 1439 })), (time_zone, date, minute) => {
    const two = (value: number) => String(value).padStart(2, '0');
    const time = minute === null ? '' : `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
    const due = { day: date.toISOString().slice(0, 10), time };
    expect(readDue(keepDue(due, time_zone), time_zone)).toEqual(due);
  });
  fc.assert(check, { seed: 1, numRuns: 300 });
});
