// Asks, field by field, whether mine or theirs shall stand.
import { useState } from 'react';
import { fieldName, strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import type { OpenConflict } from './changes.ts';
import { useSayValue } from './use-say-value.ts';

export function ConflictDialog({ open }: { open: OpenConflict }) {
  const show = useSayValue();
  const [mine, setMine] = useState<ReadonlySet<string>>(new Set());
  const choose = (field: string, isMine: boolean) => {
    const next = new Set(mine);
    if (isMine) next.add(field);
    else next.delete(field);
    setMine(next);
  };
  return (
    <Dialog
      open
      width="wide"
      onOpenChange={() => open.answer(new Set())}
      title={strings.conflict.title(open.question.name)}
      description={strings.conflict.text}
    >
      {open.question.conflicts.map(({ field, mine: own, theirs }) => (
        <fieldset key={field} className="flex flex-col gap-2">
          <legend className="pb-1 text-13 font-medium text-text-2">{fieldName(field)}</legend>
          {[false, true].map((isMine) => (
            <label
              key={String(isMine)}
              className={cx(
                'target flex cursor-pointer items-start gap-2 rounded-control border p-2',
                mine.has(field) === isMine ? 'border-accent bg-accent-quiet' : 'border-line',
              )}
            >
              <input
                type="radio"
                name={field}
                checked={mine.has(field) === isMine}
                onChange={() => choose(field, isMine)}
                className="mt-0.5 accent-accent"
              />
              <span className="w-14 shrink-0 text-text-3">
                {isMine ? strings.conflict.mine : strings.conflict.theirs}
              </span>
              <span className="min-w-0 break-words">{show(field, isMine ? own : theirs)}</span>
            </label>
          ))}
        </fieldset>
      ))}
      <DialogActions>
        <Button kind="primary" onClick={() => open.answer(mine)}>
          {strings.conflict.apply}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
