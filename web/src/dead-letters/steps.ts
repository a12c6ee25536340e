// Steps of an edit as the page has them: rows of text, and the edit that they say.
import { applyEdit } from '@taylordash/core/dead-letter-edit';
import type { Edit, EditStep } from '@taylordash/core/dead-letter-entities';
import type { DeadLetter } from '@taylordash/core/entities';
import { readEnvelope } from '@taylordash/core/envelope';
import { bytesOf, likelyTextOf } from '../pages/bytes.ts';

export interface StepRow {
  /** For React: rows come and go. */
  key: number;
  op: EditStep['op'];
  /** Field; of wrap, the field of the payload. */
  path: string;
  /** Value, new name, or kind. */
  value: string;
}

/** The edit; null while something is not filled in. */
export function editOf(rows: readonly StepRow[]): Edit | null {
  const edit: Edit = [];
  for (const { op, path, value } of rows) {
    const field = path.trim();
    if (field === '') return null;
    if (op === 'remove') edit.push({ op, path: field });
    else if (op === 'set') edit.push({ op, path: field, value: jsonOrText(value) });
    else if (value.trim() === '') return null;
    else if (op === 'rename') edit.push({ op, path: field, to: value.trim() });
    else edit.push({ op, kind: value.trim(), into: field });
  }
  return edit;
}

/** JSON where it is, text where it is not. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What most likely helps letters like this one. */
export function firstSteps(letter: DeadLetter): Omit<StepRow, 'key'>[] {
  const { reason_code, original_topic, failure_reason } = letter;
  const kind = (original_topic.split('/').at(-1) ?? '').toLowerCase().replace(/[^a-z0-9_.]/g, '_') || 'measured';
  if (['not_json', 'not_utf8', 'not_an_object'].includes(reason_code)) {
    return [
      { op: 'wrap', path: 'text', value: kind },
      { op: 'set', path: 'payload.value', value: '{{number}}' },
    ];
  }
  const values: Record<string, string> = {
    trace_id: '{{uuid}}',
    idempotency_key: '{{uuid}}',
    ts: '{{received_at}}',
    kind,
    payload: '{}',
  };
  // One field after the other, as each check that passes lets the next one speak.
  const steps: Omit<StepRow, 'key'>[] = [];
  let reason: string | null = failure_reason;
  while (reason !== null) {
    const field = /^The field (\w+) is missing|^(\w+) must be/.exec(reason);
    const path = field?.[1] ?? field?.[2];
    if (path === undefined || steps.some((step) => step.path === path)) break;
    steps.push({ op: 'set', path, value: values[path] ?? '' });
    reason = failureAfter(letter, steps);
  }
  return steps;
}

/** Why the letter would still fail after the steps; null where it would not, or where there is no telling. */
function failureAfter(letter: DeadLetter, steps: readonly Omit<StepRow, 'key'>[]): string | null {
  const { original_topic: topic, first_failed_at: received_at, client_id, raw_base64 } = letter;
  const edit = editOf(steps.map((step, key) => ({ ...step, key })));
  if (edit === null) return null;
  const text = likelyTextOf(bytesOf(raw_base64));
  const edited = applyEdit({ topic, text, received_at, client_id }, edit, () => crypto.randomUUID());
  if (!edited.ok) return null;
  const read = readEnvelope(topic, edited.text);
  return read.ok ? null : read.failure_reason;
}
