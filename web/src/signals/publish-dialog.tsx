// Publishes an event by hand: checked by the rules of the envelope while one types, kept as a draft until it is sent.

import { readEnvelope } from '@taylordash/core/envelope';
import { parseStrictJson } from '@taylordash/core/json';
import { ingestedTopicFilters, isTopicName, topicMatches } from '@taylordash/core/topics';
import { useEffect, useId, useState } from 'react';
import type { StoredEvent } from '../api.ts';
import { useApp, useMe } from '../app-context.tsx';
import { signalStrings as words } from '../strings/signals.ts';
import { FormDialog, faultOfField, useSend } from '../ui/form-dialog.tsx';
import { TextArea, TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toast.tsx';
import { dropTextDraft, keepTextDraft, readTextDraft } from '../work/drafts.ts';
import { newId } from '../work/ids.ts';

interface Draft {
  topic: string;
  kind: string;
  payload: string;
}
type Faults = Partial<Record<keyof Draft, string>>;

const empty: Draft = { topic: '', kind: '', payload: '{}' };
const fields = ['topic', 'kind', 'payload'] as const;
const draftKey = 'publish';
const metric = 'tracker/metrics/';
const zero = '00000000-0000-4000-8000-000000000000';

/** What the server would refuse, in its own words, by field. */
function faultsOf({ topic, kind, payload }: Draft): Faults {
  const faults: Faults = {};
  if (!isTopicName(topic) || !ingestedTopicFilters.some((filter) => topicMatches(filter, topic))) {
    faults.topic = words.publish_topic_wrong;
  }
  if (!/^[a-z0-9_.]{1,100}$/.test(kind)) faults.kind = words.publish_kind_wrong;
  if (!payload.trim().startsWith('{')) return { ...faults, payload: words.publish_not_object };
  const alone = parseStrictJson(payload);
  // Of the payload alone: where it ends too early, the message around it would be blamed.
  if (!alone.ok && alone.fault === 'syntax') return { ...faults, payload: words.publish_not_json(alone.detail) };
  // The payload as it is typed: a key that stands there twice, or a number that is too large, is seen.
  const head = JSON.stringify({ trace_id: zero, ts: '2026-01-01T00:00:00Z', kind: 'x', idempotency_key: 'x' });
  const read = readEnvelope('tracker/events/x', `${head.slice(0, -1)},"payload":${payload}}`);
  if (!read.ok) return { ...faults, payload: read.failure_reason };
  if (topic.startsWith(metric) && typeof read.envelope.payload.value !== 'number') {
    return { ...faults, payload: words.publish_metric_hint };
  }
  return faults;
}

interface Props {
  topics: readonly string[];
  kinds: readonly string[];
  onClose: () => void;
  onPublished: (event: StoredEvent) => void;
}

export function PublishDialog({ topics, kinds, onClose, onPublished }: Props) {
  const { api } = useApp();
  const user_id = useMe()?.id ?? '';
  const toast = useToast();
  const id = useId();
  const [draft, setDraft] = useState<Draft>(() => readTextDraft<Draft>(localStorage, user_id, draftKey)?.base ?? empty);
  const [left, setLeft] = useState<ReadonlySet<keyof Draft>>(new Set());
  const { busy, error, send } = useSend(onClose);
  /** What was typed since it was refused is another matter. */
  const [changed, setChanged] = useState(false);
  // One key for one draft: sent twice it is stored once.
  const [key, setKey] = useState(newId);
  useEffect(() => {
    if (draft === empty) return;
    keepTextDraft(localStorage, user_id, draftKey, { text: '', base: draft, at: Date.now() });
  }, [draft, user_id]);
  const faults = faultsOf(draft);
  const refused = (field: keyof Draft) => (changed ? undefined : faultOfField(error, field));
  const shown = (field: keyof Draft) => refused(field) ?? (left.has(field) ? faults[field] : undefined);
  const field = (name: keyof Draft) => ({
    value: draft[name],
    error: shown(name),
    spellCheck: false,
    autoCapitalize: 'off',
    onBlur: () => {
      if (draft[name] !== '') setLeft(new Set([...left, name]));
    },
    onChange: (event: { target: { value: string } }) => {
      setDraft({ ...draft, [name]: event.target.value });
      setChanged(true);
      setKey(newId());
    },
  });
  const submit = () => {
    setLeft(new Set(fields));
    if (Object.keys(faults).length > 0) return;
    setChanged(false);
    void send(async () => {
      const payload: Record<string, unknown> = JSON.parse(draft.payload);
      const body = { topic: draft.topic, kind: draft.kind, payload, trace_id: newId(), idempotency_key: key };
      const { data } = await api.call('publishEvent', { body });
      dropTextDraft(localStorage, user_id, draftKey);
      toast({ text: data.duplicate ? words.published_again : words.published });
      void storedEvent(data.trace_id).then(
        (stored) => stored && onPublished(stored),
        () => undefined,
      );
    });
  };
  /** The answer comes once it is kept; in the list it is a moment later. Who publishes may not see every topic. */
  const storedEvent = async (trace_id: string) => {
    for (let tries = 0; tries < 10; tries++) {
      const { data } = await api.call('listEvents', { query: { trace_id, limit: 1 } });
      if (data.items[0]) return data.items[0];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return null;
  };
  return (
    <FormDialog
      title={words.publish_title}
      description={words.publish_text}
      width="wide"
      submit={words.publish_send}
      busy={busy}
      error={changed || fields.some(refused) ? null : error}
      unchecked
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label={words.publish_topic}
        hint={words.publish_topic_hint}
        placeholder="tracker/events/garden/watered"
        list={`${id}-topics`}
        maxLength={255}
        {...field('topic')}
      />
      <datalist id={`${id}-topics`}>
        {topics.map((topic) => (
          <option key={topic} value={topic} />
        ))}
      </datalist>
      <TextField
        label={words.publish_kind}
        hint={words.publish_kind_hint}
        placeholder="plant_watered"
        list={`${id}-kinds`}
        maxLength={100}
        {...field('kind')}
      />
      <datalist id={`${id}-kinds`}>
        {kinds.map((kind) => (
          <option key={kind} value={kind} />
        ))}
      </datalist>
      <TextArea
        label={words.publish_payload}
        hint={draft.topic.startsWith(metric) ? words.publish_metric_hint : words.publish_payload_hint}
        rows={7}
        className="font-mono text-13"
        {...field('payload')}
      />
    </FormDialog>
  );
}
