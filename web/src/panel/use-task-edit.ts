// Changes a task's fields at once, and keeps beside each why its last change was refused.
import type { Task } from '@taylordash/core/entities';
import { useState } from 'react';
import { useApp } from '../app-context.tsx';
import { describeError } from '../ui/error-notice.tsx';
import type { TaskPatch } from '../work/operations.ts';

export function useTaskEdit(task: Task | undefined) {
  const { changes } = useApp();
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map());
  const say = (field: string, text: string | null) =>
    setErrors((old) => {
      const next = new Map(old);
      if (text === null) next.delete(field);
      else next.set(field, text);
      return next;
    });
  return {
    error: (field: string) => errors.get(field),
    say,
    /** `base` is the task as the change began from, where that was not just now. */
    edit(field: string, patch: TaskPatch, base = task) {
      if (!base) return;
      say(field, null);
      changes.tasks.change(base, patch).catch((error: unknown) => {
        const { what, why } = describeError(error);
        say(field, why === '' ? what : why);
      });
    },
  };
}
