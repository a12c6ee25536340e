// Fixes a selection of dead letters: steps, samples, a dry run, and the replay that follows it.
import { useMutation } from '@tanstack/react-query';
import { dryRunSentence } from '@taylordash/core/dead-letter-causes';
import type { DryRun, Edit, LetterSelection } from '@taylordash/core/dead-letter-entities';
import type { DeadLetter } from '@taylordash/core/entities';
import { useEffect, useState } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { TextField } from '../ui/text-field.tsx';
import { FixSteps } from './fix-steps.tsx';
import { ReplayProgress } from './replay-progress.tsx';
import { Samples } from './samples.tsx';
import { editOf, firstSteps, type StepRow } from './steps.ts';

interface Props {
  selection: LetterSelection;
  letters: readonly DeadLetter[];
  /** Lets the page's key make a dry run. */
  onDryRun: (run: (() => void) | null) => void;
}

interface Tried {
  asked: string;
  run: DryRun;
}

export function Fix({ selection, letters, onDryRun }: Props) {
  const { api } = useApp();
  const texts = strings.dead_letters;
  const [rows, setRows] = useState<readonly StepRow[]>(() =>
    (letters[0] ? firstSteps(letters[0]) : []).map((row, key) => ({ ...row, key })),
  );
  const [rate, setRate] = useState('50');
  const [tried, setTried] = useState<Tried | null>(null);
  const [replay, setReplay] = useState<string | null>(null);
  const edit = editOf(rows);
  const asked = JSON.stringify([selection, edit]);
  const dryRun = useMutation({
    mutationFn: async (steps: Edit) => (await api.call('dryRunDeadLetters', { body: { selection, edit: steps } })).data,
    onSuccess: (run) => setTried({ asked, run }),
  });
  const start = useMutation({
    mutationFn: async (steps: Edit) =>
      (await api.call('startReplay', { body: { selection, edit: steps, rate: Number(rate) } })).data,
    onSuccess: ({ id }) => {
      setReplay(id);
      setTried(null);
    },
  });
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  const good = tried !== null && tried.asked === asked && Date.parse(tried.run.good_until) > now;
  const goodRate = /^\d{1,3}$/.test(rate) && Number(rate) >= 1 && Number(rate) <= 500;
  const makeDryRun = edit === null || dryRun.isPending ? null : () => dryRun.mutate(edit);
  useEffect(() => {
    onDryRun(makeDryRun);
    return () => onDryRun(null);
  });
  const error = dryRun.error ?? start.error;
  return (
    <section
      aria-label={texts.fix}
      className="flex flex-col gap-4 rounded-node border border-line bg-surface-1 p-4 shadow-1"
    >
      <h2 className="font-semibold">{'ids' in selection ? texts.fix_some : texts.fix}</h2>
      <FixSteps rows={rows} onRows={setRows} />
      <div className="flex flex-wrap items-end gap-2">
        <Button onClick={() => makeDryRun?.()} disabled={edit === null} busy={dryRun.isPending}>
          {texts.dry_run}
          <Kbd keys="D" />
        </Button>
        <div className="w-32">
          <TextField
            label={texts.rate}
            inputMode="numeric"
            value={rate}
            error={goodRate ? undefined : '1–500'}
            onChange={(event) => setRate(event.target.value)}
          />
        </div>
        <Button
          kind="primary"
          disabled={!good || !goodRate || edit === null}
          busy={start.isPending}
          onClick={() => edit !== null && start.mutate(edit)}
        >
          {texts.replay}
        </Button>
      </div>
      <p role="status" className="text-14">
        {good ? (
          `${dryRunSentence(tried.run.counts)}.`
        ) : (
          <span className="text-13 text-text-3">{texts.replay_hint}</span>
        )}
      </p>
      {error !== null && <ErrorNotice error={error} />}
      {replay !== null && <ReplayProgress id={replay} />}
      <Samples letters={letters} edit={edit ?? []} />
    </section>
  );
}
