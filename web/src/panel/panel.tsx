// The component panel: at the right on desktops, a sheet from below on phones.

import { isTray, type Shown } from '@taylordash/core/states';
import { Pin, PinOff, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Graph } from '../api.ts';
import { useApp, useMay } from '../app-context.tsx';
import { useTouchedBy } from '../live.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { NameChip } from '../ui/name-chip.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { DeleteComponentsDialog } from '../work/delete-components-dialog.tsx';
import { TypeIcon } from '../work/type-icon.tsx';
import { Dates } from './dates.tsx';
import { EditText } from './edit-text.tsx';
import { EntityHistory } from './history.tsx';
import { Links } from './links.tsx';
import { Metadata } from './metadata.tsx';
import { Progress } from './progress.tsx';
import { SidePanel } from './side-panel.tsx';
import { Status } from './status.tsx';
import { Tasks } from './tasks.tsx';
import { useEdit } from './use-edit.ts';

interface Props {
  graph: Graph;
  id: string;
  shown: ReadonlyMap<string, Shown>;
  onClose: () => void;
  onOpen: (id: string) => void;
  onOpenTask: (id: string) => void;
}

export function Panel({ graph, id, shown, onClose, onOpen, onOpenTask }: Props) {
  const { live } = useApp();
  const may = useMay();
  const writes = may('write:projects', graph.project.id);
  const component = graph.nodes.find((node) => node.id === id);
  const touched = useTouchedBy(live, id);
  const [deleting, setDeleting] = useState(false);
  const { edit, error } = useEdit(component);
  if (!component) {
    return (
      <SidePanel head={<span className="flex-1" />} onClose={onClose}>
        <p className="p-6 text-center text-text-2">{strings.panel.gone}</p>
        <Button onClick={onClose} className="mx-auto mb-6">
          {strings.close}
        </Button>
      </SidePanel>
    );
  }
  const tray = isTray(component);
  return (
    <SidePanel
      label={strings.panel.label(component.name)}
      onClose={onClose}
      head={
        <>
          <TypeIcon type={component.type} />
          <span className="min-w-0 flex-1 truncate text-13 text-text-3">{component.type}</span>
          {touched !== null && <NameChip name={touched} />}
          {writes && !tray && (
            <>
              <IconButton
                label={component.pinned ? strings.panel.pinned : strings.panel.pin}
                pressed={component.pinned}
                onClick={() => void edit({ pinned: !component.pinned })}
              >
                {component.pinned ? <Pin size={16} aria-hidden /> : <PinOff size={16} aria-hidden />}
              </IconButton>
              <IconButton label={strings.panel.delete} onClick={() => setDeleting(true)}>
                <Trash2 size={16} aria-hidden />
              </IconButton>
            </>
          )}
        </>
      }
    >
      <div className={cx('flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto p-4', touched !== null && 'enter-fade')}>
        <div className="flex flex-col gap-1">
          <EditText
            key={`name ${component.id}`}
            base={component}
            label={strings.panel.name}
            value={component.name}
            required
            maxLength={255}
            readOnly={!writes}
            className="text-20 font-semibold"
            error={error('name')}
            onSave={(name, base) => void edit({ name }, base)}
          />
          {!tray && (
            <EditText
              key={`description ${component.id}`}
              draft={`component.${component.id}.description`}
              base={component}
              label={strings.panel.description}
              placeholder={writes ? strings.panel.description_none : ''}
              value={component.description ?? ''}
              maxLength={10_000}
              readOnly={!writes}
              multiline
              className="text-text-2"
              error={error('description')}
              onSave={(description, base) => void edit({ description: description === '' ? null : description }, base)}
            />
          )}
        </div>
        {!tray && (
          <>
            <Status component={component} shown={shown.get(id)} writes={writes} edit={edit} error={error('status')} />
            <Progress component={component} writes={writes} edit={edit} error={error('progress')} />
          </>
        )}
        <Tasks
          graph={graph}
          component={component}
          writes={may('write:tasks', graph.project.id)}
          onOpenTask={onOpenTask}
        />
        {!tray && (
          <>
            <Links
              graph={graph}
              component={component}
              shown={shown}
              direction="needs"
              writes={writes}
              onOpen={onOpen}
            />
            <Links
              graph={graph}
              component={component}
              shown={shown}
              direction="unlocks"
              writes={writes}
              onOpen={onOpen}
            />
            <Dates component={component} writes={writes} edit={edit} error={error('dates')} />
            <EditText
              key={`type ${component.id}`}
              base={component}
              label={strings.panel.type}
              label_shown
              placeholder={writes ? strings.panel.type_hint : ''}
              value={component.type ?? ''}
              maxLength={100}
              readOnly={!writes}
              error={error('type')}
              onSave={(type, base) => void edit({ type: type === '' ? null : type }, base)}
            />
            <Metadata component={component} writes={writes} edit={edit} error={error('metadata')} />
          </>
        )}
        <EntityHistory project_id={graph.project.id} entity_id={component.id} writes={writes} />
        <p className="text-12 text-text-3">
          {strings.panel.updated} <RelativeTime at={component.updated_at} />
        </p>
      </div>
      {deleting && (
        <DeleteComponentsDialog
          graph={graph}
          components={[component]}
          onClose={() => setDeleting(false)}
          onDeleted={() => {
            setDeleting(false);
            onClose();
          }}
        />
      )}
    </SidePanel>
  );
}
