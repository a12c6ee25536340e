// Asks before undoing over what others changed since: who, what and when, field by field.
import { fieldName, strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { type Dates, sayDay, useDates } from '../ui/dates.ts';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import type { OpenQuestion } from './desk.ts';
import type { UndoAnswer, UndoQuestion } from './history.ts';
import { useSayValue } from './use-say-value.ts';

const words = strings.undo_question;

function sayWhen(moment: string, dates: Dates): string {
  const [day, today] = [dates.dayOf(moment), dates.today()];
  return day === today ? dates.clock(moment) : `${dates.clock(moment)}, ${sayDay(day, today)}`;
}

export function UndoDialog({ open }: { open: OpenQuestion<UndoQuestion, UndoAnswer> }) {
  const sayValue = useSayValue();
  const dates = useDates();
  const { label, conflicts } = open.question;
  const authors = [...new Set(conflicts.map(({ changed_by }) => changed_by))];
  const [author] = authors;
  return (
    <Dialog
      open
      onOpenChange={() => open.answer(null)}
      title={label === '' ? words.title_unnamed : words.title(label)}
      description={conflicts.length > 1 ? words.text : undefined}
    >
      <ul className="flex flex-col gap-4">
        {conflicts.map(({ entity, entity_id, name, field, now, restores, changed_by, changed_at }) => {
          const value = sayValue(field, now, entity);
          const who = changed_by ?? words.somebody;
          return (
            <li key={`${entity_id} ${field}`} className="flex flex-col gap-1">
              <span className="text-13 font-medium text-text-3">
                {name} · {fieldName(field)}
              </span>
              <span className="wrap-anywhere">
                {changed_at === null
                  ? words.set_undated(who, value)
                  : words.set(who, value, sayWhen(changed_at, dates))}
              </span>
              <span className="wrap-anywhere text-13 text-text-2">
                {words.restores(sayValue(field, restores, entity))}
              </span>
            </li>
          );
        })}
      </ul>
      <DialogActions>
        <Button onClick={() => open.answer('overwrite')}>{words.anyway}</Button>
        <Button kind="primary" onClick={() => open.answer('keep')}>
          {authors.length === 1 && author ? words.keep(author) : words.keep_theirs}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
