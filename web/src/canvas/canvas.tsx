// The canvas: a project's components as nodes, what waits for what as arrows. The one place, with its folder, that knows React Flow.
import {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  BackgroundVariant,
  MarkerType,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStore,
  ViewportPortal,
} from '@xyflow/react';
import { type PointerEvent as ReactPointerEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Graph } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { describeError } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';
import { DeleteComponentsDialog } from '../work/delete-components-dialog.tsx';
import { LinkDialog } from '../work/link-dialog.tsx';
import type { Shown } from '../work/shown-state.ts';
import './canvas.css';
import { CanvasEmpty } from './canvas-empty.tsx';
import { CanvasTools } from './canvas-tools.tsx';
import { ComponentNode, NodeContext } from './component-node.tsx';
import { DependencyEdge } from './dependency-edge.tsx';
import { DraftNode } from './draft-node.tsx';
import { DrawingHint } from './drawing-hint.tsx';
import { FarEdges } from './far-edges.tsx';
import { detailAt, freePlace, gapAcross, gapAlong, nodeHeight, nodeWidth } from './geometry.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { LayoutBar, LayoutGhosts } from './layout-preview.tsx';
import { edgesOfLoop } from './loop.ts';
import { edgeId, type DependencyEdge as FlowEdge, type ComponentNode as FlowNode, toEdges, toNodes } from './nodes.ts';
import { Tray } from './tray.tsx';
import { useCanvasKeys } from './use-canvas-keys.ts';
import { type Draft, useDraft } from './use-draft.ts';
import { useDrawing } from './use-drawing.ts';
import { useFollow } from './use-follow.ts';
import { useLayout } from './use-layout.ts';
import { useLift } from './use-lift.ts';

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
const edgeDefaults = {
  markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: 'var(--control)' },
};

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
  const [dialog, setDialog] = useState<'link' | 'delete' | 'keys' | null>(null);
  const [moving, setMoving] = useState(false);
  /** Just made, to be selected once it is among the nodes. */
  const [wanted, setWanted] = useState<string | null>(null);
  const fail = useCallback(
    (error: unknown) => {
      const { what, why } = describeError(error);
      toast({ tone: 'problem', text: strings.errors.not_saved(why === '' ? what : why) });
    },
    [toast],
  );
  const layout = useLayout(graph, writes, fail);
  const { place, preview } = layout;
  const [nodes, setNodes] = useState<FlowNode[]>(() => toNodes(graph, shown, place, []));
  const [edges, setEdges] = useState<FlowEdge[]>(() => toEdges(graph.edges, []));
  useEffect(() => setNodes((old) => toNodes(graph, shown, place, old)), [graph, shown, place]);
  useEffect(() => setEdges((old) => toEdges(graph.edges, old)), [graph.edges]);

  const byId = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node])), [graph.nodes]);
  const selected = useMemo(() => nodes.filter((node) => node.selected === true), [nodes]);
  const chosen = selected.flatMap((node) => byId.get(node.id) ?? []);
  const one = chosen.length === 1 ? (chosen[0] ?? null) : null;

  const select = useCallback((ids: ReadonlySet<string>) => {
    setNodes((old) =>
      old.map((node) =>
        ids.has(node.id) === (node.selected === true) ? node : { ...node, selected: ids.has(node.id) },
      ),
    );
    setEdges((old) => old.map((edge) => (edge.selected === true ? { ...edge, selected: false } : edge)));
  }, []);

  const connect = useCallback(
    (component_id: string, depends_on_id: string) => {
      changes.connect(project_id, component_id, depends_on_id).catch(fail);
    },
    [changes, project_id, fail],
  );
  const drawing = useDrawing({ graph, placed: flow.getNodes, toCanvas: flow.screenToFlowPosition, connect });
  const judgement = drawing.drawing?.judgement ?? null;
  const loop = judgement?.verdict === 'loop' ? judgement.loop : null;
  useEffect(() => {
    const lit = new Set(loop);
    const litEdges = new Set(loop ? edgesOfLoop(loop).map(edgeId) : []);
    setNodes((old) => old.map((node) => withClass(node, lit.has(node.id) ? 'lit' : '')));
    setEdges((old) => old.map((edge) => withClass(edge, litEdges.has(edge.id) ? 'lit' : '')));
  }, [loop]);

  const save = (moved: readonly { id: string; position: { x: number; y: number } }[]) => {
    const positions = moved.flatMap(({ id, position }) => {
      const component = byId.get(id);
      return component ? [{ component, position: { x: Math.round(position.x), y: Math.round(position.y) } }] : [];
    });
    if (positions.length > 0) changes.move(project_id, positions).catch(fail);
  };
  const shift = (ids: ReadonlySet<string>, dx: number, dy: number) =>
    setNodes((old) =>
      old.map((node) =>
        ids.has(node.id)
          ? { ...node, dragging: true, position: { x: node.position.x + dx, y: node.position.y + dy } }
          : node,
      ),
    );
  const settle = (ids: ReadonlySet<string>) => {
    save(flow.getNodes().filter((node) => ids.has(node.id)));
    setNodes((old) => old.map((node) => (ids.has(node.id) ? { ...node, dragging: false } : node)));
  };
  const nudging = useRef<ReturnType<typeof setTimeout> | null>(null);

  const reveal = useCallback(
    (id: string, behindSheet: boolean) => {
      const node = flow.getNode(id);
      const box = container.current?.getBoundingClientRect();
      if (!node || !box) return;
      const corner = flow.flowToScreenPosition(node.position);
      const zoom = flow.getZoom();
      const bottom = behindSheet ? box.top + box.height * aboveSheet : box.bottom;
      const inside =
        corner.x > box.left + 24 &&
        corner.y > box.top + 24 &&
        corner.x + nodeWidth * zoom < box.right - 24 &&
        corner.y + nodeHeight * zoom < bottom - 16;
      if (inside) return;
      const down = (box.bottom - bottom) / 2 / zoom;
      const { x, y } = node.position;
      void flow.setCenter(x + nodeWidth / 2, y + nodeHeight / 2 + down, { zoom, duration: 180 });
    },
    [flow],
  );
  useEffect(() => {
    if (open === null) return;
    // Once the panel has taken its room.
    const timer = setTimeout(() => reveal(open, window.matchMedia('(width < 768px)').matches), 60);
    return () => clearTimeout(timer);
  }, [open, reveal]);

  const draft = useDraft(project_id, (component) => {
    setWanted(component.id);
  });
  useEffect(() => {
    if (wanted === null || !nodes.some(({ id }) => id === wanted)) return;
    select(new Set([wanted]));
    setWanted(null);
  }, [wanted, nodes, select]);
  const begin = (next: Omit<Draft, 'saving'>) => {
    if (!writes) return;
    draft.begin({ ...next, position: freePlace(flow.getNodes(), next.position) });
  };
  const middle = () => {
    const box = container.current?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    const { x, y } = flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
    return { x: x - nodeWidth / 2, y: y - nodeHeight / 2 };
  };
  const follow = useFollow(graph, flow.getNodes);

  const apply = () => {
    if (!preview) return;
    layout.discard();
    const before = preview.moved.map((component) => ({ component, position: place(component) }));
    const after = preview.moved.map((component) => ({
      component,
      position: preview.places.get(component.id) ?? place(component),
    }));
    setMoving(true);
    setTimeout(() => setMoving(false), 320);
    changes
      .move(project_id, after)
      .then(() =>
        toast({
          text: strings.canvas.moved(after.length),
          action: { label: strings.undo, run: () => void changes.move(project_id, before).catch(fail) },
        }),
      )
      .catch(fail);
    setTimeout(() => void flow.fitView({ duration: 240, padding: 0.05 }), 40);
  };

  const removeSelected = () => {
    if (!writes) return;
    if (chosen.length > 0) setDialog('delete');
    for (const edge of edges.filter((candidate) => candidate.selected === true)) {
      changes.disconnect(project_id, edge.target, edge.source).catch(fail);
    }
  };

  useCanvasKeys({
    create: () => begin({ position: middle(), depends_on: [] }),
    createDependent() {
      const node = one && flow.getNode(one.id);
      if (!node) return;
      begin({ position: { x: node.position.x + nodeWidth + gapAlong, y: node.position.y }, depends_on: [node.id] });
    },
    createSibling() {
      const node = one && flow.getNode(one.id);
      if (!node) return;
      const depends_on = graph.edges.filter((edge) => edge.component_id === node.id).map((edge) => edge.depends_on_id);
      begin({ position: { x: node.position.x, y: node.position.y + nodeHeight + gapAcross }, depends_on });
    },
    follow(direction) {
      const next = follow(one?.id ?? null, direction);
      if (next === null) return;
      select(new Set([next]));
      if (open !== null) onOpen(next);
      reveal(next, false);
    },
    nudge(dx, dy) {
      if (!writes || chosen.length === 0) return;
      const ids = new Set(chosen.map(({ id }) => id));
      shift(ids, dx, dy);
      if (nudging.current !== null) clearTimeout(nudging.current);
      // A run of presses is one gesture.
      nudging.current = setTimeout(() => settle(ids), 500);
    },
    link: () => writes && one && setDialog('link'),
    open() {
      if (preview) apply();
      else if (one) onOpen(one.id);
    },
    rename: () => writes && one && setRenaming(one.id),
    remove: removeSelected,
    fit: () => void flow.fitView({ duration: 240, padding: 0.05 }),
    fitSelection: () => void flow.fitView({ nodes: selected, duration: 240, padding: 0.3, maxZoom: 1 }),
    selectAll: () => select(new Set(nodes.map(({ id }) => id))),
    help: () => setDialog('keys'),
    leave() {
      if (drawing.drawing) drawing.cancel();
      else if (preview) layout.discard();
      else if (open !== null) onOpen(null);
      else select(new Set());
    },
  });

  const lifted = useLift({
    container,
    enabled: touch && writes,
    zoom: flow.getZoom,
    onMove: (id, dx, dy) => shift(new Set([id]), dx, dy),
    onDrop: (id) => settle(new Set([id])),
  });

  const context = useMemo(
    () => ({
      detail,
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
    [detail, writes, renaming, byId, changes, fail, drawing.tapTarget, drawing.start],
  );

  const pointerDown = (event: ReactPointerEvent) => {
    const isTouch = event.pointerType === 'touch';
    // Before React Flow sees the press: a finger pans where a mouse selects.
    if (isTouch !== touch) flushSync(() => setTouch(isTouch));
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
      data-loop={loop ? '' : undefined}
      data-moving={moving ? '' : undefined}
      onPointerDownCapture={pointerDown}
      onDoubleClick={(event) => {
        if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return;
        const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        begin({ position: { x: x - nodeWidth / 2, y: y - nodeHeight / 2 }, depends_on: [] });
      }}
    >
      <NodeContext value={context}>
        <ReactFlow<FlowNode, FlowEdge>
          nodes={nodes}
          edges={detail === 'block' ? noEdges : edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          defaultEdgeOptions={edgeDefaults}
          onNodesChange={(list) => setNodes((old) => applyNodeChanges(list, old))}
          onEdgesChange={(list) => setEdges((old) => applyEdgeChanges(list, old))}
          onNodeDragStop={(_, __, moved) => save(moved)}
          onNodeClick={(event, node) => {
            if (drawing.tapTarget(node.id) || event.shiftKey || event.metaKey || event.ctrlKey) return;
            if (open !== null) onOpen(node.id);
            // By touch there is no double click: a tap on what is chosen already opens it.
            else if (touch && selected.some(({ id }) => id === node.id)) onOpen(node.id);
          }}
          onNodeDoubleClick={(_, node) => onOpen(node.id)}
          onPaneClick={() => drawing.cancel()}
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
          fitView
          fitViewOptions={{ padding: 0.05, maxZoom: 1, minZoom: nodes.length > many ? 0.1 : 0.3 }}
          onlyRenderVisibleElements
          elevateNodesOnSelect={false}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} />
          {detail === 'block' && <FarEdges nodes={nodes} edges={graph.edges} />}
          <ViewportPortal>
            {preview && <LayoutGhosts preview={preview} />}
            {draft.draft && <DraftNode draft={draft.draft} onDone={draft.finish} />}
          </ViewportPortal>
        </ReactFlow>
      </NodeContext>
      <Tray graph={graph} onOpen={onOpen} />
      {empty && !layout.busy && (
        <CanvasEmpty writes={writes} onAdd={() => begin({ position: middle(), depends_on: [] })} onImport={onImport} />
      )}
      {drawing.drawing && <DrawingHint drawing={drawing.drawing} names={byId} onCancel={drawing.cancel} />}
      {preview ? (
        <LayoutBar preview={preview} onApply={apply} onCancel={layout.discard} />
      ) : (
        <CanvasTools
          writes={writes}
          busy={layout.busy}
          onAdd={() => begin({ position: middle(), depends_on: [] })}
          onLayout={() => void layout.propose()}
          onKeys={() => setDialog('keys')}
        />
      )}
      <p className="sr-only" role="status">
        {lifted === null ? announced : strings.canvas.lifted}
      </p>
      {dialog === 'keys' && <KeysDialog onClose={() => setDialog(null)} />}
      {dialog === 'link' && one && (
        <LinkDialog
          graph={graph}
          component={one}
          direction="unlocks"
          onClose={() => setDialog(null)}
          onLink={connect}
        />
      )}
      {dialog === 'delete' && (
        <DeleteComponentsDialog
          graph={graph}
          components={chosen}
          onClose={() => setDialog(null)}
          onDeleted={() => {
            setDialog(null);
            onOpen(null);
          }}
        />
      )}
    </section>
  );
}

const noEdges: FlowEdge[] = [];
/** Up to here the first view stays readable; beyond, it shows everything. */
const many = 200;
/** The share of the canvas that a sheet from below leaves to see. */
const aboveSheet = 0.3;
const multiKeys = ['Shift', 'Meta', 'Control'];
const zoomKeys = ['Meta', 'Control'];
const middleButton = [1];

function withClass<T extends { className?: string | undefined }>(item: T, className: string): T {
  return (item.className ?? '') === className ? item : { ...item, className };
}
