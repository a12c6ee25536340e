// The scene of one canvas, and keeping it as React has it.
import { useLayoutEffect, useState } from 'react';
import { createLines } from './layers.tsx';
import { createScene, type SceneState } from './scene.ts';

type Given = Pick<SceneState, 'nodes' | 'edges' | 'painted' | 'elements' | 'highlight' | 'selectedEdge'>;

export function useScene() {
  const [made] = useState(() => ({ scene: createScene(), lines: createLines() }));
  return made;
}

/** Before the next painting, so that layers and elements change in the same frame. */
export function useInScene({ scene }: ReturnType<typeof useScene>, given: Given): void {
  const { nodes, edges, painted, elements, highlight, selectedEdge } = given;
  useLayoutEffect(
    () => scene.change({ nodes, edges, painted, elements, highlight, selectedEdge }),
    [scene, nodes, edges, painted, elements, highlight, selectedEdge],
  );
}
