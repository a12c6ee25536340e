// The graph as React Flow's nodes, keeping every object that did not change, so that only what changed renders anew.
import type { Dependency, Position } from '@taylordash/core/entities';
import { isTray, type Shown } from '@taylordash/core/states';
import { type Node, Position as Side } from '@xyflow/react';
import type { Graph, GraphNode } from '../api.ts';
import { nodeHeight, nodeWidth } from './geometry.ts';

export interface ComponentData extends Record<string, unknown> {
  component: GraphNode;
  shown: Shown;
}
export type ComponentNode = Node<ComponentData, 'component'>;

const ready: Shown = { state: 'ready', held_up: false, open_needs: 0 };
// Known without measuring, so that edges of nodes outside the screen can be drawn.
const handles: NonNullable<ComponentNode['handles']> = [
  { type: 'target', position: Side.Left, x: -6, y: nodeHeight / 2 - 6, width: 12, height: 12, id: 'needs' },
  {
    type: 'source',
    position: Side.Right,
    x: nodeWidth - 6,
    y: nodeHeight / 2 - 6,
    width: 12,
    height: 12,
    id: 'unlocks',
  },
];

// Given, so that what is outside the screen counts in fitting and selecting without having been drawn.
const size = { width: nodeWidth, height: nodeHeight, measured: { width: nodeWidth, height: nodeHeight } };

const sameShown = (a: Shown, b: Shown) =>
  a.state === b.state && a.held_up === b.held_up && a.open_needs === b.open_needs;

interface Shape {
  shown: ReadonlyMap<string, Shown>;
  place: (component: GraphNode) => Position;
  selected: ReadonlySet<string>;
}

/** `old` is what they were before. */
export function toNodes(
  graph: Graph,
  { shown, place, selected }: Shape,
  old: ReadonlyMap<string, ComponentNode>,
): ComponentNode[] {
  return graph.nodes
    .filter((component) => !isTray(component))
    .map((component) => {
      const state = shown.get(component.id) ?? ready;
      const known = old.get(component.id);
      const position = place(component);
      const chosen = selected.has(component.id);
      if (
        known &&
        known.data.component === component &&
        sameShown(known.data.shown, state) &&
        known.selected === chosen &&
        known.position.x === position.x &&
        known.position.y === position.y
      ) {
        return known;
      }
      const data = { component, shown: state };
      return { id: component.id, type: 'component', position, data, selected: chosen, ...size, handles };
    });
}

/** Names a dependency within its project. */
export const edgeId = ({ component_id, depends_on_id }: Dependency) => `${depends_on_id} ${component_id}`;
