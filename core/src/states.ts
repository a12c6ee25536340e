// What follows from statuses, dates and dependencies: the state that a component shows, and what holds a project up.
//
// *Open* is what is neither completed nor cancelled. Something waits only while it is open itself, and only for what is open:
// a completed component lets nothing of what is before it through to what is after it. Something cancelled will never be
// completed, so that what leads to it through open components is dead-blocked; it is no prerequisite that one could work on.
// SQL gives the same answers (taylordash.component_states); a test compares the two.
import type { Component, Dependency } from './entities.ts';
import { trayType } from './statuses.ts';

/** What a component shows, in the order in which the rules apply. */
export const shownStateNames = [
  'completed',
  'cancelled',
  /** By hand. */
  'blocked',
  /** A path leads to something cancelled. */
  'dead_blocked',
  'in_progress',
  /** A prerequisite is open. */
  'waiting',
  'ready',
] as const;
export type ShownStateName = (typeof shownStateNames)[number];
/** What can be shown in a badge: the states, what comes on top of them, and the status behind them. */
export type ShownState = ShownStateName | 'held_up' | 'pending';

export interface Shown {
  state: ShownStateName;
  /** Waiting past its start, or in progress although something it waits for is open. */
  held_up: boolean;
  /** How many of its prerequisites are open. */
  open_needs: number;
}

/** What a state follows from. */
export type StateFacts = Pick<Component, 'id' | 'status' | 'start_on' | 'type'>;

/**
 * What each component shows; the tray shows nothing. `today` is the calendar day in the person's zone, as `2026-01-15`; on the
 * day of its start nothing is late yet. Linear: the canvas asks at each change.
 */
export function shownStates(
  nodes: readonly StateFacts[],
  edges: readonly Dependency[],
  today: string,
): Map<string, Shown> {
  return statesIn(netOf(nodes, edges), today);
}

/** What ranking goes by, beside the state. */
export type BlockerFacts = StateFacts & Pick<Component, 'name' | 'updated_at'>;

/** Something open that waits for nothing open while others wait for it: where a hand moves the project on. */
export interface RootBlocker {
  id: string;
  /** How many of what waits for it is held up. */
  held_up: number;
  /** How many open components wait for it, directly or through others that are open. */
  waiting: number;
  /** Nobody touched it for 14 days. */
  stalled: boolean;
}

const stalledAfter = 14 * 24 * 3600 * 1000;

/** The root blockers, worst first: by what is held up, then by all that waits, then by name. `now` in milliseconds since 1970. */
export function rootBlockers(
  nodes: readonly BlockerFacts[],
  edges: readonly Dependency[],
  shown: ReadonlyMap<string, Shown>,
  now: number,
): RootBlocker[] {
  return blockersIn(netOf(nodes, edges), shown, now);
}

export interface Analysis {
  shown: Map<string, Shown>;
  root_blockers: RootBlocker[];
}

/** Both in one go. */
export function analyse(
  nodes: readonly BlockerFacts[],
  edges: readonly Dependency[],
  { today, now }: { today: string; now: number },
): Analysis {
  const net = netOf(nodes, edges);
  const shown = statesIn(net, today);
  return { shown, root_blockers: blockersIn(net, shown, now) };
}

/** Does it call for somebody: blocked by hand, dead-blocked or held up? Badges count these and nothing else. */
export function needsAttention({ state, held_up }: Shown): boolean {
  return state === 'blocked' || state === 'dead_blocked' || held_up;
}

/** The tray of unsorted tasks stands beside the graph, not in it. */
export function isTray(component: { type: string | null }): boolean {
  return component.type === trayType;
}

/** Components by their place in the list, and the edges both ways. */
interface Net<N extends StateFacts> {
  nodes: readonly N[];
  /** What each waits for, whatever its status. */
  needs: readonly (readonly number[])[];
  unlocks: readonly (readonly number[])[];
}

/** Edges that lead to a component which is not among the nodes (deleted a moment ago) are left out. */
function netOf<N extends StateFacts>(nodes: readonly N[], edges: readonly Dependency[]): Net<N> {
  const places = new Map(nodes.map((node, place) => [node.id, place]));
  const needs: number[][] = nodes.map(() => []);
  const unlocks: number[][] = nodes.map(() => []);
  for (const { component_id, depends_on_id } of edges) {
    const dependent = places.get(component_id);
    const need = places.get(depends_on_id);
    if (dependent === undefined || need === undefined) continue;
    needs[dependent]?.push(need);
    unlocks[need]?.push(dependent);
  }
  return { nodes, needs, unlocks };
}

function isOpen(node: StateFacts | undefined): boolean {
  return node !== undefined && node.status !== 'completed' && node.status !== 'cancelled';
}

function statesIn({ nodes, needs, unlocks }: Net<StateFacts>, today: string): Map<string, Shown> {
  const dead = new Uint8Array(nodes.length);
  const stack: number[] = [];
  nodes.forEach((node, place) => void (node.status === 'cancelled' && stack.push(place)));
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    for (const next of unlocks[place] ?? []) {
      if (dead[next] || !isOpen(nodes[next])) continue;
      dead[next] = 1;
      stack.push(next);
    }
  }
  const shown = new Map<string, Shown>();
  nodes.forEach((node, place) => {
    if (isTray(node)) return;
    let open_needs = 0;
    for (const need of needs[place] ?? []) if (isOpen(nodes[need])) open_needs += 1;
    const state = stateOf(node, open_needs, dead[place] === 1);
    const late = node.start_on !== null && node.start_on < today;
    const held_up = (state === 'waiting' && late) || (state === 'in_progress' && open_needs > 0);
    shown.set(node.id, { state, held_up, open_needs });
  });
  return shown;
}

function stateOf({ status }: StateFacts, open_needs: number, dead: boolean): ShownStateName {
  if (status === 'completed' || status === 'cancelled' || status === 'blocked') return status;
  if (dead) return 'dead_blocked';
  if (status === 'in_progress') return 'in_progress';
  return open_needs > 0 ? 'waiting' : 'ready';
}

function blockersIn(
  { nodes, needs, unlocks }: Net<BlockerFacts>,
  shown: ReadonlyMap<string, Shown>,
  now: number,
): RootBlocker[] {
  const open = nodes.map(isOpen);
  const held = nodes.map((node) => shown.get(node.id)?.held_up === true);
  const found: (RootBlocker & { name: string })[] = [];
  // In which root's walk a component was seen last: one list for all walks costs less than a set for each.
  const seen = new Int32Array(nodes.length).fill(-1);
  nodes.forEach((node, root) => {
    if (!open[root] || needs[root]?.some((need) => open[need]) !== false) return;
    let [held_up, waiting] = [0, 0];
    const stack = [root];
    for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
      for (const next of unlocks[place] ?? []) {
        if (!open[next] || seen[next] === root) continue;
        seen[next] = root;
        waiting += 1;
        if (held[next]) held_up += 1;
        stack.push(next);
      }
    }
    if (waiting === 0) return;
    const stalled = now - Date.parse(node.updated_at) >= stalledAfter;
    found.push({ id: node.id, held_up, waiting, stalled, name: node.name });
  });
  found.sort((a, b) => b.held_up - a.held_up || b.waiting - a.waiting || order(a.name, b.name) || order(a.id, b.id));
  return found.map(({ name: _name, ...blocker }) => blocker);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
