// Gives a task of the inbox a place: first the project, then its component.
import { useQuery } from '@tanstack/react-query';
import type { PlacedTask } from '@taylordash/core/entities';
import { LayoutGrid } from 'lucide-react';
import { useState } from 'react';
import { graphQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { useProjectNames } from '../quick-add/names.ts';
import { strings } from '../strings.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Pick } from '../views/pick.tsx';
import { MoveTaskDialog } from '../work/move-task-dialog.tsx';

const words = strings.my_work;

interface Props {
  task: PlacedTask;
  /** `to` is the place in words. */
  onFile: (component_id: string, to: string) => void;
  onClose: () => void;
}

export function FileDialog({ task, onFile, onClose }: Props) {
  const [chosen, setChosen] = useState(task.project_id);
  const { active, complete } = useProjectNames();
  // With one project there is nothing to choose.
  const project = chosen ?? (complete && active.length === 1 ? (active[0]?.id ?? null) : null);
  if (project !== null) return <IntoComponent project_id={project} task={task} onFile={onFile} onClose={onClose} />;
  return (
    <Dialog open onOpenChange={onClose} title={words.file_title(task.name)} description={words.file_hint}>
      {complete && active.length === 0 ? (
        <p className="py-4 text-center text-text-3">{words.no_projects}</p>
      ) : (
        <Pick
          label={words.file_project}
          items={active.map(({ id, name }) => ({
            ...{ key: id, title: name },
            icon: <LayoutGrid size={16} aria-hidden className="shrink-0 text-text-3" />,
          }))}
          chosen={nothing}
          onPick={setChosen}
        />
      )}
    </Dialog>
  );
}
const nothing: ReadonlySet<string> = new Set();

function IntoComponent({ project_id, task, onFile, onClose }: Props & { project_id: string }) {
  const { api } = useApp();
  const graph = useQuery(graphQuery(api, project_id));
  if (graph.data && graph.data.nodes.length > 0) {
    const { nodes, project } = graph.data;
    return (
      <MoveTaskDialog
        graph={graph.data}
        task={task}
        onClose={onClose}
        onMove={(id) => onFile(id, `${project.name} › ${nodes.find((node) => node.id === id)?.name ?? ''}`)}
      />
    );
  }
  return (
    <Dialog open onOpenChange={onClose} title={words.file_title(task.name)}>
      {graph.isPending && <SkeletonRows rows={4} height="h-9" />}
      {graph.isError && <ErrorNotice error={graph.error} retry={() => void graph.refetch()} />}
      {graph.data && <p className="py-4 text-center text-text-3">{words.no_components}</p>}
    </Dialog>
  );
}
