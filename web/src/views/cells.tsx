// What cells and cards show: statuses, days, people, labels, in one manner everywhere.
import type { ProjectTask } from '@taylordash/core/entities';
import { ChevronsUp, ListChecks, Repeat, SignalHigh, SignalLow, SignalMedium, TriangleAlert } from 'lucide-react';
import { viewStrings as words } from '../strings/views.ts';
import { Avatar } from '../ui/avatar.tsx';
import { cx } from '../ui/cx.ts';
import { StatusIcon } from '../ui/status-icon.tsx';

const taskStates = { todo: 'pending', in_progress: 'in_progress', done: 'completed' } as const;

export function TaskStatus({ status, bare = false }: { status: ProjectTask['status']; bare?: boolean }) {
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <StatusIcon state={taskStates[status]} silent />
      <span className={cx('truncate', bare && 'sr-only')}>{words.task_statuses[status]}</span>
    </span>
  );
}

export function Nothing() {
  return <span className="text-text-3">{words.nothing}</span>;
}

export function Person({ name }: { name: string | null }) {
  if (name === null) return <Nothing />;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <Avatar name={name} />
      <span className="truncate">{name}</span>
    </span>
  );
}

/** A person as two letters, with the name for those who read it. */
export function PersonMark({ name }: { name: string }) {
  return (
    <span title={name} className="inline-flex shrink-0">
      <Avatar name={name} />
      <span className="sr-only">{name}</span>
    </span>
  );
}

/** A day that is past shows a triangle and a colour. */
export function Day({ text, overdue }: { text: string; overdue: boolean }) {
  if (text === '') return <Nothing />;
  if (!overdue) return <span className="whitespace-nowrap">{text}</span>;
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap text-warning">
      <TriangleAlert size={14} aria-hidden className="shrink-0" />
      <span className="sr-only">{words.overdue}:</span>
      {text}
    </span>
  );
}

const signals = [null, ChevronsUp, SignalHigh, SignalMedium, SignalLow];

export function Priority({ value, bare = false }: { value: number; bare?: boolean }) {
  const Icon = signals[value];
  if (!Icon) return bare ? null : <Nothing />;
  return (
    <span className={cx('inline-flex items-center gap-1.5 whitespace-nowrap', value === 1 && 'text-warning')}>
      <Icon size={16} aria-hidden className="shrink-0" />
      <span className={cx(bare && 'sr-only')}>{words.priorities[value]}</span>
    </span>
  );
}

export function LabelChip({ label }: { label: string }) {
  return (
    <span className="max-w-32 truncate rounded-chip border border-line px-1.5 text-12/[18px] text-text-2">{label}</span>
  );
}

export function Labels({ labels }: { labels: readonly string[] }) {
  if (labels.length === 0) return <Nothing />;
  return (
    <span className="flex min-w-0 items-center gap-1 overflow-hidden">
      {labels.map((label) => (
        <LabelChip key={label} label={label} />
      ))}
    </span>
  );
}

/** Steps of a task that are done, and whether it comes back. */
export function TaskExtras({ task }: { task: Pick<ProjectTask, 'checklist' | 'repeats'> }) {
  const done = task.checklist.filter((step) => step.done).length;
  return (
    <>
      {task.checklist.length > 0 && (
        <span className="inline-flex shrink-0 items-center gap-1 text-12 text-text-3">
          <ListChecks size={14} aria-hidden />
          <span aria-hidden>
            {done}/{task.checklist.length}
          </span>
          <span className="sr-only">{words.checklist(done, task.checklist.length)}</span>
        </span>
      )}
      {task.repeats !== null && <Repeat size={14} aria-hidden className="shrink-0 text-text-3" />}
    </>
  );
}
