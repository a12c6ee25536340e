// Says over every page that the connection is gone, what waits for it, and what could not be saved.
import { TriangleAlert, WifiOff } from 'lucide-react';
import { Suspense, useEffect, useState } from 'react';
import { useApp } from '../app-context.tsx';
import { useLiveState } from '../live.ts';
import { strings } from '../strings.ts';
import { lazyPart } from '../ui/lazy-part.ts';
import { useQueue } from '../work/use-queue.ts';

/** Loaded ahead: it is wanted when there is no connection to load it. */
const QueueDialog = lazyPart(async () => (await import('../work/queue-dialog.tsx')).QueueDialog);
export const loadQueueDialog = QueueDialog.load;

/** So long a connection may be away before it is worth a word: it would flicker. */
const patienceMs = 1500;

export function OfflineBar() {
  const { live } = useApp();
  const lost = useLiveState(live) === 'lost';
  const { waiting, refused, away, kept } = useQueue();
  const offline = useLasting(lost || away, patienceMs);
  const [open, setOpen] = useState(false);
  const count = waiting.length;
  const text = offline
    ? count > 0
      ? `${strings.live.waiting(count)}${kept ? '' : ` ${strings.queue.not_kept}`}`
      : strings.live.lost
    : count > 0 && !lost && !away
      ? strings.live.sending(count)
      : null;
  return (
    <>
      <div role="status">
        {text !== null && (
          <p className="enter-fade flex items-center justify-center gap-2 border-line border-b bg-surface-2 px-4 py-1 text-13 text-warning">
            <WifiOff size={16} aria-hidden className="shrink-0" />
            <span className="py-1">{text}</span>
            {count > 0 && <Look onClick={() => setOpen(true)} />}
          </p>
        )}
      </div>
      <div role="alert">
        {refused.length > 0 && (
          <p className="enter-fade flex items-center justify-center gap-2 border-line border-b bg-surface-2 px-4 py-1 text-13 text-blocked">
            <TriangleAlert size={16} aria-hidden className="shrink-0" />
            <span className="py-1">{strings.live.refused(refused.length)}</span>
            <Look onClick={() => setOpen(true)} />
          </p>
        )}
      </div>
      {open && (
        <Suspense>
          <QueueDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function Look({ onClick }: { onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="press target rounded-control px-2 font-medium text-accent hover:bg-surface-3"
    >
      {strings.live.look}
    </button>
  );
}

/** True once `value` has been true for so long. */
function useLasting(value: boolean, ms: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!value) {
      setLasting(false);
      return;
    }
    const timer = setTimeout(() => setLasting(true), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return lasting;
}
