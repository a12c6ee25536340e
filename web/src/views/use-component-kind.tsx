// Components as rows: their cells and editors, and what changing, adding and deleting them does. Blocking asks for the reason.
import type { ComponentRow, RowNames } from '@taylordash/core/row-fields';
import { useMemo, useState } from 'react';
import type { Graph } from '../api.ts';
import { useApp, useMay } from '../app-context.tsx';
import { ReasonDialog } from '../panel/reason-dialog.tsx';
import { DeleteComponentsDialog } from '../work/delete-components-dialog.tsx';
import type { ComponentPatch } from '../work/operations.ts';
import { TypeIcon } from '../work/type-icon.tsx';
import { componentLooks } from './component-cell.tsx';
import { componentEditors } from './editors.ts';
import type { Kind } from './kind.ts';
import type { Present } from './use-now.ts';
import { useRowChanges } from './use-row-changes.ts';

interface Options {
  graph: Graph;
  names: RowNames & Present;
  open_id: string | null;
  onOpen: (id: string) => void;
}

type Asking =
  | { what: 'reason'; before: string | null; go: (blocked_reason: string) => void }
  | { what: 'delete'; ids: ReadonlySet<string> };

const blocks = (patch: ComponentPatch) => patch.status === 'blocked' && patch.blocked_reason === undefined;

export function useComponentKind({ graph, names, open_id, onOpen }: Options): Kind<ComponentRow, ComponentPatch> {
  const { changes } = useApp();
  const writes = useMay()('write:projects', graph.project.id);
  const { follow, apply, errorOf } = useRowChanges();
  const [asking, setAsking] = useState<Asking | null>(null);
  const done = () => setAsking(null);
  const doomed = asking?.what === 'delete' ? graph.nodes.filter(({ id }) => asking.ids.has(id)) : [];
  const dialogs = (
    <>
      {asking?.what === 'reason' && <ReasonDialog reason={asking.before} onReason={asking.go} onClose={done} />}
      {doomed.length > 0 && (
        <DeleteComponentsDialog graph={graph} components={doomed} onClose={done} onDeleted={done} />
      )}
    </>
  );
  const project_id = graph.project.id;
  const kind = useMemo((): Omit<Kind<ComponentRow, ComponentPatch>, 'dialogs'> => {
    const edit = (row: ComponentRow, field: string, patch: ComponentPatch) => {
      if (!blocks(patch)) follow(row.id, field, changes.components.change(row, patch));
      else {
        const go = (blocked_reason: string) => edit(row, field, { ...patch, blocked_reason });
        setAsking({ what: 'reason', before: row.blocked_reason, go });
      }
    };
    const editAll: Kind<ComponentRow, ComponentPatch>['editAll'] = (list, told) => {
      if (!list.some(({ patch }) => blocks(patch))) {
        void apply(
          list.map(({ row, patch }) => ({ op: 'update_component', id: row.id, fields: patch })),
          told,
        );
        return;
      }
      const go = (blocked_reason: string) =>
        editAll(
          list.map(({ row, patch }) => ({ row, patch: { ...patch, blocked_reason } })),
          told,
        );
      setAsking({ what: 'reason', before: list[0]?.row.blocked_reason ?? null, go });
    };
    return {
      of: 'components',
      writes,
      editors: componentEditors(names),
      ...componentLooks(names),
      lead: (row) => <TypeIcon type={row.type} />,
      edit,
      editAll,
      errorOf,
      remove: (rows) => setAsking({ what: 'delete', ids: new Set(rows.map(({ id }) => id)) }),
      add: writes
        ? async (name, patch) => {
            const { name: _name, ...fields } = patch ?? {};
            await changes.createComponent(project_id, { ...fields, name });
          }
        : null,
      rank: null,
      open: onOpen,
      open_id,
    };
  }, [names, writes, changes, follow, apply, errorOf, project_id, onOpen, open_id]);
  return { ...kind, dialogs };
}
