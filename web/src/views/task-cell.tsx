// What a task shows in each field of a table.
import { dayTeller } from '@taylordash/core/days';
import { dueDay, isOverdue } from '@taylordash/core/due';
import type { ProjectTask } from '@taylordash/core/entities';
import type { RowNames } from '@taylordash/core/row-fields';
import type { ReactNode } from 'react';
import { viewStrings } from '../strings/views.ts';
import { sayDay } from '../ui/dates.ts';
import { Day, Labels, Nothing, Person, PersonMark, Priority, TaskExtras, TaskStatus } from './cells.tsx';
import { sayDue } from './format.ts';
import type { Present } from './use-now.ts';

/** How a task's fields are shown to somebody: with names, in their zone. */
export interface TaskLooks {
  cell: (field: string, task: ProjectTask) => ReactNode;
  due: (task: ProjectTask) => { text: string; overdue: boolean };
  /** One line of what matters most. */
  meta: (task: ProjectTask) => ReactNode;
}

export function taskLooks(names: RowNames & Present): TaskLooks {
  const tell = dayTeller(names.time_zone);
  const due = (task: ProjectTask) => {
    const day = dueDay(task, tell);
    return { text: sayDue(task, day, names), overdue: isOverdue(task, names) };
  };
  const day = (moment: string | null) => (moment === null ? <Nothing /> : sayDay(tell(moment), names.today));
  return {
    due,
    meta(task) {
      const who = names.people.get(task.assignee_id ?? '');
      const component = names.components.get(task.component_id ?? '');
      return (
        <>
          <Priority value={task.priority} bare />
          {task.due_date !== null && <Day {...due(task)} />}
          <TaskExtras task={task} />
          {task.labels.length > 0 && <Labels labels={task.labels} />}
          <span className="min-w-0 flex-1 truncate">{component}</span>
          {who !== undefined && <PersonMark name={who} />}
        </>
      );
    },
    cell(field, task) {
      switch (field) {
        case 'name':
          return (
            <span className="flex min-w-0 items-center gap-2">
              <span className="truncate">{task.name}</span>
              <TaskExtras task={task} />
            </span>
          );
        case 'status':
          return <TaskStatus status={task.status} />;
        case 'component':
          return <span className="truncate">{names.components.get(task.component_id ?? '') ?? <Nothing />}</span>;
        case 'assignee':
          return <Person name={names.people.get(task.assignee_id ?? '') ?? null} />;
        case 'due':
          return <Day {...due(task)} />;
        case 'priority':
          return <Priority value={task.priority} />;
        case 'label':
          return <Labels labels={task.labels} />;
        case 'estimate':
          return task.estimate_minutes === null ? <Nothing /> : viewStrings.estimate(task.estimate_minutes);
        case 'created':
          return day(task.created_at);
        case 'updated':
          return day(task.updated_at);
        case 'completed':
          return day(task.completed_at);
        default:
          return null;
      }
    },
  };
}
