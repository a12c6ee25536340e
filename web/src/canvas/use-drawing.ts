// Drawing a dependency: from a port by dragging, or by tapping a port and then the other component.
import type { Position } from '@taylordash/core/entities';
import { useStoreApi } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Graph } from '../api.ts';
import { at, type Placed } from './geometry.ts';
import { createJudge, type Judgement } from './loop.ts';

export type Port = 'needs' | 'unlocks';

export interface Drawing {
  from: string;
  port: Port;
  /** Tapped rather than dragged: it stays until the other end is tapped. */
  tapped: boolean;
  target: string | null;
  judgement: Judgement | null;
}

interface Options {
  graph: Graph;
  placed: readonly Placed[];
  toCanvas: (screen: Position) => Position;
  connect: (component_id: string, depends_on_id: string) => void;
  /** Let go over what would close a loop. */
  refuse: (loop: readonly string[]) => void;
}

export function useDrawing({ graph, placed, toCanvas, connect, refuse }: Options) {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const current = useRef<Drawing | null>(null);
  const judge = useMemo(() => createJudge(graph.edges), [graph.edges]);

  const store = useStoreApi();
  const latest = useRef(placed);
  latest.current = placed;

  const set = useCallback((next: Drawing | null) => {
    current.current = next;
    setDrawing(next);
  }, []);

  const aim = useCallback(
    (target: string | null) => {
      const now = current.current;
      if (!now || now.target === target) return;
      if (target === null || target === now.from) {
        set({ ...now, target: null, judgement: null });
        return;
      }
      const judgement = now.port === 'unlocks' ? judge(target, now.from) : judge(now.from, target);
      set({ ...now, target, judgement });
    },
    [judge, set],
  );

  const active = drawing !== null;
  useEffect(() => {
    if (!active) return;
    let pointer: Position | null = null;
    const look = () => pointer && aim(at(latest.current, toCanvas(pointer)));
    const move = (event: PointerEvent) => {
      pointer = { x: event.clientX, y: event.clientY };
      look();
    };
    window.addEventListener('pointermove', move);
    // At an edge the view goes along under a pointer that rests.
    const unwatch = store.subscribe(({ transform }, before) => transform !== before.transform && look());
    return () => {
      window.removeEventListener('pointermove', move);
      unwatch();
    };
  }, [active, aim, toCanvas, store]);

  // Over what it would connect to, the view rests: what is near an edge would be pulled away from under the pointer.
  useEffect(() => {
    const { panBy } = store.getState();
    store.setState({ panBy: (by) => (current.current?.target ? Promise.resolve(false) : panBy(by)) });
    return () => store.setState({ panBy });
  }, [store]);

  const start = useCallback(
    (from: string, port: Port, tapped: boolean) => set({ from, port, tapped, target: null, judgement: null }),
    [set],
  );
  const cancel = useCallback(() => set(null), [set]);

  /** Ends the gesture: connects what may be connected, else does nothing. */
  const finish = useCallback(() => {
    const judgement = current.current?.judgement;
    set(null);
    if (judgement?.verdict === 'fine') connect(judgement.component_id, judgement.depends_on_id);
    else if (judgement?.verdict === 'loop') refuse(judgement.loop);
  }, [set, connect, refuse]);

  /** A component was tapped while a tapped port waits for its other end; a loop stays on show instead of connecting. */
  const tapTarget = useCallback(
    (id: string): boolean => {
      if (current.current?.tapped !== true) return false;
      aim(id);
      if (current.current?.judgement?.verdict === 'fine') finish();
      return true;
    },
    [aim, finish],
  );

  return { drawing, start, cancel, finish, tapTarget };
}
