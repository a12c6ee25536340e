// The painted layers of the canvas: what rests, behind the nodes; what is in the hand, chosen or lit, before them.
import { useEffect, useMemo, useRef } from 'react';
import { type EdgeLine, linesOf } from './edge-lines.ts';
import { detailAt } from './geometry.ts';
import { gliding } from './glide.ts';
import { toneTokens } from './highlight.ts';
import { paintEdges } from './paint-edges.ts';
import { paintGhosts, paintNodes } from './paint-nodes.ts';
import { createPalette, type Palette } from './palette.ts';
import type { Scene, SceneState } from './scene.ts';
import { type Paint, useSlidingCanvas } from './sliding-canvas.ts';

const faint = 0.2;

/** Lines of the scene, found anew only where nodes or dependencies are others. */
export function createLines(): (state: SceneState) => readonly EdgeLine[] {
  let of: SceneState | null = null;
  let lines: readonly EdgeLine[] = [];
  return (state) => {
    if (of?.nodes !== state.nodes || of.edges !== state.edges) {
      of = state;
      lines = linesOf(state.nodes, state.edges);
    }
    return lines;
  };
}

interface Props {
  scene: Scene;
  lines: (state: SceneState) => readonly EdgeLine[];
}

export function Layers({ scene, lines }: Props) {
  const back = useRef<HTMLCanvasElement>(null);
  const front = useRef<HTMLCanvasElement>(null);
  const palette = useRef<Palette | null>(null);
  const paints = useMemo(() => {
    const of = (paint: (palette: Palette, ...rest: Parameters<Paint>) => void): Paint => {
      return (pen, sight) => {
        palette.current ??= createPalette(pen.canvas);
        paint(palette.current, pen, sight);
      };
    };
    return {
      back: of((colors, pen, sight) => paintBack(scene.get(), lines(scene.get()), colors, pen, sight)),
      front: of((colors, pen, sight) => paintFront(scene.get(), lines(scene.get()), colors, pen, sight)),
    };
  }, [scene, lines]);
  const redrawBack = useSlidingCanvas(back, { paint: paints.back, spare: 256 });
  const redrawFront = useSlidingCanvas(front, {
    paint: paints.front,
    // It changes with every frame of a gesture: the smaller, the sooner done.
    spare: 0,
    empty: () => isFrontEmpty(scene.get()),
  });
  useEffect(() => {
    const both = () => {
      palette.current?.refresh();
      redrawBack();
      redrawFront();
    };
    const leave = scene.subscribe((now, before) => {
      if (isBackChanged(now, before)) redrawBack();
      redrawFront();
    });
    both();
    const theme = new MutationObserver(both);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', both);
    // Names are painted in the page's own font once it is there.
    document.fonts.addEventListener('loadingdone', both);
    return () => {
      leave();
      theme.disconnect();
      system.removeEventListener('change', both);
      document.fonts.removeEventListener('loadingdone', both);
    };
  }, [scene, redrawBack, redrawFront]);
  const layer = 'pointer-events-none absolute top-0 left-0 origin-top-left will-change-transform';
  return (
    <>
      <canvas ref={back} aria-hidden data-layer="back" className={`${layer} z-0`} />
      <canvas ref={front} aria-hidden data-layer="front" className={`${layer} z-[5]`} />
    </>
  );
}

const isFrontEmpty = ({ moving, highlight, selectedEdge, hoveredEdge, pulled, ghosts, glide }: SceneState) =>
  // What is chosen or lit waits until all are in their places.
  glide !== null || [moving, highlight, selectedEdge, hoveredEdge, pulled, ghosts].every((one) => one === null);

function isBackChanged(now: SceneState, before: SceneState): boolean {
  const fields = ['nodes', 'edges', 'painted', 'elements', 'highlight', 'selectedEdge', 'glide'] as const;
  return fields.some((field) => now[field] !== before[field]) || now.moving?.ids !== before.moving?.ids;
}

const moves = ({ moving }: SceneState, { edge }: EdgeLine) =>
  moving !== null && (moving.ids.has(edge.component_id) || moving.ids.has(edge.depends_on_id));

function paintBack(
  state: SceneState,
  lines: readonly EdgeLine[],
  palette: Palette,
  ...[pen, sight]: Parameters<Paint>
): void {
  const detail = detailAt(sight.zoom);
  const nodes = state.glide ? gliding(state.nodes, state.glide) : state.nodes;
  const all = state.glide ? linesOf(nodes, state.edges) : lines;
  const still = state.moving ? all.filter((line) => !moves(state, line)) : all;
  const alpha = (state.highlight ? faint : 1) * (detail === 'block' ? 0.45 : 1);
  paintEdges(pen, sight, still, { color: palette.token('--control'), alpha, width: 1.5 });
  if (!state.painted || detail === 'full') return;
  const skip = state.moving ? new Set([...state.elements, ...state.moving.ids]) : state.elements;
  paintNodes(pen, sight, { nodes, detail, highlight: state.highlight, moving: null, skip }, palette);
}

function paintFront(
  state: SceneState,
  lines: readonly EdgeLine[],
  palette: Palette,
  ...[pen, sight]: Parameters<Paint>
): void {
  const { moving, highlight, pulled } = state;
  const detail = detailAt(sight.zoom);
  const paint = (some: Iterable<EdgeLine>, token: string, width: number) =>
    paintEdges(pen, sight, some, { color: palette.token(token), alpha: 1, width });
  if (moving) {
    const { ids, dx, dy } = moving;
    const by = (id: string) => (ids.has(id) ? { dx, dy } : { dx: 0, dy: 0 });
    const carried = lines
      .filter((line) => moves(state, line))
      .map((line) => {
        const [from, to] = [by(line.edge.depends_on_id), by(line.edge.component_id)];
        return { ...line, x1: line.x1 + from.dx, y1: line.y1 + from.dy, x2: line.x2 + to.dx, y2: line.y2 + to.dy };
      });
    paint(carried, '--control', 1.5);
    if (state.painted && detail !== 'full') {
      const nodes = state.nodes.filter(({ id }) => ids.has(id));
      paintNodes(pen, sight, { nodes, detail, highlight: null, moving, skip: state.elements }, palette);
    }
  }
  const { ghosts } = state;
  if (ghosts) {
    const places = state.nodes.map(({ id, position }) => ({ id, position: ghosts.get(id) ?? position }));
    paint(linesOf(places, state.edges), '--accent', 1.5);
    paintGhosts(pen, sight, ghosts, state.nodes, palette);
  }
  if (highlight)
    paint(
      lines.filter(({ id }) => highlight.edges.has(id)),
      toneTokens[highlight.tone],
      3,
    );
  const hovered = lines.filter(({ id }) => id === state.hoveredEdge && id !== state.selectedEdge);
  paint(hovered, '--text-2', 2);
  const pulledEdge = pulled?.edge ?? null;
  paint(
    lines.filter(({ id }) => id === state.selectedEdge && id !== pulledEdge),
    '--accent',
    2.5,
  );
  if (pulled) {
    const color = palette.token(pulled.allowed ? '--accent' : '--blocked');
    paintEdges(pen, sight, [pulled], { color, alpha: 1, width: 2.5, dashed: !pulled.allowed });
  }
}
