// The policy in words, what goes next by it, what holds it back, and how the last round went.
import { useMutation } from '@tanstack/react-query';
import { sayBytes } from '@taylordash/core/bytes';
import { CircleCheck, Clock, Play, SlidersHorizontal, TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useApp } from '../app-context.tsx';
import { retentionStrings as words } from '../strings/retention.ts';
import { Button } from '../ui/button.tsx';
import { sayError } from '../ui/error-notice.tsx';
import { FormDialog, useSend } from '../ui/form-dialog.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { useToast } from '../ui/toast.tsx';
import { PolicyDialog } from './policy-dialog.tsx';
import { type Retention, retentionKeys } from './queries.ts';
import { nextRound, rangeOf } from './sums.ts';

export function Policy({ retention }: { retention: Retention }) {
  const [dialog, setDialog] = useState<'change' | 'apply' | null>(null);
  const { keep_days, archive } = retention.events;
  const { goes, held } = nextRound(retention.partitions);
  const close = () => setDialog(null);
  return (
    <section
      aria-labelledby="policy"
      className="flex flex-col gap-3 rounded-node border border-line bg-surface-1 p-4 shadow-1"
    >
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h2 id="policy" className="sr-only">
            {words.policy}
          </h2>
          <p className="text-16 font-semibold">
            {keep_days === null ? words.for_ever : words.for_days(keep_days, archive)}
          </p>
          {keep_days !== null && <p className="max-w-[640px] text-13 text-text-3">{words.how}</p>}
        </div>
        <div className="flex gap-2">
          {keep_days !== null && (
            <ApplyNow partitions={retention.partitions} due={goes.parts > 0} onAsk={() => setDialog('apply')} />
          )}
          <Button onClick={() => setDialog('change')}>
            <SlidersHorizontal size={16} aria-hidden />
            {words.change}
          </Button>
        </div>
      </div>
      {keep_days !== null && (
        <div className="flex flex-col gap-1 text-13 text-text-2">
          {goes.parts > 0 && (
            <Line icon={<Clock size={16} aria-hidden className="text-accent" />}>
              {words.due(goes.parts, goes.events)}
            </Line>
          )}
          {held !== null && (
            <Line icon={<TriangleAlert size={16} aria-hidden className="text-warning" />}>
              {words.held(held.held_by.join(', '), rangeOf(held))}
            </Line>
          )}
          {goes.parts === 0 && held === null && (
            <Line icon={<CircleCheck size={16} aria-hidden className="text-completed" />}>{words.nothing_due}</Line>
          )}
          {retention.last_run !== null && <LastRun run={retention.last_run} partitions={retention.partitions} />}
        </div>
      )}
      {dialog === 'change' && <PolicyDialog retention={retention} onClose={close} />}
      {dialog === 'apply' && <ApplyDialog retention={retention} onClose={close} />}
    </section>
  );
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <p className="flex items-start gap-2">
      <span className="mt-0.5 shrink-0">{icon}</span>
      <span className="min-w-0">{children}</span>
    </p>
  );
}

type Run = NonNullable<Retention['last_run']>;
type Partitions = Retention['partitions'];

/** Why the first part that should have gone is still there. */
function sayStayed({ name, reason }: Run['kept'][number], partitions: Partitions): string {
  const part = partitions.find((one) => one.name === name);
  return words.stayed(part === undefined ? name : rangeOf(part), reason);
}

function LastRun({ run: { at, dropped, kept }, partitions }: { run: Run; partitions: Partitions }) {
  const [stayed] = kept;
  const gone = dropped.reduce((sum, { events }) => sum + events, 0);
  return (
    <p className="pl-6 text-text-3">
      {words.last_run} <RelativeTime at={at} />.{' '}
      {stayed === undefined || gone > 0 ? (gone === 0 ? words.nothing_went : words.dropped(gone)) : ''}
      {stayed !== undefined && ` ${sayStayed(stayed, partitions)}`}
    </p>
  );
}

/** Asks first where something goes by it. */
function ApplyNow({ due, partitions, onAsk }: { due: boolean; partitions: Partitions; onAsk: () => void }) {
  const { run, says } = useRun();
  const toast = useToast();
  const now = useMutation({
    mutationFn: run,
    onSuccess: (round) => toast({ text: says(round, partitions) }),
    onError: (error) => toast({ tone: 'problem', text: sayError(error) }),
  });
  return (
    <Button onClick={() => (due ? onAsk() : now.mutate())} busy={now.isPending}>
      <Play size={16} aria-hidden />
      {words.apply}
    </Button>
  );
}

function useRun() {
  const { api, cache } = useApp();
  return {
    async run() {
      const { data } = await api.call('runRetention', {});
      await cache.invalidateQueries({ queryKey: retentionKeys.state });
      void cache.invalidateQueries({ queryKey: retentionKeys.archives });
      return data;
    },
    says({ dropped, kept: [stayed] }: Run, partitions: Partitions): string {
      if (dropped.length > 0) return words.dropped(dropped.reduce((sum, { events }) => sum + events, 0));
      return stayed === undefined ? words.nothing_went : sayStayed(stayed, partitions);
    },
  };
}

function ApplyDialog({ retention, onClose }: { retention: Retention; onClose: () => void }) {
  const { run, says } = useRun();
  const toast = useToast();
  const { busy, error, send } = useSend(onClose);
  const { goes } = nextRound(retention.partitions);
  return (
    <FormDialog
      title={words.apply_title}
      description={words.apply_text(goes.parts, goes.events, sayBytes(goes.bytes), retention.events.archive)}
      submit={words.apply_confirm}
      danger
      busy={busy}
      error={error}
      onClose={onClose}
      onSubmit={() => void send(async () => toast({ text: says(await run(), retention.partitions) }))}
    />
  );
}
