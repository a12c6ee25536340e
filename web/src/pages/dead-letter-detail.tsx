// One dead letter: the reason, and the message decoded, as text and byte by byte.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { DeadLetter } from '@taylordash/core/entities';
import { Gauge, Router } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useState } from 'react';
import { keys } from '../api.ts';
import { useApp } from '../app-context.tsx';
import { faultOf, goodExample } from '../dead-letters/fault.ts';
import { BindingDialog } from '../devices/binding-dialog.tsx';
import { signalStrings } from '../strings/signals.ts';
import { strings } from '../strings.ts';
import { Button, buttonLook } from '../ui/button.tsx';
import { useDates } from '../ui/dates.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { bytesOf, hexLineOf, hexLines, textOf } from './bytes.ts';
import { Detail, type Fact, Facts } from './signals-frame.tsx';

interface Props {
  id: string;
  known: DeadLetter | undefined;
  onClose: () => void;
}

export function DeadLetterDetail({ id, known, onClose }: Props) {
  const { api } = useApp();
  const read = useQuery({
    queryKey: [...keys.dead_letters, 'one', id],
    queryFn: async () => (await api.call('getDeadLetter', { params: { id } })).data,
    // What became of it may have been asked for before it was put away, and have come after.
    staleTime: 0,
  });
  const letter = read.data ?? known;
  return (
    <Detail title={strings.dead_letters.detail(id)} onClose={onClose}>
      {read.isError && <ErrorNotice error={read.error} retry={() => void read.refetch()} />}
      {!letter && !read.isError && <SkeletonRows rows={6} height="h-6" />}
      {letter && <Body letter={letter} />}
    </Detail>
  );
}

const views = ['decoded', 'raw', 'hex'] as const;
const pre = 'overflow-x-auto whitespace-pre-wrap break-all rounded-control bg-surface-2 p-3 font-mono text-12';

function Body({ letter }: { letter: DeadLetter }) {
  const bytes = bytesOf(letter.raw_base64);
  const text = textOf(bytes);
  const labels = strings.dead_letters;
  const { exact } = useDates();
  const fault = faultOf(letter, bytes, text);
  const shown = decoded(letter, text);
  return (
    <>
      {letter.status !== 'open' && <p className="rounded-control bg-surface-2 px-3 py-2">{labels.is[letter.status]}</p>}
      <p className="tint-blocked rounded-control px-3 py-2">{letter.failure_reason}</p>
      {letter.replay_failure !== null && <p className="text-13">{labels.replay_failed(letter.replay_failure)}</p>}
      <Facts
        facts={[
          [signalStrings.labels.topic, letter.original_topic, 'code'],
          ...(letter.client_id === null ? [] : [[labels.client, letter.client_id] satisfies Fact]),
          [labels.first, exact(letter.first_failed_at)],
          [labels.last, `${exact(letter.last_failed_at)} · ${labels.attempts(letter.attempts)}`],
          ...(letter.qos === null ? [] : [[labels.qos, letter.qos] satisfies Fact]),
          ...(letter.retain === null ? [] : [[labels.retained, letter.retain ? labels.yes : labels.no] satisfies Fact]),
          [labels.size, labels.bytes(letter.raw_size)],
        ]}
      />
      <Actions letter={letter} text={text} />
      <Tabs.Root defaultValue={text === null ? 'hex' : 'decoded'} className="flex flex-col gap-2">
        <Tabs.List aria-label={labels.views} className="flex gap-4 border-line border-b">
          {views.map((view) => (
            <Tabs.Trigger
              key={view}
              value={view}
              className="press target border-transparent border-b-2 px-1 text-13 text-text-2 hover:text-text data-[state=active]:border-accent data-[state=active]:text-text"
            >
              {labels[view]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="decoded">
          <Lines lines={shown.split('\n')} marked={lineOfField(shown, fault.field)} />
        </Tabs.Content>
        <Tabs.Content value="raw">
          {text === null ? (
            <p>{labels.no_text}</p>
          ) : (
            <Lines lines={text.split('\n')} marked={fault.byte === null ? -1 : lineOfByte(text, fault.byte)} />
          )}
        </Tabs.Content>
        <Tabs.Content value="hex">
          <Lines lines={hexLines(bytes)} marked={fault.byte === null ? -1 : hexLineOf(fault.byte)} wide />
        </Tabs.Content>
      </Tabs.Root>
      {(fault.byte !== null || fault.field !== null) && (
        <p className="text-13 text-text-2">
          {fault.field === null ? labels.fails_at_byte(fault.byte ?? 0) : labels.fails_at_field(fault.field)}
        </p>
      )}
      {letter.original_topic.startsWith('tracker/') && (
        <div>
          <h3 className="pb-1 text-12 text-text-3">{labels.good}</h3>
          <Lines
            lines={goodExample(letter.original_topic).split('\n')}
            marked={lineOfField(goodExample(letter.original_topic), fault.field)}
          />
        </div>
      )}
      {bytes.length < letter.raw_size && (
        <p className="text-12 text-text-3">{labels.cut(bytes.length, letter.raw_size)}</p>
      )}
    </>
  );
}

/** What leads on: to the device that sent it, and to binding its topic, which counts outside of tracker/. */
function Actions({ letter, text }: { letter: DeadLetter; text: string | null }) {
  const [binding, setBinding] = useState(false);
  const { original_topic: topic, client_identity } = letter;
  const bindable = !topic.startsWith('tracker/');
  if (!bindable && client_identity === '') return null;
  return (
    <div className="flex flex-wrap gap-2">
      {client_identity !== '' && (
        <Link to="/devices" search={{ open: client_identity }} className={buttonLook()}>
          <Router size={16} aria-hidden />
          {strings.dead_letters.open_device}
        </Link>
      )}
      {bindable && (
        <Button onClick={() => setBinding(true)}>
          <Gauge size={16} aria-hidden />
          {strings.dead_letters.bind}
        </Button>
      )}
      {binding && (
        <BindingDialog
          start={{ topic_filter: topic, path: '', kind: 'metric', value: text ?? '' }}
          onClose={() => setBinding(false)}
        />
      )}
    </div>
  );
}

interface LinesProps {
  lines: readonly string[];
  /** Place of the line that fails; none where there is no such line. */
  marked: number;
  /** Scrolls instead of wrapping. */
  wide?: boolean;
}

function Lines({ lines, marked, wide = false }: LinesProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
    <pre tabIndex={0} className={wide ? pre.replace('whitespace-pre-wrap break-all', 'whitespace-pre') : pre}>
      {lines.map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines do not move
        <span key={place}>{place === marked ? <mark className="tint-blocked block">{line}</mark> : `${line}\n`}</span>
      ))}
    </pre>
  );
}

function lineOfField(text: string, field: string | null): number {
  return field === null ? -1 : text.split('\n').findIndex((line) => line.startsWith(`  "${field}":`));
}

function lineOfByte(text: string, byte: number): number {
  const before = new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, byte));
  return before.split('\n').length - 1;
}

/** As far as it can be understood: its JSON in lines, else its text, else why there is neither. */
function decoded(letter: DeadLetter, text: string | null): string {
  if (text === null) return strings.dead_letters.no_text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text === '' ? JSON.stringify(letter.payload, null, 2) : text;
  }
}
