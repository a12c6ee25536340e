// Binds a value to a progress, a status or a metric, and shows what it would make of the last messages before it counts.
import { targetFault } from '@taylordash/core/bindings';
import { useState } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { FormDialog, useSend } from '../ui/form-dialog.tsx';
import { Segments } from '../ui/segments.tsx';
import { TextField } from '../ui/text-field.tsx';
import { type BindingDraft, type BindingStart, draftOf, kinds, targetOf } from './binding-draft.ts';
import { ComponentFields, MapFields, MetricFields, RangeFields } from './binding-fields.tsx';
import { BindingPreview } from './binding-preview.tsx';
import { type Binding, deviceKeys } from './queries.ts';

interface Props {
  start: BindingStart | Binding;
  onClose: () => void;
}

export function BindingDialog({ start, onClose }: Props) {
  const { api } = useApp();
  const { busy, error, send } = useSend(onClose, deviceKeys.bindings);
  const [draft, setDraft] = useState(() => draftOf(start));
  const set = (fields: Partial<BindingDraft>) => setDraft((before) => ({ ...before, ...fields }));
  const { topic_filter, path } = draft;
  const target = targetOf(draft);
  const needsComponent = draft.kind !== 'metric' && draft.component_id === '';
  const fault = needsComponent ? null : targetFault(target);
  const known = 'target' in start ? start : null;
  const save = () => {
    const body = { topic_filter, path, target };
    if (known === null) void send(() => api.call('createBinding', { body }), strings.devices.bound);
    else {
      const { id, version } = known;
      void send(() => api.call('updateBinding', { params: { id }, body, if_match: version }), strings.devices.saved);
    }
  };
  return (
    <FormDialog
      width="wide"
      title={known === null ? strings.devices.binding_title : strings.devices.binding_edit}
      submit={known === null ? strings.devices.binding_create : strings.save}
      busy={busy}
      disabled={needsComponent || fault !== null}
      error={error}
      onClose={onClose}
      onSubmit={save}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={strings.devices.topic}
          value={topic_filter}
          required
          maxLength={255}
          spellCheck={false}
          autoCapitalize="off"
          onChange={(event) => set({ topic_filter: event.target.value })}
        />
        <TextField
          label={strings.devices.path}
          hint={strings.devices.path_hint}
          value={path}
          maxLength={255}
          spellCheck={false}
          autoCapitalize="off"
          onChange={(event) => set({ path: event.target.value })}
        />
      </div>
      <Segments
        label={strings.devices.makes}
        value={draft.kind}
        options={kinds.map((kind) => ({ value: kind, label: strings.devices.kinds[kind] }))}
        onValue={(kind) => set({ kind })}
      />
      {draft.kind !== 'metric' && (
        <ComponentFields component_id={draft.component_id} onChange={(component_id) => set({ component_id })} />
      )}
      {draft.kind === 'progress' && <RangeFields draft={draft} set={set} />}
      {draft.kind === 'status' && <MapFields draft={draft} set={set} />}
      {draft.kind === 'metric' && <MetricFields draft={draft} set={set} />}
      {!needsComponent && <BindingPreview topic_filter={topic_filter} path={path} target={target} fault={fault} />}
    </FormDialog>
  );
}
