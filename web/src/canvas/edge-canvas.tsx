// The dependencies of a large graph, drawn on one canvas: as SVG elements a few hundred of them cost ten times a frame.
import type { Dependency } from '@taylordash/core/entities';
import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { detailAt, nodeHeight, nodeWidth, type Placed } from './geometry.ts';

const portReach = 6;
const arrow = 7;

interface Props {
  nodes: readonly Placed[];
  edges: readonly Dependency[];
  /** Steps back while a loop is on show. */
  dimmed: boolean;
}

export function EdgeCanvas({ nodes, edges, dimmed }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const store = useStoreApi();
  useEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen) return;
    const places = new Map(nodes.map(({ id, position }) => [id, position]));
    const lines = edges.flatMap(({ component_id, depends_on_id }) => {
      const from = places.get(depends_on_id);
      const to = places.get(component_id);
      if (!from || !to) return [];
      return [
        {
          x1: from.x + nodeWidth + portReach,
          y1: from.y + nodeHeight / 2,
          x2: to.x - portReach,
          y2: to.y + nodeHeight / 2,
        },
      ];
    });
    let frame = 0;
    const draw = () => {
      frame = 0;
      const { transform, width, height } = store.getState();
      const [left, top, zoom] = transform;
      const dense = window.devicePixelRatio;
      if (element.width !== Math.round(width * dense)) element.width = Math.round(width * dense);
      if (element.height !== Math.round(height * dense)) element.height = Math.round(height * dense);
      pen.setTransform(dense, 0, 0, dense, 0, 0);
      pen.clearRect(0, 0, width, height);
      const detail = detailAt(zoom);
      const color = getComputedStyle(element).color;
      pen.strokeStyle = color;
      pen.fillStyle = color;
      pen.lineWidth = Math.max(0.75, 1.5 * zoom);
      pen.globalAlpha = detail === 'block' ? 0.45 : 1;
      pen.beginPath();
      const tips = new Path2D();
      for (const line of lines) {
        const x1 = line.x1 * zoom + left;
        const y1 = line.y1 * zoom + top;
        const x2 = line.x2 * zoom + left;
        const y2 = line.y2 * zoom + top;
        // A curve that runs back bulges out beyond its ends by as much as its handles are long.
        const bend = x2 >= x1 ? (x2 - x1) / 2 : 25 * zoom * 0.25 * Math.sqrt((x1 - x2) / zoom);
        if (Math.max(x1, x2) + bend < 0 || Math.min(x1, x2) - bend > width) continue;
        if (Math.max(y1, y2) < 0 || Math.min(y1, y2) > height) continue;
        pen.moveTo(x1, y1);
        if (detail === 'block') pen.lineTo(x2, y2);
        else pen.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
        if (detail === 'full') {
          const size = arrow * zoom;
          tips.moveTo(x2, y2);
          tips.lineTo(x2 - size, y2 - size * 0.6);
          tips.lineTo(x2 - size, y2 + size * 0.6);
          tips.closePath();
        }
      }
      pen.stroke();
      if (detail === 'full') pen.fill(tips);
    };
    const ask = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    draw();
    const leave = store.subscribe((now, before) => {
      if (now.transform !== before.transform || now.width !== before.width || now.height !== before.height) ask();
    });
    const theme = new MutationObserver(ask);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      leave();
      theme.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [nodes, edges, store]);
  return (
    <canvas
      ref={canvas}
      aria-hidden
      className="pointer-events-none absolute inset-0 z-0 size-full text-control"
      style={{ opacity: dimmed ? 0.2 : 1 }}
    />
  );
}
