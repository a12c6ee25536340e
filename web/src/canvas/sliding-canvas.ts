// A canvas that slides and stretches with the view, past React, and is drawn anew only where that does not do.
import { useStoreApi } from '@xyflow/react';
import { type RefObject, useEffect, useRef } from 'react';

/** What a painter sees: where the graph's origin is on the canvas, how large the graph is drawn, how large the canvas is. */
export interface Sight {
  left: number;
  top: number;
  zoom: number;
  width: number;
  height: number;
}
export type Paint = (pen: CanvasRenderingContext2D, sight: Sight) => void;

/** How much a drawing may be stretched while zooming before it is made anew, and how long zooming must rest for that. */
const stretch = 1.4;
const restMs = 100;

/** Beyond, more pixels to a pixel of the screen cost more than they show. */
const mostDense = 2;

interface Options {
  paint: Paint;
  /** Drawn beyond each edge of the screen, in pixels, so that panning slides what is drawn already. */
  spare: number;
  /** Nothing is to be seen: then the canvas is not there at all. */
  empty?: () => boolean;
}

/** Answers how to ask for a new drawing, which comes with the next frame. */
export function useSlidingCanvas(canvas: RefObject<HTMLCanvasElement | null>, options: Options): () => void {
  const store = useStoreApi();
  const redraw = useRef(() => {});
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen) return;
    const { spare } = latest.current;
    let frame = 0;
    let rest: ReturnType<typeof setTimeout> | undefined;
    let drawn: readonly [number, number, number] = [0, 0, 1];
    const draw = () => {
      frame = 0;
      clearTimeout(rest);
      element.hidden = latest.current.empty?.() === true;
      if (element.hidden) return;
      const { transform, width, height } = store.getState();
      const dense = Math.min(mostDense, window.devicePixelRatio);
      const wide = width + 2 * spare;
      const high = height + 2 * spare;
      if (element.width !== Math.round(wide * dense)) element.width = Math.round(wide * dense);
      if (element.height !== Math.round(high * dense)) element.height = Math.round(high * dense);
      element.style.width = `${wide}px`;
      element.style.height = `${high}px`;
      pen.setTransform(dense, 0, 0, dense, 0, 0);
      pen.clearRect(0, 0, wide, high);
      const [x, y, zoom] = transform;
      latest.current.paint(pen, { left: x + spare, top: y + spare, zoom, width: wide, height: high });
      drawn = transform;
      element.style.transform = `translate(${-spare}px, ${-spare}px)`;
    };
    const ask = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    const follow = () => {
      if (element.hidden) return;
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
    return () => {
      leave();
      cancelAnimationFrame(frame);
      clearTimeout(rest);
    };
  }, [canvas, store]);
  return useRef(() => redraw.current()).current;
}
