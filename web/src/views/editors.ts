// How each field of a component or task is edited in its cell, on the board and in bulk: what kind of editor, and which patch follows.
import type { ProjectTask } from '@taylordash/core/entities';
import { minutesOf } from '@taylordash/core/filters';
import type { ComponentRow, RowNames } from '@taylordash/core/row-fields';
import { componentStatuses, taskStatuses } from '@taylordash/core/statuses';
import { viewStrings as words } from '../strings/views.ts';
import { strings } from '../strings.ts';
import type { ComponentPatch, TaskPatch } from '../work/operations.ts';
import { type Due, keepDue, readDue } from './due.ts';
import { statusName } from './format.ts';

export interface PickOption {
  key: string;
  title: string;
}

/** `null` answers that the text is wrong; the words say what would be right. */
export type Patched<P> = { patch: P } | { wrong: string };

export type Editor<R, P> =
  | { kind: 'text'; value: (row: R) => string; max: number; read: (text: string) => Patched<P> }
  | { kind: 'day'; value: (row: R) => string; patch: (day: string) => P }
  | { kind: 'due'; value: (row: R) => Due; patch: (due: Due) => P }
  | {
      kind: 'pick';
      options: readonly PickOption[];
      value: (row: R) => string | null;
      patch: (key: string | null) => P;
      /** The word for nothing, where nothing can be chosen. */
      clear?: string;
    }
  | { kind: 'labels'; value: (row: R) => readonly string[]; patch: (labels: string[]) => P };

export type Editors<R, P> = ReadonlyMap<string, Editor<R, P>>;

const orNull = (text: string) => (text === '' ? null : text);

function people(names: RowNames): PickOption[] {
  return [...names.people].map(([key, title]) => ({ key, title })).sort((a, b) => a.title.localeCompare(b.title));
}

function name<R extends { name: string }>(): Editor<R, { name: string }> {
  return {
    kind: 'text',
    value: (row) => row.name,
    max: 255,
    read: (text) => (text === '' ? { wrong: strings.projects.name_missing } : { patch: { name: text } }),
  };
}

function number<R, P>(value: (row: R) => number | null, min: number, max: number, patch: (value: number) => P) {
  return {
    kind: 'text' as const,
    value: (row: R) => String(value(row) ?? ''),
    max: 12,
    read: (text: string): Patched<P> => {
      const read = Number(text.replace(/\s*%$/, '').replace(',', '.'));
      return text !== '' && Number.isFinite(read) && read >= min && read <= max
        ? { patch: patch(read) }
        : { wrong: words.wrong_number(min, max) };
    },
  };
}

export function componentEditors(names: RowNames): Editors<ComponentRow, ComponentPatch> {
  const status: Editor<ComponentRow, ComponentPatch> = {
    kind: 'pick',
    options: componentStatuses.map((key) => ({ key, title: statusName(key) })),
    value: (row) => row.status,
    patch: (key) => {
      const chosen = componentStatuses.find((one) => one === key) ?? 'pending';
      return chosen === 'blocked' ? { status: chosen } : { status: chosen, blocked_reason: null };
    },
  };
  return new Map<string, Editor<ComponentRow, ComponentPatch>>([
    ['name', name()],
    [
      'type',
      {
        kind: 'text',
        value: (row) => row.type ?? '',
        max: 100,
        read: (text) => ({ patch: { type: orNull(text) } }),
      },
    ],
    ['status', status],
    // What is shown follows from the status, which is what one can set.
    ['state', status],
    [
      'progress',
      number(
        (row) => row.progress,
        0,
        100,
        (value) => ({ progress: Math.round(value) }),
      ),
    ],
    [
      'assignee',
      {
        kind: 'pick',
        options: people(names),
        value: (row) => row.assignee_id,
        patch: (assignee_id) => ({ assignee_id }),
        clear: words.nobody,
      },
    ],
    ['start', { kind: 'day', value: (row) => row.start_on ?? '', patch: (day) => ({ start_on: orNull(day) }) }],
    ['due', { kind: 'day', value: (row) => row.due_on ?? '', patch: (day) => ({ due_on: orNull(day) }) }],
    [
      'duration',
      {
        ...number<ComponentRow, ComponentPatch>(
          (row) => row.duration_days,
          0,
          36_500,
          (value) => ({
            duration_days: Math.round(value),
          }),
        ),
      },
    ],
    [
      'weight',
      number(
        (row) => row.weight,
        0,
        1_000_000,
        (value) => ({ weight: value }),
      ),
    ],
  ]);
}

export function taskEditors(names: RowNames): Editors<ProjectTask, TaskPatch> {
  return new Map<string, Editor<ProjectTask, TaskPatch>>([
    ['name', name()],
    [
      'status',
      {
        kind: 'pick',
        options: taskStatuses.map((key) => ({ key, title: statusName(key) })),
        value: (row) => row.status,
        patch: (key) => ({ status: taskStatuses.find((one) => one === key) ?? 'todo' }),
      },
    ],
    [
      'component',
      {
        kind: 'pick',
        options: [...names.components].map(([key, title]) => ({ key, title })),
        value: (row) => row.component_id,
        patch: (component_id) => (component_id === null ? {} : { component_id }),
      },
    ],
    [
      'assignee',
      {
        kind: 'pick',
        options: people(names),
        value: (row) => row.assignee_id,
        patch: (assignee_id) => ({ assignee_id }),
        clear: words.nobody,
      },
    ],
    [
      'due',
      {
        kind: 'due',
        value: (row) => readDue(row, names.time_zone),
        patch: (due) => keepDue(due, names.time_zone),
      },
    ],
    [
      'priority',
      {
        kind: 'pick',
        options: words.priorities.map((title, key) => ({ key: String(key), title })),
        value: (row) => String(row.priority),
        patch: (key) => ({ priority: Number(key ?? 0) }),
      },
    ],
    ['label', { kind: 'labels', value: (row) => row.labels, patch: (labels) => ({ labels }) }],
    [
      'estimate',
      {
        kind: 'text',
        value: (row) => (row.estimate_minutes === null ? '' : words.estimate(row.estimate_minutes)),
        max: 12,
        read: (text) => {
          if (text === '') return { patch: { estimate_minutes: null } };
          const minutes = minutesOf(text.toLowerCase().replaceAll(/\s/g, ''));
          return minutes === null || minutes < 1 || minutes > 600_000
            ? { wrong: words.wrong_estimate }
            : { patch: { estimate_minutes: minutes } };
        },
      },
    ],
  ]);
}

/** Is it a label that the server would take? As core's schema has it. */
export function isLabel(text: string): boolean {
  return text.length <= 50 && /^[\p{L}\p{N}]([\p{L}\p{N} _./-]*[\p{L}\p{N}])?$/u.test(text);
}
