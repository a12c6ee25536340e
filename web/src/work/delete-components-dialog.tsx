// Asks before components are deleted: says what goes with them, and what becomes of those that wait.
import { useState } from 'react';
import type { Graph, GraphNode } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { useDone } from '../frame/use-undo.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/choices.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { sayError } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';

interface Props {
  graph: Graph;
  components: readonly GraphNode[];
  onClose: () => void;
  onDeleted: () => void;
}

export function DeleteComponentsDialog({ graph, components, onClose, onDeleted }: Props) {
  const { changes } = useApp();
  const done = useDone();
  const toast = useToast();
  const [dependents, setDependents] = useState<'link' | 'drop'>('link');
  const ids = new Set(components.map(({ id }) => id));
  const waiting = new Set(
    graph.edges
      .filter((edge) => ids.has(edge.depends_on_id) && !ids.has(edge.component_id))
      .map((edge) => edge.component_id),
  );
  const needs = graph.edges.some((edge) => ids.has(edge.component_id) && !ids.has(edge.depends_on_id));
  const tasks = components.reduce((sum, { tasks: { total } }) => sum + total, 0);
  const links = graph.edges.filter((edge) => ids.has(edge.component_id) || ids.has(edge.depends_on_id)).length;
  const [only] = components.length === 1 ? components : [];
  const fail = (error: unknown) => toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
  const remove = () => {
    const label = only ? strings.gestures.delete(only.name) : strings.canvas.did.delete(components.length);
    const chosen = needs ? dependents : 'drop';
    const operations = components.map(({ id }) => ({ op: 'delete_component' as const, id, dependents: chosen }));
    changes
      .apply({ label, operations })
      .then(({ undo }) =>
        done(only ? strings.delete.done(only.name) : strings.delete.done_many(components.length), undo),
      )
      .catch(fail);
    onDeleted();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={only ? strings.delete.title(only.name) : strings.delete.title_many(components.length)}
      description={strings.delete.text(tasks, links)}
    >
      {waiting.size > 0 && needs && (
        <>
          <p>{strings.delete.waiting(waiting.size)}</p>
          <Choices
            label={strings.delete.waiting(waiting.size)}
            value={dependents}
            onValue={setDependents}
            options={[
              { value: 'link', title: strings.delete.link, text: strings.delete.link_text },
              { value: 'drop', title: strings.delete.drop, text: strings.delete.drop_text },
            ]}
          />
        </>
      )}
      <DialogActions>
        {only && only.status !== 'cancelled' && waiting.size > 0 && (
          <Button
            onClick={() => {
              onClose();
              changes.components.change(only, { status: 'cancelled' }).catch(fail);
            }}
          >
            {strings.delete.cancel_instead}
          </Button>
        )}
        <Button onClick={onClose}>{strings.cancel}</Button>
        <Button kind="danger" onClick={remove}>
          {strings.delete.confirm}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
