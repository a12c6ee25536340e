// Keys of My work: from task to task, and what to do with the one that has the focus.
import type { PlacedTask } from '@taylordash/core/entities';
import type { Command } from '../frame/commands.ts';
import { usePageActions } from '../frame/use-commands.ts';
import { strings } from '../strings.ts';
import type { Asking } from './task-row.tsx';
import type { TaskActions } from './use-task-actions.ts';

const words = strings.my_work.keys;

interface Options {
  tasks: readonly PlacedTask[];
  actions: TaskActions;
  onAsk: (task: PlacedTask, asking: Asking) => void;
}

/** The task whose row has the focus. */
function focusedId(): string | null {
  const row = document.activeElement?.closest('[data-task]');
  return row instanceof HTMLElement ? (row.dataset.task ?? null) : null;
}

function focus(task: PlacedTask | undefined): void {
  if (!task) return;
  const row = document.querySelector(`[data-task="${task.id}"]`);
  row?.querySelector<HTMLElement>('[data-name]')?.focus();
  row?.scrollIntoView({ block: 'nearest' });
}

export function useTaskKeys({ tasks, actions, onAsk }: Options): void {
  const at = () => tasks.findIndex(({ id }) => id === focusedId());
  const go = (step: number) => {
    const index = at();
    if (index < 0) focus(step > 0 ? tasks[0] : tasks.at(-1));
    else focus(tasks[Math.max(0, Math.min(tasks.length - 1, index + step))]);
  };
  /** Does it with the task in focus, and goes on to the next where this one leaves. */
  const act =
    (run: (task: PlacedTask) => void, leaves = false) =>
    () => {
      const index = at();
      const task = tasks[index];
      if (!task || !actions.mayChange(task)) return;
      run(task);
      if (leaves) focus(tasks[index + 1] ?? tasks[index - 1]);
    };
  const command = (id: string, label: string, keys: Command['keys'] & {}, run: () => void): Command => ({
    ...{ id: `my_work.${id}`, label, keys, run },
    key_only: true,
  });
  usePageActions(
    tasks.length === 0
      ? []
      : [
          command('next', words.next, ['J', 'ArrowDown'], () => go(1)),
          command('previous', words.previous, ['K', 'ArrowUp'], () => go(-1)),
          command('tick', words.tick, 'X', act(actions.tick)),
          command(
            'tomorrow',
            words.tomorrow,
            'S',
            act((task) => actions.snooze(task, 'tomorrow'), true),
          ),
          command(
            'next_week',
            words.next_week,
            'Shift+S',
            act((task) => actions.snooze(task, 'next_week'), true),
          ),
          command(
            'due',
            words.due,
            'D',
            act((task) => onAsk(task, 'due')),
          ),
          command(
            'priority',
            words.priority,
            'P',
            act((task) => onAsk(task, 'priority')),
          ),
          command(
            'assign',
            words.assign,
            'A',
            act((task) => onAsk(task, 'assignee')),
          ),
          command(
            'file',
            words.file,
            'M',
            act((task) => onAsk(task, 'file')),
          ),
          command('delete', words.delete, 'Delete', act(actions.remove, true)),
        ],
  );
}
