// The causes of dead letters, the latest first: who does what, how often, when.
import type { LetterGroup } from '@taylordash/core/dead-letter-entities';
import { strings } from '../strings.ts';
import { Bars } from '../ui/bars.tsx';
import { OpenRow } from '../ui/open-row.tsx';
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
        <OpenRow
          key={group.id}
          open={group.id === chosen}
          onOpen={() => onChoose(group.id)}
          className="flex-col gap-1 py-3"
        >
          <span className="break-words font-medium">{group.cause}</span>
          <span className="wrap-anywhere font-mono text-12 text-text-3">{group.topic_pattern}</span>
          <span className="flex w-full flex-wrap items-end gap-x-3 text-13 text-text-3">
            <span className="whitespace-nowrap text-text-2">{strings.dead_letters.count(group.letters)}</span>
            <RelativeTime at={group.last_failed_at} />
            {group.muted && <span>{strings.dead_letters.muted}</span>}
          </span>
          <span className="flex w-full items-end gap-2 text-12 text-text-3">
            <Bars
              counts={group.by_hour}
              label={strings.dead_letters.spark(group.by_hour)}
              className="h-5 min-w-0 max-w-48 flex-1 text-blocked"
            />
            {strings.dead_letters.last_day}
          </span>
        </OpenRow>
      ))}
    </ul>
  );
}
