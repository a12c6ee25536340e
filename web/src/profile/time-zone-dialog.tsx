// Chooses a time zone by typing a city, with what clocks show there.
import { useMemo } from 'react';
import { browserZone } from '../frame/use-profile.ts';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { createDates } from '../ui/dates.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Pick } from '../views/pick.tsx';

const words = strings.profile;

interface Props {
  zone: string;
  onZone: (zone: string) => void;
  onClose: () => void;
}

/** As people write it: `America/New_York` is "America/New York". */
export function sayZone(zone: string): string {
  return zone.replaceAll('_', ' ');
}

export function TimeZoneDialog({ zone, onZone, onClose }: Props) {
  const here = browserZone();
  const items = useMemo(() => {
    const all = new Set(['UTC', here, zone, ...Intl.supportedValuesOf('timeZone')]);
    return [...all].sort((a, b) => a.localeCompare(b, 'en')).map((key) => ({ key, title: sayZone(key) }));
  }, [here, zone]);
  const choose = (next: string) => {
    onZone(next);
    onClose();
  };
  return (
    <Dialog open onOpenChange={onClose} title={words.zone_title}>
      <Pick label={words.zone_search} items={items} chosen={new Set([zone])} onPick={choose} />
      {here !== zone && (
        <Button onClick={() => choose(here)}>
          {words.zone_browser(sayZone(here))} ({createDates(here, 1).clock(new Date().toISOString())})
        </Button>
      )}
    </Dialog>
  );
}
