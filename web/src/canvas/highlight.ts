// What stands out while the rest steps back: a loop, what is ready, what is blocked, the longest chain.
import type { Dependency } from '@taylordash/core/entities';
import { edgesOfLoop } from './loop.ts';
import { edgeId } from './nodes.ts';

export type Tone = 'loop' | 'ready' | 'blocked' | 'path';

export interface Highlight {
  tone: Tone;
  nodes: ReadonlySet<string>;
  /** By the ids of nodes.ts. */
  edges: ReadonlySet<string>;
}

/** The token that each tone's dependencies are drawn in. */
export const toneTokens: Record<Tone, string> = {
  loop: '--blocked',
  ready: '--accent',
  blocked: '--blocked',
  path: '--critical',
};

export function highlightLoop(loop: readonly string[]): Highlight {
  return { tone: 'loop', nodes: new Set(loop), edges: new Set(edgesOfLoop(loop).map(edgeId)) };
}

/** Components with the dependencies between them. */
export function highlightNodes(tone: Tone, ids: Iterable<string>, edges: readonly Dependency[] = []): Highlight {
  return { tone, nodes: new Set(ids), edges: new Set(edges.map(edgeId)) };
}
