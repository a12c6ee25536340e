// React Flow as this canvas uses it: panning, zooming, the elements of nodes and the drawing of new dependencies. Selecting and moving are our own.
import { ReactFlow, ViewportPortal } from '@xyflow/react';
import { type MouseEvent as ReactMouseEvent, type ReactNode, useRef } from 'react';
import { ComponentNode } from './component-node.tsx';
import { DotGrid } from './dot-grid.tsx';
import type { EdgeLine } from './edge-lines.ts';
import { Layers } from './layers.tsx';
import type { ComponentNode as FlowNode } from './nodes.ts';
import type { Scene, SceneState } from './scene.ts';
import type { Port } from './use-drawing.ts';

interface Props {
  nodes: FlowNode[];
  scene: Scene;
  lines: (state: SceneState) => readonly EdgeLine[];
  writes: boolean;
  /** One finger or the left button moves the view. */
  pans: boolean;
  onNodeClick: (event: ReactMouseEvent, id: string) => void;
  onOpen: (id: string) => void;
  onPaneClick: (event: ReactMouseEvent) => void;
  onDraw: (from: string, port: Port) => void;
  onDrawn: () => void;
  /** Moves and zooms with the graph. */
  children: ReactNode;
}

const nodeTypes = { component: ComponentNode };
const noEdges: never[] = [];
const zoomKeys = ['Meta', 'Control'];
const middleButton = [1];

export function Stage({ nodes, scene, lines, writes, pans, ...props }: Props) {
  const box = useRef<HTMLDivElement>(null);
  return (
    <ReactFlow<FlowNode>
      ref={box}
      nodes={nodes}
      edges={noEdges}
      nodeTypes={nodeTypes}
      onNodeClick={(event, { id }) => props.onNodeClick(event, id)}
      onNodeDoubleClick={(_, { id }) => props.onOpen(id)}
      onPaneClick={props.onPaneClick}
      onMoveStart={() => box.current?.setAttribute('data-panning', '')}
      onMoveEnd={() => box.current?.removeAttribute('data-panning')}
      onConnectStart={(_, { nodeId, handleType }) => {
        if (nodeId !== null) props.onDraw(nodeId, handleType === 'target' ? 'needs' : 'unlocks');
      }}
      onConnectEnd={props.onDrawn}
      connectOnClick={false}
      connectionRadius={24}
      nodesDraggable={false}
      elementsSelectable={false}
      nodesConnectable={writes}
      nodesFocusable={false}
      edgesFocusable={false}
      disableKeyboardA11y
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      panActivationKeyCode={null}
      panOnDrag={pans ? true : middleButton}
      panOnScroll
      zoomOnScroll={false}
      zoomOnDoubleClick={false}
      zoomActivationKeyCode={zoomKeys}
      minZoom={0.1}
      maxZoom={4}
      onlyRenderVisibleElements
      elevateNodesOnSelect={false}
      proOptions={{ hideAttribution: true }}
    >
      <DotGrid />
      <Layers scene={scene} lines={lines} />
      <ViewportPortal>{props.children}</ViewportPortal>
    </ReactFlow>
  );
}
