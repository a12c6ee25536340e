// The dialogs that the canvas opens: linking and re-routing by typing, blocking, deleting what is selected.
import type { Dependency } from '@taylordash/core/entities';
import { useMemo } from 'react';
import type { Graph, GraphNode } from '../api.ts';
import { ReasonDialog } from '../panel/reason-dialog.tsx';
import { strings } from '../strings.ts';
import { DeleteComponentsDialog } from '../work/delete-components-dialog.tsx';
import { LinkDialog } from '../work/link-dialog.tsx';

/** `first` and `waiting` ask for another end of the chosen dependency. */
export type CanvasDialog = 'link' | 'delete' | 'block' | 'first' | 'waiting';

interface Props {
  dialog: CanvasDialog | null;
  graph: Graph;
  chosen: GraphNode[];
  edge: Dependency | null;
  onLink: (component_id: string, depends_on_id: string) => void;
  onReroute: (from: Dependency, to: Dependency) => void;
  onBlock: (reason: string) => void;
  onDeleted: () => void;
  onClose: () => void;
}

export function CanvasDialogs(props: Props) {
  const { dialog, graph, chosen, edge, onClose } = props;
  const [first] = chosen;
  if (dialog === 'link' && first) {
    return <LinkDialog graph={graph} component={first} direction="unlocks" onClose={onClose} onLink={props.onLink} />;
  }
  if ((dialog === 'first' || dialog === 'waiting') && edge) return <Reroute {...props} edge={edge} end={dialog} />;
  if (dialog === 'block') return <ReasonDialog reason={null} onReason={props.onBlock} onClose={onClose} />;
  if (dialog !== 'delete' || !first) return null;
  return <DeleteComponentsDialog graph={graph} components={chosen} onClose={onClose} onDeleted={props.onDeleted} />;
}

function Reroute({ graph, edge, end, onReroute, onClose }: Props & { edge: Dependency; end: 'first' | 'waiting' }) {
  // As if it were gone already: it must not stand in its own way.
  const without = useMemo(() => ({ ...graph, edges: graph.edges.filter((one) => one !== edge) }), [graph, edge]);
  const fixed = graph.nodes.find(({ id }) => id === (end === 'first' ? edge.component_id : edge.depends_on_id));
  if (!fixed) return null;
  const words = strings.canvas.edge;
  return (
    <LinkDialog
      graph={without}
      component={fixed}
      direction={end === 'first' ? 'needs' : 'unlocks'}
      title={end === 'first' ? words.first_title(fixed.name) : words.waiting_title(fixed.name)}
      onClose={onClose}
      onLink={(component_id, depends_on_id) => onReroute(edge, { component_id, depends_on_id })}
    />
  );
}
