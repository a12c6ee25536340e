// What follows from a project's graph, from the same rows as the answer that it goes into.
import type { ReplyOf } from '@taylordash/core/endpoints/endpoint';
import type { projectGraph } from '@taylordash/core/endpoints/projects';
import { rollUp } from '@taylordash/core/progress';
import { analyse, type Shown } from '@taylordash/core/states';

type Graph = ReplyOf<typeof projectGraph>;

/** `json` is what the statement of the graph returned. */
export function graphAnalysis(json: string, { today, now }: { today: string; now: number }): Graph['analysis'] {
  // The statement builds it by the shape functions, whose shape core's schema describes.
  const { nodes, edges } = JSON.parse(json) as Pick<Graph, 'nodes' | 'edges'>;
  const { shown, root_blockers } = analyse(nodes, edges, { today, now });
  const those = (is: (of: Shown) => boolean) => [...shown].filter(([, of]) => is(of)).map(([id]) => id);
  return {
    today,
    progress: rollUp(nodes),
    ready: those(({ state }) => state === 'ready'),
    waiting: those(({ state }) => state === 'waiting'),
    held_up: those(({ held_up }) => held_up),
    dead_blocked: those(({ state }) => state === 'dead_blocked'),
    root_blockers,
  };
}
