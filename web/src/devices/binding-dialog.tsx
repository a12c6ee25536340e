// Binds a value to a progress, a status or a metric, and shows what it would make of the last messages before it counts.
import { useQuery } from '@tanstack/react-query';
import { targetFault } from '@taylordash/core/bindings';
import type { BindingTarget } from '@taylordash/core/device-entities';
import { componentStatuses } from '@taylordash/core/statuses';
import { isTopicFilter } from '@taylordash/core/topics';
import { Plus, X } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { graphQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { sayError } from '../ui/error-notice.tsx';
import { FormDialog, useSend } from '../ui/form-dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Segments } from '../ui/segments.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { type Binding, deviceKeys } from './queries.ts';

type Kind = BindingTarget['kind'];

/** A value that somebody chose, and for what. */
export interface BindingStart {
  topic_filter: string;
  path: string;
  kind: Kind;
  value: string;
}

interface Props {
  start: BindingStart | Binding;
  onClose: () => void;
}

interface Draft {
  topic_filter: string;
  path: string;
  kind: Kind;
  component_id: string;
  from: string;
  to: string;
  step: string;
  hold: string;
  map: { value: string; status: (typeof componentStatuses)[number] }[];
  service: string;
  metric: string;
  unit: string;
}

const kinds = ['progress', 'status', 'metric'] as const;

function draftOf(start: Props['start']): Draft {
  const target: BindingTarget = 'target' in start ? start.target : { kind: start.kind };
  const last = start.path === '' ? (start.topic_filter.split('/').at(-1) ?? '') : start.path.replace(/^.*[.\]]/, '');
  const plain = last.replace(/[^\p{L}\p{N}_.: -]/gu, '');
  return {
    ...{ topic_filter: start.topic_filter, path: start.path, kind: target.kind },
    component_id: target.component_id ?? '',
    ...{ from: String(target.from ?? 0), to: String(target.to ?? 100), step: String(target.step ?? 1) },
    hold: String(target.hold ?? 0),
    map: Object.entries(target.map ?? { ['value' in start ? start.value : 'ON']: 'in_progress' as const }).map(
      ([value, status]) => ({ value, status }),
    ),
    service: target.service ?? (start.topic_filter.split('/')[0] ?? '').replace(/[^\p{L}\p{N}_.: -]/gu, ''),
    metric: target.metric ?? (plain === '' ? 'value' : plain),
    unit: target.unit ?? '',
  };
}

function targetOf(draft: Draft): BindingTarget {
  const { kind, component_id, map, service, metric, unit } = draft;
  if (kind === 'metric') return { kind, service, metric, ...(unit === '' ? {} : { unit }) };
  if (kind === 'progress') {
    return { kind, component_id, from: Number(draft.from), to: Number(draft.to), step: Number(draft.step) };
  }
  const values = map.filter(({ value }) => value !== '').map(({ value, status }) => [value, status]);
  return { kind, component_id, map: Object.fromEntries(values), hold: Number(draft.hold) };
}

export function BindingDialog({ start, onClose }: Props) {
  const { api } = useApp();
  const { busy, error, send } = useSend(onClose, deviceKeys.bindings);
  const [draft, setDraft] = useState(() => draftOf(start));
  const set = (fields: Partial<Draft>) => setDraft((before) => ({ ...before, ...fields }));
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
      {!needsComponent && <Preview topic_filter={topic_filter} path={path} target={target} fault={fault} />}
    </FormDialog>
  );
}

/** A component by its project: the one that is bound, or one to choose. */
function ComponentFields({ component_id, onChange }: { component_id: string; onChange: (id: string) => void }) {
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
  draft: Draft;
  set: (fields: Partial<Draft>) => void;
}

function RangeFields({ draft, set }: PartProps) {
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

function MapFields({ draft, set }: PartProps) {
  const change = (index: number, fields: Partial<Draft['map'][number]>) =>
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

function MetricFields({ draft, set }: PartProps) {
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

interface PreviewProps {
  topic_filter: string;
  path: string;
  target: BindingTarget;
  fault: Fault | null;
}

type Fault = { pointer: string; detail: string };

/** With the name of the field that is at fault. */
function sayFault({ pointer, detail }: Fault): string {
  const label = pointer === '/to' ? strings.devices.to : pointer === '/map' ? strings.devices.map : null;
  return label === null ? detail : strings.devices.at_fault(label, detail);
}

function Preview({ topic_filter, path, target, fault }: PreviewProps) {
  const { api } = useApp();
  const asked = useDeferredValue(JSON.stringify({ topic_filter, path, target }));
  const found = useQuery({
    queryKey: ['binding try', asked],
    queryFn: async ({ signal }) =>
      (await api.call('tryBinding', { body: { topic_filter, path, target }, signal })).data.items,
    enabled: fault === null && isTopicFilter(topic_filter),
    retry: false,
    staleTime: 0,
    placeholderData: (old) => old,
  });
  const unit = target.kind === 'progress' ? ' %' : target.unit === undefined ? '' : ` ${target.unit}`;
  return (
    <section className="flex flex-col gap-1 rounded-control border border-line bg-surface-2 p-3 text-13">
      <h3 className="font-medium text-text-2">{strings.devices.preview}</h3>
      {fault !== null && <p className="text-blocked">{sayFault(fault)}</p>}
      {fault === null && found.isError && <p className="text-blocked">{sayError(found.error)}</p>}
      {fault === null && found.data?.length === 0 && <p className="text-text-3">{strings.devices.preview_none}</p>}
      {fault === null &&
        found.data?.map(({ topic, value, result, reason }) => (
          <p key={topic} className="flex flex-wrap gap-x-3">
            <span className="break-all font-mono text-12/[20px] text-text-3">{topic}</span>
            {result === null ? (
              <span className="text-warning">{reason}</span>
            ) : (
              <span className="font-medium tabular-nums">
                {strings.devices.becomes(
                  value ?? '',
                  target.kind === 'status' ? statusName(result) : `${result}${unit}`,
                )}
              </span>
            )}
          </p>
        ))}
    </section>
  );
}

export function statusName(status: string): string {
  const known = componentStatuses.find((one) => one === status);
  return known ? strings.states[known] : status;
}
