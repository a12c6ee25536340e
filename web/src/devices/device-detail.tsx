// One device beside the list: how it is, its values, and what can be done with it.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KeyRound, Power, ShieldCheck, Trash2, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useApp, useMe, usePeople } from '../app-context.tsx';
import { Detail, type Fact, Facts } from '../pages/signals-frame.tsx';
import { strings } from '../strings.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { ErrorNotice, sayError } from '../ui/error-notice.tsx';
import { MenuItem, MenuLine, MoreMenu } from '../ui/menu.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useToast } from '../ui/toast.tsx';
import { AccessDialog } from './access-dialog.tsx';
import { ConnectDialog } from './add-device.tsx';
import { BindingDialog } from './binding-dialog.tsx';
import type { BindingStart } from './binding-draft.ts';
import { DayBars } from './day-bars.tsx';
import { type Device, deviceKeys, deviceQuery, type NewDevice, signalsQuery } from './queries.ts';
import { DeviceState } from './state.tsx';
import { Values } from './values.tsx';

interface Props {
  id: string;
  known: Device | undefined;
  onClose: () => void;
}

export function DeviceDetail({ id, known, onClose }: Props) {
  const { api } = useApp();
  const read = useQuery({ ...deviceQuery(api, id), ...(known ? { placeholderData: known } : {}) });
  const device = read.data;
  return (
    <Detail title={device?.name ?? strings.devices.title} onClose={onClose}>
      {device ? <Contents device={device} onClose={onClose} /> : read.isError && <ErrorNotice error={read.error} />}
    </Detail>
  );
}

function Contents({ device, onClose }: { device: Device; onClose: () => void }) {
  const { api } = useApp();
  const admin = useMe()?.role === 'admin';
  const people = usePeople();
  const [binding, setBinding] = useState<BindingStart | null>(null);
  const signals = useQuery(signalsQuery(api, { device_id: device.id }));
  const { activity } = device;
  const words = strings.devices.facts;
  const facts: Fact[] = [[words.username, device.username, 'code']];
  if (activity.client_id !== null) facts.push([words.client_id, activity.client_id, 'code']);
  if (activity.address !== null) facts.push([words.address, activity.address, 'code']);
  if (activity.interval_seconds !== null)
    facts.push([words.interval, strings.devices.seconds(activity.interval_seconds)]);
  facts.push([words.messages, activity.messages.toLocaleString('en')]);
  if (device.acts_as !== null) facts.push([words.acts_as, people(device.acts_as) ?? '']);
  return (
    <>
      <div className="flex items-center justify-between gap-3">
        <DeviceState device={device} />
        <DayBars hours={activity.hours} />
        {admin && <Actions device={device} onClose={onClose} />}
      </div>
      <Facts facts={facts} />
      {activity.dead_letters > 0 && admin && (
        <Link
          to="/signals/dead-letters"
          className="target inline-flex items-center gap-2 self-start rounded-control text-13 font-medium text-warning hover:underline"
        >
          <TriangleAlert size={16} aria-hidden />
          {strings.devices.dead(activity.dead_letters)}
        </Link>
      )}
      {activity.last_refusal !== null && activity.last_refused_at !== null && (
        <p className="text-13 text-text-2">
          <span className="font-medium">{strings.devices.refused}</span> <RelativeTime at={activity.last_refused_at} />:{' '}
          {activity.last_refusal}
        </p>
      )}
      <section className="flex flex-col gap-2">
        <h3 className="text-13 font-medium text-text-2">{strings.devices.values}</h3>
        {signals.isPending && <SkeletonRows rows={2} height="h-14" />}
        {signals.data?.length === 0 && <p className="text-13 text-text-3">{strings.devices.values_none}</p>}
        {signals.data && signals.data.length > 0 && (
          <Values signals={signals.data} onBind={admin ? setBinding : null} />
        )}
      </section>
      {binding && <BindingDialog start={binding} onClose={() => setBinding(null)} />}
    </>
  );
}

function Actions({ device, onClose }: { device: Device; onClose: () => void }) {
  const { api, cache } = useApp();
  const toast = useToast();
  const [dialog, setDialog] = useState<'access' | 'renew' | 'delete' | null>(null);
  const [renewed, setRenewed] = useState<NewDevice | null>(null);
  const [busy, setBusy] = useState(false);
  const { id, name, enabled, version } = device;
  const send = async (work: () => Promise<unknown>, done?: string) => {
    setBusy(true);
    try {
      await work();
      setDialog(null);
      if (done !== undefined) toast({ text: done });
    } catch (error) {
      toast({ tone: 'problem', text: strings.errors.not_saved(sayError(error)) });
    }
    setBusy(false);
    await cache.invalidateQueries({ queryKey: deviceKeys.devices });
  };
  return (
    <>
      <MoreMenu label={strings.devices.actions(name)}>
        <MenuItem icon={<ShieldCheck size={16} aria-hidden />} onSelect={() => setDialog('access')}>
          {strings.devices.edit}
        </MenuItem>
        <MenuItem icon={<KeyRound size={16} aria-hidden />} onSelect={() => setDialog('renew')}>
          {strings.devices.renew}
        </MenuItem>
        <MenuItem
          icon={<Power size={16} aria-hidden />}
          onSelect={() =>
            void send(() =>
              api.call('updateDevice', { params: { id }, body: { enabled: !enabled }, if_match: version }),
            )
          }
        >
          {enabled ? strings.devices.disable : strings.devices.enable}
        </MenuItem>
        <MenuLine />
        <MenuItem danger icon={<Trash2 size={16} aria-hidden />} onSelect={() => setDialog('delete')}>
          {strings.devices.delete}
        </MenuItem>
      </MoreMenu>
      {dialog === 'access' && <AccessDialog device={device} onClose={() => setDialog(null)} />}
      <ConfirmDialog
        open={dialog === 'renew'}
        onOpenChange={() => setDialog(null)}
        title={strings.devices.renew_title(name)}
        description={strings.devices.renew_text}
        confirm={strings.devices.renew}
        busy={busy}
        onConfirm={() =>
          void send(async () => setRenewed((await api.call('renewDevicePassword', { params: { id } })).data))
        }
      />
      <ConfirmDialog
        open={dialog === 'delete'}
        onOpenChange={() => setDialog(null)}
        title={strings.devices.delete_title(name)}
        description={strings.devices.delete_text}
        confirm={strings.devices.delete}
        busy={busy}
        onConfirm={() =>
          void send(async () => {
            await api.call('deleteDevice', { params: { id } });
            onClose();
          }, strings.devices.deleted(name))
        }
      />
      {renewed && <ConnectDialog made={renewed} onClose={() => setRenewed(null)} />}
    </>
  );
}
