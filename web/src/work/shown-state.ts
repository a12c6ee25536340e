// The state that a component shows, which follows from its own status and from what it waits for.
import type { Component, Dependency } from '@taylordash/core/entities';
import { trayType } from '@taylordash/core/statuses';

export type ShownState =
  | 'ready'
  | 'waiting'
  | 'in_progress'
  | 'blocked'
  | 'dead_blocked'
  | 'held_up'
  | 'completed'
  | 'cancelled'
  | 'pending';

export interface Shown {
  state: Exclude<ShownState, 'held_up' | 'pending'>;
  /** Waiting past its start, or in progress although something it waits for is open. */
  held_up: boolean;
  /** How many of its prerequisites are open. */
  open_needs: number;
}

type Facts = Pick<Component, 'id' | 'status' | 'start_on' | 'type'>;

/** `today` is the calendar day in the person's zone, as `2026-01-15`. */
export function shownStates(nodes: readonly Facts[], edges: readonly Dependency[], today: string): Map<string, Shown> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const needs = new Map<string, string[]>();
  const unlocks = new Map<string, string[]>();
  for (const { component_id, depends_on_id } of edges) {
    append(needs, component_id, depends_on_id);
    append(unlocks, depends_on_id, component_id);
  }
  const dead = new Set<string>();
  const queue = nodes.filter((node) => node.status === 'cancelled').map((node) => node.id);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const next of unlocks.get(id) ?? []) {
      if (dead.has(next) || byId.get(next)?.status === 'completed') continue;
      dead.add(next);
      queue.push(next);
    }
  }
  const shown = new Map<string, Shown>();
  for (const node of nodes) {
    if (isTray(node)) continue;
    const open_needs = (needs.get(node.id) ?? []).filter((id) => byId.get(id)?.status !== 'completed').length;
    const state = stateOf(node, open_needs, dead.has(node.id));
    const late = node.start_on !== null && node.start_on < today;
    const held_up = (state === 'waiting' && late) || (state === 'in_progress' && open_needs > 0);
    shown.set(node.id, { state, held_up, open_needs });
  }
  return shown;
}

function stateOf(node: Facts, open_needs: number, dead: boolean): Shown['state'] {
  if (node.status === 'completed' || node.status === 'cancelled' || node.status === 'blocked') return node.status;
  if (dead) return 'dead_blocked';
  if (node.status === 'in_progress') return 'in_progress';
  return open_needs > 0 ? 'waiting' : 'ready';
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** The tray of unsorted tasks stands beside the graph, not in it. */
export function isTray(component: { type: string | null }): boolean {
  return component.type === trayType;
}

/** Today as a calendar day here. */
export function todayHere(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
