// A picture as PNG: twice its size for sharp text where that is possible, smaller where the whole would be too large.
import type { Picture, Shape } from './picture.ts';

/** What browsers can still make a picture of: pixels to a side, and in all. */
const most = { side: 8192, all: 32_000_000 };

export interface Png {
  blob: Blob;
  width: number;
  height: number;
  /** Of the picture's own size; below 1 it was too large. */
  scale: number;
}

export function pngScale({ width, height }: { width: number; height: number }): number {
  return Math.min(2, most.side / width, most.side / height, Math.sqrt(most.all / (width * height)));
}

/** Null where the browser has no memory for it. */
export async function toPng(picture: Picture): Promise<Png | null> {
  const scale = pngScale(picture);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.floor(picture.width * scale));
  canvas.height = Math.max(1, Math.floor(picture.height * scale));
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  pen.scale(scale, scale);
  pen.fillStyle = picture.background;
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.lineCap = 'round';
  pen.textBaseline = 'middle';
  for (const shape of picture.shapes) draw(pen, shape, picture.font);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return blob && { blob, width: canvas.width, height: canvas.height, scale };
}

function draw(pen: CanvasRenderingContext2D, shape: Shape, font: string): void {
  if (shape.is === 'text') {
    pen.font = `${shape.weight} ${shape.size}px ${font}`;
    pen.textAlign = shape.end === true ? 'right' : 'left';
    pen.fillStyle = shape.fill;
    pen.fillText(shape.text, shape.x, shape.y);
    return;
  }
  if (shape.is === 'box') {
    pen.beginPath();
    pen.roundRect(shape.x, shape.y, shape.width, shape.height, shape.radius);
    pen.fillStyle = shape.fill;
    pen.fill();
    pen.strokeStyle = shape.line;
    pen.lineWidth = 1;
    pen.stroke();
    return;
  }
  pen.save();
  pen.translate(shape.x, shape.y);
  pen.scale(shape.scale, shape.scale);
  const path = new Path2D(shape.d);
  if (shape.fill !== undefined) {
    pen.fillStyle = shape.fill;
    pen.fill(path);
  }
  if (shape.line !== undefined) {
    pen.strokeStyle = shape.line;
    pen.lineWidth = shape.width ?? 1;
    pen.stroke(path);
  }
  pen.restore();
}
