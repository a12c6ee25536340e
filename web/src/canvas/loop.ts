// While a dependency is drawn: what it would mean, and the loop that it would close.
import type { Dependency } from '@taylordash/core/entities';
import { adjacency, closingLoop } from '@taylordash/core/graph';

export type Judgement =
  | { verdict: 'fine'; component_id: string; depends_on_id: string }
  | { verdict: 'exists'; component_id: string; depends_on_id: string }
  | { verdict: 'loop'; loop: string[] };

/** Judges one new dependency after another; the neighbours are counted once. */
export function createJudge(edges: readonly Dependency[]): (component_id: string, depends_on_id: string) => Judgement {
  const neighbours = adjacency(edges.map(({ component_id, depends_on_id }) => [component_id, depends_on_id] as const));
  return (component_id, depends_on_id) => {
    if (neighbours.get(component_id)?.includes(depends_on_id) === true) {
      return { verdict: 'exists', component_id, depends_on_id };
    }
    const loop = closingLoop(neighbours, [component_id, depends_on_id]);
    return loop ? { verdict: 'loop', loop } : { verdict: 'fine', component_id, depends_on_id };
  };
}

/** The dependencies along a loop, as `[a, b, c, a]` names it. */
export function edgesOfLoop(loop: readonly string[]): Dependency[] {
  return loop.slice(1).map((depends_on_id, index) => ({ component_id: loop[index] ?? '', depends_on_id }));
}
