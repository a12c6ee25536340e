// The chosen dependency's ends in the hand: pulled to another component, judged as in drawing, let go there or nowhere.
import type { Dependency, Position } from '@taylordash/core/entities';
import { useReactFlow } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Graph } from '../api.ts';
import { portOf } from './edge-lines.ts';
import { at } from './geometry.ts';
import { createJudge, type Judgement } from './loop.ts';
import { edgeId } from './nodes.ts';
import type { Scene } from './scene.ts';
import type { Elements } from './use-elements.ts';

/** The end in the hand: what comes first, or what waits. */
export type End = 'first' | 'waiting';

export interface Pull {
  end: End;
  edge: Dependency;
  judgement: Judgement | null;
}

interface Options {
  graph: Graph;
  scene: Scene;
  elements: Elements;
  reroute: (from: Dependency, to: Dependency) => void;
  refuse: (loop: readonly string[]) => void;
}

export function useReroute(options: Options) {
  const { graph, scene, elements } = options;
  const flow = useReactFlow();
  const [pull, setPull] = useState<Pull | null>(null);
  const current = useRef<Pull | null>(null);
  const latest = useRef(options);
  latest.current = options;
  const { edge } = elements;
  // As if it were gone already: it must not stand in its own way.
  const judge = useMemo(() => createJudge(graph.edges.filter((one) => one !== edge)), [graph.edges, edge]);

  const set = (next: Pull | null) => {
    current.current = next;
    setPull(next);
    if (next === null) scene.change({ pulled: null });
  };
  const aim = (point: Position) => {
    const now = current.current;
    if (!now) return;
    const { nodes, node } = latest.current.elements;
    const place = flow.screenToFlowPosition(point);
    const over = at(nodes, place);
    const { edge: old, end } = now;
    const fixed = end === 'first' ? old.component_id : old.depends_on_id;
    const same = end === 'first' ? old.depends_on_id : old.component_id;
    const pair = end === 'first' ? ([fixed, over ?? ''] as const) : ([over ?? '', fixed] as const);
    const judgement = over === null || over === fixed || over === same ? null : judge(...pair);
    const still = node(fixed);
    if (!still) return;
    const target = over === null ? null : node(over);
    const free = target ? portOf(target.position, end === 'first' ? 'unlocks' : 'needs') : place;
    const rest = portOf(still.position, end === 'first' ? 'needs' : 'unlocks');
    const [from, to] = end === 'first' ? [free, rest] : [rest, free];
    const allowed = judgement === null || judgement.verdict === 'fine';
    scene.change({ pulled: { edge: edgeId(old), allowed, x1: from.x, y1: from.y, x2: to.x, y2: to.y } });
    if (judgement?.verdict !== now.judgement?.verdict || over !== targetOf(now)) set({ ...now, judgement });
  };
  const finish = () => {
    const now = current.current;
    set(null);
    if (now?.judgement?.verdict === 'loop') latest.current.refuse(now.judgement.loop);
    if (now?.judgement?.verdict !== 'fine') return;
    const { component_id, depends_on_id } = now.judgement;
    latest.current.reroute(now.edge, { component_id, depends_on_id });
    latest.current.elements.selectEdge(edgeId({ component_id, depends_on_id }));
  };

  const acts = useRef({ aim, finish, set });
  acts.current = { aim, finish, set };
  const active = pull !== null;
  useEffect(() => {
    if (!active) return;
    const move = (event: PointerEvent) => acts.current.aim({ x: event.clientX, y: event.clientY });
    const up = () => acts.current.finish();
    const leave = () => acts.current.set(null);
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', leave);
    return () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', leave);
    };
  }, [active]);
  return {
    pull,
    begin: (end: End) => {
      if (edge) set({ end, edge, judgement: null });
    },
    cancel: () => set(null),
  };
}

/** The component that the end is over, as far as it was judged. */
function targetOf({ end, judgement }: Pull): string | null {
  if (judgement === null) return null;
  if (judgement.verdict === 'loop') return (end === 'first' ? judgement.loop[1] : judgement.loop[0]) ?? null;
  return end === 'first' ? judgement.depends_on_id : judgement.component_id;
}
