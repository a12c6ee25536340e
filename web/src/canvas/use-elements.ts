// What is on the canvas now: the graph's nodes and edges with what is selected, lit, moved but not saved yet.
import type { Position } from '@taylordash/core/entities';
import type { Shown } from '@taylordash/core/states';
import { applyEdgeChanges, applyNodeChanges, type EdgeChange, type NodeChange, useReactFlow } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Graph, GraphNode } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { edgesOfLoop } from './loop.ts';
import { edgeId, type DependencyEdge as FlowEdge, type ComponentNode as FlowNode, toEdges, toNodes } from './nodes.ts';

interface Options {
  graph: Graph;
  shown: ReadonlyMap<string, Shown>;
  place: (component: GraphNode) => Position;
  fail: (error: unknown) => void;
}

export function useElements({ graph, shown, place, fail }: Options) {
  const { changes } = useApp();
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const project_id = graph.project.id;
  const [nodes, setNodes] = useState<FlowNode[]>(() => toNodes(graph, shown, place, []));
  const [edges, setEdges] = useState<FlowEdge[]>(() => toEdges(graph.edges, []));
  useEffect(() => setNodes((old) => toNodes(graph, shown, place, old)), [graph, shown, place]);
  useEffect(() => setEdges((old) => toEdges(graph.edges, old)), [graph.edges]);
  const byId = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node])), [graph.nodes]);
  const selected = useMemo(() => nodes.filter((node) => node.selected === true), [nodes]);
  const chosen = selected.flatMap((node) => byId.get(node.id) ?? []);

  const select = useCallback((ids: ReadonlySet<string>) => {
    setNodes((old) => old.map((node) => withSelected(node, ids.has(node.id))));
    setEdges((old) => old.map((edge) => withSelected(edge, false)));
  }, []);
  const selectEdge = useCallback(
    (id: string) => setEdges((old) => old.map((edge) => withSelected(edge, edge.id === id))),
    [],
  );

  /** Lights a loop's path; the rest steps back by a rule of canvas.css. */
  const light = useCallback((loop: readonly string[] | null) => {
    const lit = new Set(loop);
    const litEdges = new Set(loop ? edgesOfLoop(loop).map(edgeId) : []);
    setNodes((old) => old.map((node) => withClass(node, lit.has(node.id) ? 'lit' : '')));
    setEdges((old) => old.map((edge) => withClass(edge, litEdges.has(edge.id) ? 'lit' : '')));
  }, []);

  /** Marks where a dragged task would be dropped. */
  const mark = useCallback(
    (id: string | null) => setNodes((old) => old.map((node) => withClass(node, node.id === id ? 'drop' : ''))),
    [],
  );

  const save = (moved: readonly { id: string; position: Position }[]) => {
    const positions = moved.flatMap(({ id, position }) => {
      const component = byId.get(id);
      return component ? [{ component, position: { x: Math.round(position.x), y: Math.round(position.y) } }] : [];
    });
    if (positions.length > 0) changes.move(project_id, positions).catch(fail);
  };
  const shift = (ids: ReadonlySet<string>, dx: number, dy: number) =>
    setNodes((old) =>
      old.map((node) =>
        ids.has(node.id)
          ? { ...node, dragging: true, position: { x: node.position.x + dx, y: node.position.y + dy } }
          : node,
      ),
    );
  const settle = (ids: ReadonlySet<string>) => {
    save(flow.getNodes().filter((node) => ids.has(node.id)));
    setNodes((old) => old.map((node) => (ids.has(node.id) ? { ...node, dragging: false } : node)));
  };
  const onNodesChange = useCallback(
    (list: NodeChange<FlowNode>[]) => setNodes((old) => applyNodeChanges(list, old)),
    [],
  );
  const onEdgesChange = useCallback(
    (list: EdgeChange<FlowEdge>[]) => setEdges((old) => applyEdgeChanges(list, old)),
    [],
  );
  return {
    ...{ nodes, edges, byId, selected, chosen, one: chosen.length === 1 ? (chosen[0] ?? null) : null },
    ...{ select, selectEdge, light, mark, save, shift, settle, onNodesChange, onEdgesChange },
  };
}

export type Elements = ReturnType<typeof useElements>;

function withSelected<T extends { selected?: boolean | undefined }>(item: T, selected: boolean): T {
  return (item.selected ?? false) === selected ? item : { ...item, selected };
}

function withClass<T extends { className?: string | undefined }>(item: T, className: string): T {
  return (item.className ?? '') === className ? item : { ...item, className };
}
