// What an external broker leaves open: as whom its commands act, which of its topics are looked at, and whether it keeps things.
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { peopleQuery } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { sayError } from '../ui/error-notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { Select } from '../ui/select.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { useToast } from '../ui/toast.tsx';

const settingsKey = ['bus'];
const testKey = ['bus', 'self-test'];

export function ExternalBroker() {
  const { api, cache } = useApp();
  const toast = useToast();
  const settings = useQuery({
    queryKey: settingsKey,
    queryFn: async ({ signal }) => (await api.call('busSettings', { signal })).data,
  }).data;
  const people = useQuery(peopleQuery(api)).data ?? [];
  const [filters, setFilters] = useState<string | null>(null);
  const save = async (body: { command_user_id?: string | null; signal_filters?: string[] }) => {
    try {
      cache.setQueryData(settingsKey, (await api.call('setBusSettings', { body })).data);
      setFilters(null);
      toast({ text: strings.devices.saved });
    } catch (error) {
      toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
    }
  };
  if (!settings) return null;
  return (
    <section className="flex flex-col gap-4 rounded-node border border-line bg-surface-1 p-4">
      <p className="text-text-2">{strings.devices.external}</p>
      <div className="grid items-start gap-4 md:grid-cols-2">
        <Select
          label={strings.devices.command_account}
          value={settings.command_user_id ?? ''}
          options={[
            { value: '', label: strings.devices.command_nobody },
            ...people.filter(({ is_active }) => is_active).map(({ id, username }) => ({ value: id, label: username })),
          ]}
          onValue={(id) => void save({ command_user_id: id === '' ? null : id })}
        />
        <form
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            const lines = (filters ?? '').split('\n').map((line) => line.trim());
            void save({ signal_filters: lines.filter((line) => line !== '') });
          }}
          className="flex flex-col items-start gap-2 [&>div]:w-full"
        >
          <TextArea
            label={strings.devices.looked_at}
            hint={strings.devices.looked_at_hint}
            rows={Math.min(8, Math.max(3, settings.signal_filters.length))}
            spellCheck={false}
            className="font-mono text-13"
            value={filters ?? settings.signal_filters.join('\n')}
            onChange={(event) => setFilters(event.target.value)}
          />
          {filters !== null && (
            <Button type="submit" kind="primary">
              {strings.save}
            </Button>
          )}
        </form>
      </div>
      <SelfTest />
    </section>
  );
}

function SelfTest() {
  const { api, cache } = useApp();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const last = useQuery({
    queryKey: testKey,
    queryFn: async ({ signal }) => (await api.call('brokerTest', { signal })).data,
  }).data;
  const run = async () => {
    setBusy(true);
    try {
      cache.setQueryData(testKey, (await api.call('runBrokerTest', {})).data);
    } catch (error) {
      toast({ tone: 'problem', text: sayError(error) });
    }
    setBusy(false);
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => void run()} busy={busy}>
          {busy ? strings.devices.testing : strings.devices.test}
        </Button>
        <span className="text-13 text-text-3">
          {last?.ran_at ? (
            <>
              {strings.devices.tested} <RelativeTime at={last.ran_at} />
            </>
          ) : (
            strings.devices.test_hint
          )}
        </span>
      </div>
      <ul aria-live="polite" className="flex flex-col gap-1">
        {last?.steps.map(({ name, ok, detail }) => (
          <li key={name} className="flex items-start gap-2 text-13">
            {ok ? (
              <CircleCheck size={16} className="mt-0.5 shrink-0 text-completed" aria-label={strings.devices.passed} />
            ) : (
              <TriangleAlert size={16} className="mt-0.5 shrink-0 text-warning" aria-label={strings.devices.failed} />
            )}
            {detail}
          </li>
        ))}
      </ul>
    </div>
  );
}
