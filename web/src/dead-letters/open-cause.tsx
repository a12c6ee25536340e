// One cause among the open dead letters: its letters, walked through by keys; fixed, replayed, discarded, muted.
import type { LetterGroup, LetterSelection } from '@taylordash/core/dead-letter-entities';
import { useRef, useState } from 'react';
import { useApp } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { useToast } from '../ui/toast.tsx';
import { CauseHead, CauseLetters, useCauseLetters } from './cause-letters.tsx';
import { Fix } from './fix.tsx';
import { useLetterKeys } from './use-letter-keys.ts';
import { useLetterWork } from './use-letter-work.ts';

interface Props {
  id: string;
  known: LetterGroup | undefined;
  open: string | undefined;
  go: (search: { group?: string; open?: string }) => void;
  refresh: () => Promise<void>;
}

export function OpenCause({ id, known, open, go, refresh }: Props) {
  const { api } = useApp();
  const toast = useToast();
  const { attempt, restore } = useLetterWork(refresh);
  const texts = strings.dead_letters;
  const [fixing, setFixing] = useState(false);
  const dryRun = useRef<(() => void) | null>(null);
  const those = useCauseLetters({ status: 'open', group: id }, 10_000);
  const { list, letters, picked } = those;
  const selection: LetterSelection = picked.length > 0 ? { ids: picked.map((letter) => letter.id) } : { group: id };

  const discard = (which: LetterSelection) =>
    attempt(async () => {
      const { discarded, ids } = (await api.call('discardDeadLetters', { body: { selection: which } })).data;
      const undo = { label: texts.undo, run: () => void restore(ids) };
      toast({
        text: texts.discarded(discarded),
        ...(ids.length === discarded && discarded > 0 ? { action: undo } : {}),
      });
      those.untickAll();
      if (open !== undefined) go({ group: id });
    });
  const discardChosen = () => {
    if (picked.length > 0) void discard(selection);
    else if (open !== undefined) void discard({ ids: [open] });
  };
  const walk = (by: 1 | -1) => {
    const at = letters.findIndex((letter) => letter.id === open);
    const next = letters[at < 0 ? 0 : Math.min(letters.length - 1, Math.max(0, at + by))];
    if (next) go({ group: id, open: next.id });
  };
  useLetterKeys({
    next: () => walk(1),
    previous: () => walk(-1),
    dryRun: () => (fixing ? dryRun.current?.() : setFixing(true)),
    discard: discardChosen,
  });
  return (
    <>
      <CauseHead cause={known?.cause} onBack={() => go({})}>
        <Button kind={fixing ? 'quiet' : 'primary'} aria-expanded={fixing} onClick={() => setFixing(!fixing)}>
          {picked.length > 0 ? texts.fix_some : texts.fix}
        </Button>
        {picked.length > 0 || open !== undefined ? (
          <Button onClick={discardChosen}>
            {texts.discard}
            <Kbd keys="X" />
          </Button>
        ) : (
          <Button onClick={() => void discard({ group: id })}>{texts.discard_group}</Button>
        )}
        {known && (
          <Button
            title={texts.mute_hint}
            onClick={() =>
              void attempt(() => api.call('muteDeadLetters', { params: { id }, body: { muted: !known.muted } }))
            }
          >
            {known.muted ? texts.unmute : texts.mute}
          </Button>
        )}
      </CauseHead>
      {picked.length > 0 && (
        <p className="flex items-center gap-2 text-13 text-text-2">
          {texts.selected(picked.length)}
          <Button kind="plain" onClick={() => those.untickAll()}>
            {texts.unselect}
          </Button>
        </p>
      )}
      {fixing && list.isSuccess && (
        <Fix
          selection={selection}
          letters={picked.length > 0 ? picked : letters}
          onDryRun={(run) => {
            dryRun.current = run;
          }}
        />
      )}
      <CauseLetters of={those} open={open} onOpen={(letter) => go({ group: id, open: letter })} />
    </>
  );
}
