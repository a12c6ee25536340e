// Devices, all values and the bindings; one device is opened beside the list.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { isTopicFilter } from '@taylordash/core/topics';
import { Plus, Router } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useApp, useMe } from '../app-context.tsx';
import { useShortcut } from '../frame/use-commands.ts';
import { Page, PageHeader } from '../pages/page-header.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { OpenRow } from '../ui/open-row.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Segments } from '../ui/segments.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { AddDeviceDialog } from './add-device.tsx';
import { BindingDialog } from './binding-dialog.tsx';
import type { BindingStart } from './binding-draft.ts';
import { Bindings } from './bindings.tsx';
import { DayBars } from './day-bars.tsx';
import { DeviceDetail } from './device-detail.tsx';
import { ExternalBroker } from './external-broker.tsx';
import { brokerQuery, type Device, devicesQuery, signalsQuery } from './queries.ts';
import type { DeviceSearch } from './search.ts';
import { DeviceState } from './state.tsx';
import { Values } from './values.tsx';

const views = ['devices', 'values', 'bindings'] as const;

export function DevicesPage() {
  const { api } = useApp();
  const admin = useMe()?.role === 'admin';
  const { view = 'devices', open } = useSearch({ from: '/signed-in/devices' });
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const broker = useQuery(brokerQuery(api)).data;
  const go = (search: DeviceSearch) => void navigate({ to: '/devices', search, replace: true });
  const mayAdd = admin && broker?.port !== null;
  useShortcut({ keys: 'N', does: strings.devices.add, run: () => setAdding(true), when: mayAdd });
  return (
    <Page>
      <PageHeader title={strings.devices.title} text={strings.devices.text}>
        {mayAdd && (
          <Button kind="primary" onClick={() => setAdding(true)} aria-keyshortcuts="N">
            <Plus size={16} aria-hidden />
            {strings.devices.add}
          </Button>
        )}
      </PageHeader>
      <div className="max-w-[420px]">
        <Segments
          label={strings.devices.tabs}
          value={view}
          options={views.map((one) => ({ value: one, label: strings.devices.views[one] }))}
          onValue={(one) => go(one === 'devices' ? {} : { view: one })}
        />
      </div>
      {broker?.port === null && admin && <ExternalBroker />}
      {view === 'devices' && (
        <Devices
          open={open}
          onOpen={(id) => go(id === undefined ? {} : { open: id })}
          onAdd={mayAdd ? () => setAdding(true) : null}
          onValues={broker?.port === null ? () => go({ view: 'values' }) : null}
        />
      )}
      {view === 'values' && <AllValues />}
      {view === 'bindings' && <Bindings onValues={() => go({ view: 'values' })} />}
      {adding && (
        <AddDeviceDialog
          onClose={(id) => {
            setAdding(false);
            if (id !== undefined) go({ open: id });
          }}
        />
      )}
    </Page>
  );
}

interface DevicesProps {
  open: string | undefined;
  onOpen: (id?: string) => void;
  /** Null: who looks may add none. */
  onAdd: (() => void) | null;
  /** Leads to the values of devices that have no account here; null where they have one. */
  onValues: (() => void) | null;
}

function Devices({ open, onOpen, onAdd, onValues }: DevicesProps) {
  const { api } = useApp();
  const admin = useMe()?.role === 'admin';
  const [text, setText] = useState('');
  const list = useQuery(devicesQuery(api));
  const words = text.trim().toLowerCase();
  const devices = (list.data ?? []).filter(
    ({ name, username }) => name.toLowerCase().includes(words) || username.includes(words),
  );
  return (
    <div className="flex items-start gap-4">
      <div className="flex min-w-0 flex-1 flex-col gap-4">
        {(list.data?.length ?? 0) > 8 && (
          <search>
            <SearchField label={strings.devices.search} value={text} onValue={setText} className="max-w-[480px]" />
          </search>
        )}
        {list.isPending && <SkeletonRows rows={4} height="h-16" />}
        {list.isError && list.data === undefined && (
          <ErrorNotice error={list.error} retry={() => void list.refetch()} />
        )}
        {list.data?.length === 0 && (
          <EmptyState
            icon={<Router size={32} aria-hidden />}
            text={onValues ? strings.devices.none_external : admin ? strings.devices.none : strings.devices.only_admins}
          >
            {onValues && <Button onClick={onValues}>{strings.devices.views.values}</Button>}
            {onAdd && (
              <Button kind="primary" onClick={onAdd}>
                <Plus size={16} aria-hidden />
                {strings.devices.add}
              </Button>
            )}
          </EmptyState>
        )}
        {(list.data?.length ?? 0) > 0 && devices.length === 0 && <EmptyState text={strings.devices.none_found} />}
        {devices.length > 0 && (
          <ul
            aria-label={strings.devices.list}
            className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
          >
            {devices.map((device) => (
              <Row
                key={device.id}
                device={device}
                open={device.id === open}
                beside={open !== undefined}
                onOpen={() => onOpen(device.id)}
              />
            ))}
          </ul>
        )}
      </div>
      {open !== undefined && (
        <DeviceDetail key={open} id={open} known={devices.find(({ id }) => id === open)} onClose={() => onOpen()} />
      )}
    </div>
  );
}

/** It was refused, and has not come through since. */
function isTurnedAway({ connected, last_refused_at, last_message_at }: Device['activity']): boolean {
  return last_refused_at !== null && !connected && (last_message_at === null || last_message_at < last_refused_at);
}

interface RowProps {
  device: Device;
  open: boolean;
  beside: boolean;
  onOpen: () => void;
}

function Row({ device, open, beside, onOpen }: RowProps) {
  const { name, activity } = device;
  return (
    <OpenRow open={open} onOpen={onOpen} className="min-h-16 items-center gap-4 py-2">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{name}</span>
        <span className="flex flex-wrap gap-x-3 text-13 text-text-3">
          {activity.last_message_at === null ? (
            strings.devices.never
          ) : (
            <span>
              {strings.devices.heard} <RelativeTime at={activity.last_message_at} />
            </span>
          )}
          {activity.dead_letters > 0 && (
            <span className="text-warning">{strings.devices.dead(activity.dead_letters)}</span>
          )}
          {isTurnedAway(activity) && (
            <span className="text-warning">
              {strings.devices.refused_first} {activity.last_refusal}
            </span>
          )}
        </span>
      </span>
      <span className={cx('hidden items-center gap-4 text-13 text-text-2', !beside && 'md:flex')}>
        <span className="tabular-nums">{strings.devices.per_hour(activity.messages_hour)}</span>
        <DayBars hours={activity.hours} />
      </span>
      <span className="w-36 shrink-0">
        <DeviceState device={device} />
      </span>
    </OpenRow>
  );
}

function AllValues() {
  const { api } = useApp();
  const admin = useMe()?.role === 'admin';
  const [text, setText] = useState('');
  const [binding, setBinding] = useState<BindingStart | null>(null);
  const topic = useDeferredValue(text.trim());
  const list = useQuery(signalsQuery(api, isTopicFilter(topic) ? { topic } : {}));
  return (
    <>
      <search>
        <SearchField label={strings.devices.filter_topic} value={text} onValue={setText} className="max-w-[480px]" />
      </search>
      {list.isPending && <SkeletonRows rows={4} height="h-14" />}
      {list.isError && list.data === undefined && <ErrorNotice error={list.error} retry={() => void list.refetch()} />}
      {list.data?.length === 0 && <EmptyState text={strings.devices.values_all_none} />}
      {list.data && list.data.length > 0 && <Values signals={list.data} onBind={admin ? setBinding : null} />}
      {binding && <BindingDialog start={binding} onClose={() => setBinding(null)} />}
    </>
  );
}
