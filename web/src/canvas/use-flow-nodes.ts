// Which components are elements: all of them near by; of a large graph from far away only those that something is done to. The layers paint the rest.
import { type PointerEvent, useMemo, useState } from 'react';
import { at } from './geometry.ts';
import type { ComponentNode as FlowNode } from './nodes.ts';

/** So many selected ones are elements still, with their ports; more are painted as selected. */
const mostChosen = 30;

interface Options {
  painted: boolean;
  nodes: FlowNode[];
  selected: readonly FlowNode[];
  renaming: string | null;
  toCanvas: (screen: { x: number; y: number }) => { x: number; y: number };
}

export function useFlowNodes({ painted, nodes, selected, renaming, toCanvas }: Options) {
  const [hot, setHot] = useState<string | null>(null);
  const elements = useMemo(
    () =>
      new Set([
        ...(hot === null ? [] : [hot]),
        ...(renaming === null ? [] : [renaming]),
        ...(selected.length > mostChosen ? [] : selected.map(({ id }) => id)),
      ]),
    [hot, renaming, selected],
  );
  const shown = useMemo(
    () => (painted ? nodes.filter(({ id }) => elements.has(id)) : nodes),
    [painted, nodes, elements],
  );
  const onPointerMove = (event: PointerEvent) => {
    if (painted && event.buttons === 0) setHot(at(nodes, toCanvas({ x: event.clientX, y: event.clientY })));
  };
  return { shown, elements, onPointerMove };
}
