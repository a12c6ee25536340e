// The mouse on the canvas: pressing on a component and moving drags it and what is selected with it, on nothing draws a band that selects.
import type { Position } from '@taylordash/core/entities';
import { useReactFlow } from '@xyflow/react';
import { type PointerEvent as ReactPointerEvent, type RefObject, useRef } from 'react';
import { at, inBand } from './geometry.ts';
import type { ComponentNode } from './nodes.ts';
import type { Drag } from './use-drag.ts';
import type { Elements } from './use-elements.ts';

/** A press that moves less is a click. */
const slack = 4;
/** Up to so many components the band selects while it is drawn; beyond, when it is let go. */
const liveBand = 300;

interface Options {
  container: RefObject<HTMLElement | null>;
  band: RefObject<HTMLElement | null>;
  elements: Elements;
  drag: Drag;
  writes: boolean;
  /** Components are painted and not elements: what is under the pointer is found by its place. */
  painted: boolean;
  /** The view is being moved by hand. */
  panning: boolean;
}

export function usePointer(options: Options) {
  const flow = useReactFlow();
  const latest = useRef(options);
  latest.current = options;

  return (event: ReactPointerEvent) => {
    const { container, elements, painted, panning, writes, drag } = latest.current;
    if (event.pointerType === 'touch' || event.button !== 0 || panning) return;
    const target = event.target instanceof Element ? event.target : null;
    if (!target?.closest('.react-flow__renderer') || target.closest('.react-flow__handle, .edge-end, input, button'))
      return;
    const from = { x: event.clientX, y: event.clientY };
    const origin = flow.screenToFlowPosition(from);
    const id =
      target.closest<HTMLElement>('.react-flow__node')?.dataset.id ?? (painted ? at(elements.nodes, origin) : null);
    if (id !== null && !writes) return;
    const adds = event.shiftKey || event.metaKey || event.ctrlKey;
    const before = new Set(adds ? elements.selected.map((node) => node.id) : []);
    let moved = false;
    const begin = () => {
      moved = true;
      if (id === null) return;
      const chosen = new Set(latest.current.elements.selected.map((node) => node.id));
      if (chosen.has(id)) drag.begin(chosen, from);
      else {
        elements.select(new Set([id]));
        drag.begin(new Set([id]), from);
      }
    };
    const draw = (to: Position, last: boolean) => {
      const box = container.current?.getBoundingClientRect();
      const band = latest.current.band.current;
      if (!box || !band) return;
      band.hidden = last;
      band.style.transform = `translate(${Math.min(from.x, to.x) - box.left}px, ${Math.min(from.y, to.y) - box.top}px)`;
      band.style.width = `${Math.abs(to.x - from.x)}px`;
      band.style.height = `${Math.abs(to.y - from.y)}px`;
      const { nodes, select } = latest.current.elements;
      if (!last && nodes.length > liveBand) return;
      const inside = inBand<ComponentNode>(nodes, origin, flow.screenToFlowPosition(to)).map((node) => node.id);
      select(new Set([...before, ...inside]));
    };
    const move = (next: PointerEvent) => {
      const to = { x: next.clientX, y: next.clientY };
      if (!moved && Math.hypot(to.x - from.x, to.y - from.y) < slack) return;
      if (!moved) begin();
      if (id === null) draw(to, false);
      else drag.to(to);
    };
    const leave = () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', cancel);
      window.removeEventListener('keydown', key, { capture: true });
    };
    const up = (next: PointerEvent) => {
      leave();
      if (!moved) return;
      swallowClick();
      if (id === null) draw({ x: next.clientX, y: next.clientY }, true);
      else drag.drop();
    };
    const cancel = () => {
      leave();
      drag.cancel();
      if (moved && id === null) draw(from, true);
    };
    const key = (press: KeyboardEvent) => {
      if (press.key !== 'Escape' || !moved) return;
      press.preventDefault();
      press.stopPropagation();
      cancel();
      window.addEventListener('pointerup', swallowClick, { capture: true, once: true });
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', cancel);
    window.addEventListener('keydown', key, { capture: true });
  };
}

/** The click that ends a drag is none. */
function swallowClick(): void {
  const stop = (event: MouseEvent) => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener('click', stop, { capture: true });
  // The click follows within the same turn, or never.
  setTimeout(() => window.removeEventListener('click', stop, { capture: true }), 0);
}
