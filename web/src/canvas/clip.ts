// Copies of components with the dependencies among them: taken, kept and put down with names and ids of their own.
import type { Dependency, Position } from '@taylordash/core/entities';
import type { GraphNode } from '../api.ts';
import type { Operation } from '../work/operations.ts';
import { nodeHeight, nodeWidth } from './geometry.ts';

/** What a copy has of its original. Its work begins anew: status, progress and tasks stay behind. */
function copied(component: GraphNode) {
  const { name, type, description, metadata, start_on, due_on, duration_days } = component;
  const { weight, progress_mode, assignee_id, pinned } = component;
  return {
    ...{ name, type, description, metadata, start_on, due_on, duration_days },
    ...{ weight, progress_mode, assignee_id, pinned },
  };
}

export interface Clip {
  project_id: string;
  /** Pasting moves the originals instead of making copies. */
  cut: boolean;
  components: { id: string; position: Position; fields: ReturnType<typeof copied> }[];
  edges: Dependency[];
}

export function toClip(
  project_id: string,
  nodes: readonly { data: { component: GraphNode }; position: Position }[],
  edges: readonly Dependency[],
  cut: boolean,
): Clip {
  const ids = new Set(nodes.map(({ data }) => data.component.id));
  return {
    ...{ project_id, cut },
    components: nodes.map(({ data: { component }, position }) => ({
      id: component.id,
      position,
      fields: copied(component),
    })),
    edges: edges.filter((edge) => ids.has(edge.component_id) && ids.has(edge.depends_on_id)),
  };
}

export interface Pasted {
  ids: string[];
  operations: Operation[];
}

/** The operations that put copies down, moved by so much. */
export function pasteOperations(
  clip: Clip,
  { project_id, by, taken, newId }: { project_id: string; by: Position; taken: Iterable<string>; newId: () => string },
): Pasted {
  const names = new Set(taken);
  const ids = new Map(clip.components.map(({ id }) => [id, newId()]));
  const made = clip.components.map(({ id, position, fields }): Operation => {
    const name = freeName(fields.name, names);
    names.add(name);
    const place = { x: Math.round(position.x + by.x), y: Math.round(position.y + by.y) };
    return { op: 'create_component', id: ids.get(id) ?? id, project_id, fields: { ...fields, name, position: place } };
  });
  const linked = clip.edges.map(
    ({ component_id, depends_on_id }): Operation => ({
      op: 'add_dependency',
      id: ids.get(component_id) ?? component_id,
      depends_on_id: ids.get(depends_on_id) ?? depends_on_id,
    }),
  );
  return { ids: [...ids.values()], operations: [...made, ...linked] };
}

/** The name itself, or with the first free number: "Pump", "Pump 2", "Pump 3". */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const stem = name.replace(/ \d+$/, '');
  for (let number = 2; ; number++) {
    const next = `${stem.slice(0, 250)} ${number}`;
    if (!taken.has(next)) return next;
  }
}

/** The middle of what a clip holds. */
export function middleOfClip({ components }: Clip): Position {
  const xs = components.map(({ position }) => position.x);
  const ys = components.map(({ position }) => position.y);
  return {
    x: (Math.min(...xs) + Math.max(...xs) + nodeWidth) / 2,
    y: (Math.min(...ys) + Math.max(...ys) + nodeHeight) / 2,
  };
}
