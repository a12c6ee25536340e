// Dependencies painted: lines with the heads of arrows, thin and plain from far away.
import { type Line, tip, trace } from './edge-path.ts';
import { type Detail, detailAt } from './geometry.ts';
import type { Sight } from './sliding-canvas.ts';

export interface EdgeStyle {
  color: string;
  alpha: number;
  /** Of the line, in pixels of the screen at a zoom of 1. */
  width: number;
  dashed?: boolean;
}

const least: Record<Detail, number> = { full: 1.25, name: 1.25, block: 1 };

export function paintEdges(
  pen: CanvasRenderingContext2D,
  { left, top, zoom, width, height }: Sight,
  lines: Iterable<Line>,
  style: EdgeStyle,
): void {
  const detail = detailAt(zoom);
  const plain = detail === 'block';
  pen.globalAlpha = style.alpha;
  pen.strokeStyle = style.color;
  pen.fillStyle = style.color;
  pen.lineWidth = Math.max(least[detail] * Math.max(1, style.width / 1.5), style.width * zoom);
  pen.setLineDash(style.dashed === true ? [6, 6] : []);
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
    if (Math.max(at.y1, at.y2) + beyond < 0 || Math.min(at.y1, at.y2) - beyond > height) continue;
    if (plain) {
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
  pen.setLineDash([]);
  if (!plain) pen.fill(tips);
  pen.globalAlpha = 1;
}
