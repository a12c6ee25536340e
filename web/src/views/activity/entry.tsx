// One change: who did what, when, what it was before, and the way back.
import type { ActivityEntry } from '@taylordash/core/changes';
import { ArrowRight, ChevronDown, ChevronRight, Redo2, Undo2 } from 'lucide-react';
import { Fragment, useId, useState } from 'react';
import { useUndo } from '../../frame/use-undo.ts';
import type { Words } from '../../strings/activity.ts';
import { activityStrings as words } from '../../strings/activity.ts';
import { fieldName } from '../../strings.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import type { Reader } from './values.ts';
import { type FieldChange, fieldChanges, plainWords, sayEntry, sayEvent } from './words.ts';

interface Props {
  entry: ActivityEntry;
  reader: Reader;
  writes: boolean;
  /** In a panel: smaller. */
  small?: boolean;
}

export function Entry({ entry, reader, writes, small = false }: Props) {
  const { undoChange } = useUndo();
  const id = useId();
  const [open, setOpen] = useState(false);
  const { actor, events, events_total } = entry;
  const who = actor.type === 'system' ? words.system : actor.name;
  const said = sayEntry(entry, reader);
  const undone = entry.undone_by !== null;
  const [only] = events_total === 1 ? events : [];
  const changes = only ? fieldChanges(only, reader) : [];
  return (
    <li className={cx('flex gap-3 border-line border-b py-2.5', !small && 'px-4')}>
      <Avatar name={who} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="break-words">
          <span className="font-medium">{who}</span>{' '}
          {entry.undoes !== null && <span className="text-text-3">{words.took_back} </span>}
          <span className={cx(undone && 'text-text-3 line-through')}>
            <Sentence words={said} />
          </span>
        </p>
        <p className="flex flex-wrap items-center gap-x-2 text-12 text-text-3">
          <RelativeTime at={entry.at} />
          {undone && <span className="rounded-chip border border-line px-1">{words.undone}</span>}
          {events_total > 1 && (
            <button
              type="button"
              aria-expanded={open}
              aria-controls={open ? id : undefined}
              onClick={() => setOpen(!open)}
              className="press inline-flex min-h-6 items-center gap-1 rounded-control pr-1 text-text-2 hover:text-text pointer-coarse:min-h-(--target)"
            >
              {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
              {open ? words.less : words.details(events_total)}
            </button>
          )}
        </p>
        {changes.length > 1 && <Changes changes={changes} />}
        {open && (
          <ul id={id} className="flex flex-col gap-1 border-line border-l-2 pl-3 text-13 text-text-2">
            {events.map((event) => (
              <li key={event.id}>
                <Sentence words={sayEvent(event, reader)} />
              </li>
            ))}
            {events_total > events.length && (
              <li className="text-text-3">{words.more(events_total - events.length)}</li>
            )}
          </ul>
        )}
      </div>
      {writes && (
        <Button
          kind="plain"
          className={cx('shrink-0 self-start', small && 'px-2')}
          title={undone ? words.redo : words.undo_of(plainWords(said))}
          onClick={() => undoChange(entry.undone_by ?? entry.change_id, plainWords(said))}
        >
          {undone ? <Redo2 size={16} aria-hidden /> : <Undo2 size={16} aria-hidden />}
          <span className={cx(small && 'sr-only', 'max-sm:sr-only')}>{undone ? words.redo : words.undo}</span>
        </Button>
      )}
    </li>
  );
}

function Sentence({ words: said }: { words: Words }) {
  return said.map((part, at) =>
    typeof part === 'string' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence have their places
      <Fragment key={at}>{part}</Fragment>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <strong key={at} className="font-medium">
        {part.name}
      </strong>
    ),
  );
}

function Changes({ changes }: { changes: readonly FieldChange[] }) {
  return (
    <dl className="flex flex-col gap-0.5 text-13">
      {changes.map(({ field, before, after }) => (
        <div key={field} className="flex flex-wrap items-center gap-x-2">
          <dt className="text-text-3">{fieldName(field)}</dt>
          <dd className="flex min-w-0 flex-wrap items-center gap-x-1">
            <span className="sr-only">{words.before}</span>
            <span className="max-w-60 truncate text-text-3">{before}</span>
            <ArrowRight size={12} aria-hidden className="text-text-3" />
            <span className="sr-only">{words.after}</span>
            <span className="max-w-60 truncate">{after}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
