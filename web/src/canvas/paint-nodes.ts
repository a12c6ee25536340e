// Components painted from far away: blocks, or a card with the state's shape and the name.

import type { Position } from '@taylordash/core/entities';
import { type Detail, nodeHeight, nodeWidth } from './geometry.ts';
import type { Highlight } from './highlight.ts';
import type { ComponentNode } from './nodes.ts';
import type { Palette } from './palette.ts';
import { type Moving, placeOf } from './scene.ts';
import type { Sight } from './sliding-canvas.ts';
import { blockTokens, statusShapes } from './status-shapes.ts';

export interface NodePainting {
  nodes: readonly ComponentNode[];
  detail: Detail;
  highlight: Highlight | null;
  moving: Moving | null;
  /** Elements of their own: not painted. */
  skip: ReadonlySet<string>;
}

const faint = 0.2;
/** A block stays visible however far away. */
const leastBlock = 6;

export function paintNodes(
  pen: CanvasRenderingContext2D,
  { left, top, zoom, width, height }: Sight,
  { nodes, detail, highlight, moving, skip }: NodePainting,
  palette: Palette,
): void {
  const wide = nodeWidth * zoom;
  const high = Math.max(leastBlock, nodeHeight * zoom);
  for (const node of nodes) {
    if (skip.has(node.id)) continue;
    const place = placeOf(node, moving);
    const x = place.x * zoom + left;
    const y = place.y * zoom + top;
    if (x + wide < 0 || y + high < 0 || x > width || y > height) continue;
    pen.globalAlpha = highlight && !highlight.nodes.has(node.id) ? faint : 1;
    if (detail === 'block') paintBlock(pen, node, { x, y, wide, high }, palette);
    else paintCard(pen, node, { x, y }, zoom, palette);
  }
  pen.globalAlpha = 1;
}

function paintBlock(
  pen: CanvasRenderingContext2D,
  { data, selected }: ComponentNode,
  { x, y, wide, high }: { x: number; y: number; wide: number; high: number },
  palette: Palette,
): void {
  pen.fillStyle = palette.token(blockTokens[data.shown.state]);
  pen.fillRect(x, y, wide, high);
  if (selected !== true) return;
  pen.strokeStyle = palette.token('--text');
  pen.lineWidth = 2;
  pen.strokeRect(x - 2, y - 2, wide + 4, high + 4);
}

const card = { padding: 12, icon: 32, gap: 12, font: 24, line: 28, radius: 10 };
const textWidth = nodeWidth - 2 * card.padding - card.icon - card.gap;

function paintCard(
  pen: CanvasRenderingContext2D,
  { data, selected }: ComponentNode,
  { x, y }: { x: number; y: number },
  zoom: number,
  palette: Palette,
): void {
  pen.beginPath();
  pen.roundRect(x, y, nodeWidth * zoom, nodeHeight * zoom, card.radius * zoom);
  pen.fillStyle = palette.token(selected === true ? '--accent-quiet' : '--surface-2');
  pen.fill();
  pen.strokeStyle = palette.token(selected === true ? '--accent' : '--line');
  pen.lineWidth = selected === true ? 2 : 1;
  pen.stroke();
  const shape = statusShapes[data.shown.state];
  const scale = (card.icon / 24) * zoom;
  pen.save();
  pen.translate(x + card.padding * zoom, y + ((nodeHeight - card.icon) / 2) * zoom);
  pen.scale(scale, scale);
  const color = palette.token(shape.token);
  pen.strokeStyle = color;
  pen.lineWidth = 2;
  pen.stroke(palette.path(shape.line));
  if (shape.solid !== '') {
    pen.fillStyle = color;
    pen.fill(palette.path(shape.solid));
  }
  pen.restore();
  paintName(pen, data.component.name, { x: x + (card.padding + card.icon + card.gap) * zoom, y }, zoom, palette);
}

function paintName(
  pen: CanvasRenderingContext2D,
  name: string,
  { x, y }: { x: number; y: number },
  zoom: number,
  palette: Palette,
): void {
  const lines = palette.lines(pen, name, card.font, textWidth, 2);
  pen.font = `500 ${card.font * zoom}px ${palette.font()}`;
  pen.textBaseline = 'middle';
  pen.fillStyle = palette.token('--text');
  for (const [index, line] of lines.entries()) {
    const middle = nodeHeight / 2 + (index - (lines.length - 1) / 2) * card.line;
    pen.fillText(line, x, y + middle * zoom);
  }
}

/** Where components would stand. */
export function paintGhosts(
  pen: CanvasRenderingContext2D,
  { left, top, zoom, width, height }: Sight,
  places: ReadonlyMap<string, Position>,
  nodes: readonly ComponentNode[],
  palette: Palette,
): void {
  const wide = nodeWidth * zoom;
  const high = Math.max(leastBlock, nodeHeight * zoom);
  pen.strokeStyle = palette.token('--accent');
  pen.fillStyle = palette.token('--accent-quiet');
  pen.lineWidth = zoom < 0.25 ? 1 : 2;
  if (zoom >= 0.25) pen.setLineDash([6, 4]);
  pen.beginPath();
  for (const place of places.values()) {
    const x = place.x * zoom + left;
    const y = place.y * zoom + top;
    if (x + wide < 0 || y + high < 0 || x > width || y > height) continue;
    pen.roundRect(x, y, wide, high, card.radius * zoom);
  }
  pen.globalAlpha = 0.8;
  pen.fill();
  pen.globalAlpha = 1;
  pen.stroke();
  pen.setLineDash([]);
  if (zoom < 0.25) return;
  for (const { id, data } of nodes) {
    const place = places.get(id);
    if (!place) continue;
    const x = place.x * zoom + left;
    const y = place.y * zoom + top;
    if (x + wide < 0 || y + high < 0 || x > width || y > height) continue;
    paintName(pen, data.component.name, { x: x + card.padding * zoom, y }, zoom, palette);
  }
}
