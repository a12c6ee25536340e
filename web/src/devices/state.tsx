// How a device is, in a shape, a colour and a word.
import { CircleOff, Moon, Radio, Unplug } from 'lucide-react';
import { strings } from '../strings.ts';
import { useDates } from '../ui/dates.ts';
import type { Device } from './queries.ts';

export function DeviceState({ device }: { device: Device }) {
  const dates = useDates();
  const { enabled, activity } = device;
  const size = { size: 16, 'aria-hidden': true } as const;
  if (!enabled) {
    return (
      <State className="text-text-3" icon={<CircleOff {...size} />}>
        {strings.devices.disabled}
      </State>
    );
  }
  if (activity.quiet_since !== null) {
    const today = dates.dayOf(activity.quiet_since) === dates.today();
    const since = today ? dates.clock(activity.quiet_since) : dates.date(activity.quiet_since);
    return (
      <State className="text-warning" icon={<Moon {...size} />}>
        {strings.devices.quiet(since)}
      </State>
    );
  }
  return activity.connected ? (
    <State className="text-completed" icon={<Radio {...size} />}>
      {strings.devices.online}
    </State>
  ) : (
    <State className="text-text-3" icon={<Unplug {...size} />}>
      {strings.devices.offline}
    </State>
  );
}

function State({ className, icon, children }: { className: string; icon: React.ReactNode; children: string }) {
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap text-13 font-medium ${className}`}>
      {icon}
      {children}
    </span>
  );
}
