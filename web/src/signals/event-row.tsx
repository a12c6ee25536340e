// One event in a list: when, what, about what, by whom, from where.
import type { StoredEvent } from '../api.ts';
import { signalStrings as words } from '../strings/signals.ts';
import { cx } from '../ui/cx.ts';
import { OpenRow } from '../ui/open-row.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { Happening } from './happening.tsx';

/** The name of who did it, and of what it was done to, where the payload says so. */
function summary(event: StoredEvent): { actor: string | null; name: string | null } {
  const { actor, entity, name, value, unit }: Record<string, unknown> = event.payload;
  const nameOf = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return null;
    const { name }: { name?: unknown } = value;
    return typeof name === 'string' ? name : null;
  };
  const measured = typeof value === 'number' && typeof name === 'string';
  return {
    actor: nameOf(actor),
    name: measured
      ? `${name} ${value.toLocaleString('en')}${typeof unit === 'string' ? ` ${unit}` : ''}`
      : nameOf(entity),
  };
}

interface Props {
  event: StoredEvent;
  /** Names of people and devices by id. */
  actors: ReadonlyMap<string, string>;
  open: boolean;
  /** One is open beside the list, which leaves less room. */
  beside: boolean;
  onOpen: () => void;
}

export function EventRow({ event, actors, open, beside, onOpen }: Props) {
  const { actor, name } = summary(event);
  const known = event.actor_id === null ? undefined : actors.get(event.actor_id);
  const who = actor ?? known ?? (event.source === 'server' ? null : event.client_id);
  return (
    <OpenRow open={open} onOpen={onOpen} className="row items-center gap-3 py-1">
      <span className="w-20 shrink-0 text-13 text-text-3">
        <RelativeTime at={event.created_at} />
      </span>
      <Happening kind={event.kind} name={name} who={who} />
      {event.source !== 'server' && (
        <span className="tint-warning shrink-0 rounded-chip px-1.5 py-0.5 text-12 font-medium">{words.outside}</span>
      )}
      <span className={cx('hidden max-w-96 truncate font-mono text-12 text-text-3', !beside && 'lg:inline')}>
        {event.topic}
      </span>
    </OpenRow>
  );
}
