// What pressing, clicking and tapping on the canvas means, on components, on dependencies and beside them.
import { useReactFlow } from '@xyflow/react';
import type { MouseEvent as ReactMouseEvent, RefObject } from 'react';
import { at, nodeHeight, nodeWidth } from './geometry.ts';
import type { Drag } from './use-drag.ts';
import type { useDrawing } from './use-drawing.ts';
import type { useEdgePointer } from './use-edge-pointer.ts';
import type { Elements } from './use-elements.ts';
import { useLift } from './use-lift.ts';
import { usePointer } from './use-pointer.ts';

interface Options {
  container: RefObject<HTMLElement | null>;
  band: RefObject<HTMLElement | null>;
  elements: Elements;
  drag: Drag;
  drawing: ReturnType<typeof useDrawing>;
  edges: ReturnType<typeof useEdgePointer>;
  writes: boolean;
  touch: boolean;
  /** Components are painted: what is under the pointer is found by its place. */
  painted: boolean;
  /** The view is being moved by hand. */
  panning: boolean;
  /** Taps choose several. */
  selecting: boolean;
  open: string | null;
  onOpen: (id: string) => void;
  begin: (draft: { position: { x: number; y: number }; depends_on: string[] }) => void;
}

export function useClicks(options: Options) {
  const { container, elements, drag, drawing, edges, writes, touch, painted, open, onOpen } = options;
  const flow = useReactFlow();
  const press = usePointer(options);
  const paintedAt = (x: number, y: number) =>
    painted ? at(elements.nodes, flow.screenToFlowPosition({ x, y })) : null;
  /** The component under a point of the screen. */
  const under = (point: { x: number; y: number }, target: Element) =>
    target.closest<HTMLElement>('.react-flow__node')?.dataset.id ??
    (target.classList.contains('react-flow__pane') ? paintedAt(point.x, point.y) : null);
  const lifted = useLift({
    ...{ container, drag, under, enabled: touch && writes },
    with: (id) => {
      const chosen = elements.chosen.map((component) => component.id);
      return new Set(chosen.includes(id) ? chosen : [id]);
    },
  });
  const node = (event: ReactMouseEvent, id: string) => {
    if (drawing.tapTarget(id)) return;
    if (options.selecting || event.shiftKey || event.metaKey || event.ctrlKey) {
      elements.toggle(id);
      return;
    }
    // By touch there is no double click: a tap on what is chosen already opens it.
    const again = touch && elements.one?.id === id;
    elements.select(new Set([id]));
    if (open !== null || again) onOpen(id);
  };
  return {
    lifted,
    under,
    press,
    node,
    pane(event: ReactMouseEvent) {
      const id = paintedAt(event.clientX, event.clientY);
      if (id !== null) {
        node(event, id);
        return;
      }
      drawing.cancel();
      const edge = edges.under(event.clientX, event.clientY, touch ? 'touch' : 'mouse');
      // While several are being chosen, a tap beside them loses none.
      if (edge !== null || !options.selecting) elements.selectEdge(edge);
    },
    double(event: ReactMouseEvent) {
      if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return;
      const id = paintedAt(event.clientX, event.clientY);
      if (id !== null) {
        onOpen(id);
        return;
      }
      if (edges.under(event.clientX, event.clientY, 'mouse') !== null) return;
      const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      options.begin({ position: { x: x - nodeWidth / 2, y: y - nodeHeight / 2 }, depends_on: [] });
    },
  };
}
