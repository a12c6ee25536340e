// The new component while it is named.
import { nodeHeight, nodeWidth } from './geometry.ts';
import { NameInput } from './name-input.tsx';
import type { Draft } from './use-draft.ts';

export function DraftNode({ draft, onDone }: { draft: Draft; onDone: (name: string | null) => Promise<void> }) {
  return (
    <div
      className="pointer-events-auto absolute z-10 flex items-start rounded-node border-2 border-accent bg-surface-2 p-3"
      style={{
        width: nodeWidth,
        height: nodeHeight,
        transform: `translate(${draft.position.x}px, ${draft.position.y}px)`,
      }}
    >
      <NameInput name={draft.name ?? ''} onDone={(name) => void onDone(name)} />
    </div>
  );
}
