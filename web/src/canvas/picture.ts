// The whole graph as a picture: plain shapes, which SVG and PNG are made of alike.
import type { Dependency } from '@taylordash/core/entities';
import { strings } from '../strings.ts';
import { breakLines } from './break-lines.ts';
import { linesOf } from './edge-lines.ts';
import { svgPath, tip } from './edge-path.ts';
import { nodeHeight, nodeWidth } from './geometry.ts';
import type { ComponentNode } from './nodes.ts';
import { statusShapes } from './status-shapes.ts';
import { bounds } from './view.ts';

export type Shape =
  | { is: 'box'; x: number; y: number; width: number; height: number; radius: number; fill: string; line: string }
  /** A path in units of its own, drawn larger by `scale`. */
  | { is: 'path'; d: string; x: number; y: number; scale: number; fill?: string; line?: string; width?: number }
  | { is: 'text'; x: number; y: number; text: string; size: number; weight: number; fill: string; end?: boolean };

export interface Picture {
  title: string;
  width: number;
  height: number;
  background: string;
  font: string;
  shapes: Shape[];
}

interface Given {
  title: string;
  nodes: readonly ComponentNode[];
  edges: readonly Dependency[];
  token: (name: string) => string;
  /** How wide a text is in the picture's font. */
  measure: (text: string, size: number, weight: number) => number;
}

const margin = 40;
/** Inter where it is there, else what the reader's machine has. */
const font = "Inter, 'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** Null where there is nothing to show. */
export function pictureOf({ title, nodes, edges, token, measure }: Given): Picture | null {
  const box = bounds(nodes);
  if (!box) return null;
  // Ways that run back lead below what they join.
  const below = nodeHeight;
  const shift = { x: margin - box.from.x, y: margin - box.from.y };
  const lines = linesOf(nodes, edges).flatMap((line): Shape[] => {
    const at = { x1: line.x1 + shift.x, y1: line.y1 + shift.y, x2: line.x2 + shift.x, y2: line.y2 + shift.y };
    const head = `M${at.x2},${at.y2}l${-tip.length},${-tip.half}v${2 * tip.half}z`;
    const color = token('--control');
    return [
      { is: 'path', d: svgPath(at), x: 0, y: 0, scale: 1, line: color, width: 1.5 },
      { is: 'path', d: head, x: 0, y: 0, scale: 1, fill: color },
    ];
  });
  return {
    ...{ title, font, background: token('--surface-0') },
    width: Math.ceil(box.to.x - box.from.x + 2 * margin),
    height: Math.ceil(box.to.y - box.from.y + 2 * margin + below / 2),
    shapes: [...lines, ...nodes.flatMap((node) => cardOf(node, shift, token, measure))],
  };
}

const padding = 12;

function cardOf(
  { position, data: { component, shown } }: ComponentNode,
  shift: { x: number; y: number },
  token: Given['token'],
  measure: Given['measure'],
): Shape[] {
  const x = position.x + shift.x;
  const y = position.y + shift.y;
  const shape = statusShapes[shown.state];
  const color = token(shape.token);
  const names = breakLines(component.name, nodeWidth - 2 * padding, 2, (text) => measure(text, 14, 500));
  const foot = y + nodeHeight - padding - 8;
  const icon = { x: x + padding, y: foot - 8, scale: 16 / 24 };
  const words = [strings.states[shown.state], ...(shown.held_up ? [strings.states.held_up] : [])].join(', ');
  return [
    {
      ...{ is: 'box', x, y, width: nodeWidth, height: nodeHeight, radius: 10 },
      ...{ fill: token('--surface-2'), line: token('--line') },
    },
    ...names.map(
      (text, index): Shape => ({
        ...{ is: 'text', x: x + padding, y: y + padding + 9 + index * 18, text },
        ...{ size: 14, weight: 500, fill: token('--text') },
      }),
    ),
    { is: 'path', d: shape.line, ...icon, line: color, width: 2 },
    ...(shape.solid === '' ? [] : [{ is: 'path' as const, d: shape.solid, ...icon, fill: color }]),
    { is: 'text', x: x + padding + 22, y: foot, text: words, size: 12, weight: 400, fill: color },
    {
      ...{ is: 'text', x: x + nodeWidth - padding, y: foot, text: strings.percent(component.progress) },
      ...{ size: 12, weight: 400, fill: token('--text-3'), end: true },
    },
  ];
}
