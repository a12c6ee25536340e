// What can be done with a task of mine: each shows at once, and most can be taken back from the notice.
import { addDays } from '@taylordash/core/days';
import type { PlacedTask } from '@taylordash/core/entities';
import { useApp, useMay, usePeople } from '../app-context.tsx';
import { useDone } from '../frame/use-undo.ts';
import { viewStrings } from '../strings/views.ts';
import { strings } from '../strings.ts';
import { sayDay, useDates } from '../ui/dates.ts';
import { sayError } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';
import { type Due, keepDue } from '../views/due.ts';
import type { TaskPatch } from '../work/operations.ts';
import { nextWeek } from './groups.ts';

const words = strings.my_work;

export interface TaskActions {
  mayChange: (task: PlacedTask) => boolean;
  tick: (task: PlacedTask) => void;
  setDue: (task: PlacedTask, due: Due) => void;
  snooze: (task: PlacedTask, until: 'tomorrow' | 'next_week') => void;
  setPriority: (task: PlacedTask, priority: number) => void;
  assign: (task: PlacedTask, assignee_id: string | null) => void;
  file: (task: PlacedTask, component_id: string, to: string) => void;
  remove: (task: PlacedTask) => void;
}

export function useTaskActions(): TaskActions {
  const { changes } = useApp();
  const may = useMay();
  const nameOf = usePeople();
  const toast = useToast();
  const done = useDone();
  const dates = useDates();
  const fail = (error: unknown) => toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
  const change = (task: PlacedTask, patch: TaskPatch) => changes.tasks.change(task, patch).catch(fail);
  /** One change with a notice that undoes it: as a gesture of its own, so that it has a key. */
  const gesture = (task: PlacedTask, patch: TaskPatch, label: string, said: string) => {
    changes
      .apply({ label, operations: [{ op: 'update_task', id: task.id, fields: patch }] })
      .then(({ key }) => done(said, key))
      .catch(fail);
  };
  return {
    mayChange: (task) => may('write:tasks', task.project_id ?? undefined),
    tick(task) {
      if (task.status === 'done') return void change(task, { status: 'todo' });
      gesture(task, { status: 'done' }, strings.gestures.complete(task.name), words.done(task.name));
    },
    setDue: (task, due) => void change(task, keepDue(due, dates.time_zone)),
    snooze(task, until) {
      const today = dates.today();
      const day = until === 'tomorrow' ? addDays(today, 1) : nextWeek(today, dates.week_start);
      const patch = keepDue({ day, time: '' }, dates.time_zone);
      const label = strings.gestures.change(task.name, words.due_label);
      gesture(task, patch, label, words.snoozed(task.name, sayDay(day, today)));
    },
    setPriority: (task, priority) => void change(task, { priority }),
    assign(task, assignee_id) {
      if (assignee_id === task.assignee_id) return;
      const label = strings.gestures.change(task.name, viewStrings.fields.assignee ?? words.assignee);
      const to = nameOf(assignee_id) ?? viewStrings.nobody;
      gesture(task, { assignee_id }, label, words.handed_over(task.name, to));
    },
    file: (task, component_id, to) =>
      gesture(task, { component_id }, strings.gestures.file(task.name), words.filed(task.name, to)),
    remove(task) {
      const label = strings.gestures.delete(task.name);
      changes
        .apply({ label, operations: [{ op: 'delete_task', id: task.id }] })
        .then(({ key }) => done(strings.panel.task_deleted(task.name), key))
        .catch(fail);
    },
  };
}
