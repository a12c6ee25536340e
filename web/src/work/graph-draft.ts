// A project's graph while it is being changed.
import type { Dependency, Project } from '@taylordash/core/entities';
import type { Component, Graph, GraphNode } from '../api.ts';
import { entityList } from './entity-list.ts';
import { type Includes, includedIn } from './reading.ts';

export interface GraphDraft {
  /** Did the graph include it when it was read? */
  includes: Includes;
  node: (id: string) => GraphNode | undefined;
  edges: () => readonly Dependency[];
  /** One that is there already keeps its counts of tasks. */
  put: (component: Component & Partial<Pick<GraphNode, 'tasks'>>) => void;
  drop: (id: string) => void;
  /** Only between components that are there. */
  putEdge: (edge: Dependency) => void;
  dropEdge: (edge: Dependency) => void;
  /** Counts tasks more or fewer at a component. */
  count: (component_id: string, total: number, done: number) => void;
  project: () => Project;
  putProject: (project: Project) => void;
  /** The graph as it is now; the very one it began with where nothing changed. */
  graph: () => Graph;
}

const edgeKey = ({ component_id, depends_on_id }: Dependency) => `${component_id} ${depends_on_id}`;

export function graphDraft(before: Graph): GraphDraft {
  const nodes = entityList(before.nodes, ({ id }) => id);
  let edges = entityList(before.edges, edgeKey);
  let project = before.project;
  // Edges of dropped nodes go together, when somebody looks.
  const dropped = new Set<string>();

  function withoutDropped(): void {
    if (dropped.size === 0) return;
    const left = edges.items().filter((edge) => !dropped.has(edge.component_id) && !dropped.has(edge.depends_on_id));
    if (left.length < edges.items().length) edges = entityList(left, edgeKey);
    dropped.clear();
  }

  return {
    includes: includedIn(before),
    node: nodes.get,
    edges() {
      withoutDropped();
      return edges.items();
    },
    put(component) {
      if (dropped.has(component.id)) withoutDropped();
      const old = nodes.get(component.id);
      nodes.put({ ...old, ...component, tasks: old?.tasks ?? component.tasks ?? { total: 0, done: 0 } });
    },
    drop(id) {
      if (!nodes.get(id)) return;
      nodes.drop(id);
      dropped.add(id);
    },
    putEdge(edge) {
      withoutDropped();
      if (edges.get(edgeKey(edge)) || !nodes.get(edge.component_id) || !nodes.get(edge.depends_on_id)) return;
      edges.put(edge);
    },
    dropEdge: (edge) => edges.drop(edgeKey(edge)),
    count(component_id, total, done) {
      const node = nodes.get(component_id);
      if (!node || (total === 0 && done === 0)) return;
      const tasks = { total: node.tasks.total + total, done: node.tasks.done + done };
      nodes.put({ ...node, tasks });
    },
    project: () => project,
    putProject(next) {
      project = next;
    },
    graph() {
      withoutDropped();
      const now = { nodes: nodes.items(), edges: edges.items() };
      if (now.nodes === before.nodes && now.edges === before.edges && project === before.project) return before;
      return { ...before, project, nodes: [...now.nodes], edges: [...now.edges] };
    },
  };
}
