// Tasks as rows: their cells and editors, and what changing, adding and deleting them does.
import type { ProjectTask } from '@taylordash/core/entities';
import type { RowNames } from '@taylordash/core/row-fields';
import { useMemo } from 'react';
import type { Graph } from '../api.ts';
import { useApp, useMay } from '../app-context.tsx';
import { viewStrings as words } from '../strings/views.ts';
import { strings } from '../strings.ts';
import { newId } from '../work/ids.ts';
import type { TaskPatch } from '../work/operations.ts';
import { TaskStatus } from './cells.tsx';
import { taskEditors } from './editors.ts';
import type { Kind } from './kind.ts';
import { taskLooks } from './task-cell.tsx';
import type { Present } from './use-now.ts';
import { useRowChanges } from './use-row-changes.ts';

interface Options {
  graph: Graph;
  names: RowNames & Present;
  /** The component that new tasks go to where their place says nothing. */
  add_to: string | null;
  open_id: string | null;
  onOpen: (id: string) => void;
}

export function useTaskKind({ graph, names, add_to, open_id, onOpen }: Options): Kind<ProjectTask, TaskPatch> {
  const { changes } = useApp();
  const writes = useMay()('write:tasks', graph.project.id);
  const { follow, apply, errorOf } = useRowChanges();
  return useMemo(() => {
    const { cell, meta } = taskLooks(names);
    return {
      of: 'tasks',
      writes,
      editors: taskEditors(names),
      cell,
      meta,
      lead: (task) => <TaskStatus status={task.status} bare />,
      edit: (task, field, patch) => follow(task.id, field, changes.tasks.change(task, patch)),
      editAll: (list, told) =>
        void apply(
          list.map(({ row, patch }) => ({ op: 'update_task', id: row.id, fields: patch })),
          told,
        ),
      errorOf,
      remove: (tasks) => {
        const [only] = tasks.length === 1 ? tasks : [];
        void apply(
          tasks.map(({ id }) => ({ op: 'delete_task', id })),
          {
            gesture: only ? strings.gestures.delete(only.name) : words.bulk_delete_gesture(tasks.length),
            done: only ? strings.panel.task_deleted(only.name) : words.bulk_done(tasks.length, 'tasks', words.deleted),
          },
        );
      },
      add:
        writes && (add_to !== null || names.components.size > 0)
          ? async (name, patch) => {
              const { component_id, ...fields } = patch ?? {};
              const target = component_id ?? add_to;
              if (target === null) return;
              await changes.createTask(target, { ...fields, id: newId(), name });
            }
          : null,
      rank: { of: (task) => task.rank, patch: (rank, also) => ({ ...also, rank }) },
      open: onOpen,
      open_id,
      dialogs: null,
    };
  }, [names, writes, changes, follow, apply, errorOf, add_to, onOpen, open_id]);
}
