// The filters of the events page: kept in the address, so that they can be sent on.
import { isTopicFilter } from '@taylordash/core/topics';
import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { usePeople } from '../app-context.tsx';
import { strings } from '../strings.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { type EventSearch, eventSources } from './event-search.ts';

const sourceOptions = [
  { value: '', label: strings.events.sources.all },
  ...eventSources.map((value) => ({ value, label: strings.events.sources[value] })),
] as const;

export function EventFilters({ query, onChange }: { query: EventSearch; onChange: (query: EventSearch) => void }) {
  const [topic, setTopic] = useState(query.topic ?? '');
  const [kind, setKind] = useState(query.kind ?? '');
  const wrong = topic.trim() !== '' && !isTopicFilter(topic.trim());
  const build = (source: EventSearch['source'] | '') => ({
    ...(topic.trim() === '' ? {} : { topic: topic.trim() }),
    ...(kind.trim() === '' ? {} : { kind: kind.replaceAll(/\s+/g, '') }),
    ...(source === '' || source === undefined ? {} : { source }),
    ...(query.metrics === true ? { metrics: true as const } : {}),
    ...narrowedTo(query),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong) onChange(build(query.source));
  };
  return (
    <search>
      <form onSubmit={submit} className="grid items-start gap-2 sm:grid-cols-2 lg:grid-cols-[1fr_1fr_180px_auto]">
        <TextField
          label={strings.events.topic}
          placeholder={strings.events.topic_hint}
          value={topic}
          maxLength={255}
          spellCheck={false}
          autoCapitalize="off"
          onChange={(event) => setTopic(event.target.value)}
          error={wrong ? strings.events.topic_wrong : undefined}
        />
        <TextField
          label={strings.events.kind}
          placeholder={strings.events.kind_hint}
          value={kind}
          maxLength={1000}
          spellCheck={false}
          autoCapitalize="off"
          onChange={(event) => setKind(event.target.value)}
        />
        <Select
          label={strings.events.source}
          value={query.source ?? ''}
          options={sourceOptions}
          onValue={(source) => onChange(build(source))}
        />
        <Button type="submit" className="row sm:mt-6">
          {strings.filter}
        </Button>
      </form>
    </search>
  );
}

const narrowing = ['trace', 'change', 'actor'] as const;

function narrowedTo(query: EventSearch): Pick<EventSearch, (typeof narrowing)[number]> {
  const { trace, change, actor } = query;
  return { ...(trace ? { trace } : {}), ...(change ? { change } : {}), ...(actor ? { actor } : {}) };
}

/** What the list was narrowed to from elsewhere; each can be taken away. */
export function NarrowedTo({ query, onChange }: { query: EventSearch; onChange: (query: EventSearch) => void }) {
  const nameOf = usePeople();
  const shown = narrowing.flatMap((name) => {
    const id = query[name];
    return id === undefined ? [] : [{ name, id }];
  });
  if (shown.length === 0) return null;
  return (
    <ul aria-label={strings.events.narrowed} className="flex flex-wrap gap-2">
      {shown.map(({ name, id }) => (
        <li
          key={name}
          className="flex min-w-0 items-center gap-2 rounded-full border border-line bg-surface-1 pl-3 text-13"
        >
          <span className="text-text-3">{strings.events.narrowed_by[name]}</span>
          {name === 'actor' ? (
            <span className="truncate">{nameOf(id) ?? id}</span>
          ) : (
            <code className="truncate font-mono text-12">{id}</code>
          )}
          <IconButton
            label={strings.events.narrowed_not[name]}
            className="rounded-full"
            onClick={() => {
              const { [name]: _gone, ...rest } = query;
              onChange(rest);
            }}
          >
            <X size={14} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
