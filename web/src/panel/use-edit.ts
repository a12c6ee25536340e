// Changes a component's fields, and keeps beside each field why its last change was refused.
import { useState } from 'react';
import type { GraphNode } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { describeError } from '../ui/error-notice.tsx';
import type { ComponentPatch } from '../work/operations.ts';

export type EditField = 'name' | 'description' | 'status' | 'progress' | 'dates' | 'type' | 'metadata';
/** `base` is the component as the change began from, where that was not just now. */
export type Edit = (patch: ComponentPatch, base?: GraphNode) => Promise<void>;

function fieldOf(patch: ComponentPatch): EditField {
  if ('start_on' in patch || 'due_on' in patch) return 'dates';
  if ('progress' in patch || 'progress_mode' in patch) return 'progress';
  for (const field of ['name', 'description', 'type', 'metadata'] as const) {
    if (field in patch) return field;
  }
  return 'status';
}

export function useEdit(component: GraphNode | undefined) {
  const { changes } = useApp();
  const [errors, setErrors] = useState<ReadonlyMap<EditField, string>>(new Map());
  const edit: Edit = async (patch, base = component) => {
    if (!base) return;
    const field = fieldOf(patch);
    const set = (text: string | null) =>
      setErrors((old) => {
        const next = new Map(old);
        if (text === null) next.delete(field);
        else next.set(field, text);
        return next;
      });
    set(null);
    try {
      await changes.components.change(base, patch);
    } catch (error) {
      const { what, why } = describeError(error);
      set(why === '' ? what : why);
    }
  };
  return { edit, error: (field: EditField) => errors.get(field) };
}
