// The editor of one task, opened from board, table, component, own work and palette.
import { useQuery } from '@tanstack/react-query';
import { ApiProblem } from '@taylordash/sdk/client';
import { Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import { type Graph, graphQuery, projectTasksQuery, type Task, taskQuery } from '../api.ts';
import { useApp, useMay, useMe, usePeople } from '../app-context.tsx';
import { useDone } from '../frame/use-undo.ts';
import { useTouchedBy } from '../live.ts';
import { taskStrings as words } from '../strings/task.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { NameChip } from '../ui/name-chip.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useRowNames } from '../views/use-rows.ts';
import { Checklist } from './checklist.tsx';
import { EditText } from './edit-text.tsx';
import { EntityHistory } from './history.tsx';
import { SidePanel } from './side-panel.tsx';
import { TaskFields } from './task-fields.tsx';
import { useTaskEdit } from './use-task-edit.ts';

interface Props {
  id: string;
  /** The project that the task is in; null: somebody's inbox. */
  project_id: string | null;
  onClose: () => void;
  /** Opens the component that the task is in, where the page can. */
  onOpenComponent?: (id: string) => void;
}

const noGraph = { nodes: [], edges: [] };

export function TaskEditor({ id, project_id, onClose, onOpenComponent }: Props) {
  const { api } = useApp();
  const task = useQuery(taskQuery(api, id));
  const graph = useQuery({ ...graphQuery(api, project_id ?? ''), enabled: project_id !== null });
  if (task.data && (project_id === null || graph.data)) {
    return (
      <Loaded
        key={id}
        task={task.data}
        graph={graph.data}
        onClose={onClose}
        {...(onOpenComponent ? { onOpenComponent } : {})}
      />
    );
  }
  const gone = task.error instanceof ApiProblem && task.error.body.code === 'task.not_found';
  return (
    <SidePanel head={<span className="flex-1" />} onClose={onClose}>
      {gone && (
        <>
          <p className="p-6 text-center text-text-2">{words.gone}</p>
          <Button onClick={onClose} className="mx-auto mb-6">
            {strings.close}
          </Button>
        </>
      )}
      {task.isError && !gone && <ErrorNotice error={task.error} retry={() => void task.refetch()} />}
      {task.isPending && (
        <div className="p-4">
          <SkeletonRows rows={6} height="h-9" />
        </div>
      )}
    </SidePanel>
  );
}

interface LoadedProps {
  task: Task;
  graph: Graph | undefined;
  onClose: () => void;
  onOpenComponent?: (id: string) => void;
}

function Loaded({ task, graph, onClose, onOpenComponent }: LoadedProps) {
  const { api, live, changes } = useApp();
  const done = useDone();
  const me = useMe();
  const person = usePeople();
  const project_id = graph?.project.id ?? null;
  const may = useMay();
  const writes = project_id === null ? task.created_by === me?.id : may('write:tasks', project_id);
  const names = useRowNames(graph ?? noGraph);
  const touched = useTouchedBy(live, task.id);
  const all = useQuery({ ...projectTasksQuery(api, project_id ?? ''), enabled: project_id !== null }).data?.tasks;
  const labels = useMemo(
    () => [...new Set(all?.flatMap((one) => one.labels))].sort((a, b) => a.localeCompare(b)),
    [all],
  );
  const { edit, error, say } = useTaskEdit(task);
  const remove = () => {
    onClose();
    changes
      .deleteTask(task)
      .then((saved) => done(strings.panel.task_deleted(task.name), saved.key))
      .catch((problem: unknown) => say('name', strings.errors.not_saved(String(problem))));
  };
  const who = person(task.created_by);
  return (
    <SidePanel
      label={words.label(task.name)}
      onClose={onClose}
      head={
        <>
          <span className="min-w-0 flex-1 truncate text-13 text-text-3">{graph?.project.name ?? words.inbox}</span>
          {touched !== null && <NameChip name={touched} />}
          {writes && (
            <IconButton label={words.delete} onClick={remove}>
              <Trash2 size={16} aria-hidden />
            </IconButton>
          )}
        </>
      }
    >
      <div className={cx('flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto p-4', touched !== null && 'enter-fade')}>
        <div className="flex flex-col gap-1">
          <EditText
            base={task}
            label={words.name}
            value={task.name}
            required
            maxLength={255}
            readOnly={!writes}
            className="text-20 font-semibold"
            error={error('name')}
            onSave={(name, base) => edit('name', { name }, base)}
          />
          <EditText
            draft={`task.${task.id}.description`}
            base={task}
            label={words.description}
            placeholder={writes ? words.description_none : ''}
            value={task.description ?? ''}
            maxLength={10_000}
            readOnly={!writes}
            multiline
            className="text-text-2"
            error={error('description')}
            onSave={(text, base) => edit('description', { description: text === '' ? null : text }, base)}
          />
        </div>
        <TaskFields
          task={task}
          names={names}
          labels={labels}
          writes={writes}
          edit={edit}
          say={say}
          error={error}
          onOpenComponent={onOpenComponent}
        />
        <Checklist
          steps={task.checklist}
          writes={writes}
          error={error('checklist')}
          onSteps={(checklist) => edit('checklist', { checklist })}
        />
        {project_id !== null && <EntityHistory project_id={project_id} entity_id={task.id} writes={writes} />}
        <p className="text-12 text-text-3">
          {who === null ? words.created_at : words.created(who)} <RelativeTime at={task.created_at} /> · {words.updated}{' '}
          <RelativeTime at={task.updated_at} />
          {task.completed_at !== null && (
            <>
              {' '}
              · {words.completed} <RelativeTime at={task.completed_at} />
            </>
          )}
        </p>
      </div>
    </SidePanel>
  );
}
