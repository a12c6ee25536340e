// A device in a minute: a name, what to type into it, and its first message as it arrives.
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { FormDialog, useSend } from '../ui/form-dialog.tsx';
import { Segments } from '../ui/segments.tsx';
import { TextField } from '../ui/text-field.tsx';
import { CopyButton, CopyLine } from './copy-line.tsx';
import {
  brokerQuery,
  type Device,
  deviceKeys,
  deviceQuery,
  type NewDevice,
  type Signal,
  signalsQuery,
} from './queries.ts';
import { snippetsFor } from './snippets.ts';

export function AddDeviceDialog({ onClose }: { onClose: (id?: string) => void }) {
  const { api } = useApp();
  const { busy, error, send } = useSend(() => undefined, deviceKeys.devices);
  const [name, setName] = useState('');
  const [made, setMade] = useState<NewDevice | null>(null);
  if (made) return <ConnectDialog made={made} onClose={() => onClose(made.device.id)} />;
  return (
    <FormDialog
      title={strings.devices.add_title}
      submit={strings.devices.create}
      busy={busy}
      error={error}
      onClose={() => onClose()}
      onSubmit={() =>
        void send(async () => setMade((await api.call('createDevice', { body: { name: name.trim() } })).data))
      }
    >
      <TextField
        label={strings.devices.name}
        hint={strings.devices.name_hint}
        value={name}
        required
        autoFocus
        maxLength={100}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}

/** What to type into the device, with its password, and how it comes along. */
export function ConnectDialog({ made, onClose }: { made: NewDevice; onClose: () => void }) {
  const { api } = useApp();
  const { device, password } = made;
  const broker = useQuery(brokerQuery(api)).data;
  const { username } = device;
  const host = broker?.hosts[0] ?? window.location.hostname;
  const port = broker?.port ?? 1883;
  const snippets = snippetsFor({ host, port, username, password });
  const [shown, setShown] = useState(snippets[0]?.name ?? '');
  const snippet = snippets.find(({ name }) => name === shown)?.text ?? '';
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width="wide"
      title={strings.devices.ready_title(device.name)}
      description={strings.devices.once}
    >
      <div className="rounded-control border border-line bg-surface-2">
        <CopyLine label={strings.devices.host} value={host} />
        <CopyLine label={strings.devices.port} value={String(port)} />
        {typeof broker?.tls_port === 'number' && (
          <CopyLine label={strings.devices.tls_port} value={String(broker.tls_port)} />
        )}
        <CopyLine label={strings.devices.user} value={username} />
        <CopyLine label={strings.devices.password} value={password} />
      </div>
      {broker?.loopback_only === true && <p className="text-13 text-text-2">{strings.devices.loopback}</p>}
      <div className="flex flex-col gap-2">
        <div className="overflow-x-auto">
          <Segments
            label={strings.devices.snippets}
            value={shown}
            options={snippets.map(({ name }) => ({ value: name, label: name }))}
            onValue={setShown}
          />
        </div>
        <div className="flex items-start rounded-control border border-line bg-surface-0">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
          <pre tabIndex={0} className={snippetBox}>
            <code className="select-all font-mono text-12/[18px]">{snippet}</code>
          </pre>
          <CopyButton
            key={shown}
            label={strings.devices.copy_snippet(shown)}
            value={snippet}
            className="m-1 shrink-0"
          />
        </div>
      </div>
      <FirstMessage device={device} />
      <DialogActions>
        <Button kind="primary" onClick={onClose}>
          {strings.devices.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

const snippetBox = 'max-h-48 min-h-13 min-w-0 flex-1 overflow-auto py-3 pl-3';

function FirstMessage({ device }: { device: Device }) {
  const { api } = useApp();
  const now = useQuery({ ...deviceQuery(api, device.id), refetchInterval: 1000 }).data ?? device;
  const signals = useQuery({ ...signalsQuery(api, { device_id: device.id }), refetchInterval: 1000 }).data ?? [];
  const latest = signals.reduce<Signal | null>((a, b) => (a === null || b.last_at > a.last_at ? b : a), null);
  const { connected, last_refusal, dead_letters, messages } = now.activity;
  const understood = messages > dead_letters;
  return (
    <section aria-live="polite" className="flex flex-col gap-2 rounded-control border border-line bg-surface-2 p-3">
      {latest ? (
        <>
          <p className={cx('flex items-center gap-2 font-medium', understood ? 'text-completed' : 'text-warning')}>
            {understood ? <CircleCheck size={18} aria-hidden /> : <TriangleAlert size={18} aria-hidden />}
            {understood ? strings.devices.arrived : strings.devices.arrived_dead}
          </p>
          <p className="break-all font-mono text-12 text-text-3">{latest.topic}</p>
          <p className="max-h-24 overflow-y-auto break-all font-mono text-13">
            {latest.text ?? strings.devices.no_text(latest.size)}
          </p>
          {dead_letters > 0 && <p className="text-13 text-warning">{strings.devices.dead_first(dead_letters)}</p>}
        </>
      ) : (
        <>
          <p className="flex items-center gap-2 font-medium">
            <LoaderCircle size={18} aria-hidden className="animate-spin text-accent motion-reduce:animate-none" />
            {connected ? strings.devices.connected : strings.devices.waiting}
          </p>
          {last_refusal !== null && (
            <p className="flex items-start gap-2 text-13 text-warning">
              <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
              {strings.devices.refused_first} {last_refusal}
            </p>
          )}
          <p className="text-13 text-text-3">{strings.devices.waiting_hint}</p>
        </>
      )}
    </section>
  );
}
