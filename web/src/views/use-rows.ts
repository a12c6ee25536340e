// The rows of a board or table: components or tasks, filtered, sorted and grouped as the settings say.
import { useQuery } from '@tanstack/react-query';
import type { ProjectTask } from '@taylordash/core/entities';
import { type FilterFault, parseFilter } from '@taylordash/core/filters';
import { inOrder } from '@taylordash/core/graph';
import { type ComponentRow, componentFields, type RowNames, taskFields } from '@taylordash/core/row-fields';
import { filterable, groupRows, type RowField, type RowGroup, rowFilter, sortRows } from '@taylordash/core/rows';
import { isTray, type Shown } from '@taylordash/core/states';
import type { ViewConfig } from '@taylordash/core/views';
import { useMemo } from 'react';
import { type Graph, peopleQuery } from '../api.ts';
import { useApp, useMe } from '../app-context.tsx';
import { type Present, usePresent } from './use-now.ts';

export interface Row {
  id: string;
  name: string;
}

export interface Rows<R extends Row> {
  fields: readonly RowField<R>[];
  /** How many there are without the filter. */
  total: number;
  /** What the filter lets through, in order. */
  found: readonly R[];
  /** The field that groups; null: one list. */
  group: RowField<R> | null;
  groups: readonly RowGroup<R>[];
  faults: readonly FilterFault[];
}

const wordsOf = (row: Row) => row.name;

function arrange<R extends Row>(
  all: readonly R[],
  fields: readonly RowField<R>[],
  { filter, group: by, sort }: Pick<ViewConfig, 'filter' | 'group' | 'sort'>,
  present: Present,
): Rows<R> {
  const { terms, faults } = parseFilter(filter, filterable(fields));
  const found = sortRows(all.filter(rowFilter(terms, fields, wordsOf, present)), fields, sort);
  const group = fields.find(({ name, groups }) => name === by && groups === true) ?? null;
  const groups = group ? groupRows(found, group, present) : [{ key: null, rows: found }];
  return { fields, total: all.length, found, group, groups, faults };
}

/** Names of people and components, for what rows refer to by id. */
export function useRowNames(
  graph: Pick<Graph, 'edges'> & { nodes: readonly { id: string; name: string }[] },
): RowNames & Present {
  const { api } = useApp();
  const people = useQuery(peopleQuery(api)).data;
  const me = useMe()?.username ?? null;
  const present = usePresent();
  const components = useMemo(
    () => new Map(inOrder(graph.nodes, graph.edges).map(({ id, name }) => [id, name])),
    [graph],
  );
  return useMemo(
    () => ({ people: new Map(people?.map(({ id, username }) => [id, username])), me, components, ...present }),
    [people, me, components, present],
  );
}

type Arrangement = Pick<ViewConfig, 'filter' | 'group' | 'sort'>;

export function useComponentRows(
  graph: Graph,
  shown: ReadonlyMap<string, Shown>,
  names: RowNames & Present,
  { filter, group, sort }: Arrangement,
): Rows<ComponentRow> {
  const all = useMemo(() => {
    const ordered = inOrder(graph.nodes, graph.edges).filter((node) => !isTray(node));
    return ordered.map((node, place): ComponentRow => {
      const { state = 'ready', held_up = false } = shown.get(node.id) ?? {};
      return { ...node, state, held_up, place };
    });
  }, [graph, shown]);
  const fields = useMemo(() => componentFields(all, names), [all, names]);
  return useMemo(() => arrange(all, fields, { filter, group, sort }, names), [all, fields, names, filter, group, sort]);
}

export function useTaskRows(
  tasks: readonly ProjectTask[],
  names: RowNames & Present,
  { filter, group, sort }: Arrangement,
): Rows<ProjectTask> {
  const fields = useMemo(() => taskFields(tasks, names), [tasks, names]);
  return useMemo(
    () => arrange(tasks, fields, { filter, group, sort }, names),
    [tasks, fields, names, filter, group, sort],
  );
}
