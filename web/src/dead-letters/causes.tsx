// The causes of dead letters, the latest first: who does what, how often, when.
import type { LetterGroup } from '@taylordash/core/dead-letter-entities';
import { strings } from '../strings.ts';
import { cx } from '../ui/cx.ts';
import { RelativeTime } from '../ui/relative-time.tsx';

interface Props {
  groups: readonly LetterGroup[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
}

export function Causes({ groups, chosen, onChoose }: Props) {
  return (
    <ul
      aria-label={strings.dead_letters.causes}
      className="overflow-hidden rounded-node border border-line bg-surface-1 shadow-1"
    >
      {groups.map((group) => (
        <li key={group.id} className="border-line border-b last:border-b-0">
          <button
            type="button"
            onClick={() => onChoose(group.id)}
            aria-current={group.id === chosen ? 'true' : undefined}
            className={cx(
              'flex w-full flex-col gap-1 px-4 py-3 text-left -outline-offset-2 hover:bg-surface-2',
              group.id === chosen && 'bg-accent-quiet',
            )}
          >
            <span className="break-words font-medium">{group.cause}</span>
            <span className="break-all font-mono text-12 text-text-3">{group.topic_pattern}</span>
            <span className="flex w-full flex-wrap items-end gap-x-3 text-13 text-text-3">
              <span className="whitespace-nowrap text-text-2">{strings.dead_letters.count(group.letters)}</span>
              <RelativeTime at={group.last_failed_at} />
              {group.muted && <span>{strings.dead_letters.muted}</span>}
              <Spark counts={group.by_hour} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const height = 20;
const step = 4;

function Spark({ counts }: { counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  return (
    <svg
      role="img"
      aria-label={strings.dead_letters.spark(counts)}
      width={counts.length * step}
      height={height}
      className="ml-auto shrink-0 text-blocked"
    >
      {counts.map((count, hour) => {
        const tall = count === 0 ? 1 : Math.max(3, (count / most) * height);
        const x = hour * step;
        return (
          <rect
            key={x}
            x={x}
            y={height - tall}
            width={step - 1}
            height={tall}
            fill="currentColor"
            opacity={count === 0 ? 0.3 : 1}
          />
        );
      })}
    </svg>
  );
}
