// Under which head a task of mine stands.
import { addDays, startOfWeek } from '@taylordash/core/days';
import type { PlacedTask } from '@taylordash/core/entities';

const dueGroups = ['overdue', 'today', 'week', 'later', 'none'] as const;
export type DueGroup = (typeof dueGroups)[number];

export interface Present {
  /** ISO, to the minute. */
  now: string;
  today: string;
  /** 1 is Monday, 7 is Sunday. */
  week_start: number;
}

type Due = Pick<PlacedTask, 'due_date' | 'due_is_date'>;

/** `tell` says which day a moment is in the person's zone. */
export function dueGroup({ due_date, due_is_date }: Due, present: Present, tell: (moment: string) => string): DueGroup {
  if (due_date === null) return 'none';
  const { now, today, week_start } = present;
  const day = due_is_date ? due_date.slice(0, 10) : tell(due_date);
  if (day < today || (!due_is_date && Date.parse(due_date) < Date.parse(now))) return 'overdue';
  if (day === today) return 'today';
  return day < addDays(startOfWeek(today, week_start), 7) ? 'week' : 'later';
}

export interface Group {
  key: string;
  title: string;
  tasks: readonly PlacedTask[];
}

/** In the order of the heads; empty ones are left out. Within one the order stays. */
export function byDue(
  tasks: readonly PlacedTask[],
  titles: Record<DueGroup, string>,
  present: Present,
  tell: (moment: string) => string,
): Group[] {
  const groups = new Map<DueGroup, PlacedTask[]>(dueGroups.map((name) => [name, []]));
  for (const task of tasks) groups.get(dueGroup(task, present, tell))?.push(task);
  return [...groups]
    .filter(([, list]) => list.length > 0)
    .map(([key, list]) => ({ key, title: titles[key], tasks: list }));
}

/** By the projects' names; what is in none comes last. */
export function byProject(tasks: readonly PlacedTask[], none: string): Group[] {
  const groups = new Map<string, PlacedTask[]>();
  for (const task of tasks) {
    const key = task.project_id ?? '';
    const list = groups.get(key);
    if (list) list.push(task);
    else groups.set(key, [task]);
  }
  return [...groups]
    .map(([key, list]) => ({ key, title: list[0]?.project_name ?? none, tasks: list }))
    .sort((a, b) => Number(a.key === '') - Number(b.key === '') || a.title.localeCompare(b.title, 'en'));
}

/** The first day of the next week. */
export function nextWeek(today: string, week_start: number): string {
  return addDays(startOfWeek(today, week_start), 7);
}
