// What a component shows in each field of a table.
import { dayTeller } from '@taylordash/core/days';
import type { ComponentRow, RowNames } from '@taylordash/core/row-fields';
import type { ReactNode } from 'react';
import { strings } from '../strings.ts';
import { sayDay } from '../ui/dates.ts';
import { ProgressRing } from '../ui/progress-ring.tsx';
import { StatusIcon } from '../ui/status-icon.tsx';
import { Day, Nothing, Person, PersonMark } from './cells.tsx';
import { statusName } from './format.ts';
import type { Present } from './use-now.ts';

export function componentLooks(names: RowNames & Present): {
  cell: (field: string, row: ComponentRow) => ReactNode;
  meta: (row: ComponentRow) => ReactNode;
} {
  const tell = dayTeller(names.time_zone);
  const day = (value: string | null, overdue = false) => (
    <Day text={value === null ? '' : sayDay(value, names.today)} overdue={overdue} />
  );
  const isLate = (row: ComponentRow) =>
    row.due_on !== null && row.due_on < names.today && row.status !== 'completed' && row.status !== 'cancelled';
  const cell = (field: string, row: ComponentRow): ReactNode => {
    switch (field) {
      case 'name':
        return <span className="truncate">{row.name}</span>;
      case 'type':
        return row.type === null ? <Nothing /> : <span className="truncate">{row.type}</span>;
      case 'status':
        return (
          <span className="inline-flex min-w-0 items-center gap-1.5">
            <StatusIcon state={row.status} silent />
            <span className="truncate">{statusName(row.status)}</span>
          </span>
        );
      case 'state':
        return (
          <span className="inline-flex min-w-0 items-center gap-1.5">
            <StatusIcon state={row.state} silent />
            <span className="truncate">{strings.states[row.state]}</span>
            {row.held_up && <StatusIcon state="held_up" bare />}
          </span>
        );
      case 'progress':
        return (
          <span className="inline-flex items-center gap-2">
            <span aria-hidden className="inline-flex">
              <ProgressRing value={row.progress} size={18} />
            </span>
            {strings.percent(row.progress)}
          </span>
        );
      case 'assignee':
        return <Person name={names.people.get(row.assignee_id ?? '') ?? null} />;
      case 'start':
        return day(row.start_on);
      case 'due':
        return day(row.due_on, isLate(row));
      case 'duration':
        return row.duration_days ?? <Nothing />;
      case 'weight':
        return row.weight;
      case 'tasks':
        return row.tasks.total === 0 ? <Nothing /> : `${row.tasks.total - row.tasks.done} / ${row.tasks.total}`;
      case 'created':
        return sayDay(tell(row.created_at), names.today);
      case 'updated':
        return sayDay(tell(row.updated_at), names.today);
      default:
        return null;
    }
  };
  const meta = (row: ComponentRow) => {
    const who = names.people.get(row.assignee_id ?? '');
    return (
      <>
        <StatusIcon state={row.state} />
        {row.held_up && <StatusIcon state="held_up" bare />}
        <span className="inline-flex shrink-0 items-center gap-1">
          <span aria-hidden className="inline-flex">
            <ProgressRing value={row.progress} size={16} />
          </span>
          {strings.percent(row.progress)}
        </span>
        {row.tasks.total > 0 && (
          <span className="whitespace-nowrap">{strings.projects.tasks(row.tasks.done, row.tasks.total)}</span>
        )}
        <span className="min-w-0 flex-1 truncate">{row.due_on !== null && day(row.due_on, isLate(row))}</span>
        {who !== undefined && <PersonMark name={who} />}
      </>
    );
  };
  return { cell, meta };
}
