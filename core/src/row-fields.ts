// What components and tasks can be filtered, sorted and grouped by in boards and tables.
import { dayTeller } from './days.ts';
import { dueDay, isOverdue } from './due.ts';
import type { Component, ProjectTask } from './entities.ts';
import type { RowField } from './rows.ts';
import type { ShownStateName } from './states.ts';
import { componentStatuses, taskStatuses } from './statuses.ts';

/** States in the order in which they matter to somebody who looks for work. */
const stateOrder: readonly ShownStateName[] = [
  ...(['blocked', 'dead_blocked', 'in_progress', 'ready'] as const),
  ...(['waiting', 'completed', 'cancelled'] as const),
];

/** A component as rows have it: with its tasks counted and the state that it shows. */
export type ComponentRow = Component & {
  tasks: { total: number; done: number };
  state: ShownStateName;
  held_up: boolean;
  /** Its place in the order of work: after everything it waits for. */
  place: number;
};

export interface RowNames {
  /** Usernames by id. */
  people: ReadonlyMap<string, string>;
  /** Who asks: `assignee:me`. */
  me: string | null;
  /** Names of components by id, in the order in which they follow each other. */
  components: ReadonlyMap<string, string>;
  time_zone: string;
  today: string;
  /** ISO, for what is due at a time of day. */
  now: string;
}

const named = (values: Iterable<string>) => [...new Set(values)].sort((a, b) => a.localeCompare(b));

function person<R>(names: RowNames, id: (row: R) => string | null): RowField<R> {
  const { people, me } = names;
  const name = (row: R) => people.get(id(row) ?? '') ?? null;
  return {
    ...{ name: 'assignee', kind: 'choice', open: true, empty: true, groups: true },
    values: [...(me === null ? [] : ['me']), ...named(people.values())],
    value: name,
    all: (row) => {
      const who = name(row);
      return who === null ? [] : who === me ? [who, 'me'] : [who];
    },
    key: id,
    title: (key) => people.get(key) ?? key,
  };
}

export function componentFields(rows: readonly ComponentRow[], names: RowNames): RowField<ComponentRow>[] {
  const tell = dayTeller(names.time_zone);
  const isOpen = ({ status }: ComponentRow) => status !== 'completed' && status !== 'cancelled';
  return [
    { name: 'name', kind: 'text', value: (row) => row.name },
    {
      ...{ name: 'type', kind: 'choice', open: true, empty: true, groups: true },
      values: named(rows.flatMap(({ type }) => type ?? [])),
      value: (row) => row.type,
    },
    { name: 'status', kind: 'choice', values: componentStatuses, groups: true, value: (row) => row.status },
    {
      ...{ name: 'state', kind: 'choice', groups: true },
      values: [...stateOrder, 'held_up'],
      keys: stateOrder,
      value: (row) => row.state,
      all: (row) => (row.held_up ? [row.state, 'held_up'] : [row.state]),
    },
    { name: 'progress', kind: 'number', value: (row) => row.progress },
    person(names, (row) => row.assignee_id),
    { name: 'start', kind: 'day', empty: true, groups: true, value: (row) => row.start_on },
    {
      ...{ name: 'due', kind: 'day', empty: true, groups: true },
      value: (row) => row.due_on,
      overdue: (row) => row.due_on !== null && row.due_on < names.today && isOpen(row),
    },
    { name: 'duration', kind: 'number', empty: true, value: (row) => row.duration_days },
    { name: 'weight', kind: 'number', value: (row) => row.weight },
    { name: 'tasks', kind: 'number', value: (row) => row.tasks.total - row.tasks.done },
    { name: 'created', kind: 'day', value: (row) => tell(row.created_at), order: (row) => row.created_at },
    { name: 'updated', kind: 'day', value: (row) => tell(row.updated_at), order: (row) => row.updated_at },
    { name: 'flow', kind: 'number', order_only: true, value: (row) => row.place },
  ];
}

export function taskFields(rows: readonly ProjectTask[], names: RowNames): RowField<ProjectTask>[] {
  const tell = dayTeller(names.time_zone);
  return [
    { name: 'name', kind: 'text', value: (row) => row.name },
    { name: 'status', kind: 'choice', values: taskStatuses, groups: true, value: (row) => row.status },
    {
      ...{ name: 'component', kind: 'choice', open: true, groups: true },
      values: named(names.components.values()),
      value: (row) => names.components.get(row.component_id ?? '') ?? null,
      key: (row) => row.component_id,
      key_order: [...names.components.keys()],
      title: (key) => names.components.get(key) ?? key,
    },
    person(names, (row) => row.assignee_id),
    {
      ...{ name: 'due', kind: 'day', empty: true, groups: true },
      value: (row) => dueDay(row, tell),
      order: (row) => row.due_date,
      overdue: (row) => isOverdue(row, names),
    },
    {
      ...{ name: 'priority', kind: 'number', empty: true, groups: true },
      values: ['1', '2', '3', '4'],
      keys: ['1', '2', '3', '4'],
      value: (row) => (row.priority === 0 ? null : row.priority),
    },
    {
      ...{ name: 'label', kind: 'choice', open: true, empty: true, groups: true, many: true },
      values: named(rows.flatMap(({ labels }) => labels)),
      value: (row) => (row.labels.length === 0 ? null : row.labels.join(', ')),
      all: (row) => row.labels,
    },
    { name: 'estimate', kind: 'minutes', empty: true, value: (row) => row.estimate_minutes },
    { name: 'created', kind: 'day', value: (row) => tell(row.created_at), order: (row) => row.created_at },
    { name: 'updated', kind: 'day', value: (row) => tell(row.updated_at), order: (row) => row.updated_at },
    {
      ...{ name: 'completed', kind: 'day', empty: true },
      value: (row) => (row.completed_at === null ? null : tell(row.completed_at)),
      order: (row) => row.completed_at,
    },
    { name: 'rank', kind: 'text', order_only: true, value: (row) => row.rank },
  ];
}
