// Letters of one cause that were put away, by hand or after three replays that failed: looked at, and opened again.
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { CauseHead, CauseLetters, useCauseLetters } from './cause-letters.tsx';
import { useLetterWork } from './use-letter-work.ts';

interface Props {
  status: 'quarantined' | 'discarded';
  group: string;
  cause: string | undefined;
  open: string | undefined;
  go: (search: { group?: string; open?: string }) => void;
  refresh: () => Promise<void>;
}

/** What a request takes of ids at the most. */
const mostIds = 1000;

export function PutAway({ status, group, cause, open, go, refresh }: Props) {
  const { restore } = useLetterWork(refresh);
  const texts = strings.dead_letters;
  const those = useCauseLetters({ status, group }, false);
  const { list, letters, picked } = those;

  function restoreChosen(): void {
    const ids = (picked.length > 0 ? picked : letters).slice(0, mostIds).map((letter) => letter.id);
    const all = ids.length === letters.length && !list.hasNextPage;
    void restore(ids, () => {
      those.untickAll();
      if (all) go({});
    });
  }

  return (
    <>
      <CauseHead cause={cause} onBack={() => go({})}>
        <Button kind="primary" disabled={letters.length === 0} onClick={restoreChosen}>
          {picked.length > 0 ? texts.restore_some : texts.restore}
        </Button>
        <p className="text-13 text-text-2">{texts.put_away[status]}</p>
      </CauseHead>
      <CauseLetters of={those} open={open} onOpen={(letter) => go({ group, open: letter })} />
    </>
  );
}
