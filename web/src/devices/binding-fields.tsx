// The fields of a binding, by what it drives.
import { useQuery } from '@tanstack/react-query';
import { componentStatuses } from '@taylordash/core/statuses';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { graphQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { BindingDraft } from './binding-draft.ts';

/** A component by its project: the one that is bound, or one to choose. */
export function ComponentFields({ component_id, onChange }: { component_id: string; onChange: (id: string) => void }) {
  const { api } = useApp();
  const [chosen, setChosen] = useState('');
  const projects = useQuery({
    queryKey: ['projects', 'all names'],
    queryFn: async ({ signal }) =>
      (await api.call('listProjects', { query: { limit: 200, sort: 'name' }, signal })).data.items,
  }).data;
  const bound = useQuery({
    queryKey: ['component', component_id],
    queryFn: async ({ signal }) => (await api.call('getComponent', { params: { id: component_id }, signal })).data,
    enabled: component_id !== '' && chosen === '',
  }).data;
  const only = projects?.length === 1 ? projects[0]?.id : undefined;
  const project_id = chosen === '' ? (bound?.project_id ?? only ?? '') : chosen;
  const graph = useQuery({ ...graphQuery(api, project_id), enabled: project_id !== '' }).data;
  const choose = { value: '', label: strings.devices.choose };
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Select
        label={strings.devices.project}
        value={project_id}
        options={[choose, ...(projects ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
        onValue={(id) => {
          setChosen(id);
          onChange('');
        }}
      />
      <Select
        label={strings.devices.component}
        value={component_id}
        disabled={project_id === ''}
        options={[choose, ...(graph?.nodes ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
        onValue={onChange}
      />
    </div>
  );
}

interface PartProps {
  draft: BindingDraft;
  set: (fields: Partial<BindingDraft>) => void;
}

export function RangeFields({ draft, set }: PartProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {(['from', 'to'] as const).map((field) => (
        <TextField
          key={field}
          label={strings.devices[field]}
          type="number"
          step="any"
          required
          value={draft[field]}
          onChange={(event) => set({ [field]: event.target.value })}
        />
      ))}
      <TextField
        label={strings.devices.step}
        type="number"
        min={1}
        max={100}
        required
        value={draft.step}
        onChange={(event) => set({ step: event.target.value })}
      />
    </div>
  );
}

export function MapFields({ draft, set }: PartProps) {
  const change = (index: number, fields: Partial<BindingDraft['map'][number]>) =>
    set({ map: draft.map.map((line, at) => (at === index ? { ...line, ...fields } : line)) });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 text-13 font-medium text-text-2">{strings.devices.map}</legend>
      {draft.map.map(({ value, status }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place while it is typed
        <div key={index} className="flex items-end gap-2">
          <div className="flex-1">
            <TextField
              label={strings.devices.map_value(index + 1)}
              label_hidden
              value={value}
              maxLength={100}
              onChange={(event) => change(index, { value: event.target.value })}
            />
          </div>
          <div className="flex-1">
            <Select
              label={strings.devices.map_status(index + 1)}
              label_hidden
              value={status}
              options={componentStatuses.map((one) => ({ value: one, label: strings.states[one] }))}
              onValue={(next) => change(index, { status: next })}
            />
          </div>
          <IconButton
            label={strings.devices.map_remove(value)}
            side="left"
            onClick={() => set({ map: draft.map.filter((_, at) => at !== index) })}
          >
            <X size={16} aria-hidden />
          </IconButton>
        </div>
      ))}
      <div className="flex flex-wrap items-end justify-between gap-4">
        <Button kind="plain" onClick={() => set({ map: [...draft.map, { value: '', status: 'completed' }] })}>
          <Plus size={16} aria-hidden />
          {strings.devices.map_add}
        </Button>
        <TextField
          label={strings.devices.hold}
          type="number"
          min={0}
          max={86_400}
          required
          value={draft.hold}
          className="w-40"
          onChange={(event) => set({ hold: event.target.value })}
        />
      </div>
    </fieldset>
  );
}

export function MetricFields({ draft, set }: PartProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {(['service', 'metric', 'unit'] as const).map((field) => (
        <TextField
          key={field}
          label={strings.devices[field]}
          required={field !== 'unit'}
          maxLength={field === 'unit' ? 20 : 50}
          value={draft[field]}
          onChange={(event) => set({ [field]: event.target.value })}
        />
      ))}
    </div>
  );
}
