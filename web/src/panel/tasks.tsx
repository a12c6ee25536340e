// A component's tasks: added one after the other, ticked, renamed, deleted with a way back.

import { useQuery } from '@tanstack/react-query';
import type { Task } from '@taylordash/core/entities';
import { GripVertical, MoveRight, Plus, Trash2 } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { type Graph, type GraphNode, tasksQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { cx } from '../ui/cx.ts';
import { describeError, ErrorNotice } from '../ui/error-notice.tsx';
import { inputClass } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useToast } from '../ui/toast.tsx';
import { MoveTaskDialog } from '../work/move-task-dialog.tsx';
import { taskDragType } from '../work/task-drag.ts';
import { EditText } from './edit-text.tsx';
import { Section } from './section.tsx';

interface Props {
  graph: Graph;
  component: GraphNode;
  writes: boolean;
}

export function Tasks({ graph, component, writes }: Props) {
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
          <Row key={task.id} graph={graph} task={task} writes={writes} onError={explain} />
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
  onError: (error: unknown) => void;
}

function Row({ graph, task, writes, onError }: RowProps) {
  const { changes } = useApp();
  const toast = useToast();
  const [moving, setMoving] = useState(false);
  const move = (component_id: string) => {
    changes.tasks
      .change(task, { component_id })
      .then(() => {
        const to = graph.nodes.find(({ id }) => id === component_id)?.name ?? '';
        const moved = { ...task, component_id };
        const back = () => changes.tasks.change(moved, { component_id: task.component_id }).catch(onError);
        toast({
          text: strings.panel.task_moved(task.name, to),
          action: { label: strings.undo, run: () => void back() },
        });
      })
      .catch(onError);
  };
  const done = task.status === 'done';
  const remove = () => {
    changes
      .deleteTask(task)
      .then(() =>
        toast({
          text: strings.panel.task_deleted(task.name),
          action: { label: strings.undo, run: () => void bringBack().catch(onError) },
        }),
      )
      .catch(onError);
  };
  const bringBack = async () => {
    if (task.component_id === null) return;
    const { name, description, status, assignee_id, due_date, due_is_date, priority, weight, rank } = task;
    await changes.createTask(task.component_id, {
      name,
      description,
      status,
      assignee_id,
      due_date,
      due_is_date,
      priority,
      weight,
      rank,
    });
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
      </div>
      {writes && (
        <span className="flex opacity-0 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
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
