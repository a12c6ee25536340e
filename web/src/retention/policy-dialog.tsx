// Changes how long events are kept, and says before what would go by it.
import { sayBytes } from '@taylordash/core/bytes';
import { mostKeepDays } from '@taylordash/core/retention';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useApp } from '../app-context.tsx';
import { retentionStrings as words } from '../strings/retention.ts';
import { strings } from '../strings.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { Choices } from '../ui/choices.tsx';
import { FormDialog, faultOfField, useSend } from '../ui/form-dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { type Retention, retentionKeys } from './queries.ts';
import { nextRound, under } from './sums.ts';

const options = [
  { value: 'ever', title: words.ever, text: words.ever_text },
  { value: 'limited', title: words.limited, text: words.limited_text },
] as const;

/** The number that is meant; null where it is none. */
function daysOf(text: string): number | null {
  const days = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
  return days >= 1 && days <= mostKeepDays ? days : null;
}

export function PolicyDialog({ retention, onClose }: { retention: Retention; onClose: () => void }) {
  const { api } = useApp();
  const { busy, error, send } = useSend(onClose, retentionKeys.state);
  const { keep_days } = retention.events;
  const [limited, setLimited] = useState(keep_days !== null);
  const [text, setText] = useState(String(keep_days ?? 365));
  const [archive, setArchive] = useState(retention.events.archive);
  const days = daysOf(text);
  const wrong = limited && days === null;
  const refused = faultOfField(error, 'keep_days');
  return (
    <FormDialog
      title={words.change_title}
      submit={strings.save}
      busy={busy}
      disabled={wrong}
      error={refused === undefined ? error : null}
      onClose={onClose}
      onSubmit={() =>
        void send(
          () => api.call('setEventRetention', { body: { keep_days: limited ? days : null, archive } }),
          words.saved,
        )
      }
    >
      <Choices
        label={words.choices}
        value={limited ? 'limited' : 'ever'}
        options={options}
        onValue={(value) => setLimited(value === 'limited')}
      />
      {limited && (
        <>
          <TextField
            label={words.days}
            hint={words.days_hint}
            inputMode="numeric"
            value={text}
            maxLength={6}
            onChange={(event) => setText(event.target.value)}
            error={wrong ? words.days_wrong(mostKeepDays) : refused}
          />
          <div>
            <Checkbox label={words.archive} checked={archive} onChecked={setArchive} />
            {!archive && (
              <p className="flex items-start gap-2 text-13 text-warning">
                <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
                {words.no_archive}
              </p>
            )}
          </div>
        </>
      )}
      {!wrong && <WouldGo retention={retention} keep_days={limited ? days : null} />}
    </FormDialog>
  );
}

function WouldGo({ retention, keep_days }: { retention: Retention; keep_days: number | null }) {
  const { goes, held } = nextRound(under(retention.partitions, keep_days, Date.now()));
  return (
    <p role="status" className="rounded-control border border-line bg-surface-2 p-3 text-13">
      {words.would_go(goes.parts, goes.events, sayBytes(goes.bytes))}
      {held !== null && ` ${words.would_be_held(held.held_by.join(', '))}`}
    </p>
  );
}
