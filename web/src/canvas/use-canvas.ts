// Everything that a canvas holds, put together: what is shown, what is in the hand, what can be done.
import type { Position } from '@taylordash/core/entities';
import type { Shown } from '@taylordash/core/states';
import { useKeyPress, useReactFlow, useStore } from '@xyflow/react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Graph } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { usePageActions } from '../frame/use-commands.ts';
import { strings } from '../strings.ts';
import { sayError } from '../ui/error-notice.tsx';
import { useToast } from '../ui/toast.tsx';
import type { CanvasDialog } from './canvas-dialogs.tsx';
import { detailAt, freePlace } from './geometry.ts';
import { glide } from './glide.ts';
import { highlightLoop } from './highlight.ts';
import { useArrange } from './use-arrange.ts';
import { useClicks } from './use-clicks.ts';
import { useDraft } from './use-draft.ts';
import { useDrag } from './use-drag.ts';
import { useDrawing } from './use-drawing.ts';
import { useEdgePointer } from './use-edge-pointer.ts';
import { useElements } from './use-elements.ts';
import { useExport } from './use-export.ts';
import { useFlowNodes } from './use-flow-nodes.ts';
import { useHold } from './use-hold.ts';
import { useKeyActions } from './use-key-actions.ts';
import { useLayout } from './use-layout.ts';
import { modeNames, useMode } from './use-mode.ts';
import { useReroute } from './use-reroute.ts';
import { useInScene, useScene } from './use-scene.ts';
import { useTaskDrop } from './use-task-drop.ts';
import { useVerbs } from './use-verbs.ts';
import { useView } from './use-view.ts';

export interface CanvasProps {
  graph: Graph;
  shown: ReadonlyMap<string, Shown>;
  writes: boolean;
  /** The component whose panel is open. */
  open: string | null;
  onOpen: (id: string | null) => void;
  onImport: () => void;
}

/** A graph with more in it is painted from far away instead of being made of elements. */
const large = 400;

export function useCanvas({ graph, shown, writes, open, onOpen }: CanvasProps) {
  const { changes } = useApp();
  const toast = useToast();
  const flow = useReactFlow();
  const container = useRef<HTMLElement>(null);
  const band = useRef<HTMLDivElement>(null);
  const detail = useStore((state) => detailAt(state.transform[2]));
  const panning = useKeyPress('Space');
  const project_id = graph.project.id;
  const [touch, setTouch] = useState(() => window.matchMedia('(pointer: coarse)').matches);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [dialog, show] = useState<CanvasDialog | null>(null);
  const [finding, setFinding] = useState(false);
  const [selecting, setSelecting] = useState(false);
  const fail = useCallback(
    (error: unknown) => toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) }),
    [toast],
  );
  const layout = useLayout(graph, writes, fail);
  const elements = useElements({ graph, shown, place: layout.place, fail });
  const { nodes, byId, chosen, select } = elements;
  const view = useView({
    ...{ container, nodes, node: elements.node, shown, open },
    arranged: layout.arranged,
  });
  const stage = useScene();
  const { scene } = stage;
  const { apply, moving } = useArrange(
    project_id,
    layout,
    () => glide(scene, new Map(nodes.map(({ id, position }) => [id, position]))),
    fail,
  );
  const taskDrop = useTaskDrop(elements, fail);

  const connect = useCallback(
    (component_id: string, depends_on_id: string) => {
      changes.connect(component_id, depends_on_id).catch(fail);
    },
    [changes, fail],
  );
  const names = useRef(byId);
  names.current = byId;
  const refuse = useCallback(
    (loop: readonly string[]) =>
      toast({
        tone: 'problem',
        text: strings.canvas.loop_refused(loop.map((id) => names.current.get(id)?.name ?? '')),
      }),
    [toast],
  );
  const drawing = useDrawing({ graph, placed: nodes, toCanvas: flow.screenToFlowPosition, connect, refuse });

  /** Just made, to be selected once they are among the nodes. */
  const [wanted, setWanted] = useState<readonly string[]>([]);
  useEffect(() => {
    if (wanted.length === 0 || !wanted.every((id) => byId.has(id))) return;
    select(new Set(wanted));
    setWanted([]);
  }, [wanted, byId, select]);
  const draft = useDraft(project_id, (id) => setWanted([id]));
  const begin = (next: { position: Position; depends_on: string[] }) => {
    if (writes) draft.begin({ ...next, position: freePlace(nodes, next.position) });
  };
  const add = () => begin({ position: view.middle(), depends_on: [] });

  const verbs = useVerbs({ graph, writes, elements, view, selectNext: setWanted, fail });
  const mode = useMode(graph, shown);
  const rerouting = useReroute({ graph, scene, elements, reroute: verbs.reroute, refuse });
  const judgement = rerouting.pull?.judgement ?? drawing.drawing?.judgement ?? null;
  const loop = judgement?.verdict === 'loop' ? judgement.loop : null;
  const modeLight = mode.mode?.highlight ?? null;
  const highlight = useMemo(() => (loop ? highlightLoop(loop) : modeLight), [loop, modeLight]);

  const painted = detail !== 'full' && graph.nodes.length + graph.edges.length > large;
  const flowNodes = useFlowNodes({
    ...{ painted, nodes, renaming, selected: elements.selected },
    toCanvas: flow.screenToFlowPosition,
  });
  useInScene(stage, {
    ...{ nodes, edges: graph.edges, painted, elements: flowNodes.elements, highlight },
    selectedEdge: elements.selectedEdge,
  });
  const { preview } = layout;
  useLayoutEffect(() => {
    const ghosts = preview?.moved.flatMap(({ id }) => {
      const place = preview.places.get(id);
      return place ? [[id, place] as const] : [];
    });
    scene.change({ ghosts: ghosts ? new Map(ghosts) : null });
    // What is proposed is to be seen whole, beside what stands.
    if (ghosts && ghosts.length > 0) {
      view.fit([...scene.get().nodes, ...ghosts.map(([id, position]) => ({ id, position }))]);
    }
  }, [scene, preview, view.fit]);
  const edges = useEdgePointer(stage);
  const drag = useDrag({ container, scene, elements });
  const clicks = useClicks({
    ...{ container, band, elements, drag, drawing, edges, writes, touch, painted, panning, selecting, open, onOpen },
    begin,
  });

  const hold = useHold(scene, clicks.under);

  /** Selects a component and brings it into view, at a zoom where its name can be read. */
  const jump = (id: string) => {
    select(new Set([id]));
    view.reveal(id, false, true);
    if (open !== null) onOpen(id);
  };
  /** What is out of view has no element to type in. */
  const rename = (id: string) => {
    view.reveal(id, false);
    setRenaming(id);
  };
  const remove = () => {
    if (!writes) return;
    if (elements.edge) verbs.disconnect();
    else if (chosen.length > 0) show('delete');
  };
  const leaveMode = () => {
    if (rerouting.pull) rerouting.cancel();
    else if (drawing.drawing) drawing.cancel();
    else if (preview) layout.discard();
    else if (finding) setFinding(false);
    else if (mode.mode) mode.set(null);
    else if (selecting) setSelecting(false);
    else return false;
    return true;
  };
  useKeyActions({
    ...{ graph, writes, elements, open, onOpen, begin, remove, verbs, show, leaveMode },
    ...{ reveal: view.reveal, middle: view.middle, fit: view.fit, rename, applyLayout: apply },
    arrange: () => void layout.propose(),
    find: () => setFinding(true),
    toggleMode: mode.toggle,
  });
  const save = useExport(container, graph, nodes);
  const words = strings.canvas;
  usePageActions([
    ...(writes
      ? [
          { id: 'canvas.add', label: words.add, scope: 'canvas' as const, run: add },
          { id: 'canvas.layout', label: words.layout, scope: 'canvas' as const, run: () => void layout.propose() },
        ]
      : []),
    ...modeNames.map((name) => ({
      ...{ id: `canvas.${name}`, label: words.modes[name], scope: 'canvas' as const },
      run: () => mode.toggle(name),
    })),
    { id: 'canvas.find', label: words.find.open, scope: 'canvas', run: () => setFinding(true) },
    { id: 'canvas.svg', label: words.export_svg, scope: 'canvas', run: () => void save('svg') },
    { id: 'canvas.png', label: words.export_png, scope: 'canvas', run: () => void save('png') },
  ]);

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
  return {
    ...{ container, band, stage, context, flowNodes, elements, view, layout, apply, moving, taskDrop },
    ...{ drawing, draft, add, begin, verbs, mode, rerouting, edges, clicks, hold, touch, setTouch, panning },
    ...{ dialog, show, finding, setFinding, selecting, setSelecting, rename, connect, jump, remove, save },
    ...{ detail, highlight },
  };
}

export type CanvasState = ReturnType<typeof useCanvas>;
