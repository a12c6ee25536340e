// What the painted layers show, kept outside React, so that a gesture renders nothing: only what changed is painted anew.
import type { Dependency, Position } from '@taylordash/core/entities';
import type { Line } from './edge-path.ts';
import type { Highlight } from './highlight.ts';
import type { ComponentNode } from './nodes.ts';

/** Components on their way, and how far from their places they are, in canvas pixels. */
export interface Moving {
  ids: ReadonlySet<string>;
  dx: number;
  dy: number;
}

/** A layout that was taken: from where everything comes, and how far it is, 0 to 1. */
export interface Glide {
  from: ReadonlyMap<string, Position>;
  share: number;
}

export interface SceneState {
  nodes: readonly ComponentNode[];
  edges: readonly Dependency[];
  /** Components are painted from far away, save those that are elements. */
  painted: boolean;
  elements: ReadonlySet<string>;
  highlight: Highlight | null;
  selectedEdge: string | null;
  hoveredEdge: string | null;
  moving: Moving | null;
  glide: Glide | null;
  /** Where a proposed layout would put what moves. */
  ghosts: ReadonlyMap<string, Position> | null;
  /** A dependency's end in the hand, and whether it may be let go there. */
  pulled: (Line & { edge: string; allowed: boolean }) | null;
}

export interface Scene {
  get: () => SceneState;
  change: (patch: Partial<SceneState>) => void;
  subscribe: (listener: (now: SceneState, before: SceneState) => void) => () => void;
}

export function createScene(): Scene {
  let state: SceneState = {
    nodes: [],
    edges: [],
    painted: false,
    elements: new Set(),
    highlight: null,
    selectedEdge: null,
    hoveredEdge: null,
    moving: null,
    glide: null,
    ghosts: null,
    pulled: null,
  };
  const listeners = new Set<(now: SceneState, before: SceneState) => void>();
  return {
    get: () => state,
    change(patch) {
      const before = state;
      state = { ...state, ...patch };
      for (const listener of listeners) listener(state, before);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Where a component is now, with what moves it. */
export function placeOf(node: ComponentNode, moving: Moving | null): Position {
  if (!moving?.ids.has(node.id)) return node.position;
  return { x: node.position.x + moving.dx, y: node.position.y + moving.dy };
}
