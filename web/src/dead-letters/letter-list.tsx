// The letters of one cause, newest first, with a tick each for a selection by hand.
import type { DeadLetter } from '@taylordash/core/entities';
import { bytesOf } from '../pages/bytes.ts';
import { strings } from '../strings.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { cx } from '../ui/cx.ts';
import { RelativeTime } from '../ui/relative-time.tsx';

interface Props {
  letters: readonly DeadLetter[];
  open: string | undefined;
  ticked: ReadonlySet<string>;
  onOpen: (id: string) => void;
  onTick: (id: string, ticked: boolean) => void;
}

/** Characters of base64, as many as a line shows of the message. */
const excerpt = 200;

export function LetterList({ letters, open, ticked, onOpen, onTick }: Props) {
  // Of a group, which mostly has one topic, the messages tell its letters apart.
  const oneTopic = new Set(letters.map((letter) => letter.original_topic)).size < 2;
  return (
    <ul
      aria-label={strings.dead_letters.letters}
      className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
    >
      {letters.map((letter) => (
        <li
          key={letter.id}
          className={cx(
            'flex items-center border-line border-b pl-3 last:border-b-0 hover:bg-surface-2',
            letter.id === open && 'bg-accent-quiet',
          )}
        >
          <Checkbox
            label={strings.dead_letters.select(letter.id)}
            label_hidden
            checked={ticked.has(letter.id)}
            onChecked={(checked) => onTick(letter.id, checked)}
          />
          <button
            type="button"
            onClick={() => onOpen(letter.id)}
            aria-current={letter.id === open ? 'true' : undefined}
            className="flex min-h-16 min-w-0 flex-1 flex-col justify-center px-3 py-2 text-left -outline-offset-2"
          >
            <span className="line-clamp-2 font-medium">{letter.failure_reason}</span>
            {!oneTopic && (
              <span className="w-full truncate font-mono text-12 text-text-3">{letter.original_topic}</span>
            )}
            <span className="w-full truncate font-mono text-12 text-text-3">
              {new TextDecoder().decode(bytesOf(letter.raw_base64.slice(0, excerpt)))}
            </span>
            <span className="flex flex-wrap gap-x-3 text-13 text-text-3">
              {strings.dead_letters.attempts(letter.attempts)}
              <RelativeTime at={letter.last_failed_at} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
