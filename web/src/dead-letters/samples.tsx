// Three letters before and after an edit, by the same function that the replay uses.
import { applyEdit, editFault } from '@taylordash/core/dead-letter-edit';
import type { Edit } from '@taylordash/core/dead-letter-entities';
import type { DeadLetter } from '@taylordash/core/entities';
import { readEnvelope } from '@taylordash/core/envelope';
import { bytesOf, likelyTextOf } from '../pages/bytes.ts';
import { strings } from '../strings.ts';
import { cx } from '../ui/cx.ts';

const pre = 'max-h-48 overflow-auto whitespace-pre-wrap break-all rounded-control bg-surface-2 p-3 font-mono text-12';
const sample = () => crypto.randomUUID();

export function Samples({ letters, edit }: { letters: readonly DeadLetter[]; edit: Edit }) {
  const texts = strings.dead_letters;
  return (
    <section aria-label={texts.samples} className="flex flex-col gap-4">
      {letters.slice(0, 3).map((letter) => {
        const text = likelyTextOf(bytesOf(letter.raw_base64));
        const { shown, failure } = afterwards(letter, text, edit);
        return (
          <div key={letter.id} className="grid gap-2 sm:grid-cols-2">
            <div className="min-w-0">
              <h4 className="pb-1 text-12 text-text-3">{texts.before}</h4>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
              <pre tabIndex={0} className={pre}>
                {inLines(text)}
              </pre>
            </div>
            <div className="min-w-0">
              <h4 className="pb-1 text-12 text-text-3">{texts.after}</h4>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
              <pre tabIndex={0} className={pre}>
                {shown}
              </pre>
              <p className={cx('pt-1 text-13', failure === null ? 'text-completed' : 'text-blocked')}>
                {failure === null ? texts.passes : texts.fails(failure)}
              </p>
            </div>
          </div>
        );
      })}
    </section>
  );
}

function afterwards(letter: DeadLetter, text: string, edit: Edit): { shown: string; failure: string | null } {
  const fault = editFault(edit);
  if (fault !== null) return { shown: text, failure: `${fault.field} ${fault.detail}.` };
  const { original_topic: topic, first_failed_at: received_at, client_id } = letter;
  const edited =
    edit.length === 0
      ? ({ ok: true, text } as const)
      : applyEdit({ topic, text, received_at, client_id }, edit, sample);
  if (!edited.ok) return { shown: text, failure: edited.reason };
  const read = readEnvelope(topic, edited.text);
  return { shown: inLines(edited.text), failure: read.ok ? null : read.failure_reason };
}

function inLines(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
