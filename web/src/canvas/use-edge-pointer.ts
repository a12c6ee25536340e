// Dependencies under the pointer: they are painted, so which one it is follows from where it is.
import { useReactFlow } from '@xyflow/react';
import { type PointerEvent, useCallback } from 'react';
import { edgeAt } from './edge-lines.ts';
import type { useScene } from './use-scene.ts';

export function useEdgePointer({ scene, lines }: ReturnType<typeof useScene>) {
  const flow = useReactFlow();
  /** The id of the dependency at a point of the screen. */
  const under = useCallback(
    (x: number, y: number, by: 'mouse' | 'touch') =>
      edgeAt(lines(scene.get()), flow.screenToFlowPosition({ x, y }), flow.getZoom(), by)?.id ?? null,
    [flow, scene, lines],
  );
  const hover = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType === 'touch') return;
    const onPane = event.target instanceof Element && event.target.classList.contains('react-flow__pane');
    const id = onPane && event.buttons === 0 ? under(event.clientX, event.clientY, 'mouse') : null;
    if (id === scene.get().hoveredEdge) return;
    scene.change({ hoveredEdge: id });
    event.currentTarget.toggleAttribute('data-over-edge', id !== null);
  };
  return { under, hover };
}
