// One task of mine: ticked, dated, put off, filed and handed over where it stands.
import { Link } from '@tanstack/react-router';
import { isOverdue } from '@taylordash/core/due';
import type { PlacedTask } from '@taylordash/core/entities';
import { CalendarPlus, CalendarSync, FolderInput, MoveRight, SignalMedium, Trash2, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { useApp, useMe } from '../app-context.tsx';
import { useTouchedBy } from '../live.ts';
import { usePeopleNames } from '../quick-add/names.ts';
import { viewStrings } from '../strings/views.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { cx } from '../ui/cx.ts';
import { MenuItem, MenuLine, MoreMenu } from '../ui/menu.tsx';
import { NameChip } from '../ui/name-chip.tsx';
import { Popover } from '../ui/popover.tsx';
import { Day, Labels, Priority, TaskExtras } from '../views/cells.tsx';
import { readDue } from '../views/due.ts';
import { DueFields } from '../views/due-fields.tsx';
import { sayDue } from '../views/format.ts';
import { Pick } from '../views/pick.tsx';
import type { Present } from '../views/use-now.ts';
import { FileDialog } from './file-dialog.tsx';
import type { TaskActions } from './use-task-actions.ts';

const words = strings.my_work;

/** What is open at a row. */
export type Asking = 'due' | 'priority' | 'assignee' | 'file' | null;

interface Props {
  task: PlacedTask;
  actions: TaskActions;
  present: Present;
  /** The group says where it is already. */
  without_project: boolean;
  /** Its editor is open. */
  current: boolean;
  asking: Asking;
  onAsk: (asking: Asking) => void;
}

export function TaskRow({ task, actions, present, without_project, current, asking, onAsk }: Props) {
  const { live } = useApp();
  const touched = useTouchedBy(live, task.id);
  const writes = actions.mayChange(task);
  const done = task.status === 'done';
  const place = without_project
    ? task.component_name
    : [task.project_name, task.component_name].filter(Boolean).join(' › ');
  return (
    <li
      data-task={task.id}
      className={cx(
        'group flex items-start gap-1 border-line border-b py-0.5 pr-1 pl-3 last:border-b-0 focus-within:bg-surface-2 hover:bg-surface-2 @min-[640px]:items-center @min-[640px]:pr-2 @min-[640px]:pl-4',
        current && 'bg-accent-quiet',
      )}
    >
      <Checkbox
        checked={done}
        disabled={!writes}
        label={words.check(task.name)}
        label_hidden
        onChecked={() => actions.tick(task)}
      />
      <div className="flex min-w-0 flex-1 flex-col pt-2.5 pb-1 @min-[640px]:min-h-(--row) @min-[640px]:flex-row @min-[640px]:items-center @min-[640px]:gap-4 @min-[640px]:py-0">
        <div className="flex min-w-0 flex-1 items-center gap-2">
          <Name task={task} done={done} current={current} />
          <TaskExtras task={task} />
          {task.labels.length > 0 && (
            <span className="@max-[640px]:hidden">
              <Labels labels={task.labels} />
            </span>
          )}
          {touched !== null && <NameChip name={touched} />}
        </div>
        <div className="flex min-w-0 items-center gap-x-3 text-13 text-text-3 @min-[640px]:contents">
          {task.component_id === null ? (
            writes && (
              <Button kind="plain" className="-ml-3 text-13 @min-[640px]:ml-0" onClick={() => onAsk('file')}>
                <FolderInput size={16} aria-hidden />
                <span aria-hidden>{words.file}</span>
                <span className="sr-only">{words.file_task(task.name)}</span>
              </Button>
            )
          ) : (
            <span className="min-w-0 truncate text-13 text-text-3 @max-[640px]:order-last @min-[640px]:max-w-64">
              {place}
            </span>
          )}
          <PriorityCell task={task} writes={writes} actions={actions} asking={asking} onAsk={onAsk} />
          <DueCell task={task} writes={writes} actions={actions} present={present} asking={asking} onAsk={onAsk} />
        </div>
      </div>
      {writes && <Menu task={task} actions={actions} onAsk={onAsk} />}
      {asking === 'assignee' && <Assign task={task} actions={actions} onClose={() => onAsk(null)} />}
      {asking === 'file' && (
        <FileDialog
          task={task}
          onFile={(component_id, to) => actions.file(task, component_id, to)}
          onClose={() => onAsk(null)}
        />
      )}
    </li>
  );
}

const nameClass = 'min-h-[24px] min-w-0 text-left -outline-offset-1 @min-[640px]:truncate';

function Name({ task, done, current }: { task: PlacedTask; done: boolean; current: boolean }) {
  return (
    <Link
      data-name
      to="/my-work"
      search={{ task: task.id }}
      aria-current={current ? 'true' : undefined}
      className={cx(nameClass, done ? 'text-text-3 line-through' : 'text-text')}
    >
      {task.name}
    </Link>
  );
}

/** Back to the task: from there the keys go on. */
function backTo(task: PlacedTask): void {
  document.querySelector<HTMLElement>(`[data-task="${task.id}"] [data-name]`)?.focus();
}

interface CellProps {
  task: PlacedTask;
  writes: boolean;
  actions: TaskActions;
  asking: Asking;
  onAsk: (asking: Asking) => void;
}

const cell =
  'press target inline-flex min-w-[24px] shrink-0 items-center whitespace-nowrap rounded-control text-13 text-text-2 hover:bg-surface-3 @min-[640px]:px-2';

function PriorityCell({ task, writes, actions, asking, onAsk }: CellProps) {
  const shown = <Priority value={task.priority} bare />;
  if (!writes) return shown;
  return (
    <Popover
      label={words.priority(task.name)}
      open={asking === 'priority'}
      onOpenChange={(open) => onAsk(open ? 'priority' : null)}
      align="end"
      onCloseFocus={() => backTo(task)}
      trigger={
        <button
          type="button"
          aria-label={`${words.priority(task.name)}: ${viewStrings.priorities[task.priority] ?? ''}`}
          data-tip={viewStrings.priorities[task.priority]}
          className={cx(cell, task.priority === 0 && reveal)}
        >
          {task.priority === 0 ? <SignalMedium size={16} aria-hidden className="text-text-3" /> : shown}
        </button>
      }
    >
      <Pick
        label={words.priority(task.name)}
        items={viewStrings.priorities.map((title, value) => ({ key: String(value), title }))}
        chosen={new Set([String(task.priority)])}
        onPick={(key) => {
          onAsk(null);
          actions.setPriority(task, Number(key));
        }}
      />
    </Popover>
  );
}

/** Shows what is not set only where a hand is; on touch it is in the menu. */
const reveal =
  'opacity-0 focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 pointer-coarse:hidden';

function DueCell({ task, writes, actions, present, asking, onAsk }: CellProps & { present: Present }) {
  const due = readDue(task, present.time_zone);
  const text = sayDue(task, due.day === '' ? null : due.day, present);
  const shown = text === '' ? null : <Day text={text} overdue={isOverdue(task, present)} />;
  if (!writes) return shown;
  return (
    <Popover
      label={words.due(task.name)}
      open={asking === 'due'}
      onOpenChange={(open) => onAsk(open ? 'due' : null)}
      align="end"
      onCloseFocus={() => backTo(task)}
      width="w-80"
      trigger={
        <button
          type="button"
          aria-label={shown ? undefined : words.due(task.name)}
          className={cx(cell, '@min-[640px]:min-w-24 @min-[640px]:justify-end', shown === null && reveal)}
        >
          {shown ?? <CalendarPlus size={16} aria-hidden className="text-text-3" />}
        </button>
      }
    >
      <DueFields
        label={words.due(task.name)}
        due={due}
        today={present.today}
        withTime
        onDue={(next) => {
          onAsk(null);
          actions.setDue(task, next);
        }}
      />
    </Popover>
  );
}

function Assign({ task, actions, onClose }: { task: PlacedTask; actions: TaskActions; onClose: () => void }) {
  const me = useMe();
  const people = usePeopleNames();
  const mine = people.toSorted((a, b) => Number(b.id === me?.id) - Number(a.id === me?.id));
  const choose = (id: string | null) => {
    onClose();
    actions.assign(task, id);
  };
  return (
    <Popover
      label={words.assignee_of(task.name)}
      open
      onOpenChange={onClose}
      align="end"
      onCloseFocus={() => backTo(task)}
      anchor={<span className="size-0 self-end" />}
    >
      <Pick
        label={words.assignee_of(task.name)}
        items={mine.map(({ id, name }) => ({ key: id, title: name }))}
        chosen={new Set(task.assignee_id === null ? [] : [task.assignee_id])}
        onPick={choose}
        clear={{ title: viewStrings.nobody, run: () => choose(null) }}
      />
    </Popover>
  );
}

function Menu({ task, actions, onAsk }: { task: PlacedTask; actions: TaskActions; onAsk: (asking: Asking) => void }) {
  const item = (icon: ReactNode, label: string, shortcut: string, run: () => void, danger = false) => (
    <MenuItem icon={icon} shortcut={shortcut} danger={danger} onSelect={run}>
      {label}
    </MenuItem>
  );
  // A menu gives the focus back as it closes: what opens next waits for that.
  const ask = (asking: Asking) => () => void setTimeout(() => onAsk(asking));
  return (
    <MoreMenu label={words.actions(task.name)}>
      {item(<CalendarSync size={16} aria-hidden />, words.tomorrow, 'S', () => actions.snooze(task, 'tomorrow'))}
      {item(<CalendarSync size={16} aria-hidden />, words.next_week, 'Shift+S', () =>
        actions.snooze(task, 'next_week'),
      )}
      <MenuLine />
      {item(<CalendarPlus size={16} aria-hidden />, words.due_label, 'D', ask('due'))}
      {item(<SignalMedium size={16} aria-hidden />, words.priority_label, 'P', ask('priority'))}
      {item(<UserRound size={16} aria-hidden />, words.assignee, 'A', ask('assignee'))}
      {item(<MoveRight size={16} aria-hidden />, words.keys.file, 'M', ask('file'))}
      <MenuLine />
      {item(<Trash2 size={16} aria-hidden />, words.delete, 'Del', () => actions.remove(task), true)}
    </MoreMenu>
  );
}
