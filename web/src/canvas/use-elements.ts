// What is on the canvas now: the graph's components with their places, what is selected, what was moved but is not saved yet.
import type { Position } from '@taylordash/core/entities';
import type { Shown } from '@taylordash/core/states';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Graph, GraphNode } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { edgeId, type ComponentNode as FlowNode, toNodes } from './nodes.ts';

interface Options {
  graph: Graph;
  shown: ReadonlyMap<string, Shown>;
  place: (component: GraphNode) => Position;
  fail: (error: unknown) => void;
}

interface Selection {
  nodes: ReadonlySet<string>;
  /** By its id of nodes.ts. */
  edge: string | null;
}

const nothing: Selection = { nodes: new Set(), edge: null };
const unmoved: ReadonlyMap<string, Position> = new Map();

export function useElements({ graph, shown, place, fail }: Options) {
  const { changes } = useApp();
  const project_id = graph.project.id;
  const [selection, setSelection] = useState(nothing);
  const [moved, setMoved] = useState(unmoved);
  const old = useRef<ReadonlyMap<string, FlowNode>>(new Map());
  const nodes = useMemo(
    () =>
      toNodes(
        graph,
        { shown, place: (component) => moved.get(component.id) ?? place(component), selected: selection.nodes },
        old.current,
      ),
    [graph, shown, place, moved, selection.nodes],
  );
  const nodesById = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes]);
  useEffect(() => {
    old.current = nodesById;
  }, [nodesById]);
  const byId = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node])), [graph.nodes]);
  const selected = useMemo(() => nodes.filter((node) => node.selected === true), [nodes]);
  const chosen = useMemo(() => selected.map((node) => node.data.component), [selected]);
  const edge = useMemo(
    () => (selection.edge === null ? null : (graph.edges.find((one) => edgeId(one) === selection.edge) ?? null)),
    [graph.edges, selection.edge],
  );

  const select = useCallback((ids: ReadonlySet<string>) => setSelection({ nodes: ids, edge: null }), []);
  const toggle = useCallback(
    (id: string) =>
      setSelection(({ nodes: before }) => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return { nodes: after, edge: null };
      }),
    [],
  );
  /** Keeps the component that it was chosen from, so that the next one follows from there. */
  const selectEdge = useCallback(
    (id: string | null, from?: string) => setSelection({ nodes: new Set(from === undefined ? [] : [from]), edge: id }),
    [],
  );

  const latest = useRef({ byId, nodesById });
  latest.current = { byId, nodesById };
  /** Shows components elsewhere; `save` keeps it. */
  const shift = useCallback((ids: ReadonlySet<string>, dx: number, dy: number) => {
    setMoved((before) => {
      const after = new Map(before);
      for (const id of ids) {
        const from = after.get(id) ?? latest.current.nodesById.get(id)?.position;
        if (from) after.set(id, { x: from.x + dx, y: from.y + dy });
      }
      return after;
    });
  }, []);
  /** Saves places as one gesture; until the graph has them they are shown from here. */
  const save = useCallback(
    (places: ReadonlyMap<string, Position>) => {
      const positions = [...places].flatMap(([id, { x, y }]) => {
        const component = latest.current.byId.get(id);
        return component ? [{ component, position: { x: Math.round(x), y: Math.round(y) } }] : [];
      });
      if (positions.length === 0) return;
      setMoved((before) => new Map([...before, ...positions.map((one) => [one.component.id, one.position] as const)]));
      changes
        .move(project_id, positions)
        .catch(fail)
        .finally(() =>
          setMoved((before) => {
            const after = new Map(before);
            // Moved again meanwhile: that stands until it is saved in turn.
            for (const { component, position } of positions) {
              if (after.get(component.id) === position) after.delete(component.id);
            }
            return after;
          }),
        );
    },
    [changes, project_id, fail],
  );
  const settle = (ids: ReadonlySet<string>) =>
    save(
      new Map(
        [...ids].flatMap((id) => {
          const position = latest.current.nodesById.get(id)?.position;
          return position ? [[id, position] as const] : [];
        }),
      ),
    );
  const node = useCallback((id: string) => latest.current.nodesById.get(id) ?? null, []);
  return {
    ...{ nodes, byId, selected, chosen, edge, one: chosen.length === 1 ? (chosen[0] ?? null) : null },
    ...{ selectedEdge: edge && selection.edge, select, toggle, selectEdge, shift, save, settle, node },
  };
}

export type Elements = ReturnType<typeof useElements>;
