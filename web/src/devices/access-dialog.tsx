// What a device may do: where it may publish, what it may read, and whose rights its commands have.
import { useQuery } from '@tanstack/react-query';
import { ApiProblem } from '@taylordash/sdk/client';
import { useState } from 'react';
import { peopleQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { FormDialog, useSend } from '../ui/form-dialog.tsx';
import { Select } from '../ui/select.tsx';
import { TextArea, TextField } from '../ui/text-field.tsx';
import { type Device, deviceKeys } from './queries.ts';

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const faultsOf = (error: unknown) => (error instanceof ApiProblem ? (error.body.errors ?? []) : []);
const isAboutFilters = (error: unknown) => faultsOf(error).some(({ pointer }) => /^\/\w+_filters/.test(pointer));

/** What is wrong with a list of filters, by the line at fault. */
function faultOf(error: unknown, field: string, given: readonly string[]): string | undefined {
  const fault = faultsOf(error).find(({ pointer }) => pointer.startsWith(`/${field}`));
  if (!fault) return undefined;
  const line = given[Number(fault.pointer.split('/')[2] ?? Number.NaN)];
  return line === undefined ? fault.detail : strings.devices.wrong_filter(line, fault.detail);
}

export function AccessDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { api } = useApp();
  const { busy, error, send } = useSend(onClose, deviceKeys.devices);
  const people = useQuery(peopleQuery(api)).data ?? [];
  const [name, setName] = useState(device.name);
  const [publish, setPublish] = useState(device.publish_filters.join('\n'));
  const [subscribe, setSubscribe] = useState(device.subscribe_filters.join('\n'));
  const [actsAs, setActsAs] = useState(device.acts_as ?? '');
  const body = {
    name: name.trim(),
    publish_filters: lines(publish),
    subscribe_filters: lines(subscribe),
    acts_as: actsAs === '' ? null : actsAs,
  };
  return (
    <FormDialog
      title={strings.devices.access_title(device.name)}
      submit={strings.save}
      busy={busy}
      error={isAboutFilters(error) ? null : error}
      onClose={onClose}
      onSubmit={() =>
        void send(
          () => api.call('updateDevice', { params: { id: device.id }, body, if_match: device.version }),
          strings.devices.saved,
        )
      }
    >
      <TextField
        label={strings.devices.name}
        value={name}
        required
        maxLength={100}
        onChange={(event) => setName(event.target.value)}
      />
      <TextArea
        label={strings.devices.publish}
        hint={strings.devices.publish_hint}
        rows={4}
        spellCheck={false}
        autoCapitalize="off"
        className="font-mono text-13"
        value={publish}
        error={faultOf(error, 'publish_filters', lines(publish))}
        onChange={(event) => setPublish(event.target.value)}
      />
      <TextArea
        label={strings.devices.subscribe}
        hint={strings.devices.subscribe_hint}
        rows={4}
        spellCheck={false}
        autoCapitalize="off"
        className="font-mono text-13"
        value={subscribe}
        error={faultOf(error, 'subscribe_filters', lines(subscribe))}
        onChange={(event) => setSubscribe(event.target.value)}
      />
      <Select
        label={strings.devices.acts_as}
        hint={strings.devices.acts_as_hint}
        value={actsAs}
        options={[
          { value: '', label: strings.devices.acts_as_nobody },
          ...people
            .filter(({ is_active, id }) => is_active || id === actsAs)
            .map(({ id, username }) => ({ value: id, label: username })),
        ]}
        onValue={setActsAs}
      />
    </FormDialog>
  );
}
