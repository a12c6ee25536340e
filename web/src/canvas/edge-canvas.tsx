// The dependencies of a large graph, drawn on one canvas instead of as an SVG element each: bench/canvas.ts keeps what a frame costs.
import type { Dependency } from '@taylordash/core/entities';
import { useStoreApi } from '@xyflow/react';
import { type RefObject, useEffect, useRef } from 'react';
import { distanceTo, type Line, tip, trace } from './edge-path.ts';
import { detailAt, nodeHeight, nodeWidth, type Placed } from './geometry.ts';

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
  nodes: readonly Placed[];
  edges: readonly Dependency[];
  /** Steps back while a loop is on show. */
  dimmed: boolean;
}

export function EdgeCanvas({ nodes, edges, dimmed }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const lines = useRef<readonly EdgeLine[]>([]);
  const redraw = useDrawing(canvas, lines);
  useEffect(() => {
    lines.current = linesOf(nodes, edges);
    redraw.current();
  }, [nodes, edges, redraw]);
  return (
    <canvas
      ref={canvas}
      aria-hidden
      className="pointer-events-none absolute inset-0 z-0 size-full text-control"
      style={{ opacity: dimmed ? 0.2 : 1 }}
    />
  );
}

/** Draws whenever the view moves, past React; answers what asks for one more drawing. */
function useDrawing(canvas: RefObject<HTMLCanvasElement | null>, lines: RefObject<readonly EdgeLine[]>) {
  const store = useStoreApi();
  const redraw = useRef(() => {});
  useEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen) return;
    let color = getComputedStyle(element).color;
    let frame = 0;
    const draw = () => {
      frame = 0;
      const { transform, width, height } = store.getState();
      const dense = window.devicePixelRatio;
      if (element.width !== Math.round(width * dense)) element.width = Math.round(width * dense);
      if (element.height !== Math.round(height * dense)) element.height = Math.round(height * dense);
      pen.setTransform(dense, 0, 0, dense, 0, 0);
      pen.clearRect(0, 0, width, height);
      pen.strokeStyle = color;
      pen.fillStyle = color;
      paint(pen, lines.current, transform, { width, height });
    };
    const ask = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    redraw.current = ask;
    draw();
    const leave = store.subscribe((now, before) => {
      if (now.transform !== before.transform || now.width !== before.width || now.height !== before.height) ask();
    });
    const theme = new MutationObserver(() => {
      color = getComputedStyle(element).color;
      ask();
    });
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    const follow = () => {
      color = getComputedStyle(element).color;
      ask();
    };
    system.addEventListener('change', follow);
    return () => {
      leave();
      theme.disconnect();
      system.removeEventListener('change', follow);
      cancelAnimationFrame(frame);
    };
  }, [canvas, lines, store]);
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
