// A large graph from far away: its components are blocks drawn on the canvas, and a node only where the pointer is or something is done to it.
import { type PointerEvent, useMemo, useRef, useState } from 'react';
import { at } from './geometry.ts';
import type { ComponentNode as FlowNode } from './nodes.ts';

export function useBlockNodes(
  enabled: boolean,
  nodes: FlowNode[],
  toCanvas: (screen: { x: number; y: number }) => { x: number; y: number },
) {
  const [hot, setHot] = useState<string | null>(null);
  // Each hidden twin is made once, so that React Flow sees what did not change as unchanged.
  const twins = useRef(new WeakMap<FlowNode, FlowNode>());
  const shown = useMemo(() => {
    if (!enabled) return nodes;
    return nodes.map((node) => {
      const busy = node.selected === true || node.dragging === true || (node.className ?? '') !== '';
      if (busy || node.id === hot) return node;
      const twin = twins.current.get(node) ?? { ...node, hidden: true };
      twins.current.set(node, twin);
      return twin;
    });
  }, [enabled, nodes, hot]);
  const onPointerMove = (event: PointerEvent) => {
    if (enabled && event.buttons === 0) setHot(at(nodes, toCanvas({ x: event.clientX, y: event.clientY })));
  };
  return { shown, onPointerMove };
}
