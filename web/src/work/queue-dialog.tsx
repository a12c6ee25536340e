// What waits for the connection, and what was refused: each with its reason, to copy, try again or discard.
import { useState } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { useCopy } from '../ui/copy-text.ts';
import { Dialog } from '../ui/dialog.tsx';
import { sayError } from '../ui/error-notice.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import type { Intent } from './operations.ts';
import type { Refused } from './queue.ts';
import { useQueue } from './use-queue.ts';

const words = strings.queue;

export function QueueDialog({ onClose }: { onClose: () => void }) {
  const { queue } = useApp();
  const { waiting, refused, kept } = useQueue();
  return (
    <Dialog open width="wide" onOpenChange={onClose} title={words.title}>
      {waiting.length === 0 && refused.length === 0 && <p className="text-text-2">{words.nothing}</p>}
      {refused.length > 0 && (
        <section className="flex flex-col gap-2" aria-label={words.refused}>
          <h3 className="font-medium">{words.refused}</h3>
          <p className="text-13 text-text-2">{words.refused_text}</p>
          <ul className="flex flex-col divide-y divide-line border-line border-y">
            {refused.map((one) => (
              <RefusedRow key={one.item.key} refused={one} />
            ))}
          </ul>
        </section>
      )}
      {waiting.length > 0 && (
        <section className="flex flex-col gap-2" aria-label={words.waiting}>
          <h3 className="font-medium">{words.waiting}</h3>
          <p className="text-13 text-text-2">{kept ? words.waiting_text : words.not_kept}</p>
          <ul className="flex flex-col divide-y divide-line border-line border-y">
            {waiting.map((item) => (
              <li key={item.key} className="flex items-center gap-3 py-1">
                <span className="wrap-anywhere min-w-0 flex-1">{item.label}</span>
                <span className="shrink-0 text-12 text-text-3">
                  <RelativeTime at={item.made_at} />
                </span>
                <Button kind="plain" onClick={() => queue.drop(item.key)}>
                  {words.drop}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}

function RefusedRow({ refused: { item, reason } }: { refused: Refused<Intent> }) {
  const { queue, again } = useApp();
  const [problem, setProblem] = useState<string>();
  const why = [reason.what, reason.why].filter((part) => part !== '').join(': ');
  const text = `${item.label}\n${why}\n${reason.trace_id === null ? '' : `${words.trace} ${reason.trace_id}\n`}${JSON.stringify(item.intent, null, 2)}`;
  const { outcome, copy } = useCopy(text);
  const retry = async () => {
    setProblem(undefined);
    try {
      await again(item);
      queue.discard(item.key);
    } catch (error) {
      setProblem(sayError(error));
    }
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 py-2">
      <div className="flex min-w-0 flex-1 basis-60 flex-col gap-1">
        <span className="wrap-anywhere">{item.label}</span>
        <span className="text-13 text-blocked">{problem ?? reason.what}</span>
        {problem === undefined && reason.why !== '' && (
          <span className="wrap-anywhere text-12 text-text-3">{reason.why}</span>
        )}
      </div>
      <div className="flex">
        <Button kind="plain" onClick={() => void retry()}>
          {words.retry}
        </Button>
        <Button kind="plain" onClick={copy}>
          {outcome ?? words.copy}
        </Button>
        <Button kind="plain" onClick={() => queue.discard(item.key)}>
          {words.drop}
        </Button>
      </div>
    </li>
  );
}
