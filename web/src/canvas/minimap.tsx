// The whole graph small: blocks in the colours of their states, and what is in view; pressing or dragging looks there.
import { useReactFlow, useStoreApi } from '@xyflow/react';
import { type PointerEvent, useCallback, useEffect, useRef } from 'react';
import { strings } from '../strings.ts';
import { nodeHeight, nodeWidth } from './geometry.ts';
import { createPalette, type Palette } from './palette.ts';
import type { Scene } from './scene.ts';
import { blockTokens } from './status-shapes.ts';
import { bounds } from './view.ts';

const size = { width: 200, height: 132 };
const margin = 8;

interface Frame {
  /** Of the graph on the map. */
  scale: number;
  left: number;
  top: number;
}

export function Minimap({ scene }: { scene: Scene }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<HTMLDivElement>(null);
  const frame = useRef<Frame>({ scale: 1, left: 0, top: 0 });
  const flow = useReactFlow();
  const store = useStoreApi();
  useEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen) return;
    const palette = createPalette(element);
    let asked = 0;
    const place = () => {
      const { transform, width, height } = store.getState();
      const [x, y, zoom] = transform;
      const { scale, left, top } = frame.current;
      if (!view.current) return;
      view.current.style.transform = `translate(${left - (x / zoom) * scale}px, ${top - (y / zoom) * scale}px)`;
      view.current.style.width = `${(width / zoom) * scale}px`;
      view.current.style.height = `${(height / zoom) * scale}px`;
    };
    const draw = () => {
      asked = 0;
      frame.current = drawMap(pen, scene, palette);
      place();
    };
    const ask = () => {
      if (asked === 0) asked = requestAnimationFrame(draw);
    };
    draw();
    const leaveScene = scene.subscribe((now, before) => {
      // While something is dragged it stays where it was: the map is for finding the way.
      if (now.nodes !== before.nodes || now.highlight !== before.highlight) ask();
    });
    const leaveStore = store.subscribe((now, before) => {
      if (now.transform !== before.transform || now.width !== before.width || now.height !== before.height) place();
    });
    const recolor = () => {
      palette.refresh();
      ask();
    };
    const theme = new MutationObserver(recolor);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', recolor);
    return () => {
      leaveScene();
      leaveStore();
      theme.disconnect();
      system.removeEventListener('change', recolor);
      cancelAnimationFrame(asked);
    };
  }, [scene, store]);
  const look = useCallback(
    (event: PointerEvent<HTMLElement>) => {
      if (event.buttons === 0) return;
      const box = event.currentTarget.getBoundingClientRect();
      const { scale, left, top } = frame.current;
      const x = (event.clientX - box.left - left) / scale;
      const y = (event.clientY - box.top - top) / scale;
      void flow.setCenter(x, y, { zoom: flow.getZoom() });
    },
    [flow],
  );
  return (
    <div
      role="img"
      aria-label={strings.canvas.minimap}
      title={strings.canvas.minimap}
      data-bar
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        look(event);
      }}
      onPointerMove={look}
      className="absolute right-4 bottom-[76px] z-10 hidden cursor-pointer touch-none overflow-hidden rounded-node border border-line bg-surface-1 shadow-1 md:block"
      style={size}
    >
      <canvas ref={canvas} aria-hidden className="block h-full w-full" />
      <div ref={view} aria-hidden className="pointer-events-none absolute top-0 left-0 border-2 border-accent" />
    </div>
  );
}

function drawMap(pen: CanvasRenderingContext2D, scene: Scene, palette: Palette): Frame {
  const { nodes, highlight } = scene.get();
  const dense = Math.min(2, window.devicePixelRatio);
  pen.canvas.width = size.width * dense;
  pen.canvas.height = size.height * dense;
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  const box = bounds(nodes);
  if (!box) return { scale: 0.1, left: size.width / 2, top: size.height / 2 };
  const wide = box.to.x - box.from.x;
  const high = box.to.y - box.from.y;
  const scale = Math.min((size.width - 2 * margin) / wide, (size.height - 2 * margin) / high, 0.12);
  const left = (size.width - wide * scale) / 2 - box.from.x * scale;
  const top = (size.height - high * scale) / 2 - box.from.y * scale;
  for (const { id, position, data } of nodes) {
    pen.globalAlpha = highlight && !highlight.nodes.has(id) ? 0.2 : 1;
    pen.fillStyle = palette.token(blockTokens[data.shown.state]);
    const x = position.x * scale + left;
    const y = position.y * scale + top;
    pen.fillRect(x, y, Math.max(2, nodeWidth * scale), Math.max(1.5, nodeHeight * scale));
  }
  return { scale, left, top };
}
