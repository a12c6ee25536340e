// The dependencies of a large graph, and from far away its components, drawn on one canvas instead of as an element each: bench/canvas.ts keeps what a frame costs.
import type { Dependency } from '@taylordash/core/entities';
import type { ShownState } from '@taylordash/core/states';
import { useStoreApi } from '@xyflow/react';
import { type RefObject, useEffect, useRef } from 'react';
import { distanceTo, type Line, tip, trace } from './edge-path.ts';
import { detailAt, nodeHeight, nodeWidth, type Placed } from './geometry.ts';
import type { ComponentNode } from './nodes.ts';

const portReach = 6;
/** How near to a line a click must be, in pixels of the screen. */
const grip = 8;

interface EdgeLine extends Line {
  edge: Dependency;
}

function linesOf(nodes: readonly Placed[], edges: readonly Dependency[]): EdgeLine[] {
  const places = new Map(nodes.map(({ id, position }) => [id, position]));
  return edges.flatMap((edge) => {
    const from = places.get(edge.depends_on_id);
    const to = places.get(edge.component_id);
    if (!from || !to) return [];
    return [
      {
        edge,
        x1: from.x + nodeWidth + portReach,
        y1: from.y + nodeHeight / 2,
        x2: to.x - portReach,
        y2: to.y + nodeHeight / 2,
      },
    ];
  });
}

/** The dependency under a point of the graph; null where none is near. */
export function edgeAt(
  nodes: readonly Placed[],
  edges: readonly Dependency[],
  point: { x: number; y: number },
  zoom: number,
): Dependency | null {
  let found: Dependency | null = null;
  let nearest = grip / zoom;
  for (const line of linesOf(nodes, edges)) {
    const distance = distanceTo(line, point, nearest);
    if (distance >= nearest) continue;
    nearest = distance;
    found = line.edge;
  }
  return found;
}

interface Props {
  nodes: readonly ComponentNode[];
  edges: readonly Dependency[];
  /** Steps back while a loop is on show. */
  dimmed: boolean;
}

export function EdgeCanvas({ nodes, edges, dimmed }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const lines = useRef<readonly EdgeLine[]>([]);
  const blocks = useRef<readonly ComponentNode[]>([]);
  const redraw = useDrawing(canvas, lines, blocks);
  const moving = nodes
    .filter((node) => node.dragging === true)
    .map(({ id }) => id)
    .join(' ');
  // While components are dragged their own dependencies are drawn as elements, so that all others stay as they are.
  // biome-ignore lint/correctness/useExhaustiveDependencies: while something is dragged only its name counts, not where it is
  useEffect(() => {
    const away = new Set(moving.split(' '));
    const still = edges.filter(
      ({ component_id, depends_on_id }) => !away.has(component_id) && !away.has(depends_on_id),
    );
    lines.current = linesOf(nodes, still);
    blocks.current = nodes.filter(({ id }) => !away.has(id));
    redraw.current();
  }, [moving === '' ? nodes : moving, edges, redraw]);
  return (
    <canvas
      ref={canvas}
      aria-hidden
      className="pointer-events-none absolute top-0 left-0 z-0 origin-top-left text-control will-change-transform"
      style={{ opacity: dimmed ? 0.2 : 1 }}
    />
  );
}

/** Drawn beyond each edge of the screen, so that panning slides what is drawn already. */
const spare = 256;
/** How much a drawing may be stretched while zooming before it is made anew, and how long zooming must rest for that. */
const stretch = 1.4;
const restMs = 100;

/** Follows the view past React: slides or stretches the drawing with it, draws anew only where that does not do. */
function useDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  lines: RefObject<readonly EdgeLine[]>,
  blocks: RefObject<readonly ComponentNode[]>,
) {
  const store = useStoreApi();
  const redraw = useRef(() => {});
  useEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen) return;
    let color = getComputedStyle(element).color;
    let fills = blockColors(element);
    let frame = 0;
    let rest: ReturnType<typeof setTimeout> | undefined;
    let drawn: readonly [number, number, number] = [0, 0, 1];
    const draw = () => {
      frame = 0;
      clearTimeout(rest);
      const { transform, width, height } = store.getState();
      const dense = window.devicePixelRatio;
      const wide = width + 2 * spare;
      const high = height + 2 * spare;
      if (element.width !== Math.round(wide * dense)) element.width = Math.round(wide * dense);
      if (element.height !== Math.round(high * dense)) element.height = Math.round(high * dense);
      element.style.width = `${wide}px`;
      element.style.height = `${high}px`;
      pen.setTransform(dense, 0, 0, dense, 0, 0);
      pen.clearRect(0, 0, wide, high);
      pen.strokeStyle = color;
      pen.fillStyle = color;
      const [x, y, zoom] = transform;
      paint(pen, lines.current, [x + spare, y + spare, zoom], { width: wide, height: high });
      if (detailAt(zoom) === 'block') {
        paintBlocks(pen, blocks.current, fills, [x + spare, y + spare, zoom], { width: wide, height: high });
      }
      drawn = transform;
      element.style.transform = `translate(${-spare}px, ${-spare}px)`;
    };
    const ask = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    const follow = () => {
      const [x, y, zoom] = store.getState().transform;
      const scale = zoom / drawn[2];
      // Where the drawing's origin, which was at drawn[0] - (x of the drawing), is on the screen now.
      const left = x - (drawn[0] + spare) * scale;
      const top = y - (drawn[1] + spare) * scale;
      element.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
      const { width, height } = store.getState();
      const covers =
        left <= 0 &&
        top <= 0 &&
        left + (width + 2 * spare) * scale >= width &&
        top + (height + 2 * spare) * scale >= height;
      if (!covers || scale > stretch || scale < 1 / stretch) ask();
      else if (scale !== 1) {
        clearTimeout(rest);
        rest = setTimeout(ask, restMs);
      }
    };
    redraw.current = ask;
    draw();
    const leave = store.subscribe((now, before) => {
      if (now.width !== before.width || now.height !== before.height) ask();
      else if (now.transform !== before.transform) follow();
    });
    const recolor = () => {
      color = getComputedStyle(element).color;
      fills = blockColors(element);
      ask();
    };
    const theme = new MutationObserver(recolor);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', recolor);
    return () => {
      leave();
      theme.disconnect();
      system.removeEventListener('change', recolor);
      cancelAnimationFrame(frame);
      clearTimeout(rest);
    };
  }, [canvas, lines, blocks, store]);
  return redraw;
}

function paint(
  pen: CanvasRenderingContext2D,
  lines: readonly EdgeLine[],
  [left, top, zoom]: readonly [number, number, number],
  { width, height }: { width: number; height: number },
): void {
  const detail = detailAt(zoom);
  pen.lineWidth = detail === 'block' ? 1 : Math.max(1.25, 1.5 * zoom);
  pen.globalAlpha = detail === 'block' ? 0.45 : 1;
  const tips = new Path2D();
  const beyond = 60 * zoom;
  const at: Line = { x1: 0, y1: 0, x2: 0, y2: 0 };
  pen.beginPath();
  for (const line of lines) {
    at.x1 = line.x1 * zoom + left;
    at.y1 = line.y1 * zoom + top;
    at.x2 = line.x2 * zoom + left;
    at.y2 = line.y2 * zoom + top;
    if (Math.max(at.x1, at.x2) + beyond < 0 || Math.min(at.x1, at.x2) - beyond > width) continue;
    if (Math.max(at.y1, at.y2) + beyond < 0 || Math.min(at.y1, at.y2) > height) continue;
    if (detail === 'block') {
      pen.moveTo(at.x1, at.y1);
      pen.lineTo(at.x2, at.y2);
      continue;
    }
    trace(pen, at, zoom);
    const [back, half] = [tip.length * zoom, tip.half * zoom];
    tips.moveTo(at.x2, at.y2);
    tips.lineTo(at.x2 - back, at.y2 - half);
    tips.lineTo(at.x2 - back, at.y2 + half);
    tips.closePath();
  }
  pen.stroke();
  if (detail !== 'block') pen.fill(tips);
}

/** The token of each state; component-node.tsx has the same for the blocks that are nodes. */
const tokens: Partial<Record<ShownState, string>> = {
  ready: '--accent',
  waiting: '--control',
  in_progress: '--progress',
  blocked: '--blocked',
  dead_blocked: '--blocked',
  completed: '--completed',
  cancelled: '--line',
};

function blockColors(element: Element): ReadonlyMap<string, string> {
  const style = getComputedStyle(element);
  return new Map(Object.entries(tokens).map(([state, token]) => [state, style.getPropertyValue(token)]));
}

function paintBlocks(
  pen: CanvasRenderingContext2D,
  nodes: readonly ComponentNode[],
  fills: ReadonlyMap<string, string>,
  [left, top, zoom]: readonly [number, number, number],
  { width, height }: { width: number; height: number },
): void {
  pen.globalAlpha = 1;
  const wide = nodeWidth * zoom;
  const high = Math.max(6, nodeHeight * zoom);
  for (const { position, data } of nodes) {
    const x = position.x * zoom + left;
    const y = position.y * zoom + top;
    if (x + wide < 0 || y + high < 0 || x > width || y > height) continue;
    pen.fillStyle = fills.get(data.shown.state) ?? '';
    pen.fillRect(x, y, wide, high);
  }
}
