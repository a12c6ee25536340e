// The shape of a status before a column's name.
import { StatusIcon } from '../../ui/status-icon.tsx';

const statusIcons = {
  todo: 'pending',
  done: 'completed',
  pending: 'pending',
  in_progress: 'in_progress',
  blocked: 'blocked',
  completed: 'completed',
  cancelled: 'cancelled',
} as const;

export function ColumnLead({ field, value }: { field: string; value: string | null }) {
  const states = new Map(Object.entries(statusIcons));
  const state = field === 'status' && value !== null ? states.get(value) : undefined;
  return state ? <StatusIcon state={state} silent /> : null;
}
