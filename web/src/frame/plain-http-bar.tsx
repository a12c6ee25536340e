// Over plain HTTP beyond this machine the page says so, until it is put away for this visit.
import { LockOpen, X } from 'lucide-react';
import { useState } from 'react';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';

const own = new Set(['localhost', '127.0.0.1', '[::1]']);

function isPlainHttp(location: Pick<Location, 'protocol' | 'hostname'>): boolean {
  return location.protocol === 'http:' && !own.has(location.hostname) && !location.hostname.endsWith('.localhost');
}

export function PlainHttpBar() {
  const [shown, setShown] = useState(() => isPlainHttp(window.location));
  const [help, setHelp] = useState(false);
  if (!shown) return null;
  return (
    <div className="flex items-center gap-2 border-line border-b bg-surface-2 px-4 py-1 text-13 text-text-2">
      <LockOpen size={16} className="shrink-0 text-warning" aria-hidden />
      <p className="flex-1">{strings.nav.plain_http}</p>
      <Button kind="plain" className="text-accent" onClick={() => setHelp(true)}>
        {strings.nav.set_up_https}
      </Button>
      <IconButton label={strings.close} onClick={() => setShown(false)}>
        <X size={16} aria-hidden />
      </IconButton>
      <Dialog open={help} onOpenChange={setHelp} title={strings.nav.https_title} description={strings.nav.https_text} />
    </div>
  );
}
