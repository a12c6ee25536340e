// Components in the hand: their elements and their dependencies follow at once, past React; where they are let go is one change.
import type { Position } from '@taylordash/core/entities';
import { useReactFlow } from '@xyflow/react';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import type { Scene } from './scene.ts';
import type { Elements } from './use-elements.ts';

/** So near to an edge of the canvas the view goes along, by up to so many pixels a frame. */
const edgeZone = 48;
const edgeSpeed = 14;

export interface Drag {
  /** At a point of the screen. */
  begin: (ids: ReadonlySet<string>, at: Position) => void;
  to: (at: Position) => void;
  drop: () => void;
  cancel: () => void;
  active: () => boolean;
}

interface Options {
  container: RefObject<HTMLElement | null>;
  scene: Scene;
  elements: Pick<Elements, 'save' | 'node'>;
}

export function useDrag({ container, scene, elements }: Options): Drag {
  const flow = useReactFlow();
  const latest = useRef(elements);
  latest.current = elements;
  const drag = useMemo(
    () => createDrag({ container, scene, flow, elements: () => latest.current }),
    [container, scene, flow],
  );
  useEffect(() => drag.cancel, [drag]);
  return drag;
}

interface Parts {
  container: RefObject<HTMLElement | null>;
  scene: Scene;
  flow: Pick<ReturnType<typeof useReactFlow>, 'screenToFlowPosition' | 'getViewport' | 'setViewport'>;
  elements: () => Options['elements'];
}

function createDrag({ container, scene, flow, elements }: Parts): Drag {
  let start: Position | null = null;
  let last: Position = { x: 0, y: 0 };
  let frame = 0;
  let carried: { element: HTMLElement; from: Position }[] = [];

  const carry = () => {
    const moving = scene.get().moving;
    carried = [...(container.current?.querySelectorAll<HTMLElement>('.react-flow__node') ?? [])].flatMap((element) => {
      const id = element.dataset.id ?? '';
      const node = moving?.ids.has(id) === true ? elements().node(id) : null;
      if (!node) return [];
      element.classList.add('dragging');
      element.style.zIndex = '10';
      return [{ element, from: node.position }];
    });
  };
  const place = (dx: number, dy: number) => {
    for (const { element, from } of carried) element.style.transform = `translate(${from.x + dx}px,${from.y + dy}px)`;
  };
  /** Where the pointer is at the edge, the view goes along. */
  const follow = (): boolean => {
    const box = container.current?.getBoundingClientRect();
    if (!box) return false;
    const pull = (at: number, from: number, to: number) => {
      if (at < from + edgeZone) return Math.min(1, (from + edgeZone - at) / edgeZone);
      return at > to - edgeZone ? -Math.min(1, (at - to + edgeZone) / edgeZone) : 0;
    };
    const x = pull(last.x, box.left, box.right) * edgeSpeed;
    const y = pull(last.y, box.top, box.bottom) * edgeSpeed;
    if (x === 0 && y === 0) return false;
    const view = flow.getViewport();
    void flow.setViewport({ ...view, x: view.x + x, y: view.y + y });
    return true;
  };
  const step = () => {
    frame = 0;
    const moving = scene.get().moving;
    if (!start || !moving) return;
    const follows = follow();
    // What came into view meanwhile is carried as well.
    if (follows) carry();
    const now = flow.screenToFlowPosition(last);
    const dx = now.x - start.x;
    const dy = now.y - start.y;
    place(dx, dy);
    scene.change({ moving: { ids: moving.ids, dx, dy } });
    if (follows) frame = requestAnimationFrame(step);
  };
  const end = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    start = null;
    for (const { element } of carried) {
      element.classList.remove('dragging');
      element.style.zIndex = '0';
    }
    carried = [];
    scene.change({ moving: null });
  };

  return {
    begin(ids, at) {
      start = flow.screenToFlowPosition(at);
      last = at;
      scene.change({ moving: { ids, dx: 0, dy: 0 } });
      carry();
    },
    to(at) {
      last = at;
      if (start && frame === 0) frame = requestAnimationFrame(step);
    },
    drop() {
      if (!start) return;
      cancelAnimationFrame(frame);
      step();
      const moving = scene.get().moving;
      const places = new Map<string, Position>();
      for (const id of moving?.ids ?? []) {
        const from = elements().node(id)?.position;
        if (from && moving) places.set(id, { x: from.x + moving.dx, y: from.y + moving.dy });
      }
      if (moving && (moving.dx !== 0 || moving.dy !== 0)) elements().save(places);
      end();
    },
    cancel() {
      if (!start) return;
      place(0, 0);
      end();
    },
    active: () => start !== null,
  };
}
