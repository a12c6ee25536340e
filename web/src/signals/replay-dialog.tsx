// Sends the events that are shown to one MQTT client again, and says how far it is; what was begun before can be cancelled here.
import { useQuery } from '@tanstack/react-query';
import type { EventReplay } from '@taylordash/core/event-replays';
import { useState } from 'react';
import { useApp } from '../app-context.tsx';
import { devicesQuery } from '../devices/queries.ts';
import { signalStrings } from '../strings/signals.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { codeOf, FormDialog, faultOfField, reasonOf, useSend } from '../ui/form-dialog.tsx';
import { ProgressLine } from '../ui/progress-line.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { eventReplaysQuery, replayKey } from './queries.ts';
import type { Times } from './signals-search.ts';

const words = signalStrings.replay;
const rates = ['10', '50', '200', '500'] as const;

interface Props {
  filter: string;
  times: Times;
  /** How many events that is, in words. */
  count: string | undefined;
  onClose: () => void;
}

export function ReplayDialog({ filter, times, count, onClose }: Props) {
  const { api } = useApp();
  // What is sent stays in view: the dialog closes by hand.
  const { busy, error, send } = useSend(() => undefined, replayKey);
  const devices = useQuery(devicesQuery(api)).data ?? [];
  const [device, setDevice] = useState('');
  const [client, setClient] = useState('');
  const [rate, setRate] = useState<(typeof rates)[number]>('50');
  const refused = codeOf(error) === 'event.no_client' ? reasonOf(error) : faultOfField(error, 'client_id');
  const options = [
    { value: '', label: words.by_client },
    ...devices.map(({ id, name }) => ({ value: id, label: name })),
  ];
  const who = device === '' ? { client_id: client.trim() } : { device_id: device };
  const body = { ...who, ...times, ...(filter === '' ? {} : { filter }), rate: Number(rate) };
  return (
    <FormDialog
      title={words.title}
      description={words.text}
      submit={words.start}
      cancel={strings.close}
      busy={busy}
      error={refused === undefined ? error : null}
      onClose={onClose}
      onSubmit={() => void send(() => api.call('startEventReplay', { body }))}
    >
      <p className="rounded-control border border-line bg-surface-2 p-3 text-13">
        {count === undefined ? words.shown : words.shown_count(count)}
        {filter !== '' && <span className="block break-all font-mono text-12 text-text-3">{filter}</span>}
      </p>
      <Select
        label={words.to}
        value={device}
        options={options}
        onValue={setDevice}
        error={device === '' ? undefined : refused}
      />
      {device === '' && (
        <TextField
          label={words.client}
          hint={words.client_hint(client.trim())}
          value={client}
          required
          maxLength={256}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onChange={(event) => setClient(event.target.value)}
          error={refused}
        />
      )}
      <Select
        label={words.rate}
        value={rate}
        options={rates.map((value) => ({ value, label: value }))}
        onValue={setRate}
      />
      <Lately />
    </FormDialog>
  );
}

/** The last replays, with how far each is. */
function Lately() {
  const { api } = useApp();
  const list = useQuery(eventReplaysQuery(api));
  if (list.data === undefined || list.data.length === 0) return null;
  return (
    <section aria-label={words.lately} className="flex flex-col gap-2">
      <h3 className="text-13 font-medium text-text-2">{words.lately}</h3>
      <ul className="flex flex-col">
        {list.data.map((replay) => (
          <Entry key={replay.id} replay={replay} />
        ))}
      </ul>
    </section>
  );
}

function Entry({ replay }: { replay: EventReplay }) {
  const { api } = useApp();
  const { busy, error, send } = useSend(() => undefined, replayKey);
  const { id, client_id, status, sent, created_at, from_id, to_id, position } = replay;
  const length = Number(BigInt(to_id) - BigInt(from_id)) + 1;
  return (
    <li className="flex flex-col gap-1 border-line border-t py-2 text-13 first:border-t-0">
      <p className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 truncate font-mono text-12">{client_id}</span>
        <span className="text-text-3">
          <RelativeTime at={created_at} />
        </span>
      </p>
      {status === 'running' ? (
        <ProgressLine
          label={words.progress(client_id)}
          value={Number(BigInt(position) - BigInt(from_id)) + 1}
          max={length}
          said={words.sent(sent)}
        >
          <Button
            busy={busy}
            onClick={() => void send(() => api.call('cancelEventReplay', { params: { id } }))}
            aria-label={words.cancel(client_id)}
          >
            {strings.cancel}
          </Button>
        </ProgressLine>
      ) : (
        <p role="status" className={status === 'finished' ? 'text-completed' : 'text-text-2'}>
          {status === 'finished' ? words.finished(sent) : words.cancelled(sent)}
        </p>
      )}
      {error !== null && <ErrorNotice error={error} />}
    </li>
  );
}
