// The way of a dependency from port to port: a curve where it runs forward, around the nodes where it runs back; and how near a point is to it.
import type { Position } from '@taylordash/core/entities';
import { nodeHeight } from './geometry.ts';

/** As much of a canvas's pen as a path needs. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  quadraticCurveTo(x1: number, y1: number, x: number, y: number): void;
}

export interface Line {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** Of the head of an arrow. */
export const tip = { length: 9, half: 4.5 };
const out = 20;
const round = 12;

/** The corners of the way back: out of the port, over or under the nodes, into the other port. */
function corners({ x1, y1, x2, y2 }: Line, scale: number): Position[] {
  const away = out * scale;
  const clear = nodeHeight * scale;
  // Between the two rows where there is room, else below both.
  const y = Math.abs(y2 - y1) > clear * 1.2 ? (y1 + y2) / 2 : Math.max(y1, y2) + clear * 0.72;
  const end = x2 - tip.length * scale;
  return [
    { x: x1, y: y1 },
    { x: x1 + away, y: y1 },
    { x: x1 + away, y },
    { x: x2 - away, y },
    { x: x2 - away, y: y2 },
    { x: end, y: y2 },
  ];
}

const runsBack = ({ x1, x2 }: Line, scale: number) => x2 - x1 < out * scale;
const bendOf = ({ x1, y1, x2, y2 }: Line, scale: number) =>
  Math.max((x2 - x1) / 2, Math.min(48 * scale, Math.abs(y2 - y1) / 2));

/** Draws it up to where the head begins; `scale` is how much larger than life it is drawn. */
export function trace(pen: Pen, line: Line, scale = 1): void {
  pen.moveTo(line.x1, line.y1);
  if (!runsBack(line, scale)) {
    const bend = bendOf(line, scale);
    const end = line.x2 - tip.length * scale;
    pen.bezierCurveTo(line.x1 + bend, line.y1, end - bend, line.y2, end, line.y2);
    return;
  }
  const points = corners(line, scale);
  for (let index = 1; index < points.length - 1; index++) {
    const [before, here, after] = [points[index - 1], points[index], points[index + 1]];
    if (!before || !here || !after) continue;
    const start = towards(here, before, round * scale);
    const end = towards(here, after, round * scale);
    pen.lineTo(start.x, start.y);
    pen.quadraticCurveTo(here.x, here.y, end.x, end.y);
  }
  const last = points.at(-1);
  if (last) pen.lineTo(last.x, last.y);
}

function towards(from: Position, to: Position, by: number): Position {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(by, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** The same as the `d` of an SVG path. */
export function svgPath(line: Line): string {
  const parts: string[] = [];
  trace(
    {
      moveTo: (...at) => parts.push(`M${at}`),
      lineTo: (...at) => parts.push(`L${at}`),
      bezierCurveTo: (...at) => parts.push(`C${at}`),
      quadraticCurveTo: (...at) => parts.push(`Q${at}`),
    },
    line,
  );
  return parts.join('');
}

/** How far a point is from the path, in its own units; Infinity where it is out of its reach anyway. */
export function distanceTo(line: Line, { x, y }: Position, reach: number): number {
  const back = runsBack(line, 1);
  const left = Math.min(line.x1, line.x2) - (back ? out : 0) - reach;
  const right = Math.max(line.x1, line.x2) + (back ? out : 0) + reach;
  const bottom = Math.max(line.y1, line.y2) + (back ? nodeHeight : 0) + reach;
  if (x < left || x > right || y < Math.min(line.y1, line.y2) - reach || y > bottom) return Number.POSITIVE_INFINITY;
  const points = back ? corners(line, 1) : curve(line);
  let nearest = Number.POSITIVE_INFINITY;
  for (let index = 1; index < points.length; index++) {
    const [a, b] = [points[index - 1], points[index]];
    if (a && b) nearest = Math.min(nearest, distanceToSegment(a, b, { x, y }));
  }
  return nearest;
}

function curve(line: Line): Position[] {
  const bend = bendOf(line, 1);
  return Array.from({ length: 25 }, (_, step) => {
    const t = step / 24;
    const u = 1 - t;
    const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    return {
      x: a * line.x1 + b * (line.x1 + bend) + c * (line.x2 - bend) + d * line.x2,
      y: (a + b) * line.y1 + (c + d) * line.y2,
    };
  });
}

function distanceToSegment(a: Position, b: Position, { x, y }: Position): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / length));
  return Math.hypot(x - a.x - t * dx, y - a.y - t * dy);
}
