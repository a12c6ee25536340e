// A task dragged out of the panel and dropped on a component is filed there.
import { useReactFlow } from '@xyflow/react';
import { type DragEvent, useState } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { useToast } from '../ui/toast.tsx';
import { taskOf } from '../work/cache.ts';
import { taskDragType } from '../work/task-drag.ts';
import { at } from './geometry.ts';
import type { Elements } from './use-elements.ts';

export function useTaskDrop({ nodes, byId }: Elements, fail: (error: unknown) => void) {
  const { cache, changes } = useApp();
  const toast = useToast();
  const flow = useReactFlow();
  const [over, setOver] = useState<string | null>(null);
  const handlers = {
    onDragOver(event: DragEvent) {
      if (!event.dataTransfer.types.includes(taskDragType)) return;
      const target = at(nodes, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
      setOver(target);
      if (target === null) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'move';
    },
    onDragLeave(event: DragEvent) {
      if (event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)) return;
      setOver(null);
    },
    onDrop(event: DragEvent) {
      const task = taskOf(cache, event.dataTransfer.getData(taskDragType));
      const target = at(nodes, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
      setOver(null);
      if (!task || target === null || target === task.component_id) return;
      event.preventDefault();
      const back = task.component_id;
      changes.tasks
        .change(task, { component_id: target })
        .then(() =>
          toast({
            text: strings.panel.task_moved(task.name, byId.get(target)?.name ?? ''),
            action: {
              label: strings.undo,
              run: () =>
                void changes.tasks.change({ ...task, component_id: target }, { component_id: back }).catch(fail),
            },
          }),
        )
        .catch(fail);
    },
  };
  /** The component that what is dragged would be filed in. */
  return { over, handlers };
}
