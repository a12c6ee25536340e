// What happened in one line: the kind of event, about what, and by whom.
import { signalStrings as words } from '../strings/signals.ts';

interface Props {
  kind: string;
  name: string | null;
  who: string | null;
}

export function Happening({ kind, name, who }: Props) {
  return (
    <span className="min-w-0 flex-1 truncate">
      <span className="font-medium">{kind}</span>
      {name !== null && <span className="text-text-2"> · {name}</span>}
      {who !== null && (
        <span className="text-text-3">
          {' '}
          {words.by} {who}
        </span>
      )}
    </span>
  );
}
