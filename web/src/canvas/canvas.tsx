// The canvas: a project's components as nodes, what waits for what as arrows. The one place, with its folder, that knows React Flow.
import type { Position } from '@taylordash/core/entities';
import type { Shown } from '@taylordash/core/states';
import { ReactFlowProvider, useKeyPress, useReactFlow, useStore } from '@xyflow/react';
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
import { NodeContext } from './component-node.tsx';
import { DraftNode } from './draft-node.tsx';
import { DrawingHint } from './drawing-hint.tsx';
import { at, detailAt, freePlace, nodeHeight, nodeWidth } from './geometry.ts';
import { highlightLoop } from './highlight.ts';
import { LayoutBar, LayoutGhosts } from './layout-preview.tsx';
import { Stage } from './stage.tsx';
import { Tray } from './tray.tsx';
import { useArrange } from './use-arrange.ts';
import { useDraft } from './use-draft.ts';
import { useDrag } from './use-drag.ts';
import { useDrawing } from './use-drawing.ts';
import { useEdgePointer } from './use-edge-pointer.ts';
import { useElements } from './use-elements.ts';
import { useFlowNodes } from './use-flow-nodes.ts';
import { useKeyActions } from './use-key-actions.ts';
import { useLayout } from './use-layout.ts';
import { useLift } from './use-lift.ts';
import { usePointer } from './use-pointer.ts';
import { useInScene, useScene } from './use-scene.ts';
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

export function Canvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Inner {...props} />
    </ReactFlowProvider>
  );
}

/** A graph with more in it is painted from far away instead of being made of elements. */
const large = 400;

function Inner({ graph, shown, writes, open, onOpen, onImport }: Props) {
  const { changes } = useApp();
  const toast = useToast();
  const flow = useReactFlow();
  const container = useRef<HTMLElement>(null);
  const band = useRef<HTMLDivElement>(null);
  const detail = useStore((state) => detailAt(state.transform[2]));
  const space = useKeyPress('Space');
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
  const { nodes, byId, chosen, one, select } = elements;
  const { reveal, middle, fit } = useView({
    ...{ container, nodes, node: elements.node, shown, open },
    arranged: layout.arranged,
  });
  const { apply, moving } = useArrange(project_id, layout, fit, fail);
  const taskDrop = useTaskDrop(elements, fail);
  const stage = useScene();

  const connect = useCallback(
    (component_id: string, depends_on_id: string) => {
      changes.connect(project_id, component_id, depends_on_id).catch(fail);
    },
    [changes, project_id, fail],
  );
  const drawing = useDrawing({ graph, placed: nodes, toCanvas: flow.screenToFlowPosition, connect });
  const judgement = drawing.drawing?.judgement ?? null;
  const loop = judgement?.verdict === 'loop' ? judgement.loop : null;
  const highlight = useMemo(() => (loop ? highlightLoop(loop) : null), [loop]);

  const painted = detail !== 'full' && graph.nodes.length + graph.edges.length > large;
  const flowNodes = useFlowNodes({
    ...{ painted, nodes, renaming, selected: elements.selected },
    toCanvas: flow.screenToFlowPosition,
  });
  useInScene(stage, {
    ...{ nodes, edges: graph.edges, painted, elements: flowNodes.elements, highlight },
    selectedEdge: elements.selectedEdge,
  });
  const edgePointer = useEdgePointer(stage);
  const drag = useDrag({ container, scene: stage.scene, elements });
  const press = usePointer({ container, band, elements, drag, writes, painted, panning: space });

  const draft = useDraft(project_id, setWanted);
  useEffect(() => {
    if (wanted === null || !nodes.some(({ id }) => id === wanted)) return;
    select(new Set([wanted]));
    setWanted(null);
  }, [wanted, nodes, select]);
  const begin = (next: { position: Position; depends_on: string[] }) => {
    if (writes) draft.begin({ ...next, position: freePlace(nodes, next.position) });
  };
  const add = () => begin({ position: middle(), depends_on: [] });

  const remove = () => {
    if (!writes) return;
    const { edge } = elements;
    if (edge) changes.disconnect(project_id, edge.component_id, edge.depends_on_id).catch(fail);
    else if (chosen.length > 0) setDialog('delete');
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

  const under = (point: Position, target: Element) =>
    target.closest<HTMLElement>('.react-flow__node')?.dataset.id ??
    (painted ? at(nodes, flow.screenToFlowPosition(point)) : null);
  const lifted = useLift({
    ...{ container, drag, under, enabled: touch && writes },
    with: (id) => new Set(chosen.some((component) => component.id === id) ? chosen.map((each) => each.id) : [id]),
  });

  const context = useMemo(
    () => ({
      ...{ detail, highlight, drop: taskDrop.over, writes, renaming },
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
    [detail, highlight, taskDrop.over, writes, renaming, byId, changes, fail, drawing.tapTarget, drawing.start],
  );

  const pointerDown = (event: ReactPointerEvent) => {
    const isTouch = event.pointerType === 'touch';
    // Before React Flow sees the press: a finger pans where a mouse selects.
    if (isTouch !== touch) flushSync(() => setTouch(isTouch));
    press(event);
  };
  const clickNode = (event: ReactMouseEvent, id: string) => {
    if (drawing.tapTarget(id)) return;
    if (event.shiftKey || event.metaKey || event.ctrlKey) {
      elements.toggle(id);
      return;
    }
    // By touch there is no double click: a tap on what is chosen already opens it.
    const again = touch && one?.id === id;
    select(new Set([id]));
    if (open !== null || again) onOpen(id);
  };
  const clickPane = (event: ReactMouseEvent) => {
    const id = painted ? at(nodes, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })) : null;
    if (id !== null) {
      clickNode(event, id);
      return;
    }
    drawing.cancel();
    elements.selectEdge(edgePointer.under(event.clientX, event.clientY, touch ? 'touch' : 'mouse'));
  };
  const doubleClick = (event: ReactMouseEvent) => {
    if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return;
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const id = painted ? at(nodes, { x, y }) : null;
    if (id !== null) onOpen(id);
    else begin({ position: { x: x - nodeWidth / 2, y: y - nodeHeight / 2 }, depends_on: [] });
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
      data-tone={highlight?.tone}
      data-moving={moving ? '' : undefined}
      onPointerDownCapture={pointerDown}
      onPointerMove={(event) => {
        flowNodes.onPointerMove(event);
        edgePointer.hover(event);
      }}
      onDoubleClick={doubleClick}
      {...taskDrop.handlers}
    >
      <NodeContext value={context}>
        <Stage
          nodes={flowNodes.shown}
          {...stage}
          writes={writes}
          pans={touch || space}
          onNodeClick={clickNode}
          onOpen={onOpen}
          onPaneClick={clickPane}
          onDraw={(from, port) => drawing.start(from, port, false)}
          onDrawn={() => {
            if (drawing.drawing?.tapped !== true) drawing.finish();
          }}
        >
          {layout.preview && <LayoutGhosts preview={layout.preview} />}
          {draft.draft && <DraftNode draft={draft.draft} onDone={draft.finish} />}
        </Stage>
      </NodeContext>
      <div ref={band} aria-hidden hidden className="band pointer-events-none absolute top-0 left-0 z-10" />
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
          onFit={() => fit()}
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
