// The dialogs that the canvas opens: its keys, linking by typing, deleting what is selected.
import type { Graph, GraphNode } from '../api.ts';
import { DeleteComponentsDialog } from '../work/delete-components-dialog.tsx';
import { LinkDialog } from '../work/link-dialog.tsx';
import { KeysDialog } from './keys-dialog.tsx';

export type CanvasDialog = 'link' | 'delete' | 'keys';

interface Props {
  dialog: CanvasDialog | null;
  graph: Graph;
  chosen: GraphNode[];
  onLink: (component_id: string, depends_on_id: string) => void;
  onDeleted: () => void;
  onClose: () => void;
}

export function CanvasDialogs({ dialog, graph, chosen, onLink, onDeleted, onClose }: Props) {
  const [first] = chosen;
  if (dialog === 'keys') return <KeysDialog onClose={onClose} />;
  if (dialog === 'link' && first) {
    return <LinkDialog graph={graph} component={first} direction="unlocks" onClose={onClose} onLink={onLink} />;
  }
  if (dialog !== 'delete') return null;
  return <DeleteComponentsDialog graph={graph} components={chosen} onClose={onClose} onDeleted={onDeleted} />;
}
