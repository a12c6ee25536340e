// Heads of My work: by day in the person's zone and week, and by project.
import { dayTeller } from '@taylordash/core/days';
import type { PlacedTask } from '@taylordash/core/entities';
import { expect, it } from 'vitest';
import { byProject, type DueGroup, dueGroup, nextWeek } from './groups.ts';

/** A Wednesday, half past nine at night in Berlin, and Thursday already in Auckland. */
const now = '2026-05-13T19:30:00Z';
const berlin = { now, today: '2026-05-13', week_start: 1 };
const tell = dayTeller('Europe/Berlin');

it.each<[due: string | null, is_date: boolean, group: DueGroup]>([
  [null, false, 'none'],
  ['2026-05-12T00:00:00Z', true, 'overdue'],
  ['2026-05-13T00:00:00Z', true, 'today'],
  ['2026-05-14T00:00:00Z', true, 'week'],
  ['2026-05-17T00:00:00Z', true, 'week'],
  ['2026-05-18T00:00:00Z', true, 'later'],
  ['2026-05-13T19:29:00Z', false, 'overdue'],
  ['2026-05-13T19:31:00Z', false, 'today'],
  ['2026-05-13T22:30:00Z', false, 'week'],
])('%s (a day: %s) is %s', (due_date, due_is_date, group) => {
  expect(dueGroup({ due_date, due_is_date }, berlin, tell)).toBe(group);
});

it('the week ends where the person’s week ends', () => {
  const sunday = { due_date: '2026-05-17T00:00:00Z', due_is_date: true };
  expect(dueGroup(sunday, { ...berlin, week_start: 7 }, tell)).toBe('later');
  expect(nextWeek('2026-05-13', 1)).toBe('2026-05-18');
  expect(nextWeek('2026-05-13', 7)).toBe('2026-05-17');
  expect(nextWeek('2026-05-18', 1)).toBe('2026-05-25');
});

it('projects stand by name, what is in none comes last', () => {
  const task = (project_name: string | null) => ({ project_id: project_name, project_name }) as PlacedTask;
  const groups = byProject([task(null), task('Shed'), task('Greenhouse'), task('Shed')], 'Inbox');
  expect(groups.map(({ title, tasks }) => [title, tasks.length])).toEqual([
    ['Greenhouse', 1],
    ['Shed', 2],
    ['Inbox', 1],
  ]);
});
