// The canvas: a project's components as nodes, what waits for what as arrows. The one place, with its folder, that knows React Flow.
import type { Position } from '@taylordash/core/entities';
import type { Shown } from '@taylordash/core/states';
import { ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow, useStore, ViewportPortal } from '@xyflow/react';
import {
  type MouseEvent as ReactMouseEvent,
  type PointerEvent as ReactPointerEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { flushSync } from 'react-dom';
import type { Graph } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { sayError } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';
import './canvas.css';
import { type CanvasDialog, CanvasDialogs } from './canvas-dialogs.tsx';
import { CanvasEmpty } from './canvas-empty.tsx';
import { CanvasTools } from './canvas-tools.tsx';
import { ComponentNode, NodeContext } from './component-node.tsx';
import { DependencyEdge } from './dependency-edge.tsx';
import { DotGrid } from './dot-grid.tsx';
import { DraftNode } from './draft-node.tsx';
import { DrawingHint } from './drawing-hint.tsx';
import { EdgeCanvas, edgeAt } from './edge-canvas.tsx';
import { at, detailAt, freePlace, nodeHeight, nodeWidth } from './geometry.ts';
import { LayoutBar, LayoutGhosts } from './layout-preview.tsx';
import { edgeId, type DependencyEdge as FlowEdge, type ComponentNode as FlowNode } from './nodes.ts';
import { Tray } from './tray.tsx';
import { useArrange } from './use-arrange.ts';
import { useBlockNodes } from './use-block-nodes.ts';
import { useDraft } from './use-draft.ts';
import { useDrawing } from './use-drawing.ts';
import { useElements } from './use-elements.ts';
import { useKeyActions } from './use-key-actions.ts';
import { useLayout } from './use-layout.ts';
import { useLift } from './use-lift.ts';
import { useShownEdges } from './use-shown-edges.ts';
import { useTaskDrop } from './use-task-drop.ts';
import { useView } from './use-view.ts';

interface Props {
  graph: Graph;
  shown: ReadonlyMap<string, Shown>;
  writes: boolean;
  /** The component whose panel is open. */
  open: string | null;
  onOpen: (id: string | null) => void;
  onImport: () => void;
}

const nodeTypes = { component: ComponentNode };
const edgeTypes = { dependency: DependencyEdge };

export function Canvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Inner {...props} />
    </ReactFlowProvider>
  );
}

function Inner({ graph, shown, writes, open, onOpen, onImport }: Props) {
  const { changes } = useApp();
  const toast = useToast();
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const container = useRef<HTMLElement>(null);
  const detail = useStore((state) => detailAt(state.transform[2]));
  const project_id = graph.project.id;
  const [touch, setTouch] = useState(() => window.matchMedia('(pointer: coarse)').matches);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [dialog, setDialog] = useState<CanvasDialog | null>(null);
  /** Just made, to be selected once it is among the nodes. */
  const [wanted, setWanted] = useState<string | null>(null);
  const fail = useCallback(
    (error: unknown) => toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) }),
    [toast],
  );
  const layout = useLayout(graph, writes, fail);
  const elements = useElements({ graph, shown, place: layout.place, fail });
  const { nodes, edges, byId, chosen, one, select, light } = elements;
  const { reveal, middle, fit } = useView({ container, nodes, shown, open, arranged: layout.arranged });
  const { apply, moving } = useArrange(project_id, layout, fit, fail);
  const taskDrop = useTaskDrop(elements.mark, fail);

  const connect = useCallback(
    (component_id: string, depends_on_id: string) => {
      changes.connect(project_id, component_id, depends_on_id).catch(fail);
    },
    [changes, project_id, fail],
  );
  const drawing = useDrawing({ graph, placed: flow.getNodes, toCanvas: flow.screenToFlowPosition, connect });
  const judgement = drawing.drawing?.judgement ?? null;
  const loop = judgement?.verdict === 'loop' ? judgement.loop : null;
  useEffect(() => light(loop), [light, loop]);

  const draft = useDraft(project_id, ({ id }) => setWanted(id));
  useEffect(() => {
    if (wanted === null || !nodes.some(({ id }) => id === wanted)) return;
    select(new Set([wanted]));
    setWanted(null);
  }, [wanted, nodes, select]);
  const begin = (next: { position: Position; depends_on: string[] }) => {
    if (writes) draft.begin({ ...next, position: freePlace(flow.getNodes(), next.position) });
  };
  const add = () => begin({ position: middle(), depends_on: [] });

  const remove = () => {
    if (!writes) return;
    if (chosen.length > 0) setDialog('delete');
    for (const edge of edges.filter((candidate) => candidate.selected === true)) {
      changes.disconnect(project_id, edge.target, edge.source).catch(fail);
    }
  };
  useKeyActions({
    ...{ graph, writes, elements, open, onOpen, reveal, middle, fit, begin, remove },
    ...{ applyLayout: apply, rename: setRenaming, show: setDialog },
    leaveMode() {
      if (drawing.drawing) drawing.cancel();
      else if (layout.preview) layout.discard();
      else return false;
      return true;
    },
  });

  const lifted = useLift({
    container,
    enabled: touch && writes,
    zoom: flow.getZoom,
    onMove: (id, dx, dy) => elements.shift(new Set([id]), dx, dy),
    onDrop: (id) => elements.settle(new Set([id])),
  });

  const large = graph.edges.length > manyEdges;
  const context = useMemo(
    () => ({
      detail,
      ports: detail === 'full' || !large,
      writes,
      renaming,
      rename(id: string, name: string | null) {
        setRenaming(null);
        const component = byId.get(id);
        if (component && name !== null && name !== component.name) {
          changes.components.change(component, { name }).catch(fail);
        }
        container.current?.focus();
      },
      tapPort(id: string, port: 'needs' | 'unlocks') {
        if (!writes || drawing.tapTarget(id)) return;
        drawing.start(id, port, true);
      },
    }),
    [detail, large, writes, renaming, byId, changes, fail, drawing.tapTarget, drawing.start],
  );

  const pointerDown = (event: ReactPointerEvent) => {
    const isTouch = event.pointerType === 'touch';
    // Before React Flow sees the press: a finger pans where a mouse selects.
    if (isTouch !== touch) flushSync(() => setTouch(isTouch));
  };
  const shownEdges = useShownEdges(large, edges, nodes);
  const blocks = useBlockNodes(large && detail === 'block', nodes, flow.screenToFlowPosition);
  const paneClick = (event: ReactMouseEvent) => {
    drawing.cancel();
    if (!large) return;
    const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const node = detail === 'block' ? at(nodes, point) : null;
    if (node !== null) {
      // A tap, before which no pointer hovered: blocks are not there to take it.
      setTimeout(() => select(new Set([node])), 0);
      return;
    }
    const edge = edgeAt(flow.getNodes(), graph.edges, point, flow.getZoom());
    // After React Flow, which takes a click beside the nodes as the end of any selection.
    if (edge) setTimeout(() => elements.selectEdge(edgeId(edge)), 0);
  };
  const empty = nodes.length === 0 && draft.draft === null;
  const announced = one
    ? strings.canvas.announce(one.name, strings.states[shown.get(one.id)?.state ?? 'pending'], one.progress)
    : '';

  return (
    <section
      ref={container}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas takes the keys; the outline is its alternative in text
      tabIndex={0}
      aria-label={strings.canvas.label(graph.project.name)}
      aria-keyshortcuts="C L F2 Enter Delete ?"
      className="canvas relative min-h-0 flex-1 outline-offset-[-4px]"
      data-detail={detail}
      data-loop={loop ? '' : undefined}
      data-moving={moving ? '' : undefined}
      onPointerDownCapture={pointerDown}
      onPointerMove={blocks.onPointerMove}
      onDoubleClick={(event) => {
        if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return;
        const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        begin({ position: { x: x - nodeWidth / 2, y: y - nodeHeight / 2 }, depends_on: [] });
      }}
      {...taskDrop}
    >
      <NodeContext value={context}>
        <ReactFlow<FlowNode, FlowEdge>
          nodes={blocks.shown}
          edges={shownEdges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={elements.onNodesChange}
          onEdgesChange={elements.onEdgesChange}
          onNodeDragStop={(_, __, moved) => elements.save(moved)}
          onNodeClick={(event, node) => {
            if (drawing.tapTarget(node.id) || event.shiftKey || event.metaKey || event.ctrlKey) return;
            if (open !== null) onOpen(node.id);
            // By touch there is no double click: a tap on what is chosen already opens it.
            else if (touch && node.selected === true) onOpen(node.id);
          }}
          onNodeDoubleClick={(_, node) => onOpen(node.id)}
          onPaneClick={paneClick}
          onMoveStart={() => container.current?.setAttribute('data-panning', '')}
          onMoveEnd={() => container.current?.removeAttribute('data-panning')}
          onConnectStart={(_, { nodeId, handleType }) => {
            if (nodeId !== null) drawing.start(nodeId, handleType === 'target' ? 'needs' : 'unlocks', false);
          }}
          onConnectEnd={() => {
            if (drawing.drawing?.tapped !== true) drawing.finish();
          }}
          connectOnClick={false}
          connectionRadius={24}
          nodesDraggable={writes && !touch}
          nodesConnectable={writes}
          nodesFocusable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={multiKeys}
          selectionOnDrag={!touch}
          selectionMode={SelectionMode.Partial}
          panOnDrag={touch ? true : middleButton}
          panOnScroll
          zoomOnScroll={false}
          zoomOnDoubleClick={false}
          zoomActivationKeyCode={zoomKeys}
          panActivationKeyCode="Space"
          minZoom={0.1}
          maxZoom={4}
          onlyRenderVisibleElements
          elevateNodesOnSelect={false}
          proOptions={{ hideAttribution: true }}
        >
          <DotGrid />
          {large && <EdgeCanvas nodes={nodes} edges={graph.edges} dimmed={loop !== null} />}
          <ViewportPortal>
            {layout.preview && <LayoutGhosts preview={layout.preview} />}
            {draft.draft && <DraftNode draft={draft.draft} onDone={draft.finish} />}
          </ViewportPortal>
        </ReactFlow>
      </NodeContext>
      <Tray graph={graph} onOpen={onOpen} />
      {empty && !layout.busy && <CanvasEmpty writes={writes} onAdd={add} onImport={onImport} />}
      {drawing.drawing && <DrawingHint drawing={drawing.drawing} names={byId} onCancel={drawing.cancel} />}
      {layout.preview ? (
        <LayoutBar preview={layout.preview} onApply={apply} onCancel={layout.discard} />
      ) : (
        <CanvasTools
          writes={writes}
          busy={layout.busy}
          onAdd={add}
          onLayout={() => void layout.propose()}
          onKeys={() => setDialog('keys')}
        />
      )}
      <p className="sr-only" role="status">
        {lifted === null ? announced : strings.canvas.lifted}
      </p>
      <CanvasDialogs
        {...{ dialog, graph, chosen }}
        onLink={connect}
        onClose={() => setDialog(null)}
        onDeleted={() => {
          setDialog(null);
          onOpen(null);
        }}
      />
    </section>
  );
}

/** Beyond, dependencies are drawn on one canvas; a click finds the nearest and selects it. */
const manyEdges = 300;
const multiKeys = ['Shift', 'Meta', 'Control'];
const zoomKeys = ['Meta', 'Control'];
const middleButton = [1];
