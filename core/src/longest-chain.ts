// The chain of open components that decides when all is done: by durations where all are known, else by the number of steps.
import type { Component, Dependency } from './entities.ts';
import { isTray } from './states.ts';

/** What the chain follows from. */
export type ChainFacts = Pick<Component, 'id' | 'status' | 'type' | 'duration_days'>;

export interface LongestChain {
  /** From the first to start to the last to finish; empty where nothing is open. */
  ids: string[];
  /** Days of all of its components that have a duration. */
  days: number;
  /** Open components, and how many of them have no duration. Only where none lacks one is the chain the critical path. */
  open: number;
  without_duration: number;
}

/**
 * The longest chain through what is neither completed nor cancelled: longest in days where every open component has a duration,
 * else in steps, and among equals in known days. Ties go to what stands first, so that the answer is the same for everyone.
 * Linear. What a cycle holds (there should be none) is in no chain.
 */
export function longestChain(nodes: readonly ChainFacts[], edges: readonly Dependency[]): LongestChain {
  const open = nodes.filter((node) => !isTray(node) && node.status !== 'completed' && node.status !== 'cancelled');
  const place = new Map(open.map(({ id }, index) => [id, index]));
  const unlocks: number[][] = open.map(() => []);
  const waits = new Int32Array(open.length);
  for (const { component_id, depends_on_id } of edges) {
    const [dependent, need] = [place.get(component_id), place.get(depends_on_id)];
    if (dependent === undefined || need === undefined) continue;
    unlocks[need]?.push(dependent);
    waits[dependent] = (waits[dependent] ?? 0) + 1;
  }
  const without_duration = open.filter(({ duration_days }) => duration_days === null).length;
  const byDays = without_duration === 0;
  const steps = new Int32Array(open.length).fill(1);
  const days = Float64Array.from(open, ({ duration_days }) => duration_days ?? 0);
  const before = new Int32Array(open.length).fill(-1);
  const length = (a: number): readonly [number, number] => {
    const [inSteps, inDays] = [steps[a] ?? 0, days[a] ?? 0];
    return byDays ? [inDays, inSteps] : [inSteps, inDays];
  };
  const longer = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]) => a > c || (a === c && b > d);
  const queue = open.flatMap((_, index) => (waits[index] === 0 ? [index] : []));
  let last = -1;
  for (let head = 0; head < queue.length; head++) {
    const here = queue[head] ?? -1;
    if (last < 0 || longer(length(here), length(last)) || (same(length(here), length(last)) && here < last))
      last = here;
    for (const next of unlocks[here] ?? []) {
      const own = open[next]?.duration_days ?? 0;
      const through = [(steps[here] ?? 0) + 1, (days[here] ?? 0) + own] as const;
      const offered = byDays ? ([through[1], through[0]] as const) : through;
      const had = length(next);
      if ((before[next] ?? -1) < 0 || longer(offered, had) || (same(offered, had) && here < (before[next] ?? -1))) {
        [steps[next], days[next]] = through;
        before[next] = here;
      }
      const left = (waits[next] ?? 0) - 1;
      waits[next] = left;
      if (left === 0) queue.push(next);
    }
  }
  const ids: string[] = [];
  for (let here = last; here >= 0; here = before[here] ?? -1) ids.push(open[here]?.id ?? '');
  return { ids: ids.reverse(), days: last < 0 ? 0 : (days[last] ?? 0), open: open.length, without_duration };
}

const same = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]) => a === c && b === d;
