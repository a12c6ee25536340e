// A component on the canvas, in as much detail as the zoom leaves room for.

import { Handle, type NodeProps, Position } from '@xyflow/react';
import { ListChecks, Pin } from 'lucide-react';
import { createContext, memo, useContext } from 'react';
import { useApp } from '../app-context.tsx';
import { useTouchedBy } from '../live.ts';
import { strings } from '../strings.ts';
import { cx } from '../ui/cx.ts';
import { NameChip } from '../ui/name-chip.tsx';
import { ProgressRing } from '../ui/progress-ring.tsx';
import { StatusIcon } from '../ui/status-icon.tsx';
import { useHeldUpdates } from '../work/held.ts';
import { TypeIcon } from '../work/type-icon.tsx';
import type { Detail } from './geometry.ts';
import type { Highlight } from './highlight.ts';
import { NameInput } from './name-input.tsx';
import type { ComponentNode as FlowNode } from './nodes.ts';
import { blockTokens } from './status-shapes.ts';

export interface NodeContextValue {
  detail: Detail;
  highlight: Highlight | null;
  /** The component that a dragged task would be filed in. */
  drop: string | null;
  writes: boolean;
  /** The node whose name is being typed. */
  renaming: string | null;
  rename: (id: string, name: string | null) => void;
  /** A port was tapped or clicked, not dragged from. */
  tapPort: (id: string, port: 'needs' | 'unlocks') => void;
}

export const NodeContext = createContext<NodeContextValue>({
  detail: 'full',
  highlight: null,
  drop: null,
  writes: false,
  renaming: null,
  rename() {},
  tapPort() {},
});

export const ComponentNode = memo(function ComponentNode({ id, data, selected }: NodeProps<FlowNode>) {
  const { live, held } = useApp();
  const updates = useHeldUpdates(held, id);
  const touched = useTouchedBy(live, id);
  const { detail: general, highlight, drop, writes, renaming, rename, tapPort } = useContext(NodeContext);
  // A name is typed in full detail, however far out.
  const detail = renaming === id ? 'full' : general;
  const { component, shown } = data;
  const { tasks } = component;
  const quiet = shown.state === 'completed' || shown.state === 'cancelled';
  return (
    <>
      <div
        className={cx(
          'node-box flex h-[88px] w-[224px] flex-col justify-between overflow-hidden rounded-node border',
          selected ? 'border-accent bg-accent-quiet outline-2 outline-accent' : 'border-line bg-surface-2 shadow-1',
          detail === 'block' ? 'p-0' : 'p-3',
          touched !== null && 'remote-change',
          highlight !== null && (highlight.nodes.has(id) ? 'lit' : 'faint'),
          drop === id && 'drop',
        )}
      >
        {detail === 'block' && (
          <div className="h-full w-full" style={{ background: `var(${blockTokens[shown.state]})` }} />
        )}
        {detail === 'name' && (
          <div className="flex h-full items-center gap-3">
            <StatusIcon state={shown.state} bare size={32} />
            <span className="wrap-anywhere line-clamp-2 min-w-0 text-24 font-medium">{component.name}</span>
          </div>
        )}
        {detail === 'full' && (
          <>
            <div className="flex items-start gap-2">
              <TypeIcon type={component.type} className="mt-0.5 shrink-0 text-text-3" />
              {renaming === id ? (
                <NameInput name={component.name} onDone={(name) => rename(id, name)} />
              ) : (
                <span
                  title={component.name}
                  className={cx(
                    'wrap-anywhere line-clamp-2 min-w-0 flex-1 text-14/[18px] font-medium',
                    quiet && 'text-text-2',
                  )}
                >
                  {component.name}
                </span>
              )}
            </div>
            <div className="flex items-center gap-2">
              <StatusIcon
                state={shown.state}
                bare={shown.held_up}
                badge={shown.state === 'blocked' || shown.state === 'dead_blocked'}
                size={14}
              />
              {shown.held_up && <StatusIcon state="held_up" badge size={14} />}
              <span className="flex-1" />
              {tasks.total > 0 && (
                <span
                  className="inline-flex items-center gap-1 text-12 text-text-3"
                  title={strings.tasks_of(tasks.done, tasks.total)}
                >
                  <ListChecks size={14} aria-hidden />
                  {tasks.total - tasks.done}
                </span>
              )}
              {component.progress > 0 && component.progress < 100 && (
                <span className="text-12 text-text-3">{strings.percent(component.progress)}</span>
              )}
              {component.pinned && (
                <span title={strings.panel.pinned} className="text-text-3">
                  <Pin size={14} aria-hidden />
                  <span className="sr-only">{strings.panel.pinned}</span>
                </span>
              )}
              <ProgressRing value={component.progress} size={18} />
            </div>
          </>
        )}
      </div>
      {detail !== 'block' && (touched !== null || updates > 0) && (
        <div className="absolute -top-3 right-2 flex gap-1">
          {updates > 0 && <NameChip name={strings.canvas.updates(updates)} />}
          {touched !== null && <NameChip name={touched} />}
        </div>
      )}
      <Ports id={id} writes={writes} quiet={detail !== 'full'} tapPort={tapPort} />
    </>
  );
});

interface PortsProps {
  id: string;
  writes: boolean;
  quiet: boolean;
  tapPort: NodeContextValue['tapPort'];
}

const ports = [
  ['needs', 'target', Position.Left],
  ['unlocks', 'source', Position.Right],
] as const;

function Ports({ id, writes, quiet, tapPort }: PortsProps) {
  return ports.map(([port, type, position]) => (
    <Handle
      key={port}
      id={port}
      type={type}
      position={position}
      isConnectable={writes}
      className={cx(!writes && 'invisible', quiet && 'quiet')}
      onClick={(event) => {
        event.stopPropagation();
        tapPort(id, port);
      }}
    />
  ));
}
