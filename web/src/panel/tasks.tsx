// A component's tasks: added one after the other, ticked, renamed, deleted with a way back.

import { useQuery } from '@tanstack/react-query';
import { dayTeller } from '@taylordash/core/days';
import { dueDay, isOverdue } from '@taylordash/core/due';
import type { Task } from '@taylordash/core/entities';
import { GripVertical, MoveRight, PanelRightOpen, Plus, Trash2 } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { type Graph, type GraphNode, tasksQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { useDone } from '../frame/use-undo.ts';
import { taskStrings } from '../strings/task.ts';
import { strings } from '../strings.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { cx } from '../ui/cx.ts';
import { describeError, ErrorNotice } from '../ui/error-notice.tsx';
import { inputClass } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Day, Labels, Priority, TaskExtras } from '../views/cells.tsx';
import { sayDue } from '../views/format.ts';
import { usePresent } from '../views/use-now.ts';
import { MoveTaskDialog } from '../work/move-task-dialog.tsx';
import { taskDragType } from '../work/task-drag.ts';
import { EditText } from './edit-text.tsx';
import { Section } from './section.tsx';

interface Props {
  graph: Graph;
  component: GraphNode;
  writes: boolean;
  onOpenTask: (id: string) => void;
}

export function Tasks({ graph, component, writes, onOpenTask }: Props) {
  const { api, changes } = useApp();
  const tasks = useQuery(tasksQuery(api, component.id));
  const [text, setText] = useState('');
  const [sending, setSending] = useState<readonly string[]>([]);
  const [error, setError] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const explain = (problem: unknown) => {
    const { what, why } = describeError(problem);
    setError(why === '' ? what : why);
  };
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const name = text.trim();
    if (name === '') return;
    setText('');
    setError(undefined);
    setSending((old) => [...old, name]);
    try {
      await changes.createTask(component.id, { name });
    } catch (problem) {
      explain(problem);
      // What was typed comes back, unless the next is being typed already.
      setText((now) => (now === '' ? name : now));
    } finally {
      setSending((old) => old.toSpliced(old.indexOf(name), 1));
    }
  };
  const { done, total } = component.tasks;
  return (
    <Section
      title={strings.panel.tasks}
      error={error}
      aside={total > 0 && <span className="text-12 text-text-3">{strings.tasks_of(done, total)}</span>}
    >
      {tasks.isPending && <SkeletonRows rows={Math.min(5, Math.max(1, total))} height="h-9" />}
      {tasks.isError && <ErrorNotice error={tasks.error} retry={() => void tasks.refetch()} />}
      {tasks.data?.length === 0 && sending.length === 0 && (
        <p className="text-13 text-text-3">{strings.panel.tasks_none}</p>
      )}
      <ul>
        {tasks.data?.map((task) => (
          <Row key={task.id} graph={graph} task={task} writes={writes} onOpen={onOpenTask} onError={explain} />
        ))}
        {sending.map((name) => (
          <li key={name} className="target flex items-center pl-9 text-text-3">
            {name}
          </li>
        ))}
      </ul>
      {writes && (
        <form onSubmit={(event) => void add(event)} className="relative">
          <Plus
            size={16}
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-text-3"
          />
          <input
            ref={input}
            value={text}
            maxLength={255}
            aria-label={strings.panel.task_add}
            placeholder={strings.panel.task_add}
            enterKeyHint="done"
            onChange={(event) => setText(event.target.value)}
            className={`${inputClass} pl-8`}
          />
        </form>
      )}
    </Section>
  );
}

interface RowProps {
  graph: Graph;
  task: Task;
  writes: boolean;
  onOpen: (id: string) => void;
  onError: (error: unknown) => void;
}

const hasMeta = (task: Task) =>
  task.priority > 0 ||
  task.due_date !== null ||
  task.labels.length > 0 ||
  task.checklist.length > 0 ||
  task.repeats !== null;

function useTaskDue(task: Task): { text: string; overdue: boolean } {
  const present = usePresent();
  const day = dueDay(task, dayTeller(present.time_zone));
  return { text: sayDue(task, day, present), overdue: isOverdue(task, present) };
}

function Row({ graph, task, writes, onOpen, onError }: RowProps) {
  const { changes } = useApp();
  const tellDone = useDone();
  const [moving, setMoving] = useState(false);
  const due = useTaskDue(task);
  const move = (component_id: string) => {
    const to = graph.nodes.find(({ id }) => id === component_id)?.name ?? '';
    changes.tasks
      .change(task, { component_id })
      .then(({ key }) => tellDone(strings.panel.task_moved(task.name, to), key))
      .catch(onError);
  };
  const done = task.status === 'done';
  const remove = () => {
    changes
      .deleteTask(task)
      .then(({ key }) => tellDone(strings.panel.task_deleted(task.name), key))
      .catch(onError);
  };
  return (
    <li className="group relative flex items-start gap-1">
      {writes && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the button at the end of the row does the same by keys and taps
        <span
          draggable
          title={strings.panel.task_drag(task.name)}
          onDragStart={(event) => {
            event.dataTransfer.setData(taskDragType, task.id);
            event.dataTransfer.effectAllowed = 'move';
          }}
          className="target -ml-4 absolute left-0 hidden w-4 cursor-grab items-center text-text-3 opacity-0 group-hover:opacity-100 md:flex"
        >
          <GripVertical size={14} aria-hidden />
        </span>
      )}
      <Checkbox
        checked={done}
        disabled={!writes}
        label={strings.panel.task_check(task.name)}
        label_hidden
        onChecked={(checked) => changes.tasks.change(task, { status: checked ? 'done' : 'todo' }).catch(onError)}
      />
      <div className="target flex min-w-0 flex-1 flex-col justify-center">
        <EditText
          base={task}
          label={strings.panel.task_name}
          value={task.name}
          required
          maxLength={255}
          readOnly={!writes}
          className={cx('mx-0', done && 'text-text-3 line-through')}
          onSave={(name, base) => changes.tasks.change(base, { name }).catch(onError)}
        />
        {hasMeta(task) && (
          <span className="flex min-w-0 items-center gap-2 overflow-hidden pb-1 pl-2 text-12 text-text-2">
            <Priority value={task.priority} bare />
            {due.text !== '' && <Day {...due} />}
            <TaskExtras task={task} />
            {task.labels.length > 0 && <Labels labels={task.labels} />}
          </span>
        )}
      </div>
      {writes && (
        <span className="flex opacity-0 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
          <IconButton label={taskStrings.open(task.name)} side="left" onClick={() => onOpen(task.id)}>
            <PanelRightOpen size={16} aria-hidden />
          </IconButton>
          <IconButton label={strings.panel.task_move(task.name)} side="left" onClick={() => setMoving(true)}>
            <MoveRight size={16} aria-hidden />
          </IconButton>
          <IconButton label={strings.panel.task_delete(task.name)} side="left" onClick={remove}>
            <Trash2 size={16} aria-hidden />
          </IconButton>
        </span>
      )}
      {moving && <MoveTaskDialog graph={graph} task={task} onMove={move} onClose={() => setMoving(false)} />}
    </li>
  );
}
