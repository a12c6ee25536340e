// What a component waits for, or what it unlocks: shown, opened, removed, added by typing.

import type { Shown } from '@taylordash/core/states';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Graph, GraphNode } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { describeError } from '../ui/error-notice.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { StatusIcon } from '../ui/status-icon.tsx';
import { LinkDialog, type LinkDirection } from '../work/link-dialog.tsx';
import { Section } from './section.tsx';

interface Props {
  graph: Graph;
  component: GraphNode;
  shown: ReadonlyMap<string, Shown>;
  direction: LinkDirection;
  writes: boolean;
  onOpen: (id: string) => void;
}

export function Links({ graph, component, shown, direction, writes, onOpen }: Props) {
  const { changes } = useApp();
  const [adding, setAdding] = useState(false);
  const [error, setError] = useState<string>();
  const fail = (problem: unknown) => {
    const { what, why } = describeError(problem);
    setError(why === '' ? what : why);
  };
  const ends =
    direction === 'needs'
      ? graph.edges.filter((edge) => edge.component_id === component.id).map((edge) => edge.depends_on_id)
      : graph.edges.filter((edge) => edge.depends_on_id === component.id).map((edge) => edge.component_id);
  const ids = new Set(ends);
  const others = graph.nodes.filter((node) => ids.has(node.id));
  const remove = (id: string) => {
    setError(undefined);
    const pair = direction === 'needs' ? ([component.id, id] as const) : ([id, component.id] as const);
    changes.disconnect(...pair).catch(fail);
  };
  const needs = direction === 'needs';
  return (
    <Section
      title={needs ? strings.panel.needs : strings.panel.unlocks}
      error={error}
      aside={
        writes && (
          <IconButton
            label={needs ? strings.panel.add_need : strings.panel.add_unlock}
            side="left"
            onClick={() => setAdding(true)}
          >
            <Plus size={16} aria-hidden />
          </IconButton>
        )
      }
    >
      {others.length === 0 ? (
        <p className="text-13 text-text-3">{needs ? strings.panel.needs_none : strings.panel.unlocks_none}</p>
      ) : (
        <ul className="-mx-2">
          {others.map((node) => (
            <li
              key={node.id}
              className="flex items-center gap-1 rounded-control focus-within:bg-surface-2 hover:bg-surface-2"
            >
              <button
                type="button"
                onClick={() => onOpen(node.id)}
                className="target flex min-w-0 flex-1 items-center gap-2 rounded-control px-2 text-left"
              >
                <StatusIcon state={shown.get(node.id)?.state ?? 'pending'} bare />
                <span className="truncate">{node.name}</span>
              </button>
              {writes && (
                <IconButton label={strings.panel.remove_link(node.name)} side="left" onClick={() => remove(node.id)}>
                  <X size={16} aria-hidden />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {adding && (
        <LinkDialog
          graph={graph}
          component={component}
          direction={direction}
          onClose={() => setAdding(false)}
          onLink={(component_id, depends_on_id) => {
            setError(undefined);
            changes.connect(component_id, depends_on_id).catch(fail);
          }}
        />
      )}
    </Section>
  );
}
